//! The core Group (RFC 7643 section 4.2).

use super::attribute::Attribute;
use super::{GROUP_URN, Schema};

/// The schema.
pub fn schema() -> Schema {
    Schema {
        id: GROUP_URN.into(),
        name: "Group".into(),
        description: "A set of users and groups".into(),
        attributes: vec![
            // Required by section 4.2 and erratum 5368, against 8.7.1; unique because
            // identity providers match groups by this name.
            Attribute::text("displayName", "Name of the group")
                .required()
                .server_unique(),
            members(),
        ],
    }
}

fn members() -> Attribute {
    Attribute::complex(
        "members",
        "Users and groups in the group",
        vec![
            Attribute::text("value", "Identifier of the member")
                .case_exact()
                .immutable(),
            Attribute::reference("$ref", &["User", "Group"], "URI of the member").immutable(),
            Attribute::text("type", "Resource type of the member")
                .suggesting(&["User", "Group"])
                .immutable(),
            Attribute::text("display", "Name of the member").immutable(),
        ],
    )
    .multi_valued()
}
