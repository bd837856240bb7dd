//! TRUST F9: a PostgreSQL that keeps its connections and says nothing.

use testkit::postgres::OwnServer;

use crate::support::{Db, Server, eventually, org_with_key, user};

/// Deadlines short enough to wait for; the client here waits for 30 seconds.
const SHORT: [(&str, &str); 4] = [
    ("ROLECALL__DATABASE__STATEMENT_TIMEOUT_MS", "500"),
    ("ROLECALL__DATABASE__SILENCE_MS", "500"),
    ("ROLECALL__DATABASE__CONNECT_TIMEOUT_SECONDS", "2"),
    ("ROLECALL__DATABASE__WAIT_MS", "3000"),
];

/// The server stays frozen until every request was answered, so that it is our deadline that answers
/// them: on the connections of before, and where new ones are to be made.
#[test]
fn f9_a_frozen_database_is_answered_for_and_waited_out() {
    let Some(postgres) = OwnServer::start() else {
        return;
    };
    let database = Db::on(&postgres);
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start_with(&database, &SHORT);
    let idp = server.client("/scim/v2", &token);
    let id = idp.add_user("ann@example.com");
    postgres.freeze();
    for (method, path, body) in [
        ("GET", format!("/Users/{id}"), None),
        ("POST", "/Users".to_owned(), Some(user("bob@example.com"))),
        ("POST", "/Users".to_owned(), Some(user("cleo@example.com"))),
        ("GET", "/Users".to_owned(), None),
    ] {
        let answer = idp.send(method, &path, body.as_ref()).expect("an answer");
        assert_eq!(answer.status, 503, "{method} {path}");
        let later = answer.headers.get("retry-after").map(String::as_str);
        assert_eq!(later, Some("1"), "{method} {path}");
    }
    let health = server.client("", "");
    assert_eq!(health.ask("GET", "/livez", None).0, 200);
    assert_eq!(health.ask("GET", "/readyz", None).0, 503);
    assert!(server.log().contains("the database said nothing for"));
    postgres.thaw();
    eventually(|| idp.ask("POST", "/Users", Some(&user("dora@example.com"))).0 == 201);
    assert_eq!(
        idp.get(&format!("/Users/{id}"))["userName"],
        "ann@example.com"
    );
    eventually(|| health.ask("GET", "/readyz", None).0 == 200);
    server.stop();
}
