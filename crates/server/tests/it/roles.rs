//! From pushed groups and attributes to roles: the worked examples of the systems that rolecall
//! can stand in for.

mod datahub;
mod datasaur;
mod order;

use serde_json::{Value, json};

use crate::support::{Client, Db, Server, key, org_with_key, rolecall};

/// An organization with a server, a client for each plane, and the mapping as pairs.
struct Setup {
    server: Server,
    scim_token: String,
    admin_token: String,
}

impl Setup {
    /// Makes the organization, switches SCIM on and starts the server.
    fn new(database: &Db, preset: &str) -> Setup {
        let scim_token = org_with_key(database, "acme", preset, "scim");
        let admin_token = key(database, "acme", "admin");
        let sso = "--sso-protocol saml --sso-issuer https://idp.example.com --sso-url \
                   https://idp.example.com/sso";
        let line = format!("connection enable --org acme {sso}");
        let enabled = rolecall(database, &line.split_whitespace().collect::<Vec<_>>());
        assert_eq!(enabled.code, 0, "{enabled:?}");
        Setup {
            server: Server::start(database),
            scim_token,
            admin_token,
        }
    }

    /// Stops the server and starts it again.
    fn restart(self, database: &Db) -> Setup {
        self.server.stop();
        Setup {
            server: Server::start(database),
            ..self
        }
    }

    fn scim(&self) -> Client {
        self.server.client("/scim/v2", &self.scim_token)
    }

    fn admin(&self) -> Client {
        self.server.client("/api/v1/orgs/acme", &self.admin_token)
    }

    /// Replaces the mapping.
    fn map(&self, rules: &[(&str, &str)]) {
        let rules: Vec<Value> = rules
            .iter()
            .map(|(group, role)| json!({"group": group, "role": role}))
            .collect();
        self.admin().expect(
            200,
            "PUT",
            "/mapping",
            Some(&json!({"organization": rules})),
        );
    }

    /// A user's organization role, as the application reads it; `-` for none.
    fn role(&self, user: &str) -> String {
        let access = self.admin().get(&format!("/users/{user}/access"));
        access["role"]["key"].as_str().unwrap_or("-").to_owned()
    }
}
