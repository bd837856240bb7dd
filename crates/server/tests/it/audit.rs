//! The audit on the command line.

use serde_json::json;

use crate::support::{Db, both, org_with_key, rolecall};

both!(what_the_command_line_does_is_audited_and_proved);

fn what_the_command_line_does_is_audited_and_proved(database: &Db) {
    let token = org_with_key(database, "acme", "plain", "scim");
    let id = token.split('_').nth(2).unwrap();
    let run = |arguments: &[&str]| rolecall(database, arguments);
    assert_eq!(
        run(&["policy", "set", "--org", "acme", "default_role=none"]).code,
        0
    );
    assert_eq!(run(&["key", "rotate", id]).code, 0);
    assert_eq!(run(&["key", "revoke", id]).code, 0);
    assert_eq!(run(&["key", "create", "--kind", "owner"]).code, 0);
    let told = |arguments: &[&str]| {
        let listed = run(&[arguments, &["--json"]].concat()).json();
        let rows = listed["items"].as_array().unwrap().clone();
        for row in &rows {
            assert_eq!(
                (&row["by"], &row["key"]),
                (&json!("operator"), &json!(null))
            );
        }
        let actions = rows
            .iter()
            .map(|row| row["action"].as_str().unwrap().to_owned());
        actions.collect::<Vec<_>>()
    };
    assert_eq!(
        told(&["audit", "list", "--org", "acme"]),
        [
            "key.revoked",
            "key.rotated",
            "settings.changed",
            "key.created"
        ]
    );
    assert_eq!(told(&["audit", "list"]), ["key.created", "org.created"]);
    assert_eq!(
        told(&["audit", "list", "--org", "acme", "--action", "key.rotated"]),
        ["key.rotated"]
    );
    let words = run(&["audit", "list", "--org", "acme"]).stdout;
    assert!(words.contains("settings.changed") && !words.contains(&token));
    let proved = run(&["audit", "verify", "--json"]).json();
    let rows: Vec<_> = proved["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| {
            (
                item["org"].clone(),
                item["rows"].clone(),
                item["fault"].clone(),
            )
        })
        .collect();
    let wanted = [
        (json!(null), json!(2), json!(null)),
        (json!("acme"), json!(4), json!(null)),
    ];
    assert_eq!(rows, wanted);
    let head = proved["items"][1]["head"].as_str().unwrap();
    let verify = |head: &str| run(&["audit", "verify", "--org", "acme", "--head", head]);
    assert_eq!(verify(head).code, 0);
    let later = head.replacen("4:", "5:", 1);
    verify(&later).refused(1, &["acme: row 5", "the log knows of"]);
    let other = format!("4:{}", "0".repeat(64));
    verify(&other).refused(1, &["acme: row 4", "another hash"]);
    verify("4:xyz").refused(2, &["64 hexadecimal digits"]);
}
