//! The enterprise extension of User (RFC 7643 section 4.3).

use super::attribute::Attribute;
use super::{ENTERPRISE_URN, Schema};

/// The schema.
pub fn schema() -> Schema {
    Schema {
        id: ENTERPRISE_URN.into(),
        name: "EnterpriseUser".into(),
        description: "What an employer knows about a person".into(),
        attributes: vec![
            Attribute::text("employeeNumber", "Number of the employee"),
            Attribute::text("costCenter", "Cost center"),
            Attribute::text("organization", "Organization"),
            Attribute::text("division", "Division"),
            Attribute::text("department", "Department"),
            manager(),
        ],
    }
}

fn manager() -> Attribute {
    Attribute::complex(
        "manager",
        "The person's manager",
        vec![
            Attribute::text("value", "Identifier of the manager").case_exact(),
            Attribute::reference("$ref", &["User"], "URI of the manager"),
            Attribute::text("displayName", "Name of the manager").read_only(),
        ],
    )
}
