//! DS-1 to DS-18, under the preset `datasaur`.

use serde_json::{Value, json};

use super::{
    entra, okta,
    tenant::{NOBODY, Tenant, enable, text},
};
use crate::world::URL;

const MOUNT: &str = "/api/teams/labs/scim/v2";

const RULES: &[(&str, &str)] = &[
    ("Administrator", "admin"),
    ("QA", "reviewer"),
    ("Review Leads", "reviewer"),
    ("Annotators", "labeler"),
    ("Interns", "labeler"),
];

async fn team() -> Tenant {
    Tenant::new("datasaur", MOUNT).await
}

#[actix_web::test]
async fn ds_1_the_users_of_one_team_are_provisioned_and_kept_in_step() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    let renamed = okta::put(&team, &ann, |body| body["title"] = json!("Lead")).await;
    assert_eq!(renamed["title"], "Lead");
    assert_eq!(team.found("/Users?startIndex=1&count=100").await, [&*ann]);
    let list = team.world.scim("GET /Users").send().await.json();
    assert_eq!(list["totalResults"], 0, "the other organization has nobody");
}

#[actix_web::test]
async fn ds_2_scim_waits_for_single_sign_on() {
    let team = Tenant::fresh("datasaur", MOUNT).await;
    let early = json!({ "connection": { "enabled": true } });
    let refused = team.api("PATCH /settings", early).await;
    refused.is_problem(409, "sso_required", "connection.sso");
    let on = team.does("PATCH /settings", enable()).await;
    assert_eq!(on["connection"]["enabled"], true);
}

#[actix_web::test]
async fn ds_3_each_team_has_its_own_base_url() {
    let team = team().await;
    let settings = team.does("GET /settings", Value::Null).await;
    let urls = settings["scim_base_urls"].as_array().unwrap();
    assert!(urls.contains(&json!(format!("{URL}{MOUNT}"))), "{urls:?}");
    let made = team.ok("POST /Users", &okta::user("ann")).await;
    let location = format!("{URL}{MOUNT}/Users/{}", text(&made["id"]));
    assert_eq!(made["meta"]["location"], json!(location));
    let nobodys = Value::Null;
    let foreign = team.sent_to("/api/teams/acme/scim/v2", "GET /Users", &nobodys);
    foreign
        .await
        .is_scim_error(404, None, "There is no organization");
    // Teams have numbers there; a slug may be one.
    let org = json!({ "slug": "4711", "preset": "datasaur" });
    assert_eq!(team.world.owner("POST /orgs").body(&org).await.status, 201);
}

#[actix_web::test]
async fn ds_4_the_key_is_shown_once_and_is_the_credential() {
    let team = team().await;
    let made = team.does("POST /keys", json!({ "kind": "scim" })).await;
    let token = text(&made["token"]);
    let list = team.api("GET /keys", Value::Null).await;
    assert!(list.text.contains(&text(&made["id"])), "{}", list.text);
    assert!(!list.text.contains(&token), "shown again");
    let line = format!("GET {MOUNT}/Users");
    let answer = team.world.anonymous(&line).key(&token).send().await;
    assert_eq!(answer.status, 200);
    let answer = team.world.anonymous(&line).send().await;
    answer.is_scim_error(401, None, "key");
}

#[actix_web::test]
async fn ds_5_nothing_works_before_the_switch() {
    let team = Tenant::fresh("datasaur", MOUNT).await;
    for (line, body) in [
        ("GET /Users", Value::Null),
        ("POST /Users", okta::user("ann")),
    ] {
        let refused = team.idp(line, &body).await;
        refused.is_scim_error(403, None, "SCIM is not enabled");
    }
    team.does("PATCH /settings", enable()).await;
    okta::assign(&team, "ann").await;
    let off = json!({ "connection": { "enabled": false } });
    team.does("PATCH /settings", off).await;
    let refused = team.idp("GET /Users", &Value::Null).await;
    refused.is_scim_error(403, None, "SCIM is not enabled");
}

#[actix_web::test]
async fn ds_6_users_assigned_one_by_one_need_no_mapping() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    let bob = entra::assign(&team, &entra::user("bob")).await;
    for user in [ann, bob] {
        assert_eq!(team.access(&user).await["state"], "active");
        assert_eq!(team.role(&user).await, "labeler");
    }
}

#[actix_web::test]
async fn ds_7_without_a_mapped_group_the_role_is_labeler() {
    let team = team().await;
    team.roles(RULES).await;
    let ann = okta::assign(&team, "ann").await;
    okta::push(&team, "Somewhere else", &[&ann]).await;
    assert_eq!(team.role(&ann).await, "labeler");
}

#[actix_web::test]
async fn ds_8_the_mapping_is_an_editable_list() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    okta::push(&team, "QA", &[&ann]).await;
    for role in ["admin", "reviewer", "labeler"] {
        // The last admin would keep the role, and the administrator is told so instead.
        team.policy("last_holder", "off").await;
        team.roles(&[("QA", role)]).await;
        assert_eq!(team.role(&ann).await, role);
        let read = team.does("GET /mapping", Value::Null).await;
        assert_eq!(
            read["organization"],
            json!([{ "group": "QA", "role": role }])
        );
    }
    let wrong = json!({ "organization": [{ "group": "QA", "role": "labeller" }] });
    let refused = team.api("PUT /mapping", wrong).await;
    refused.is_problem(422, "invalid_field", "labeler");
}

#[actix_web::test]
async fn ds_9_several_groups_give_one_role() {
    let team = team().await;
    team.roles(RULES).await;
    let (ann, bob) = (
        okta::assign(&team, "ann").await,
        okta::assign(&team, "bob").await,
    );
    okta::push(&team, "QA", &[&ann]).await;
    okta::push(&team, "Review Leads", &[&bob]).await;
    assert_eq!(team.role(&ann).await, "reviewer");
    assert_eq!(team.role(&bob).await, "reviewer");
}

#[actix_web::test]
async fn ds_10_pushing_a_mapped_group_gives_all_its_members_the_role() {
    let team = team().await;
    team.roles(RULES).await;
    let mut users = Vec::new();
    for name in ["ann", "bob", "cleo", "dan"] {
        users.push(okta::assign(&team, name).await);
    }
    let all: Vec<&str> = users.iter().map(String::as_str).collect();
    let group = okta::push(&team, "QA", &[]).await;
    okta::put_group(&team, &group, "QA", &all).await;
    for user in &users {
        assert_eq!(team.role(user).await, "reviewer");
    }
}

#[actix_web::test]
async fn ds_11_the_highest_of_several_roles_wins() {
    let team = team().await;
    team.roles(RULES).await;
    let (ann, bob) = (
        okta::assign(&team, "ann").await,
        okta::assign(&team, "bob").await,
    );
    okta::push(&team, "Administrator", &[&ann]).await;
    okta::push(&team, "QA", &[&ann, &bob]).await;
    okta::push(&team, "Interns", &[&bob]).await;
    assert_eq!(team.role(&ann).await, "admin");
    assert_eq!(team.role(&bob).await, "reviewer");
}

#[actix_web::test]
async fn ds_12_first_and_last_name_are_kept_in_step() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    let put = okta::put(&team, &ann, |body| {
        body["name"]["givenName"] = json!("Anna");
    })
    .await;
    assert_eq!(put["name"]["givenName"], "Anna");
    let body = entra::patch("Replace", "name.familyName", json!("Able"));
    team.ok(&format!("PATCH /Users/{ann}"), &body).await;
    let user = team.user(&ann).await;
    assert_eq!(
        user["name"],
        json!({ "givenName": "Anna", "familyName": "Able" })
    );
}

#[actix_web::test]
async fn ds_13_the_app_learns_of_new_users_with_their_role() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    assert_eq!(
        team.events(&ann).await,
        ["user.activated", "role.granted"],
        "so that the app can invite"
    );
    let access = team.access(&ann).await;
    assert_eq!(access["user"]["email"], "ann@example.com");
    assert_eq!(
        access["role"],
        json!({ "key": "labeler", "name": "Labeler" })
    );
}

#[actix_web::test]
async fn ds_14_removal_takes_the_access_and_no_account() {
    let team = team().await;
    let ann = okta::assign(&team, "ann").await;
    let person = team.access(&ann).await["user"]["person"].clone();
    team.ok(&format!("PATCH /Users/{ann}"), &okta::active(false))
        .await;
    let access = team.access(&ann).await;
    assert_eq!(
        (&access["state"], &access["role"]),
        (&json!("deactivated"), &Value::Null)
    );
    assert_eq!(team.user(&ann).await["active"], false, "still readable");
    team.ok(&format!("DELETE /Users/{ann}"), &Value::Null).await;
    assert_eq!(
        team.events(&ann).await.last().map(String::as_str),
        Some("user.removed")
    );
    // Who comes back is another user of the same person: the app finds its account again.
    let again = okta::assign(&team, "ann").await;
    assert_ne!(again, ann);
    assert_eq!(team.access(&again).await["user"]["person"], person);
}

#[actix_web::test]
async fn ds_15_test_connection_succeeds_and_a_wrong_token_fails() {
    let team = team().await;
    let query = "/Users?filter=userName+eq+%22af4c7b1e-0c5a-4a53-9b0c-6b8f0c9ad0d1%22";
    let empty = team.ok(&format!("GET {query}"), &Value::Null).await;
    assert_eq!(
        (&empty["totalResults"], &empty["Resources"]),
        (&json!(0), &json!([]))
    );
    let query = "/Groups?excludedAttributes=members&filter=displayName+eq+%22af4c7b1e%22";
    assert!(team.found(query).await.is_empty());
    let wrong = team.world.anonymous(&format!("GET {MOUNT}{query}"));
    let wrong = wrong.key("not-the-secret-token").send().await;
    wrong.is_scim_error(401, None, "key");
}

#[actix_web::test]
async fn ds_16_a_cycle_brings_what_changed_and_repeating_it_changes_nothing() {
    let team = team().await;
    team.roles(RULES).await;
    let ann = entra::assign(&team, &entra::user("ann")).await;
    let group = entra::push(&team, "QA", &[&ann]).await;
    let (before, events) = (team.user(&ann).await, team.events(&ann).await);
    let line = format!("PATCH /Groups/{group}");
    let members = team.idp(&line, &entra::join(&[&ann])).await;
    assert_eq!(members.status, 204);
    team.ok(&format!("PATCH /Users/{ann}"), &entra::active(true))
        .await;
    assert_eq!(team.user(&ann).await, before);
    assert_eq!(team.events(&ann).await, events);
    // "Provision on demand" is the same conversation about one user.
    let bob = entra::assign(&team, &entra::user("bob")).await;
    assert_eq!(team.found(&entra::lookup("bob")).await, [&*bob]);
}

#[actix_web::test]
async fn ds_17_group_push_from_entra_gives_the_mapped_role() {
    let team = team().await;
    team.roles(RULES).await;
    let ann = entra::assign(&team, &entra::user("ann")).await;
    let group = entra::push(&team, "QA", &[&ann, NOBODY]).await;
    assert_eq!(team.role(&ann).await, "reviewer");
    team.ok(&format!("PATCH /Groups/{group}"), &entra::leave(&[&ann]))
        .await;
    assert_eq!(team.role(&ann).await, "labeler");
}

#[actix_web::test]
async fn ds_18_every_action_of_okta_works_with_email_as_the_identifier() {
    let team = team().await;
    let settings = team.does("GET /settings", Value::Null).await;
    assert_eq!(settings["connection"]["unique_identifier"], "email");
    let ann = okta::assign(&team, "ann").await;
    let mut same = okta::user("ann.other");
    same["emails"][0]["value"] = json!("ANN@example.com");
    let refused = team.idp("POST /Users", &same).await;
    refused.is_scim_error(409, Some("uniqueness"), "emails");
    // Import, push of profiles, push of groups, deactivation.
    assert_eq!(team.found("/Users?startIndex=1&count=100").await, [&*ann]);
    assert!(team.found("/Users?startIndex=2&count=100").await.is_empty());
    okta::put(&team, &ann, |body| body["locale"] = json!("de-DE")).await;
    let group = okta::push(&team, "QA", &[&ann]).await;
    assert_eq!(team.members(&group).await, [&*ann]);
    okta::put(&team, &ann, |body| body["active"] = json!(false)).await;
    let user = team.user(&ann).await;
    assert_eq!(
        (&user["active"], &user["locale"]),
        (&json!(false), &json!("de-DE"))
    );
    assert_eq!(team.found(&okta::lookup("ann")).await, [&*ann]);
}
