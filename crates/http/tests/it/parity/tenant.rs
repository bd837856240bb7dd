//! An organization under a preset, with an identity provider on one side and an app on the other.

use serde_json::{Value, json};

use crate::world::{Answer, World};

pub(crate) const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

pub(crate) struct Tenant {
    pub world: World,
    /// Where the identity provider points.
    pub mount: String,
    /// The identity provider's key.
    pub scim: String,
    /// The app's key.
    read: String,
}

impl Tenant {
    /// The organization `labs` as its preset makes it, and two keys.
    pub(crate) async fn fresh(preset: &str, mount: &str) -> Tenant {
        let world = World::new();
        let org = json!({ "slug": "labs", "preset": preset });
        assert_eq!(world.owner("POST /orgs").body(&org).await.status, 201);
        let mut tenant = Tenant {
            world,
            mount: mount.to_owned(),
            scim: String::new(),
            read: String::new(),
        };
        tenant.scim = tenant.key("scim").await;
        tenant.read = tenant.key("read").await;
        tenant
    }

    /// The same with single sign-on recorded and SCIM on.
    pub(crate) async fn new(preset: &str, mount: &str) -> Tenant {
        let tenant = Tenant::fresh(preset, mount).await;
        tenant.does("PATCH /settings", enable()).await;
        tenant
    }

    pub(crate) async fn key(&self, kind: &str) -> String {
        let made = self.api("POST /keys", json!({ "kind": kind })).await;
        made.json()["token"].as_str().unwrap().to_owned()
    }

    /// The administrator asks.
    pub(crate) async fn api(&self, line: &str, body: Value) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let call = self.world.owner(&format!("{method} /orgs/labs{path}"));
        match body {
            Value::Null => call.send().await,
            body => call.body(&body).await,
        }
    }

    /// The administrator does something that has to work.
    pub(crate) async fn does(&self, line: &str, body: Value) -> Value {
        let answer = self.api(line, body).await;
        let good = (200..300).contains(&answer.status);
        assert!(good, "{line}: {} {}", answer.status, answer.text);
        answer.json()
    }

    pub(crate) async fn policy(&self, key: &str, value: &str) {
        let body = json!({ "policies": { key: value } });
        self.does("PATCH /settings", body).await;
    }

    /// Organization rules: group and role.
    pub(crate) async fn roles(&self, rules: &[(&str, &str)]) {
        let rule = |(group, role): &(&str, &str)| json!({ "group": group, "role": role });
        let rules: Vec<Value> = rules.iter().map(rule).collect();
        self.does("PUT /mapping", json!({ "organization": rules }))
            .await;
    }

    pub(crate) async fn workspace(&self, slug: &str, projects: &[&str]) {
        self.does("POST /workspaces", json!({ "slug": slug })).await;
        for project in projects {
            let line = format!("POST /workspaces/{slug}/projects");
            self.does(&line, json!({ "slug": project })).await;
        }
    }

    /// The identity provider sends something.
    pub(crate) async fn idp(&self, line: &str, body: &Value) -> Answer {
        self.sent_to(&self.mount, line, body).await
    }

    pub(crate) async fn sent_to(&self, mount: &str, line: &str, body: &Value) -> Answer {
        let (method, path) = line.split_once(' ').unwrap();
        let call = self.world.anonymous(&format!("{method} {mount}{path}"));
        let call = call
            .key(&self.scim)
            .header("accept", "application/scim+json");
        if body.is_null() {
            return call.send().await;
        }
        call.header("content-type", "application/scim+json; charset=utf-8")
            .raw(body.to_string())
            .send()
            .await
    }

    /// The identity provider sends something that has to work.
    pub(crate) async fn ok(&self, line: &str, body: &Value) -> Value {
        let answer = self.idp(line, body).await;
        let good = (200..300).contains(&answer.status);
        assert!(good, "{line}: {} {}", answer.status, answer.text);
        answer.json()
    }

    /// The ids of what a list finds.
    pub(crate) async fn found(&self, path: &str) -> Vec<String> {
        let list = self.ok(&format!("GET {path}"), &Value::Null).await;
        let items = list["Resources"].as_array().unwrap();
        assert_eq!(list["itemsPerPage"], json!(items.len()), "{path}: {list}");
        items.iter().map(|item| text(&item["id"])).collect()
    }

    /// A user as the identity provider sees it.
    pub(crate) async fn user(&self, id: &str) -> Value {
        self.ok(&format!("GET /Users/{id}"), &Value::Null).await
    }

    /// The values of a group's members.
    pub(crate) async fn members(&self, group: &str) -> Vec<String> {
        let group = self.ok(&format!("GET /Groups/{group}"), &Value::Null).await;
        let members = group["members"].as_array().unwrap().iter();
        members.map(|member| text(&member["value"])).collect()
    }

    /// What the app asks: what may this user do?
    pub(crate) async fn access(&self, user: &str) -> Value {
        let line = format!("GET /api/v1/orgs/labs/users/{user}/access");
        let answer = self.world.anonymous(&line).key(&self.read).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json()
    }

    /// The role in effect: its key, or null.
    pub(crate) async fn role(&self, user: &str) -> Value {
        self.access(user).await["role"]["key"].clone()
    }

    /// Workspaces that a user reaches.
    pub(crate) async fn workspaces(&self, user: &str) -> Vec<String> {
        let access = self.access(user).await;
        let found = access["workspaces"].as_array().unwrap().iter();
        found.map(|one| text(&one["slug"])).collect()
    }

    /// Projects that a user reaches, as `workspace/project=role`.
    pub(crate) async fn projects(&self, user: &str) -> Vec<String> {
        let access = self.access(user).await;
        let found = access["projects"].as_array().unwrap().iter();
        found
            .map(|one| format!("{}={}", text(&one["slug"]), text(&one["role"]["key"])))
            .collect()
    }

    /// The app reports a sign-in.
    pub(crate) async fn sign_in(&self, user: &str) {
        let line = format!("POST /api/v1/orgs/labs/users/{user}/sign-in");
        let answer = self.world.anonymous(&line).key(&self.read).send().await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// The types of a user's events, oldest first.
    pub(crate) async fn events(&self, user: &str) -> Vec<String> {
        let feed = self.does("GET /events?limit=1000", Value::Null).await;
        let all = feed["items"].as_array().unwrap().iter();
        all.filter(|event| event["subject"]["user"] == user)
            .map(|event| text(&event["type"]))
            .collect()
    }
}

/// Single sign-on is there and SCIM is to be on.
pub(crate) fn enable() -> Value {
    let sso = json!({ "protocol": "saml", "issuer": "https://idp.example.com/7",
        "sign_in_url": "https://idp.example.com/7/sso" });
    json!({ "connection": { "enabled": true, "sso": sso } })
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
