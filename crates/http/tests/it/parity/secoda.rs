//! SC-1 to SC-8, under the preset `secoda`.

use serde_json::{Value, json};

use super::{
    entra, okta,
    tenant::{Tenant, enable, text},
};
use crate::world::URL;

const MOUNT: &str = "/api/v1/auth/scim";

async fn workspace() -> Tenant {
    Tenant::new("secoda", MOUNT).await
}

#[actix_web::test]
async fn sc_1_saml_comes_first_and_somebody_switches_scim_on() {
    let tenant = Tenant::fresh("secoda", MOUNT).await;
    let early = json!({ "connection": { "enabled": true } });
    let refused = tenant.api("PATCH /settings", early).await;
    refused.is_problem(409, "sso_required", "connection.sso");
    let off = tenant.idp("GET /Users", &Value::Null).await;
    off.is_scim_error(403, None, "SCIM is not enabled");
    tenant.does("PATCH /settings", enable()).await;
    assert!(tenant.found("/Users").await.is_empty());
}

#[actix_web::test]
async fn sc_2_both_base_urls_under_the_configured_domain() {
    let tenant = workspace().await;
    let id = okta::assign(&tenant, "ann").await;
    for mount in [MOUNT, "/api/v2/scim"] {
        let line = format!("GET /Users/{id}");
        let user = tenant.sent_to(mount, &line, &Value::Null).await.json();
        let location = format!("{URL}{mount}/Users/{id}");
        assert_eq!(user["meta"]["location"], json!(location));
    }
}

#[actix_web::test]
async fn sc_3_okta_tests_imports_and_pushes_users_and_groups() {
    let tenant = workspace().await;
    assert!(tenant.found("/Users?startIndex=1&count=2").await.is_empty());
    assert!(
        tenant
            .found("/Groups?startIndex=1&count=100")
            .await
            .is_empty()
    );
    let ann = okta::assign(&tenant, "ann").await;
    okta::put(&tenant, &ann, |body| body["title"] = json!("Analyst")).await;
    let mut groups = Vec::new();
    for name in ["Data", "Finance", "Sales"] {
        groups.push(okta::push(&tenant, name, &[&ann]).await);
    }
    // Import of groups: pages in one order, and the filter.
    let mut imported = tenant.found("/Groups?startIndex=1&count=2").await;
    imported.extend(tenant.found("/Groups?startIndex=3&count=2").await);
    assert_eq!(imported, groups);
    let query = "/Groups?filter=displayName%20eq%20%22finance%22&startIndex=1&count=100";
    assert_eq!(tenant.found(query).await, [&*groups[1]]);
    // Users are told apart by e-mail.
    let mut same = okta::user("ann.other");
    same["emails"][0]["value"] = json!("ann@example.com");
    let refused = tenant.idp("POST /Users", &same).await;
    refused.is_scim_error(409, Some("uniqueness"), "emails");
}

#[actix_web::test]
async fn sc_4_onelogin_with_its_own_forms() {
    let tenant = workspace().await;
    let query = "/Users?filter=userName+eq+%22ann%40example.com%22&";
    assert!(tenant.found(query).await.is_empty());
    let template = |active: bool| {
        json!({ "schemas": ["urn:scim:schemas:core:2.0",
                "urn:scim:schemas:extension:enterprise:2.0"],
            "userName": "ann@example.com", "displayName": "", "active": active, "id": null,
            "name": { "givenName": "Ann", "familyName": "Able" },
            "emails": { "value": "ann@example.com", "type": "work", "primary": true } })
    };
    let ann = text(&tenant.ok("POST /Users", &template(true)).await["id"]);
    assert_eq!(tenant.found(query).await, [&*ann]);
    assert_eq!(
        tenant.user(&ann).await["emails"][0]["value"],
        "ann@example.com"
    );
    let group = json!({ "displayName": "Data" });
    let group = text(&tenant.ok("POST /Groups", &group).await["id"]);
    tenant
        .ok(&format!("PATCH /Groups/{group}?"), &okta::join(&[&ann]))
        .await;
    assert_eq!(tenant.members(&group).await, [&*ann]);
    let line = format!("PUT /Users/{ann}?");
    assert_eq!(tenant.ok(&line, &template(false)).await["active"], false);
    assert_eq!(tenant.access(&ann).await["state"], "deactivated");
}

#[actix_web::test]
async fn sc_5_entra_creates_updates_and_deletes() {
    let tenant = workspace().await;
    let mut body = entra::user("ann");
    body["emails"][0]["value"] = json!("ann.able@mail.example.com");
    let ann = entra::assign(&tenant, &body).await;
    let found =
        "/Users?filter=emails%5Btype+eq+%22work%22%5D.value+eq+%22ann.able%40mail.example.com%22";
    assert_eq!(tenant.found(found).await, [&*ann]);
    let path = "emails[type eq \"work\"].value";
    let body = entra::patch("Replace", path, json!("ann@mail.example.com"));
    tenant.ok(&format!("PATCH /Users/{ann}"), &body).await;
    let user = tenant.user(&ann).await;
    assert_eq!(user["emails"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        tenant.access(&ann).await["user"]["email"],
        "ann@mail.example.com"
    );
    assert_eq!(user["userName"], "ann@example.com");
    tenant
        .ok(&format!("DELETE /Users/{ann}"), &Value::Null)
        .await;
    assert!(tenant.found(found).await.is_empty());
}

#[actix_web::test]
async fn sc_6_pushed_groups_are_groups_with_value_and_display() {
    let tenant = workspace().await;
    let ann = okta::assign(&tenant, "ann").await;
    let group = okta::push(&tenant, "Data", &[]).await;
    okta::put_group(&tenant, &group, "Data", &[&ann]).await;
    let read = tenant
        .ok(&format!("GET /Groups/{group}"), &Value::Null)
        .await;
    assert_eq!(read["displayName"], "Data");
    let member = &read["members"][0];
    assert_eq!(
        (&member["value"], &member["display"]),
        (&json!(ann), &json!("someone@example.com")),
        "the client's text stays"
    );
    let there = tenant.does(&format!("GET /users/{ann}"), Value::Null).await;
    assert_eq!(there["groups"], json!([{ "id": group, "name": "Data" }]));
}

#[actix_web::test]
async fn sc_7_users_are_invited_until_they_sign_in() {
    let tenant = workspace().await;
    tenant.roles(&[("Data", "editor")]).await;
    let ann = okta::assign(&tenant, "ann").await;
    assert_eq!(tenant.events(&ann).await[0], "user.invited");
    let group = okta::push(&tenant, "Data", &[&ann]).await;
    let access = tenant.access(&ann).await;
    assert_eq!(access["state"], "not_activated");
    assert_eq!(
        (&access["role"], &access["pending_role"]["key"]),
        (&Value::Null, &json!("editor"))
    );
    // The identity provider sees its own push at once, or it would push it again.
    assert_eq!(tenant.members(&group).await, [&*ann]);
    tenant.sign_in(&ann).await;
    assert_eq!(tenant.role(&ann).await, "editor");
    let events = tenant.events(&ann).await;
    assert!(events.contains(&"user.activated".to_owned()), "{events:?}");
}

#[actix_web::test]
async fn sc_8_a_user_unknown_to_us_comes_back_without_being_assigned_again() {
    let tenant = workspace().await;
    tenant.roles(&[("Data", "editor")]).await;
    let ann = entra::assign(&tenant, &entra::user("ann")).await;
    let bob = entra::assign(&tenant, &entra::user("bob")).await;
    let group = entra::push(&tenant, "Data", &[&ann]).await;
    tenant
        .does(&format!("DELETE /users/{ann}"), Value::Null)
        .await;
    // The next cycle updates by the id that it remembers, is told, looks up and creates.
    let line = format!("PATCH /Users/{ann}");
    let stale = tenant.idp(&line, &entra::active(true)).await;
    stale.is_scim_error(404, None, "There is no user");
    let again = entra::assign(&tenant, &entra::user("ann")).await;
    // A push that still names the old id loses nobody else.
    let line = format!("PATCH /Groups/{group}");
    tenant.ok(&line, &entra::join(&[&ann, &again, &bob])).await;
    tenant.sign_in(&again).await;
    tenant.sign_in(&bob).await;
    assert_eq!(tenant.role(&again).await, "editor");
    assert_eq!(tenant.role(&bob).await, "editor");
    let report = tenant.does("GET /report", Value::Null).await;
    assert_eq!(report["unknown_members"], json!([ann]));
}
