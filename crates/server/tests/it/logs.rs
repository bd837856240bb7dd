//! What the log looks like whatever is sent.

use serde_json::json;

use crate::support::{Db, Server, org_with_key, user};

const FORGED: &str = "2026-01-01T00:00:00Z ERROR forged";

/// What is sent stands in no line, and could not begin one.
#[test]
fn abuse_61_nobody_writes_lines_into_the_log() {
    for format in ["pretty", "json"] {
        let database = Db::sqlite();
        let token = org_with_key(&database, "acme", "plain", "admin");
        let scim = crate::support::key(&database, "acme", "scim");
        let server = Server::start_with(
            &database,
            &[
                ("ROLECALL__LOG__FORMAT", format),
                ("ROLECALL__LOG__LEVEL", "trace"),
            ],
        );
        let evil = format!("ada\n{FORGED}\r\u{1b}[31m\u{7}{}", "x".repeat(1 << 20));
        let client = server.client("/scim/v2", &scim);
        let mut sent = user("ada@example.com");
        sent["userName"] = json!(evil);
        client.ask("POST", "/Users", Some(&sent));
        let path = format!("/Users/{}", "%0A%1B%5B31m".repeat(3));
        client.ask("GET", &path, None);
        let admin = server.client("/api/v1", &token);
        let body = json!({"slug": evil, "name": evil});
        admin.ask("POST", "/orgs/acme/workspaces", Some(&body));
        let body = json!({"kind": "read", "name": evil});
        admin.ask("POST", "/orgs/acme/keys", Some(&body));
        let log = server.log();
        assert!(log.contains("POST"), "the log is empty: {log}");
        assert!(!log.contains(FORGED), "{format}: the forged line is there");
        let control = |c: char| c.is_control() && c != '\n';
        assert_eq!(log.find(control), None, "{format}: a control character");
        if format == "json" {
            let answered = log.lines().filter(|line| line.contains("\"answered\""));
            for line in answered {
                let route = line.split("\"spans\"").next().unwrap();
                assert!(route.matches("\"route\":").count() <= 1, "twice in {line}");
            }
            for line in log.lines() {
                let parsed = serde_json::from_str::<serde_json::Value>(line);
                assert!(parsed.is_ok_and(|line| line.is_object()), "{line}");
            }
        }
        server.stop();
    }
}
