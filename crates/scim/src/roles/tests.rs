#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::json;

use super::{ROLE_URN, Role, schema};

fn role() -> Role {
    Role {
        id: "7".to_owned(),
        value: "reviewer".to_owned(),
        display: None,
        supported: true,
        permitted: None,
        used: None,
        contains: Vec::new(),
        contained_by: Vec::new(),
    }
}

#[test]
fn resources() {
    let meta = json!({ "resourceType": "Role", "location": "https://x/Roles/7" });
    let plain = json!({
        "schemas": [ROLE_URN], "id": "7", "value": "reviewer", "supported": true,
        "limitedAssignmentsPermitted": false, "meta": meta,
    });
    assert_eq!(role().to_json("https://x"), plain);
    let full = Role {
        display: Some("Reviewer".to_owned()),
        supported: false,
        permitted: Some(5),
        used: Some(2),
        contains: vec!["labeler".to_owned()],
        contained_by: vec!["admin".to_owned()],
        ..role()
    };
    let expected = json!({
        "schemas": [ROLE_URN], "id": "7", "value": "reviewer", "display": "Reviewer",
        "supported": false, "limitedAssignmentsPermitted": true, "totalAssignmentsPermitted": 5,
        "totalAssignmentsUsed": 2, "containedBy": ["admin"], "contains": ["labeler"], "meta": meta,
    });
    assert_eq!(full.to_json("https://x"), expected);
}

#[test]
fn the_schema_has_what_resources_have() {
    let full = Role {
        display: Some(String::new()),
        permitted: Some(1),
        used: Some(1),
        contains: vec!["a".to_owned()],
        contained_by: vec!["a".to_owned()],
        ..role()
    };
    let schema = schema();
    for name in full.to_json("").as_object().unwrap().keys() {
        let common = ["schemas", "id", "meta"].contains(&name.as_str());
        assert_eq!(schema.attribute(name).is_none(), common, "{name}");
    }
    assert!(schema.attributes.iter().all(crate::Attribute::is_read_only));
}
