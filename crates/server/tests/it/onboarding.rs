//! From an empty organization to a working mapping of all three levels with the command line alone,
//! and what an operator looks at afterwards.

mod label_studio;
mod looking;
mod refusals;

use std::fs;

use serde_json::{Value, json};

use crate::support::{Db, Ran, Server, both, org_with_key, rolecall};

both!(from_an_empty_organization_to_a_mapping_of_three_levels);

/// A command line on the organization `acme`, split at spaces.
fn acme(database: &Db, line: &str) -> Ran {
    let words: Vec<&str> = line.split_whitespace().collect();
    rolecall(database, &[&words[..], &["--org", "acme"]].concat())
}

/// Its answer with `--json`.
#[track_caller]
fn answer(database: &Db, line: &str) -> Value {
    acme(database, &format!("{line} --json")).json()
}

/// Its answer for people.
#[track_caller]
fn words(database: &Db, line: &str) -> String {
    let ran = acme(database, line);
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.stdout
}

/// The organization with ada in QA and bea in nothing, and with nobody provisioned any more.
fn people(database: &Db, preset: &str) {
    let token = org_with_key(database, "acme", preset, "scim");
    words(
        database,
        "connection enable --sso-protocol saml --sso-issuer https://idp.example.com --sso-url \
         https://idp.example.com/sso",
    );
    let server = Server::start(database);
    let client = server.client("/scim/v2", &token);
    let ada = client.add_user("ada@example.com");
    client.add_user("bea@example.com");
    client.add_group("QA", &[&ada]);
    server.stop();
}

/// Puts a file into the folder in which commands run.
fn file(database: &Db, name: &str, text: &str) {
    fs::write(database.folder.path().join(name), text).unwrap();
}

const MAPPING: &str = r#"
# Who may label what.
[[organization]]
group = "QA"            # the people of the lab
role = "Reviewer"

[[workspaces]]
group = "QA"
workspace = "quality"

[[projects]]
group = "QA"
project = "quality/nightly"
role = "inherit"
"#;

fn from_an_empty_organization_to_a_mapping_of_three_levels(database: &Db) {
    people(database, "datasaur");
    file(database, "mapping.toml", MAPPING);
    // The refusal says what to type, and what it says is typed.
    let refused = acme(database, "mapping plan mapping.toml");
    refused.refused(
        1,
        &[
            "mapping.toml: 2 fields",
            "workspaces[0].workspace",
            "projects[0].project",
        ],
    );
    for command in ["workspace create quality", "project create quality/nightly"] {
        let (verb, slug) = command.rsplit_once(' ').unwrap();
        let told = format!("{verb} --org acme {slug}");
        assert!(refused.stderr.contains(&told), "{refused:?}");
        words(database, command);
    }
    let planned = words(database, "mapping plan mapping.toml");
    for line in [
        "The access of 1 user would change.",
        "ada@example.com  organization             moves  labeler  reviewer",
        "ada@example.com  workspace:quality        gains  -        member",
        "ada@example.com  project:quality/nightly  gains  -        inherit",
        "Seats: 2 now, 2 then, no limit.",
    ] {
        assert!(planned.contains(line), "no {line:?} in {planned}");
    }
    let apply = planned.lines().last().unwrap().trim();
    let (_, apply) = apply.split_once(" mapping apply ").unwrap();
    let applied = rolecall(
        database,
        &[
            &["mapping", "apply"],
            &apply.split(' ').collect::<Vec<_>>()[..],
        ]
        .concat(),
    );
    assert!(applied.stdout.contains("has 3 rules now"), "{applied:?}");
    let planned = answer(database, "mapping plan mapping.toml");
    assert_eq!(
        (&planned["users"], &planned["changes"]),
        (&json!(0), &json!([]))
    );
    three_levels(database);
    exported_and_taken_back(database);
}

fn three_levels(database: &Db) {
    let access = answer(database, "access show --user ADA@example.com");
    assert_eq!(
        access["role"],
        json!({"key": "reviewer", "name": "Reviewer"})
    );
    assert_eq!(access["workspaces"][0]["slug"], "quality");
    assert_eq!(access["workspaces"][0]["via"], "rule");
    assert_eq!(access["projects"][0]["slug"], "quality/nightly");
    assert_eq!(access["projects"][0]["role"]["key"], "reviewer");
    let id = access["user"]["id"].as_str().unwrap();
    assert_eq!(
        answer(database, &format!("access show --user {id}")),
        access
    );
    let shown = words(database, "access show --user ada@example.com");
    for part in [
        "ada@example.com is active",
        "Reviewer (reviewer)",
        "quality/nightly",
    ] {
        assert!(shown.contains(part), "no {part:?} in {shown}");
    }
}

fn exported_and_taken_back(database: &Db) {
    let exported = answer(database, "mapping export");
    let expected = json!({
        "organization": [{"group": "QA", "role": "reviewer"}],
        "workspaces": [{"group": "QA", "workspace": "quality"}],
        "projects": [{"group": "QA", "project": "quality/nightly", "role": "inherit"}],
    });
    assert_eq!(exported, expected);
    for name in ["out.toml", "out.json"] {
        let written = answer(database, &format!("mapping export {name}"));
        assert_eq!(written["rules"], 3, "{name}");
        let applied = answer(database, &format!("mapping apply {name}"));
        assert_eq!(applied["mapping"], expected, "{name}");
        assert_eq!(
            applied["version"], written["version"],
            "nothing was changed by {name}"
        );
    }
    // A section without entries is left out, which is the same.
    file(
        database,
        "less.toml",
        "[[projects]]\ngroup = \"QA\"\nproject = \"quality/nightly\"\nrole = \"admin\"\n",
    );
    answer(database, "mapping apply less.toml");
    words(database, "mapping export less.toml --force");
    let applied = answer(database, "mapping apply less.toml");
    assert_eq!(applied["rules"], 1);
    assert_eq!(
        answer(database, "access show --user ada@example.com")["role"]["key"],
        "labeler"
    );
}
