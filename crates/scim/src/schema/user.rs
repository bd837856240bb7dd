//! The core User (RFC 7643 section 4.1). Where the RFC contradicts itself or has errata, the
//! comment at the row says which side is taken.

use super::attribute::{Attribute, Type};
use super::{Schema, USER_URN};

/// An attribute that clients may send and that is dropped: it is in no schema, never stored,
/// logged or answered.
pub const PASSWORD: &str = "password";

/// The schema.
pub fn schema() -> Schema {
    Schema {
        id: USER_URN.into(),
        name: "User".into(),
        description: "A person's account".into(),
        attributes: [singular(), contacts(), grants()].concat(),
    }
}

fn singular() -> Vec<Attribute> {
    vec![
        Attribute::text("userName", "Name by which the person signs in")
            .required()
            .server_unique(),
        name(),
        Attribute::text("displayName", "Name to show to people"),
        Attribute::text("nickName", "Casual name"),
        Attribute::reference("profileUrl", &["external"], "Page about the person"),
        Attribute::text("title", "Job title"),
        Attribute::text("userType", "Relation to the organization, such as Employee"),
        Attribute::text(
            "preferredLanguage",
            "Languages in the form of Accept-Language",
        ),
        Attribute::text(
            "locale",
            "Language tag for dates and numbers, such as en-US",
        ),
        Attribute::text("timezone", "Time zone name, such as Europe/Berlin"),
        Attribute::boolean("active", "Whether the person may use the applications"),
    ]
}

fn name() -> Attribute {
    Attribute::complex(
        "name",
        "Parts of the person's name",
        vec![
            Attribute::text("formatted", "Whole name as it is written"),
            Attribute::text("familyName", "Family name"),
            Attribute::text("givenName", "Given name"),
            Attribute::text("middleName", "Middle names"),
            Attribute::text("honorificPrefix", "Title before the name"),
            Attribute::text("honorificSuffix", "Suffix after the name"),
        ],
    )
}

fn contacts() -> Vec<Attribute> {
    vec![
        // Section 8.7.1 and the text of 4.1.2 leave caseExact and uniqueness open; mail is
        // compared without case and several users may share an address.
        list(
            "emails",
            "E-mail addresses",
            Attribute::text("value", "Address"),
            &["work", "home", "other"],
        ),
        list(
            "phoneNumbers",
            "Telephone numbers",
            Attribute::text("value", "Number"),
            &["work", "home", "mobile", "fax", "pager", "other"],
        ),
        // "other" is in section 4.1.2 and missing in 8.7.1.
        list(
            "ims",
            "Instant messaging addresses",
            Attribute::text("value", "Address"),
            &[
                "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo", "other",
            ],
        ),
        list(
            "photos",
            "Pictures of the person",
            Attribute::reference("value", &["external"], "URI of the picture"),
            &["photo", "thumbnail"],
        ),
        addresses(),
    ]
}

fn addresses() -> Attribute {
    Attribute::complex(
        "addresses",
        "Postal addresses",
        vec![
            Attribute::text("formatted", "Whole address as it is written"),
            Attribute::text("streetAddress", "Street, house number, box"),
            Attribute::text("locality", "City or town"),
            Attribute::text("region", "State or region"),
            Attribute::text("postalCode", "Postal code"),
            Attribute::text("country", "Country"),
            Attribute::text("type", "What the address is for")
                .suggesting(&["work", "home", "other"]),
            // Used by the examples of section 8.2, missing in 8.7.1.
            Attribute::boolean("primary", "Whether this is the preferred address"),
        ],
    )
    .multi_valued()
}

fn grants() -> Vec<Attribute> {
    vec![
        groups(),
        list(
            "entitlements",
            "Things the person may use",
            Attribute::text("value", "Name"),
            &[],
        ),
        list(
            "roles",
            "Roles the person holds",
            Attribute::text("value", "Name"),
            &[],
        ),
        list(
            "x509Certificates",
            "Certificates of the person",
            Attribute::new("value", Type::Binary, "DER certificate in base64").case_exact(),
            &[],
        ),
    ]
}

/// Derived from the groups' members, hence all readOnly; `$ref` names groups only (errata).
fn groups() -> Attribute {
    Attribute::complex(
        "groups",
        "Groups that the person belongs to",
        vec![
            Attribute::text("value", "Identifier of the group").case_exact(),
            Attribute::reference("$ref", &["Group"], "URI of the group"),
            Attribute::text("display", "Name of the group"),
            Attribute::text("type", "Whether the membership is direct")
                .suggesting(&["direct", "indirect"]),
        ],
    )
    .multi_valued()
    .read_only()
}

/// A list with the usual sub-attributes of RFC 7643 section 2.4.
fn list(
    name: &'static str,
    description: &'static str,
    value: Attribute,
    types: &[&'static str],
) -> Attribute {
    Attribute::complex(
        name,
        description,
        vec![
            value,
            // Section 2.4 calls `display` immutable; clients rewrite it, so readWrite.
            Attribute::text("display", "Name to show to people"),
            Attribute::text("type", "What the value is for").suggesting(types),
            Attribute::boolean("primary", "Whether this is the preferred value"),
        ],
    )
    .multi_valued()
}
