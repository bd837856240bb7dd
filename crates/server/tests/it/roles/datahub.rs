//! DH-2, DH-3, DH-7, DH-9: the role of a group, and the role in an attribute.

use serde_json::{Value, json};

use super::Setup;
use crate::support::{Client, Db, both, patch, user};

both!(dh_roles_by_group_and_by_attribute);

fn with_role(email: &str, role: &Value) -> Value {
    let mut body = user(email);
    body["roles"] = json!([role]);
    body
}

fn change(client: &Client, user: &str, operation: Value) {
    client.expect(
        200,
        "PATCH",
        &format!("/Users/{user}"),
        Some(&patch(operation)),
    );
}

fn dh_roles_by_group_and_by_attribute(database: &Db) {
    let setup = Setup::new(database, "datahub");
    setup.map(&[("governance-team", "reader")]);
    let scim = setup.scim();

    // DH-9: the role is optional.
    let plain = scim.add_user("plain@example.com");
    assert_eq!(setup.role(&plain), "-");

    // DH-2: the group brings its role to each member. DH-3: leaving takes it.
    let group = scim.add_group("governance-team", &[&plain]);
    assert_eq!(setup.role(&plain), "reader");
    let path = format!("/Groups/{group}");
    let leave = json!({"op": "Remove", "path": "members", "value": [{"value": plain}]});
    scim.expect(204, "PATCH", &path, Some(&patch(leave)));
    assert_eq!(setup.role(&plain), "-");

    // DH-7, DH-8: the role in the attribute, the flag written as text.
    let role = json!({"primary": "True", "value": "Editor", "display": "Editor"});
    let made = scim.expect(
        201,
        "POST",
        "/Users",
        Some(&with_role("ed@example.com", &role)),
    );
    let editor = made["id"].as_str().unwrap();
    assert_eq!(setup.role(editor), "editor");
    let value = r#"roles[primary eq "True"].value"#;
    change(
        &scim,
        editor,
        json!({"op": "Replace", "path": value, "value": "Admin"}),
    );
    assert_eq!(setup.role(editor), "admin");

    // The only admin would keep the role by a hold; here is another one.
    let boss = json!({"primary": true, "value": "admin"});
    scim.expect(
        201,
        "POST",
        "/Users",
        Some(&with_role("boss@example.com", &boss)),
    );

    // The highest of attribute and group wins.
    change(
        &scim,
        editor,
        json!({"op": "Replace", "path": value, "value": "Reader"}),
    );
    assert_eq!(setup.role(editor), "reader");
    change(
        &scim,
        &plain,
        json!({"op": "Add", "path": value, "value": "Editor"}),
    );
    let join = json!({"op": "Add", "path": "members", "value": [{"value": plain}]});
    scim.expect(204, "PATCH", &path, Some(&patch(join)));
    assert_eq!(setup.role(&plain), "editor");

    // D2: inactive is nothing, active again is what it was.
    change(
        &scim,
        &plain,
        json!({"op": "Replace", "path": "active", "value": "False"}),
    );
    assert_eq!(setup.role(&plain), "-");
    change(
        &scim,
        &plain,
        json!({"op": "Replace", "path": "active", "value": "True"}),
    );
    assert_eq!(setup.role(&plain), "editor");
    setup.server.stop();
}
