use serde_json::{Value, json};

use super::{Kind, Mode, read_with_defaults};
use crate::resource::{MAX_MEMBERS, MemberRef};

#[test]
fn members_are_a_list_apart() {
    let group = |body: Value| read_with_defaults(Kind::Group, Mode::Lenient, body);
    let members = group(json!({"members": [
        {"value": "u1", "display": "One", "type": "User", "$ref": null},
        {"Value": "u2", "displayName": "Two"},
        {"value": "u1"},
        "u3",
        {"value": ""},
    ]}));
    let member = |value: &str, display: Option<&str>, kind: Option<&str>| MemberRef {
        value: value.to_owned(),
        display: display.map(str::to_owned),
        kind: kind.map(str::to_owned),
    };
    assert_eq!(
        members.unwrap().members.unwrap(),
        [
            member("u1", Some("One"), Some("User")),
            member("u2", Some("Two"), None),
            member("u3", None, None),
        ]
    );
    assert_eq!(group(json!({})).unwrap().members, None);
    let cleared = group(json!({"members": null})).unwrap();
    assert_eq!(
        (cleared.members, cleared.cleared),
        (Some(Vec::new()), vec!["members".to_owned()])
    );
    let many: Vec<_> = (0..=MAX_MEMBERS)
        .map(|n| json!({"value": n.to_string()}))
        .collect();
    assert_eq!(
        group(json!({"members": many[1..]}))
            .unwrap()
            .members
            .unwrap()
            .len(),
        MAX_MEMBERS
    );
    let error = group(json!({"members": many})).unwrap_err();
    assert_eq!((error.status, error.scim_type), (413, None));
}
