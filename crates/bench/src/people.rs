//! The made-up users. Number `n` of a tag is always the same person.

use serde_json::json;

const GIVEN: [&str; 8] = [
    "Amina", "Bruno", "Chloé", "Dmitri", "Elif", "Farid", "Inês", "Jürgen",
];
const FAMILY: [&str; 8] = [
    "Abbott", "Bianchi", "Castro", "Dahl", "Kowalski", "Müller", "O'Brien", "Petrov",
];

/// The enterprise extension.
pub(crate) const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A number that looks drawn by chance and is always the same for `n` (the finalizer of
/// `SplitMix64`).
pub(crate) fn mixed(n: usize) -> usize {
    let mut mixed = (n as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) as usize
}

/// The `userName`.
pub(crate) fn user_name(tag: &str, n: usize) -> String {
    format!("user{n:07}@{tag}.example.com")
}

/// What Entra ID sends with its usual attribute mapping, about 1.3 kB.
pub(crate) fn user(tag: &str, n: usize) -> String {
    let drawn = mixed(n);
    let (given, family) = (GIVEN[drawn % 8], FAMILY[drawn / 8 % 8]);
    let (name, phone, house) = (format!("{given} {family}"), drawn % 10_000_000, drawn % 200);
    let department = n % 20;
    json!({
        "schemas": [USER, ENTERPRISE],
        "externalId": format!("{:08x}-{tag}-4000-8000-{n:012x}", drawn as u32),
        "userName": user_name(tag, n),
        "active": true,
        "displayName": name,
        "title": "Data Engineer",
        "name": {"formatted": name, "givenName": given, "familyName": family},
        "emails": [
            {"primary": true, "type": "work",
             "value": format!("user{n:07}@dept{department:02}.{tag}.example.com")},
            {"type": "other", "value": format!("u{n}@{tag}.example.org")},
        ],
        "phoneNumbers": [
            {"type": "work", "value": format!("+49 30 {phone:07}")},
            {"type": "mobile", "value": format!("+49 170 {phone:07}")},
        ],
        "addresses": [{
            "type": "work",
            "formatted": format!("{house} Example Street, 10115 Berlin, DE"),
            "streetAddress": format!("{house} Example Street"),
            "locality": "Berlin", "region": "Berlin", "postalCode": "10115", "country": "DE",
        }],
        "preferredLanguage": "en-US",
        "locale": "en-US",
        "timezone": "Europe/Berlin",
        ENTERPRISE: {
            "employeeNumber": n.to_string(),
            "department": format!("Department {department:02}"),
            "costCenter": format!("CC-{department:02}"),
            "organization": "Example Group",
            "division": format!("Division {}", department % 5),
        },
    })
    .to_string()
}

/// Entra's change of three attributes in one PATCH; one in ten is deactivated, and comes back the
/// next time.
pub(crate) fn change(n: usize, turn: usize) -> String {
    json!({"schemas": [PATCH], "Operations": [
        {"op": "replace", "path": "displayName", "value": format!("Changed {n} {turn}")},
        {"op": "replace", "path": format!("{ENTERPRISE}:department"),
         "value": format!("Department {:02}", turn % 40)},
        {"op": "replace", "path": "active", "value": !turn.is_multiple_of(10)},
    ]})
    .to_string()
}

/// A group without members.
pub(crate) fn group(name: &str) -> String {
    json!({"schemas": [GROUP], "externalId": format!("ext-{name}"), "displayName": name})
        .to_string()
}

/// A PATCH that adds these members.
pub(crate) fn joining(ids: &[String]) -> String {
    let members: Vec<_> = ids.iter().map(|id| json!({"value": id})).collect();
    json!({"schemas": [PATCH], "Operations": [
        {"op": "add", "path": "members", "value": members},
    ]})
    .to_string()
}

/// A PATCH that takes one member out.
pub(crate) fn leaving(id: &str) -> String {
    json!({"schemas": [PATCH], "Operations": [
        {"op": "remove", "path": format!("members[value eq \"{id}\"]")},
    ]})
    .to_string()
}
