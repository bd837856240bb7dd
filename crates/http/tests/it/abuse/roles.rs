//! Cases 21 and 23 to 26: roles that one would like to have, or that others should lose.

use serde_json::{Value, json};

use super::{access, change, feed, grant, patch, policy, role, told};
use crate::world::World;

async fn rule(world: &World, group: &str, role: &str) {
    let rules = json!([{ "group": group, "role": role }]);
    world.map(json!({ "organization": rules })).await;
}

#[actix_web::test]
async fn abuse_21_a_lookalike_of_a_bound_group_gives_nothing() {
    let world = World::new();
    rule(&world, "Admins", "admin").await;
    let (boss, mallory) = (world.user("boss").await, world.user("mallory").await);
    let bound = world.group("Admins", &[&boss]).await;
    assert!(told(&world, "rule.bound").await);
    // The name is free once the bound group is renamed; whoever takes it gets nothing.
    let rename = patch("replace", "displayName", json!("Old admins"));
    change(&world, &format!("/Groups/{bound}"), &rename).await;
    assert!(told(&world, "rule.group_renamed").await);
    world.group("Admins", &[&mallory]).await;
    assert_eq!(role(&world, &mallory).await, "member");
    assert_eq!(role(&world, &boss).await, "admin");
    let mapping = world.admin("GET /mapping").send().await.json();
    assert_eq!(mapping["organization"][0]["group_id"], json!(bound));
    // Nor does renaming into the name, or nesting inside, where nesting does not count.
    let own = world.group("Mine", &[&mallory]).await;
    let join = patch("add", "members", json!([{ "value": own }]));
    change(&world, &format!("/Groups/{bound}"), &join).await;
    assert_eq!(role(&world, &mallory).await, "member");
    let taken = patch("replace", "displayName", json!("OLD ADMINS"));
    let line = format!("PATCH /Groups/{own}");
    let refused = world.scim(&line).body(&taken).await;
    refused.is_scim_error(409, Some("uniqueness"), "displayName");
}

#[actix_web::test]
async fn abuse_21_no_group_gives_what_cannot_be_mapped() {
    let world = World::new();
    let roles = json!({ "roles": [{ "key": "owner", "name": "Owner", "mappable": false },
        { "key": "admin", "name": "Admin" }, { "key": "member", "name": "Member" }] });
    let put = world.admin("PUT /roles").body(&roles).await;
    assert_eq!(put.status, 200, "{}", put.text);
    let body = json!({ "organization": [{ "group": "Owners", "role": "owner" }] });
    let refused = world.admin("PUT /mapping").body(&body).await;
    refused.is_problem(422, "invalid_field", "");
    policy(&world, "roles_attribute", "on").await;
    let body = json!({ "userName": "mallory", "roles": [{ "value": "owner", "primary": true }] });
    let mallory = world.scim("POST /Users").body(&body).await.id();
    world.group("Owners", &[&mallory]).await;
    assert_eq!(role(&world, &mallory).await, "member");
    let body = patch("replace", "roles", json!([{ "value": "Owner" }]));
    change(&world, &format!("/Users/{mallory}"), &body).await;
    assert_eq!(role(&world, &mallory).await, "member");
}

#[actix_web::test]
async fn abuse_23_attributes_give_no_role_but_by_policy() {
    let world = World::new();
    let ann = world.user("ann").await;
    let user = format!("/Users/{ann}");
    let enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    for (path, value) in [
        ("roles", json!([{ "value": "admin", "primary": true }])),
        ("entitlements", json!([{ "value": "admin" }])),
        (&format!("{enterprise}:manager"), json!({ "value": ann })),
        ("urn:x:admin:isAdmin", json!(true)),
    ] {
        change(&world, &user, &patch("add", path, value)).await;
        assert_eq!(role(&world, &ann).await, "member", "{path}");
    }
    let read = world.scim(&format!("GET {user}")).send().await;
    assert!(!read.text.contains("urn:x:admin"), "{}", read.text);
    let groups = patch("add", "groups", json!([{ "value": ann }]));
    let refused = world.scim(&format!("PATCH {user}")).body(&groups).await;
    refused.is_scim_error(400, Some("mutability"), "groups");
    let settings = json!({ "connection": { "strict": true } });
    world.admin("PATCH /settings").body(&settings).await;
    let mut unknown = patch("add", "urn:x:admin:isAdmin", json!(true));
    unknown["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
    let refused = world.scim(&format!("PATCH {user}")).body(&unknown).await;
    let kind = refused.json()["scimType"].clone();
    assert_eq!(refused.status, 400, "{}", refused.text);
    assert!(kind == "invalidPath" || kind == "invalidSyntax", "{kind}");
    assert_eq!(role(&world, &ann).await, "member");
}

#[actix_web::test]
async fn abuse_24_the_last_holder_keeps_a_protected_role_until_another_comes() {
    let world = World::new();
    rule(&world, "Admins", "admin").await;
    let (ann, bob) = (world.user("ann").await, world.user("bob").await);
    let group = world.group("Admins", &[&ann]).await;
    let refused = world.admin("PUT /mapping").body(&json!({})).await;
    refused.is_problem(409, "last_holder", "admin");
    let leave = patch("remove", "members", json!([{ "value": ann }]));
    change(&world, &format!("/Groups/{group}"), &leave).await;
    assert_eq!(role(&world, &ann).await, "admin", "held");
    assert!(told(&world, "hold.placed").await);
    let holds = world.admin("GET /holds").send().await.json();
    assert_eq!(holds["items"][0]["user"], json!(ann));
    grant(&world, &bob, "admin").await;
    assert_eq!(role(&world, &ann).await, "member", "no longer needed");
    assert!(told(&world, "hold.released").await);
    assert!(!told(&world, "protected_role.vacant").await);
    let holds = world.admin("GET /holds").send().await.json();
    assert_eq!(holds["items"], json!([]));
}

#[actix_web::test]
async fn abuse_24_a_hold_ends_visibly_with_its_role() {
    let world = World::new();
    rule(&world, "Admins", "admin").await;
    let ann = world.user("ann").await;
    let group = world.group("Admins", &[&ann]).await;
    let leave = patch("remove", "members", json!([{ "value": ann }]));
    change(&world, &format!("/Groups/{group}"), &leave).await;
    assert!(told(&world, "hold.placed").await);
    assert!(!told(&world, "hold.released").await);
    world.map(json!({})).await;
    let roles = json!({ "roles": [{ "key": "member", "name": "Member" }] });
    let put = world.admin("PUT /roles").body(&roles).await;
    assert_eq!(put.status, 200, "{}", put.text);
    assert!(told(&world, "hold.released").await);
    let holds = world.admin("GET /holds").send().await.json();
    assert_eq!(holds["items"], json!([]));
    assert_eq!(role(&world, &ann).await, "member");
}

#[actix_web::test]
async fn abuse_24_the_role_attribute_does_not_take_it_either() {
    let world = World::new();
    policy(&world, "roles_attribute", "on").await;
    let body = json!({ "userName": "ann", "roles": [{ "value": "admin", "primary": true }] });
    let ann = world.scim("POST /Users").body(&body).await.id();
    assert_eq!(role(&world, &ann).await, "admin");
    let body = patch("remove", "roles", Value::Null);
    change(&world, &format!("/Users/{ann}"), &body).await;
    assert_eq!(role(&world, &ann).await, "admin");
    assert!(told(&world, "hold.placed").await);
}

#[actix_web::test]
async fn abuse_24_deactivation_and_removal_take_it_at_once() {
    for way in ["off", "delete"] {
        let world = World::new();
        rule(&world, "Admins", "admin").await;
        let ann = world.user("ann").await;
        world.group("Admins", &[&ann]).await;
        if way == "off" {
            let off = patch("Replace", "active", json!("False"));
            change(&world, &format!("/Users/{ann}"), &off).await;
            assert_eq!(role(&world, &ann).await, Value::Null);
        } else {
            let gone = world.scim(&format!("DELETE /Users/{ann}")).send().await;
            assert_eq!(gone.status, 204);
        }
        assert!(told(&world, "protected_role.vacant").await, "{way}");
        assert!(!told(&world, "hold.placed").await, "{way}");
    }
}

/// Sixty members of a group whose rule gives them all they have.
async fn crowd(world: &World) -> (Vec<String>, String) {
    policy(world, "default_role", "none").await;
    rule(world, "Staff", "member").await;
    let mut users = Vec::new();
    for number in 0..60 {
        users.push(world.user(&format!("user{number}")).await);
    }
    let members: Vec<&String> = users.iter().collect();
    let group = world.group("Staff", &members).await;
    assert_eq!(role(world, &users[59]).await, "member");
    (users, group)
}

async fn alarmed(world: &World) -> bool {
    let report = world.admin("GET /report").send().await.json();
    let (shown, event) = (&report["mass_loss"], told(world, "alarm.mass_loss").await);
    assert_eq!(shown, &json!(event), "report and feed agree");
    event
}

#[actix_web::test]
async fn abuse_25_an_emptied_group_is_applied_and_alarmed() {
    let world = World::new();
    let (users, group) = crowd(&world).await;
    assert!(!alarmed(&world).await);
    let body = json!({ "displayName": "Staff", "members": [] });
    let put = world
        .scim(&format!("PUT /Groups/{group}"))
        .body(&body)
        .await;
    assert_eq!(put.status, 200, "{}", put.text);
    for user in &users {
        assert_eq!(role(&world, user).await, Value::Null);
    }
    assert!(alarmed(&world).await);
}

#[actix_web::test]
async fn abuse_25_a_third_that_stays_active_without_a_role_is_alarmed() {
    let world = World::new();
    let (users, group) = crowd(&world).await;
    let members = |users: &[String]| users.iter().map(|id| json!({ "value": id })).collect();
    let leave = async |users: &[String]| {
        let body = patch("Remove", "members", members(users));
        change(&world, &format!("/Groups/{group}"), &body).await;
    };
    leave(&users[..20]).await;
    assert_eq!(access(&world, &users[0]).await["state"], "active");
    assert_eq!(role(&world, &users[0]).await, Value::Null);
    assert!(alarmed(&world).await, "20 of 60");
}

#[actix_web::test]
async fn abuse_25_many_who_lose_their_role_one_by_one_are_alarmed_as_early() {
    let world = World::new();
    let (users, group) = crowd(&world).await;
    let leave = async |user: &String| {
        let body = patch("Remove", "members", json!([{ "value": user }]));
        change(&world, &format!("/Groups/{group}"), &body).await;
    };
    for user in &users[..19] {
        leave(user).await;
    }
    assert!(!alarmed(&world).await, "nineteen are too few");
    leave(&users[19]).await;
    assert_eq!(access(&world, &users[0]).await["state"], "active");
    assert!(alarmed(&world).await, "20 of 60");
    let feed = feed(&world).await;
    let alarm = feed
        .iter()
        .find(|event| event["type"] == "alarm.mass_loss")
        .unwrap();
    assert_eq!(alarm["before"]["active"], 60, "nobody is counted twice");
}

#[actix_web::test]
async fn abuse_25_removed_users_are_not_counted_among_those_who_stay() {
    let world = World::new();
    let (users, _) = crowd(&world).await;
    for user in &users[..20] {
        let gone = world.scim(&format!("DELETE /Users/{user}")).send().await;
        assert_eq!(gone.status, 204);
    }
    let feed = feed(&world).await;
    let alarm = feed
        .iter()
        .find(|event| event["type"] == "alarm.mass_loss")
        .unwrap();
    assert_eq!(alarm["before"]["active"], 60);
    assert_eq!(alarm["after"]["active"], 40);
}

#[actix_web::test]
async fn abuse_25_many_deactivations_in_ten_minutes_are_alarmed_once() {
    let world = World::new();
    let (users, _) = crowd(&world).await;
    let off = patch("Replace", "active", json!("False"));
    let minute = 60 * 1_000;
    // One every twelve minutes is nobody's alarm.
    for user in &users[..5] {
        change(&world, &format!("/Users/{user}"), &off).await;
        world.clock.advance(12 * minute);
    }
    assert!(!alarmed(&world).await);
    for user in &users[5..24] {
        change(&world, &format!("/Users/{user}"), &off).await;
    }
    assert!(!alarmed(&world).await, "nineteen are too few");
    for user in &users[24..40] {
        change(&world, &format!("/Users/{user}"), &off).await;
    }
    assert!(alarmed(&world).await);
    let feed = feed(&world).await;
    let alarms = feed
        .iter()
        .filter(|event| event["type"] == "alarm.mass_loss");
    assert_eq!(alarms.count(), 1);
    assert_eq!(access(&world, &users[39]).await["state"], "deactivated");
}

#[actix_web::test]
async fn abuse_26_nothing_stale_is_read_after_the_answer() {
    let world = World::new();
    policy(&world, "default_role", "none").await;
    policy(&world, "last_holder", "off").await;
    rule(&world, "Admins", "admin").await;
    let ann = world.user("ann").await;
    let group = world.group("Admins", &[&ann]).await;
    let (user, groups) = (format!("/Users/{ann}"), format!("/Groups/{group}"));
    let admin = json!("admin");
    let off = patch("replace", "active", json!(false));
    let on = patch("replace", "active", json!(true));
    let leave = patch("remove", "members", json!([{ "value": ann }]));
    let join = patch("add", "members", json!([{ "value": ann }]));
    for (resource, body, wanted, event) in [
        (&user, off, Value::Null, "user.deactivated"),
        (&user, on, admin.clone(), "user.reactivated"),
        (&groups, leave, Value::Null, "role.revoked"),
        (&groups, join, admin.clone(), "role.granted"),
    ] {
        let before = feed(&world).await.len();
        change(&world, resource, &body).await;
        assert_eq!(role(&world, &ann).await, wanted, "{body}");
        let news = feed(&world).await.split_off(before);
        let news: Vec<&Value> = news.iter().map(|event| &event["type"]).collect();
        assert!(news.contains(&&json!(event)), "{body}: {news:?}");
    }
    world.map(json!({})).await;
    assert_eq!(role(&world, &ann).await, Value::Null, "the rule is gone");
    rule(&world, "Admins", "admin").await;
    assert_eq!(role(&world, &ann).await, admin);
    let gone = world.scim(&format!("DELETE {groups}")).send().await;
    assert_eq!(gone.status, 204);
    assert_eq!(role(&world, &ann).await, Value::Null, "the group is gone");
    let gone = world.scim(&format!("DELETE {user}")).send().await;
    assert_eq!(gone.status, 204);
    let line = format!("GET /users/{ann}/access");
    let nobody = world.admin(&line).send().await;
    nobody.is_problem(404, "not_found", "user");
    assert!(told(&world, "user.removed").await);
}
