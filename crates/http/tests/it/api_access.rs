//! Mapping and access, end to end.

use serde_json::{Value, json};

use crate::world::World;

/// An organization of the preset `datasaur` with SCIM on, and its keys.
struct Team {
    world: World,
    scim: String,
}

impl Team {
    async fn new() -> Team {
        let world = World::new();
        let org = json!({ "slug": "labs", "preset": "datasaur" });
        assert_eq!(world.owner("POST /orgs").body(&org).await.status, 201);
        let sso = json!({ "protocol": "saml", "issuer": "x", "sign_in_url": "https://x.example/" });
        let on = json!({ "connection": { "enabled": true, "sso": sso } });
        assert_eq!(
            world
                .owner("PATCH /orgs/labs/settings")
                .body(&on)
                .await
                .status,
            200
        );
        let key = world
            .owner("POST /orgs/labs/keys")
            .body(&json!({ "kind": "scim" }))
            .await;
        let scim = key.json()["token"].as_str().unwrap().to_owned();
        Team { world, scim }
    }

    async fn send(&self, line: &str, body: &Value) -> crate::world::Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let line = format!("{method} /api/teams/labs/scim/v2{path}");
        self.world.anonymous(&line).key(&self.scim).body(body).await
    }

    async fn user(&self, name: &str) -> String {
        let email = format!("{name}@example.com");
        let body = json!({ "userName": email, "emails": [{ "value": email, "primary": true }] });
        self.send("POST /Users", &body).await.id()
    }

    async fn group(&self, name: &str, members: &[&String]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({ "displayName": name, "members": members });
        self.send("POST /Groups", &body).await.id()
    }

    async fn map(&self, rules: &[(&str, &str)]) {
        let rules: Vec<Value> = rules
            .iter()
            .map(|(group, role)| json!({ "group": group, "role": role }))
            .collect();
        let body = json!({ "organization": rules });
        let answer = self.world.owner("PUT /orgs/labs/mapping").body(&body).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    async fn role(&self, user: &str) -> Value {
        let line = format!("GET /orgs/labs/users/{user}/access");
        self.world.owner(&line).send().await.json()["role"]["key"].clone()
    }
}

const RULES: &[(&str, &str)] = &[
    ("Administrator", "admin"),
    ("QA", "reviewer"),
    ("Review Leads", "reviewer"),
    ("Annotators", "labeler"),
    ("Interns", "labeler"),
];

#[actix_web::test]
async fn ds_7_to_ds_11_roles_follow_groups() {
    let team = Team::new().await;
    team.map(RULES).await;
    let (ann, bob, cleo) = (
        team.user("ann").await,
        team.user("bob").await,
        team.user("cleo").await,
    );
    assert_eq!(
        team.role(&ann).await,
        "labeler",
        "DS-7: nobody's group, the default role"
    );
    let admins = team.group("Administrator", &[&ann]).await;
    let qa = team.group("QA", &[&ann, &bob]).await;
    team.group("Interns", &[&cleo]).await;
    assert_eq!(team.role(&ann).await, "admin", "DS-11: the highest wins");
    assert_eq!(
        team.role(&bob).await,
        "reviewer",
        "DS-10: everybody in the group"
    );
    assert_eq!(team.role(&cleo).await, "labeler");

    let leave = json!({ "Operations": [
        { "op": "remove", "path": "members", "value": [{ "value": ann }] }] });
    // The preset protects admin: its last holder keeps it until there is another one.
    let join =
        json!({ "Operations": [{ "op": "add", "path": "members", "value": [{ "value": cleo }] }] });
    assert_eq!(
        team.send(&format!("PATCH /Groups/{admins}"), &join)
            .await
            .status,
        204
    );
    assert_eq!(team.role(&cleo).await, "admin");
    assert_eq!(
        team.send(&format!("PATCH /Groups/{admins}"), &leave)
            .await
            .status,
        204
    );
    assert_eq!(team.role(&ann).await, "reviewer", "the next highest");
    assert_eq!(
        team.send(&format!("DELETE /Groups/{qa}"), &Value::Null)
            .await
            .status,
        204
    );
    assert_eq!(team.role(&ann).await, "labeler");
    let off = json!({ "Operations": [{ "op": "replace", "path": "active", "value": false }] });
    assert_eq!(
        team.send(&format!("PATCH /Users/{bob}"), &off).await.status,
        200
    );
    assert_eq!(team.role(&bob).await, Value::Null);
}

#[actix_web::test]
async fn rules_may_come_last() {
    let team = Team::new().await;
    let ann = team.user("ann").await;
    team.group("Administrator", &[&ann]).await;
    team.group("QA", &[&ann]).await;
    assert_eq!(team.role(&ann).await, "labeler");
    team.map(RULES).await;
    assert_eq!(team.role(&ann).await, "admin");
}

#[actix_web::test]
async fn the_access_answer() {
    let team = Team::new().await;
    team.map(RULES).await;
    let ann = team.user("ann").await;
    team.group("QA", &[&ann]).await;
    let line = format!("GET /orgs/labs/users/{ann}/access");
    let one = team.world.owner(&line).send().await;
    let person = one.json()["user"]["person"].clone();
    assert_eq!(person.as_str().map(str::len), Some(32));
    let wanted = json!({
        "user": { "id": "<1>", "userName": "ann@example.com", "email": "ann@example.com",
            "active": true, "person": person },
        "state": "active",
        "role": { "key": "reviewer", "name": "Reviewer" },
        "pending_role": null,
        "seat": true,
        "workspaces": [],
        "projects": [],
    });
    one.is(200, wanted.clone());
    let all = team.world.owner("GET /orgs/labs/access").send().await;
    all.is(200, json!({ "items": [wanted], "next_cursor": null }));
    for id in ["nobody", "01900000-0000-7000-8000-000000000000"] {
        let line = format!("GET /orgs/labs/users/{id}/access");
        team.world
            .owner(&line)
            .send()
            .await
            .is_problem(404, "not_found", "user");
    }
    // Another organization's user is nobody here.
    let line = format!("GET /users/{ann}/access");
    team.world
        .admin(&line)
        .send()
        .await
        .is_problem(404, "not_found", "user");
}

#[actix_web::test]
async fn access_is_paged() {
    let world = World::new();
    let mut users = Vec::new();
    for name in ["a", "b", "c"] {
        users.push(world.user(name).await);
    }
    let (mut found, mut query) = (Vec::new(), "limit=2".to_owned());
    loop {
        let page = world
            .admin(&format!("GET /access?{query}"))
            .send()
            .await
            .json();
        for item in page["items"].as_array().unwrap() {
            found.push(item["user"]["id"].as_str().unwrap().to_owned());
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(found, users);
}

#[actix_web::test]
async fn the_mapping_comes_back_as_it_was_written() {
    let world = World::new();
    let empty = json!({ "organization": [], "workspaces": [], "projects": [] });
    let read = world.admin("GET /mapping").send().await;
    read.is(200, empty);
    assert_eq!(read.header("etag"), Some("\"1\""));
    let body = json!({ "organization": [
        { "group": "B", "role": "member" }, { "group": "A", "role": "admin" }] });
    let put = world.admin("PUT /mapping").body(&body).await;
    let wanted = json!({ "organization": body["organization"], "workspaces": [], "projects": [] });
    put.is(200, wanted.clone());
    assert_eq!(put.header("etag"), Some("\"2\""));
    // A group that appears binds its rule and leaves the tag alone.
    world.group("A", &[]).await;
    let read = world.admin("GET /mapping").send().await;
    read.is(200, wanted.clone());
    assert_eq!(read.header("etag"), Some("\"2\""));
    let again = world.admin("PUT /mapping").body(&body).await;
    again.is(200, wanted);
    assert_eq!(
        again.header("etag"),
        Some("\"2\""),
        "nothing changed, nothing moved"
    );
}

#[actix_web::test]
async fn events_come_in_order_without_gaps() {
    let world = World::new();
    world
        .admin("PUT /mapping")
        .body(&json!({ "organization": [{ "group": "A", "role": "admin" }] }))
        .await;
    let ann = world.user("ann").await;
    world.group("A", &[&ann]).await;
    let feed = world.admin("GET /events").send().await.json();
    let items = feed["items"].as_array().unwrap();
    let seqs: Vec<i64> = items
        .iter()
        .map(|event| event["seq"].as_i64().unwrap())
        .collect();
    assert!(seqs.iter().copied().eq((1..).take(items.len())), "{seqs:?}");
    let granted = items
        .iter()
        .find(|event| event["type"] == "role.changed" && event["subject"]["user"] == json!(ann));
    let granted = granted.unwrap();
    assert_eq!(
        granted["cause"]["by"],
        json!(
            domain::key::Token::parse(&world.scim)
                .unwrap()
                .id
                .to_string()
        )
    );
    assert!(
        items
            .iter()
            .all(|event| event["at"] == "2026-01-01T00:00:00.000Z")
    );
    assert_eq!(feed["next_cursor"], Value::Null);

    let page = world.admin("GET /events?limit=1").send().await.json();
    assert_eq!(
        (&page["items"][0], &page["next_cursor"]),
        (&items[0], &json!("1"))
    );
    let rest = world.admin("GET /events?after=1").send().await.json();
    assert_eq!(rest["items"].as_array().unwrap(), &items[1..]);
    let end = world
        .admin(&format!("GET /events?after={}", items.len()))
        .send()
        .await;
    end.is(200, json!({ "items": [], "next_cursor": null }));
}
