//! LS-27 to LS-37: users and groups as they are sent.

use serde_json::{Value, json};

use super::{RULES, org, someone};
use crate::parity::{
    entra, okta,
    tenant::{NOBODY, text},
};

#[actix_web::test]
async fn ls_27_user_name_and_active_are_enough() {
    let tenant = org().await;
    let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ann@example.com", "active": true });
    let made = tenant.ok("POST /Users", &body).await;
    assert_eq!(made["active"], true);
    let mut body = okta::user("bob");
    body.as_object_mut().unwrap().remove("userName");
    let refused = tenant.idp("POST /Users", &body).await;
    refused.is_scim_error(400, Some("invalidValue"), "userName");
}

#[actix_web::test]
async fn ls_28_a_missing_email_is_taken_from_the_user_name() {
    let tenant = org().await;
    let body = json!({ "userName": "ann@example.com", "active": true });
    let ann = text(&tenant.ok("POST /Users", &body).await["id"]);
    assert_eq!(tenant.found(&okta::lookup("ann")).await, [&*ann]);
    let access = tenant.access(&ann).await;
    assert_eq!(access["user"]["email"], "ann@example.com");
    assert_ne!(access["user"]["person"], Value::Null);
    // The app finds the user by it as well, and nothing is written into the user.
    let found = tenant.does("GET /users?email=ANN@example.com", Value::Null);
    assert_eq!(found.await["items"][0]["id"], json!(ann));
    let people = tenant.world.owner("GET /people?email=ann@example.com");
    let people = people.send().await.json();
    assert_eq!(people["items"][0]["access"]["user"]["id"], json!(ann));
    assert_eq!(tenant.user(&ann).await["emails"], Value::Null);
    let mut taken = okta::user("other");
    taken["emails"][0]["value"] = json!("Ann@example.com");
    let refused = tenant.idp("POST /Users", &taken).await;
    refused.is_scim_error(409, Some("uniqueness"), "");
}

#[actix_web::test]
async fn ls_29_two_casings_are_one_user_and_the_text_stays_as_sent() {
    let tenant = org().await;
    let mut body = okta::user("ann");
    body["userName"] = json!("Ann@Example.com");
    body["emails"][0]["value"] = json!("Ann@Example.com");
    let ann = text(&tenant.ok("POST /Users", &body).await["id"]);
    assert_eq!(tenant.found(&okta::lookup("ann")).await, [&*ann]);
    let refused = tenant.idp("POST /Users", &okta::user("ann")).await;
    refused.is_scim_error(409, Some("uniqueness"), "emails");
    let mut body = okta::user("ann");
    body["emails"][0]["value"] = json!("another@example.com");
    let refused = tenant.idp("POST /Users", &body).await;
    refused.is_scim_error(409, Some("uniqueness"), "userName");
    let user = tenant.user(&ann).await;
    assert_eq!(user["emails"][0]["value"], "Ann@Example.com");
}

#[actix_web::test]
async fn ls_30_external_id_display_name_and_locale_are_stored() {
    let tenant = org().await;
    let ann = okta::assign(&tenant, "ann").await;
    let user = tenant.user(&ann).await;
    for (name, value) in [
        ("externalId", "00uann"),
        ("displayName", "Given ann"),
        ("locale", "en-US"),
    ] {
        assert_eq!(user[name], value);
    }
    let query = "/Users?filter=externalId+eq+%2200uann%22";
    assert_eq!(tenant.found(query).await, [&*ann]);
}

#[actix_web::test]
async fn ls_31_every_other_attribute_is_accepted() {
    let tenant = org().await;
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    let mut body = entra::user("ann");
    body["phoneNumbers"] = json!([{ "type": "mobile", "value": "+49 30 1234-5" }]);
    body["addresses"] = json!([{ "type": "work", "locality": "Berlin" }]);
    body[enterprise] = json!({ "department": "Vision", "employeeNumber": "7" });
    let ann = entra::assign(&tenant, &body).await;
    let user = tenant.user(&ann).await;
    assert_eq!(user["name"]["formatted"], "Given ann");
    assert_eq!(user["phoneNumbers"][0]["value"], "+49 30 1234-5");
    assert_eq!(user["addresses"][0]["locality"], "Berlin");
    assert_eq!(user[enterprise]["department"], "Vision");
    let path = "addresses[type eq \"work\"].postalCode";
    let patch = entra::patch("Add", path, json!("10115"));
    tenant.ok(&format!("PATCH /Users/{ann}"), &patch).await;
    let user = tenant.user(&ann).await;
    assert_eq!(user["addresses"][0]["postalCode"], "10115");
}

#[actix_web::test]
async fn ls_32_first_the_default_role_and_then_the_mapped_one() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    let ann = someone(&tenant, "ann").await;
    assert_eq!(tenant.role(&ann).await, "annotator");
    okta::push(&tenant, "Leads", &[&ann]).await;
    assert_eq!(tenant.role(&ann).await, "manager");
}

#[actix_web::test]
async fn ls_33_a_user_of_another_organization_is_a_new_user_of_this_one() {
    let tenant = org().await;
    let mut theirs = okta::user("ann");
    theirs["displayName"] = json!("Theirs");
    let call = tenant.world.anonymous("POST /scim/v2/Users");
    let there = call.key(&tenant.world.foreign).body(&theirs).await;
    assert_eq!(there.status, 201);
    let here = someone(&tenant, "ann").await;
    assert_ne!(here, there.id());
    assert_eq!(tenant.role(&here).await, "annotator");
    let line = format!("GET /scim/v2/Users/{}", there.id());
    let call = tenant.world.anonymous(&line).key(&tenant.world.foreign);
    assert_eq!(call.send().await.json()["displayName"], "Theirs");
    let people = tenant.world.owner("GET /people?email=ann@example.com");
    let people = people.send().await.json();
    let orgs: Vec<&Value> = people["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["org"])
        .collect();
    assert_eq!(orgs.len(), 2, "one person: {people}");
}

#[actix_web::test]
async fn ls_34_active_takes_everything_and_gives_it_back_from_the_mapping() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    okta::push(&tenant, "QA", &[&ann]).await;
    for (user, role) in [(ann, "reviewer"), (bob, "annotator")] {
        let line = format!("PATCH /Users/{user}");
        tenant.ok(&line, &entra::active(false)).await;
        assert_eq!(tenant.access(&user).await["state"], "deactivated");
        tenant.ok(&line, &entra::active(true)).await;
        assert_eq!(tenant.role(&user).await, role);
        assert_eq!(tenant.access(&user).await["state"], "active");
    }
}

#[actix_web::test]
async fn ls_35_delete_removes_the_user_and_leaves_the_account_to_the_app() {
    let tenant = org().await;
    let ann = someone(&tenant, "ann").await;
    tenant
        .ok(&format!("DELETE /Users/{ann}"), &Value::Null)
        .await;
    let gone = tenant.idp(&format!("GET /Users/{ann}"), &Value::Null).await;
    gone.is_scim_error(404, None, "There is no user");
    assert!(tenant.found(&okta::lookup("ann")).await.is_empty());
    // What was stays readable by the old id.
    let events = tenant.events(&ann).await;
    assert_eq!(
        (events.first(), events.last()),
        (
            Some(&"user.invited".to_owned()),
            Some(&"user.removed".to_owned())
        )
    );
}

#[actix_web::test]
async fn ls_36_who_is_not_active_takes_no_seat() {
    let tenant = org().await;
    let seats = async || {
        let report = tenant.does("GET /report", Value::Null).await;
        report["seats"]["used"].clone()
    };
    let ann = okta::assign(&tenant, "ann").await;
    assert_eq!(seats().await, 0, "not activated");
    tenant.sign_in(&ann).await;
    assert_eq!(seats().await, 1);
    let line = format!("PATCH /Users/{ann}");
    tenant.ok(&line, &okta::active(false)).await;
    assert_eq!(seats().await, 0, "deactivated");
    // So with a limit the seat is free for the next one.
    tenant
        .does("PATCH /settings", json!({ "seat_limit": 1 }))
        .await;
    let bob = someone(&tenant, "bob").await;
    assert_eq!(tenant.access(&bob).await["state"], "active");
    let cleo = someone(&tenant, "cleo").await;
    assert_eq!(tenant.access(&cleo).await["state"], "not_activated");
}

#[actix_web::test]
async fn ls_37_members_come_by_patch_and_by_put() {
    let tenant = org().await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    let group = entra::push(&tenant, "QA", &[&ann, &bob, NOBODY]).await;
    assert_eq!(tenant.members(&group).await.len(), 2);
    let line = format!("PATCH /Groups/{group}");
    tenant.ok(&line, &entra::leave(&[&ann])).await;
    assert_eq!(tenant.members(&group).await, [&*bob]);
    okta::put_group(&tenant, &group, "QA", &[&ann]).await;
    assert_eq!(tenant.members(&group).await, [&*ann]);
    let refused = tenant.idp("POST /Groups", &json!({ "members": [] })).await;
    refused.is_scim_error(400, Some("invalidValue"), "displayName");
}
