//! Everything that identity providers were seen to say, over HTTP, on one organization that keeps
//! its data: in file order, and then in reverse.

use testkit::replay::{self, HttpTransport, Scenario};

use crate::support::{Db, Server, both, org_with_key};

both!(all_conversations_pass_in_either_order);

fn all_conversations_pass_in_either_order(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let server = Server::start(database);
    let base = format!("{}/scim/v2", server.url);
    let transport = HttpTransport::new(&base).unwrap();
    let all = replay::all().unwrap();
    assert!(
        all.len() > 20,
        "the conversations are not where they should be"
    );
    let play = |scenario: &Scenario| {
        let report = scenario.play(&transport, &base, &token);
        (!report.passed()).then(|| report.to_string())
    };
    let forward: Vec<String> = all.iter().filter_map(play).collect();
    let reverse: Vec<String> = all.iter().rev().filter_map(play).collect();
    assert!(forward.is_empty(), "in file order:\n{}", forward.join("\n"));
    assert!(reverse.is_empty(), "in reverse:\n{}", reverse.join("\n"));
    server.stop();
}
