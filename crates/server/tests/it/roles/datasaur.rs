//! DS-7 to DS-11: a list of group -> role, several groups for a role, the highest role wins, and
//! the default without any; with groups pushed as Okta and as Entra do.

use serde_json::json;

use super::Setup;
use crate::support::{Client, Db, both, group, patch};

both!(ds_8_to_11_as_okta_pushes ds_8_to_11_as_entra_pushes);

const RULES: &[(&str, &str)] = &[
    ("Administrator", "admin"),
    ("Team Leads", "admin"),
    ("QA", "reviewer"),
    ("Second Readers", "reviewer"),
    ("Annotators", "labeler"),
];

/// Who is in which groups, and the role that follows.
const PEOPLE: &[(&str, &[&str], &str)] = &[
    ("ada", &["Administrator", "QA"], "admin"),
    ("bea", &["QA"], "reviewer"),
    ("cyd", &["Annotators", "Second Readers"], "reviewer"),
    ("dan", &["Annotators"], "labeler"),
    ("eve", &["Team Leads", "Annotators"], "admin"),
    ("fay", &["Unmapped"], "labeler"),
    ("gil", &[], "labeler"),
];

const GROUPS: &[&str] = &[
    "Administrator",
    "Team Leads",
    "QA",
    "Second Readers",
    "Annotators",
    "Unmapped",
];

/// Okta makes an empty group, then sends all of it again.
fn okta(client: &Client, name: &str, members: &[&str]) {
    let id = client.add_group(name, &[]);
    client.expect(
        200,
        "PUT",
        &format!("/Groups/{id}"),
        Some(&group(name, members)),
    );
}

/// Entra makes the group without members and adds them one request after the other.
fn entra(client: &Client, name: &str, members: &[&str]) {
    let body = json!({
        "schemas": [
            "urn:ietf:params:scim:schemas:core:2.0:Group",
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": format!("entra-{name}"),
        "displayName": name,
        "meta": {"resourceType": "Group"},
    });
    let made = client.expect(201, "POST", "/Groups", Some(&body));
    let path = format!("/Groups/{}", made["id"].as_str().unwrap());
    for member in members {
        let value = json!([{"$ref": null, "value": member}]);
        let add = patch(json!({"op": "Add", "path": "members", "value": value}));
        client.expect(204, "PATCH", &path, Some(&add));
    }
}

fn ds_8_to_11_as_okta_pushes(database: &Db) {
    worked_example(database, okta);
}

fn ds_8_to_11_as_entra_pushes(database: &Db) {
    worked_example(database, entra);
}

/// With a stop and a start between any two steps.
fn worked_example(database: &Db, push: fn(&Client, &str, &[&str])) {
    let setup = Setup::new(database, "datasaur");
    let ids: Vec<(&str, String)> = PEOPLE
        .iter()
        .map(|(name, ..)| (*name, setup.scim().add_user(&format!("{name}@example.com"))))
        .collect();
    let setup = setup.restart(database);
    for (name, id) in &ids {
        assert_eq!(setup.role(id), "labeler", "{name} before any rule (DS-7)");
    }
    setup.map(RULES);
    let mut setup = setup.restart(database);
    for group in GROUPS {
        let members: Vec<&str> = PEOPLE
            .iter()
            .zip(&ids)
            .filter(|((_, groups, _), _)| groups.contains(group))
            .map(|(_, (_, id))| id.as_str())
            .collect();
        push(&setup.scim(), group, &members);
        setup = setup.restart(database);
    }
    for ((name, _, role), (_, id)) in PEOPLE.iter().zip(&ids) {
        assert_eq!(setup.role(id), *role, "{name}");
    }
    setup.server.stop();
}
