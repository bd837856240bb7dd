//! A server with two organizations, and a client that speaks to it.

use std::sync::Arc;

use actix_web::{App as Actix, http::Method, test, web::Data};
use app::{
    App,
    change::Change,
    keys::{self, NewKey},
    orgs::{self, NewOrg},
    port::Store,
};
use domain::key::Kind;
use rolecall_http::{HttpConfig, State, configure};
use serde_json::{Value, json};
use testkit::{MemoryStore, QuickHasher, TestClock};

/// What links in answers begin with.
pub(crate) const URL: &str = "https://id.example.com";

pub(crate) struct World {
    pub clock: Arc<TestClock>,
    pub hasher: Arc<QuickHasher>,
    pub app: Arc<App>,
    pub state: Data<State>,
    /// Keys of the organization `acme`.
    pub scim: String,
    pub admin: String,
    pub read: String,
    pub owner: String,
    /// SCIM key of the organization `other`.
    pub foreign: String,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub text: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }

    /// The body; null where there is none.
    pub(crate) fn json(&self) -> Value {
        if self.text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    pub(crate) fn id(&self) -> String {
        self.json()["id"].as_str().unwrap().to_owned()
    }

    /// The body with every UUID replaced by `<1>`, `<2>` … in the order in which they first appear.
    pub(crate) fn masked(&self) -> Value {
        serde_json::from_str(&mask(&self.text)).unwrap_or(Value::Null)
    }

    #[track_caller]
    pub(crate) fn is(&self, status: u16, body: Value) {
        assert_eq!(
            (self.status, self.masked()),
            (status, body),
            "{}",
            self.text
        );
    }

    /// A SCIM error with these words in it.
    #[track_caller]
    pub(crate) fn is_scim_error(&self, status: u16, scim_type: Option<&str>, says: &str) {
        let body = self.json();
        let detail = body["detail"].as_str().unwrap_or_default().to_owned();
        let mut wanted = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": status.to_string(),
        });
        if let Some(scim_type) = scim_type {
            wanted["scimType"] = json!(scim_type);
        }
        wanted["detail"] = json!(detail);
        assert_eq!((self.status, &body), (status, &wanted));
        assert!(detail.contains(says), "{detail} does not say {says}");
        assert_eq!(self.header("content-type"), Some("application/scim+json"));
    }

    /// A problem document with this code and these words in it.
    #[track_caller]
    pub(crate) fn is_problem(&self, status: u16, code: &str, says: &str) {
        let body = self.json();
        let detail = body["detail"].as_str().unwrap_or_default();
        assert_eq!(
            (self.status, &body["code"]),
            (status, &json!(code)),
            "{}",
            self.text
        );
        assert_eq!(body["status"], json!(status));
        assert!(detail.contains(says), "{detail} does not say {says}");
        assert_eq!(
            self.header("content-type"),
            Some("application/problem+json")
        );
    }
}

/// A request to be filled in and sent.
pub(crate) struct Call<'w> {
    world: &'w World,
    request: test::TestRequest,
}

impl World {
    pub(crate) fn new() -> World {
        World::with(HttpConfig {
            public_url: URL.to_owned(),
            ..HttpConfig::default()
        })
    }

    pub(crate) fn with(config: HttpConfig) -> World {
        World::over(Arc::new(MemoryStore::new()), config)
    }

    pub(crate) fn over(store: Arc<dyn Store>, config: HttpConfig) -> World {
        let (clock, hasher) = (Arc::new(TestClock::new()), Arc::new(QuickHasher::new()));
        let mut app = App::new(store, hasher.clone(), clock.clone()).unwrap();
        app.keep.event_days = 2;
        let app = Arc::new(app);
        let org = |slug: &str| {
            let new = NewOrg {
                slug: slug.to_owned(),
                name: None,
                preset: "plain".to_owned(),
            };
            orgs::create(&app, &new, &Change::by_operator(&app)).unwrap()
        };
        let (acme, other) = (org("acme"), org("other"));
        let key = |org, kind| {
            let new = NewKey::usual(kind, "test");
            let change = Change::by_operator(&app);
            keys::create(&app, org, &new, &change).unwrap().1.token
        };
        World {
            scim: key(Some(&*acme), Kind::Scim),
            admin: key(Some(&*acme), Kind::Admin),
            read: key(Some(&*acme), Kind::Read),
            owner: key(None, Kind::Owner),
            foreign: key(Some(&*other), Kind::Scim),
            state: Data::new(State::new(Arc::clone(&app), config).unwrap()),
            app,
            clock,
            hasher,
        }
    }

    /// A request without a key.
    pub(crate) fn anonymous(&self, line: &str) -> Call<'_> {
        let (method, path) = line.split_once(' ').unwrap();
        let method: Method = method.parse().unwrap();
        Call {
            world: self,
            request: test::TestRequest::default().method(method).uri(path),
        }
    }

    /// The application itself, for what workers and the command line do.
    pub(crate) fn app(&self) -> Arc<App> {
        self.state.app()
    }

    /// A request with the SCIM key to the first mount.
    pub(crate) fn scim(&self, line: &str) -> Call<'_> {
        let (method, path) = line.split_once(' ').unwrap();
        self.anonymous(&format!("{method} /scim/v2{path}"))
            .key(&self.scim)
    }

    /// A request with the admin key to the organization's part of the admin API.
    pub(crate) fn admin(&self, line: &str) -> Call<'_> {
        let (method, path) = line.split_once(' ').unwrap();
        self.anonymous(&format!("{method} /api/v1/orgs/acme{path}"))
            .key(&self.admin)
    }

    /// A request with the owner key to the admin API.
    pub(crate) fn owner(&self, line: &str) -> Call<'_> {
        let (method, path) = line.split_once(' ').unwrap();
        self.anonymous(&format!("{method} /api/v1{path}"))
            .key(&self.owner)
    }

    /// A workspace `quality` with a project `nightly`.
    pub(crate) async fn places(&self) {
        let body = json!({ "slug": "quality", "name": "Quality" });
        assert_eq!(self.admin("POST /workspaces").body(&body).await.status, 201);
        let body = json!({ "slug": "nightly", "name": "Nightly" });
        let line = "POST /workspaces/quality/projects";
        assert_eq!(self.admin(line).body(&body).await.status, 201);
    }

    /// Another mapping, which has to be right.
    pub(crate) async fn map(&self, mapping: Value) {
        let answer = self.admin("PUT /mapping").body(&mapping).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
    }

    /// A new user's id.
    pub(crate) async fn user(&self, name: &str) -> String {
        self.scim("POST /Users")
            .body(&json!({ "userName": name }))
            .await
            .id()
    }

    /// A new group's id.
    pub(crate) async fn group(&self, name: &str, members: &[&String]) -> String {
        let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
        let body = json!({ "displayName": name, "members": members });
        self.scim("POST /Groups").body(&body).await.id()
    }
}

impl Call<'_> {
    pub(crate) fn key(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.append_header((name, value));
        self
    }

    /// Comes from this address.
    pub(crate) fn from(mut self, address: &str) -> Self {
        self.request = self
            .request
            .peer_addr((address.parse::<std::net::IpAddr>().unwrap(), 1).into());
        self
    }

    pub(crate) fn raw(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.request = self.request.set_payload(text.into());
        self
    }

    /// Sends a JSON body with the SCIM media type.
    pub(crate) async fn body(self, body: &Value) -> Answer {
        self.header("content-type", "application/scim+json")
            .raw(body.to_string())
            .send()
            .await
    }

    pub(crate) async fn send(self) -> Answer {
        let state = self.world.state.clone();
        let service = test::init_service(Actix::new().configure(|s| configure(s, state))).await;
        let response = test::call_service(&service, self.request.to_request()).await;
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), value.to_str().unwrap().to_owned()));
        let (status, headers) = (response.status().as_u16(), headers.collect());
        let text = String::from_utf8(test::read_body(response).await.to_vec()).unwrap();
        Answer {
            status,
            headers,
            text,
        }
    }
}

/// Replaces UUIDs by their number.
pub(crate) fn mask(text: &str) -> String {
    let (mut seen, mut out, mut rest) = (Vec::new(), String::new(), text);
    while let Some(letter) = rest.chars().next() {
        let candidate = rest
            .get(..36)
            .filter(|part| uuid::Uuid::try_parse(part).is_ok());
        let Some(id) = candidate else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
            continue;
        };
        if !seen.contains(&id) {
            seen.push(id);
        }
        let number = seen
            .iter()
            .position(|known| *known == id)
            .map_or(0, |place| place + 1);
        out.extend(["<", &number.to_string(), ">"]);
        rest = &rest[36..];
    }
    out
}
