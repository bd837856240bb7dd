//! DH-1 to DH-13, under the preset `datahub`.

use serde_json::{Value, json};

use super::{
    entra, okta,
    tenant::{Tenant, text},
};
use crate::world::URL;

const MOUNT: &str = "/gms/openapi/scim/v2";

async fn hub() -> Tenant {
    Tenant::fresh("datahub", MOUNT).await
}

#[actix_web::test]
async fn dh_1_the_base_url_and_the_token() {
    let hub = hub().await;
    let made = hub.ok("POST /Users", &entra::user("ann")).await;
    let location = format!("{URL}{MOUNT}/Users/{}", text(&made["id"]));
    assert_eq!(made["meta"]["location"], json!(location));
    let line = format!("GET {MOUNT}/Users");
    hub.world
        .anonymous(&line)
        .send()
        .await
        .is_scim_error(401, None, "key");
}

#[actix_web::test]
async fn dh_2_a_provisioned_group_gives_every_member_its_role() {
    let hub = hub().await;
    hub.roles(&[("governance-team", "reader")]).await;
    let ann = entra::assign(&hub, &entra::user("ann")).await;
    let bob = entra::assign(&hub, &entra::user("bob")).await;
    let cleo = entra::assign(&hub, &entra::user("cleo")).await;
    let group = entra::push(&hub, "governance-team", &[&ann, &bob]).await;
    assert_eq!(hub.members(&group).await.len(), 2);
    assert_eq!(hub.role(&ann).await, "reader");
    assert_eq!(hub.role(&bob).await, "reader");
    assert_eq!(hub.role(&cleo).await, Value::Null);
}

#[actix_web::test]
async fn dh_3_who_leaves_the_group_there_leaves_it_here() {
    let hub = hub().await;
    hub.roles(&[("governance-team", "reader")]).await;
    let ann = entra::assign(&hub, &entra::user("ann")).await;
    let bob = entra::assign(&hub, &entra::user("bob")).await;
    let group = entra::push(&hub, "governance-team", &[&ann, &bob]).await;
    hub.ok(&format!("PATCH /Groups/{group}"), &entra::leave(&[&ann]))
        .await;
    assert_eq!(hub.members(&group).await, [&*bob], "only the one named");
    assert_eq!(hub.role(&ann).await, Value::Null);
    assert_eq!(hub.role(&bob).await, "reader");
    assert_eq!(hub.user(&ann).await["groups"], json!([]));
}

#[actix_web::test]
async fn dh_4_deleted_for_good_there_is_deleted_here() {
    let hub = hub().await;
    hub.roles(&[("governance-team", "reader")]).await;
    let ann = entra::assign(&hub, &entra::user("ann")).await;
    let bob = entra::assign(&hub, &entra::user("bob")).await;
    let group = entra::push(&hub, "governance-team", &[&ann, &bob]).await;
    hub.ok(&format!("DELETE /Users/{ann}"), &Value::Null).await;
    let gone = hub.idp(&format!("GET /Users/{ann}"), &Value::Null).await;
    gone.is_scim_error(404, None, "There is no user");
    assert_eq!(hub.members(&group).await, [&*bob]);
    hub.ok(&format!("DELETE /Groups/{group}"), &Value::Null)
        .await;
    let gone = hub.idp(&format!("GET /Groups/{group}"), &Value::Null).await;
    gone.is_scim_error(404, None, "There is no group");
    assert_eq!(hub.role(&bob).await, Value::Null);
}

#[actix_web::test]
async fn dh_5_no_password_is_kept() {
    let hub = hub().await;
    let made = hub.idp("POST /Users", &okta::user("ann")).await;
    assert_eq!(made.status, 201);
    assert!(!made.text.contains("assword"), "{}", made.text);
    let config = hub.ok("GET /ServiceProviderConfig", &Value::Null).await;
    assert_eq!(config["changePassword"], json!({ "supported": false }));
    let schemas = hub.idp("GET /Schemas", &Value::Null).await;
    assert!(!schemas.text.contains("\"password\""), "offered");
    let line = "GET /Users?filter=password+sw+%22Z%22";
    let refused = hub.idp(line, &Value::Null).await;
    refused.is_scim_error(400, Some("invalidFilter"), "");
}

#[actix_web::test]
async fn dh_6_three_roles_are_there_from_the_start() {
    let hub = hub().await;
    let roles = hub.does("GET /roles", Value::Null).await;
    let roles = roles["roles"].as_array().unwrap().iter();
    let names: Vec<String> = roles.map(|role| text(&role["name"])).collect();
    assert_eq!(names, ["Admin", "Editor", "Reader"]);
}

#[actix_web::test]
async fn dh_7_the_primary_entry_of_roles_is_the_role() {
    let hub = hub().await;
    let ann = entra::assign(&hub, &entra::user_with_role("ann", "Editor")).await;
    assert_eq!(hub.role(&ann).await, "editor");
    let path = "roles[primary eq \"True\"].value";
    let body = entra::patch("Replace", path, json!("Reader"));
    hub.ok(&format!("PATCH /Users/{ann}"), &body).await;
    assert_eq!(hub.role(&ann).await, "reader");
    assert_eq!(
        hub.user(&ann).await["roles"].as_array().map(Vec::len),
        Some(1)
    );
    // For a user who had none.
    let bob = entra::assign(&hub, &entra::user("bob")).await;
    let body = entra::patch("Add", path, json!("Reader"));
    hub.ok(&format!("PATCH /Users/{bob}"), &body).await;
    assert_eq!(hub.role(&bob).await, "reader");
    // As the validator sends it.
    let mut cleo = entra::user_with_role("cleo", "Editor");
    cleo["roles"][0]["primary"] = json!("True");
    let cleo = entra::assign(&hub, &cleo).await;
    assert_eq!(hub.role(&cleo).await, "editor");
}

#[actix_web::test]
async fn dh_8_a_role_is_named_by_value_or_display_name_and_others_give_nothing() {
    let hub = hub().await;
    for (name, value, role) in [
        ("ann", "Editor", json!("editor")),
        ("bob", "EDITOR", json!("editor")),
        ("cleo", "editor", json!("editor")),
        ("dan", "Superuser", Value::Null),
    ] {
        let id = entra::assign(&hub, &entra::user_with_role(name, value)).await;
        assert_eq!(hub.role(&id).await, role, "{value}");
        assert_eq!(hub.user(&id).await["roles"][0]["value"], value);
    }
    let report = hub.does("GET /report", Value::Null).await;
    assert_eq!(report["unknown_roles"], json!(["Superuser"]));
    // A role of a group that is assigned arrives on each of its members.
    let body = json!([{ "primary": true, "value": "Reader", "display": "Reader" }]);
    let eve = entra::assign(&hub, &entra::user("eve")).await;
    hub.ok(
        &format!("PATCH /Users/{eve}"),
        &entra::patch("Add", "roles", body),
    )
    .await;
    assert_eq!(hub.role(&eve).await, "reader");
}

#[actix_web::test]
async fn dh_9_users_and_groups_without_a_role_are_accepted() {
    let hub = hub().await;
    let ann = entra::assign(&hub, &entra::user("ann")).await;
    let access = hub.access(&ann).await;
    assert_eq!(
        (&access["state"], &access["role"]),
        (&json!("active"), &Value::Null)
    );
    let group = entra::push(&hub, "Nobody in particular", &[&ann]).await;
    assert_eq!(hub.members(&group).await, [&*ann]);
    assert_eq!(hub.role(&ann).await, Value::Null);
}

#[actix_web::test]
async fn dh_10_okta_sends_the_role_in_the_core_attribute() {
    let hub = hub().await;
    let mut body = okta::user("ann");
    body["roles"] = json!([{ "primary": true, "value": "Editor" }]);
    let ann = text(&hub.ok("POST /Users", &body).await["id"]);
    assert_eq!(hub.role(&ann).await, "editor");
    okta::put(&hub, &ann, |body| {
        body["roles"] = json!([{ "primary": true, "value": "Reader" }]);
    })
    .await;
    assert_eq!(hub.role(&ann).await, "reader");
    // The one marked primary counts, whatever else is in the list.
    okta::put(&hub, &ann, |body| {
        body["roles"] = json!([{ "value": "Editor" }, { "primary": true, "value": "Reader" }]);
    })
    .await;
    assert_eq!(hub.role(&ann).await, "reader");
}

#[actix_web::test]
async fn dh_11_leaving_the_app_in_okta_suspends_and_deletes_nothing() {
    let hub = hub().await;
    let mut body = okta::user("ann");
    body["roles"] = json!([{ "primary": true, "value": "Editor" }]);
    let ann = text(&hub.ok("POST /Users", &body).await["id"]);
    let line = format!("PATCH /Users/{ann}");
    hub.ok(&line, &okta::active(false)).await;
    let access = hub.access(&ann).await;
    assert_eq!(
        (&access["state"], &access["role"]),
        (&json!("deactivated"), &Value::Null)
    );
    assert_eq!(hub.found(&okta::lookup("ann")).await, [&*ann]);
    hub.ok(&line, &okta::active(true)).await;
    assert_eq!(hub.role(&ann).await, "editor", "computed again");
}

#[actix_web::test]
async fn dh_12_assigning_a_group_pushes_users_only_until_the_group_is_pushed() {
    let hub = hub().await;
    let ann = okta::assign(&hub, "ann").await;
    assert!(hub.found("/Groups?startIndex=1&count=100").await.is_empty());
    let group = okta::push(&hub, "governance-team", &[&ann]).await;
    assert_eq!(hub.found("/Groups?startIndex=1&count=100").await, [&*group]);
}

#[actix_web::test]
async fn dh_13_an_app_only_for_provisioning_is_enough() {
    let hub = hub().await;
    let settings = hub.does("GET /settings", Value::Null).await;
    assert_eq!(settings["connection"]["sso"], Value::Null);
    assert_eq!(settings["policies"]["require_sso"], "off");
    okta::assign(&hub, "ann").await;
}
