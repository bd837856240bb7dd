//! LS-1 to LS-8 and LS-39: connecting, and what is asked before anything is mapped.

use serde_json::{Value, json};

use super::{MOUNT, org, someone};
use crate::parity::{
    entra, okta,
    tenant::{Tenant, enable, text},
};

#[actix_web::test]
async fn ls_1_single_sign_on_comes_first() {
    let tenant = Tenant::fresh("label-studio", MOUNT).await;
    let early = json!({ "connection": { "enabled": true } });
    let refused = tenant.api("PATCH /settings", early).await;
    refused.is_problem(409, "sso_required", "connection.sso");
    let off = tenant.idp("GET /Users", &Value::Null).await;
    off.is_scim_error(403, None, "SCIM is not enabled");
    tenant.does("PATCH /settings", enable()).await;
    assert!(tenant.found("/Users").await.is_empty());
}

#[actix_web::test]
async fn ls_2_two_base_urls_with_and_without_a_final_slash() {
    let tenant = org().await;
    let ann = someone(&tenant, "ann").await;
    for mount in ["/scim/v2", "/scim"] {
        for path in ["/Users", "/Users/", "/Users?startIndex=1&count=2"] {
            let line = format!("GET {path}");
            let list = tenant.sent_to(mount, &line, &Value::Null).await.json();
            assert_eq!(list["Resources"][0]["id"], json!(ann), "{mount}{path}");
        }
        let line = format!("GET /Users/{ann}/");
        let one = tenant.sent_to(mount, &line, &Value::Null).await;
        assert_eq!(one.status, 200, "{mount}");
    }
}

#[actix_web::test]
async fn ls_3_only_a_scim_key_after_the_word_bearer() {
    let tenant = org().await;
    let ask = async |value: &str| {
        let call = tenant.world.anonymous("GET /scim/v2/Users");
        call.header("authorization", value).send().await
    };
    let key = &tenant.scim;
    assert_eq!(ask(&format!("Bearer {key}")).await.status, 200);
    for wrong in [format!("Token {key}"), format!("Basic {key}"), key.clone()] {
        ask(&wrong).await.is_scim_error(401, None, "Bearer");
    }
    for kind in ["admin", "read"] {
        let other = tenant.key(kind).await;
        let refused = ask(&format!("Bearer {other}")).await;
        refused.is_scim_error(403, None, "kind scim");
    }
    // A second one works beside the first, for changing over.
    let second = tenant.key("scim").await;
    assert_eq!(ask(&format!("Bearer {second}")).await.status, 200);
    assert_eq!(ask(&format!("Bearer {key}")).await.status, 200);
}

#[actix_web::test]
async fn ls_4_users_from_before_are_matched_by_email() {
    let tenant = org().await;
    let by_hand = json!({ "email": "ann@example.com", "name": { "givenName": "Ann" } });
    let ann = text(&tenant.does("POST /users", by_hand).await["id"]);
    assert_eq!(tenant.found(&okta::lookup("ann")).await, [&*ann]);
    okta::put(&tenant, &ann, |body| body["externalId"] = json!("00uann")).await;
    assert_eq!(tenant.user(&ann).await["externalId"], "00uann");
    let refused = tenant.idp("POST /Users", &okta::user("ann")).await;
    refused.is_scim_error(409, Some("uniqueness"), "");
    // Who has another name there is found by the e-mail all the same.
    let mut body = okta::user("bob");
    body["userName"] = json!("b.baker");
    let bob = text(&tenant.ok("POST /Users", &body).await["id"]);
    assert_eq!(tenant.found(&okta::lookup("bob")).await, [&*bob]);
}

#[actix_web::test]
async fn ls_5_every_action_of_okta() {
    let tenant = org().await;
    assert!(tenant.found("/Users?startIndex=1&count=2").await.is_empty());
    let ann = okta::assign(&tenant, "ann").await;
    assert_eq!(tenant.found("/Users?startIndex=1&count=100").await, [&*ann]);
    okta::put(&tenant, &ann, |body| {
        body["name"]["givenName"] = json!("Anna");
    })
    .await;
    let group = okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.members(&group).await, [&*ann]);
    okta::put(&tenant, &ann, |body| body["active"] = json!(false)).await;
    let user = tenant.user(&ann).await;
    assert_eq!(
        (&user["name"]["givenName"], &user["active"]),
        (&json!("Anna"), &json!(false))
    );
}

#[actix_web::test]
async fn ls_6_assigning_creates_and_unassigning_takes_everything() {
    let tenant = org().await;
    tenant.roles(super::RULES).await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    okta::push(&tenant, "QA", &[&ann, &bob]).await;
    assert_eq!(tenant.role(&ann).await, "reviewer");
    // Unassigning a group deactivates each of its people.
    for user in [&ann, &bob] {
        let line = format!("PATCH /Users/{user}");
        tenant.ok(&line, &okta::active(false)).await;
        assert_eq!(tenant.access(user).await["state"], "deactivated");
        assert_eq!(tenant.role(user).await, Value::Null);
    }
}

#[actix_web::test]
async fn ls_7_people_of_an_assigned_group_arrive_active() {
    let tenant = org().await;
    let ann = okta::assign(&tenant, "ann").await;
    assert_eq!(tenant.user(&ann).await["active"], true);
    let mut body = okta::user("bob");
    body.as_object_mut().unwrap().remove("active");
    let bob = tenant.ok("POST /Users", &body).await;
    assert_eq!(bob["active"], true, "where nothing is said");
}

#[actix_web::test]
async fn ls_8_groups_are_created_or_linked_by_name() {
    let tenant = org().await;
    let made = okta::push(&tenant, "QA", &[]).await;
    let linked = okta::push(&tenant, "QA", &[]).await;
    assert_eq!(linked, made);
    assert_eq!(
        tenant.found("/Groups?startIndex=1&count=100").await,
        [&*made]
    );
}

#[actix_web::test]
async fn ls_39_nobody_found_is_an_empty_list_and_names_are_no_ids() {
    let tenant = org().await;
    let ann = okta::assign(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    let line = format!("GET {}", entra::lookup("eve"));
    let list = tenant.ok(&line, &Value::Null).await;
    assert_eq!(
        (&list["totalResults"], &list["Resources"]),
        (&json!(0), &json!([]))
    );
    let none = tenant.idp("GET /Users/ann@example.com", &Value::Null).await;
    none.is_scim_error(404, None, "There is no user");
    let none = tenant.idp("GET /Groups/QA", &Value::Null).await;
    none.is_scim_error(404, None, "There is no group");
}
