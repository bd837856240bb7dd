//! What Okta sends.

use serde_json::{Value, json};

use super::tenant::{Tenant, text};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A creation: with a made-up password, empty groups and Okta's id.
pub(crate) fn user(name: &str) -> Value {
    let email = format!("{name}@example.com");
    json!({
        "schemas": [USER], "userName": email,
        "name": { "givenName": "Given", "familyName": name },
        "emails": [{ "primary": true, "value": email, "type": "work" }],
        "displayName": format!("Given {name}"), "locale": "en-US",
        "externalId": format!("00u{name}"), "groups": [], "password": "Zk4-made-up",
        "active": true,
    })
}

/// One operation.
pub(crate) fn patch(operation: Value) -> Value {
    json!({ "schemas": [PATCH], "Operations": [operation] })
}

/// Catalogue apps switch with an operation without a path.
pub(crate) fn active(on: bool) -> Value {
    patch(json!({ "op": "replace", "value": { "active": on } }))
}

pub(crate) fn join(users: &[&str]) -> Value {
    let members: Vec<Value> = users.iter().map(|id| json!({ "value": id })).collect();
    patch(json!({ "op": "add", "path": "members", "value": members }))
}

pub(crate) fn leave(user: &str) -> Value {
    let path = format!("members[value eq \"{user}\"]");
    patch(json!({ "op": "remove", "path": path }))
}

/// The lookup that comes before every creation.
pub(crate) fn lookup(name: &str) -> String {
    let filter = format!("userName%20eq%20%22{name}%40example.com%22");
    format!("/Users?filter={filter}&startIndex=1&count=100")
}

/// Assigns a person: looks up, then creates. The id.
pub(crate) async fn assign(tenant: &Tenant, name: &str) -> String {
    assert!(tenant.found(&lookup(name)).await.is_empty());
    let created = tenant.ok("POST /Users", &user(name)).await;
    text(&created["id"])
}

/// Pushes a group: looks it up by name, creates or links it, reads it, adds the members. The id.
pub(crate) async fn push(tenant: &Tenant, name: &str, members: &[&str]) -> String {
    let filter = format!("displayName%20eq%20%22{}%22", name.replace(' ', "%20"));
    let query = format!("/Groups?filter={filter}&startIndex=1&count=100");
    let id = if let Some(id) = tenant.found(&query).await.pop() {
        id
    } else {
        let body = json!({ "schemas": [GROUP], "displayName": name, "members": [] });
        text(&tenant.ok("POST /Groups", &body).await["id"])
    };
    assert_eq!(tenant.members(&id).await.len(), 0);
    if !members.is_empty() {
        tenant
            .ok(&format!("PATCH /Groups/{id}"), &join(members))
            .await;
    }
    id
}

/// Wizard apps read the user and send it back whole with their changes.
pub(crate) async fn put(tenant: &Tenant, id: &str, change: impl FnOnce(&mut Value)) -> Value {
    let mut body = tenant.user(id).await;
    change(&mut body);
    tenant.ok(&format!("PUT /Users/{id}"), &body).await
}

/// Wizard apps send a group with all its members.
pub(crate) async fn put_group(tenant: &Tenant, id: &str, name: &str, members: &[&str]) {
    let members: Vec<Value> = members
        .iter()
        .map(|id| json!({ "value": id, "display": "someone@example.com" }))
        .collect();
    let body = json!({ "schemas": [GROUP], "id": id, "displayName": name, "members": members });
    tenant.ok(&format!("PUT /Groups/{id}"), &body).await;
}
