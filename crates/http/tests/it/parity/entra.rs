//! What Microsoft Entra ID sends.

use serde_json::{Value, json};

use super::tenant::{Tenant, text};

const USER: &str = "urn:ietf:params:scim:schemas:core:2.0:User";
const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const GROUP: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";
const GROUP_TOO: &str = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group";
const PATCH: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// A creation.
pub(crate) fn user(name: &str) -> Value {
    let email = format!("{name}@example.com");
    json!({
        "schemas": [USER, ENTERPRISE], "externalId": format!("guid-{name}"), "userName": email,
        "active": true, "displayName": format!("Given {name}"),
        "emails": [{ "primary": true, "type": "work", "value": email }],
        "meta": { "resourceType": "User" },
        "name": { "formatted": format!("Given {name}"), "familyName": name, "givenName": "Given" },
        "roles": [],
    })
}

/// A creation with an app role, as `SingleAppRoleAssignment` makes it.
pub(crate) fn user_with_role(name: &str, role: &str) -> Value {
    let mut body = user(name);
    body["roles"] = json!([{ "primary": true, "type": "WindowsAzureActiveDirectoryRole",
        "value": role }]);
    body
}

/// Operations are capitalised and always have a path.
pub(crate) fn patch(op: &str, path: &str, value: Value) -> Value {
    let operation = json!({ "op": op, "path": path, "value": value });
    json!({ "schemas": [PATCH], "Operations": [operation] })
}

/// Booleans come as text.
pub(crate) fn active(on: bool) -> Value {
    let word = if on { "True" } else { "False" };
    patch("Replace", "active", json!(word))
}

fn members(users: &[&str]) -> Value {
    let member = |id: &&str| json!({ "$ref": null, "value": id });
    users.iter().map(member).collect()
}

pub(crate) fn join(users: &[&str]) -> Value {
    patch("Add", "members", members(users))
}

pub(crate) fn leave(users: &[&str]) -> Value {
    patch("Remove", "members", members(users))
}

/// The lookup that comes before every creation.
pub(crate) fn lookup(name: &str) -> String {
    format!("/Users?filter=userName+eq+%22{name}%40example.com%22")
}

/// Looks up, then creates. The id.
pub(crate) async fn assign(tenant: &Tenant, body: &Value) -> String {
    let name = text(&body["userName"]).replace("@example.com", "");
    assert!(tenant.found(&lookup(&name)).await.is_empty());
    text(&tenant.ok("POST /Users", body).await["id"])
}

/// Pushes a group, then its members. The id.
pub(crate) async fn push(tenant: &Tenant, name: &str, members: &[&str]) -> String {
    let filter = format!("displayName+eq+%22{}%22", name.replace(' ', "+"));
    let query = format!("/Groups?excludedAttributes=members&filter={filter}");
    assert!(tenant.found(&query).await.is_empty());
    let body = json!({ "schemas": [GROUP, GROUP_TOO], "externalId": format!("guid-{name}"),
        "displayName": name, "meta": { "resourceType": "Group" } });
    let id = text(&tenant.ok("POST /Groups", &body).await["id"]);
    if !members.is_empty() {
        tenant
            .ok(&format!("PATCH /Groups/{id}"), &join(members))
            .await;
    }
    id
}
