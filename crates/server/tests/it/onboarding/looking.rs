//! Explaining access, granting by hand, policies, the report and jobs.

use serde_json::json;

use super::{acme, answer, file, people, words};
use crate::support::{Db, Server, both, org_with_key};

both!(grants_are_given_explained_and_taken_back);

fn grants_are_given_explained_and_taken_back(database: &Db) {
    people(database, "datasaur");
    words(database, "workspace create quality");
    let put = answer(
        database,
        "grant put --user bea@example.com --role admin --kind fixed",
    );
    assert_eq!(
        (&put["scope"], &put["role"], &put["kind"], &put["by"]),
        (
            &json!(null),
            &json!("admin"),
            &json!("fixed"),
            &json!("operator")
        )
    );
    let said = words(database, "grant put --user bea@example.com --scope quality");
    assert!(
        said.contains("given membership in workspace quality by hand (floor)"),
        "{said}"
    );
    let listed = answer(database, "grant list --user bea@example.com");
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    let explained = words(database, "access explain --user bea@example.com");
    for sentence in [
        "bea@example.com is active.",
        "In the organization: Admin by hand (fixed, by operator).",
        "In workspace quality: a member by hand (floor, by operator).",
    ] {
        assert!(
            explained.contains(sentence),
            "no {sentence:?} in {explained}"
        );
    }
    let explained = answer(database, "access explain --user bea@example.com");
    let won: Vec<_> = explained["because"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|because| because["won"] == true)
        .map(|because| {
            (
                because["scope"].as_str().unwrap(),
                because["from"]["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert!(won.contains(&("organization", "manual")), "{explained}");
    assert_eq!(explained["role"]["key"], "admin");
    let shown = answer(database, "access show --user bea@example.com");
    assert!(shown.get("because").is_none(), "{shown}");
    // bea is the only admin, so the role is not taken back before somebody else has it.
    let delete = "grant delete --user bea@example.com";
    acme(database, delete).refused(
        1,
        &["admin", "grant put --org acme --user USER --role ROLE"],
    );
    words(database, "grant put --user ada@example.com --role admin");
    assert_eq!(answer(database, delete)["deleted"], true);
    words(database, &format!("{delete} --scope quality"));
    acme(database, delete).refused(
        1,
        &[
            "There is no grant",
            "grant list --org acme --user bea@example.com",
        ],
    );
    let said = words(database, "grant list --user bea@example.com");
    assert!(
        said.contains("Nothing is given to bea@example.com by hand"),
        "{said}"
    );
}

both!(schemas_are_declared_listed_and_removed);

fn schemas_are_declared_listed_and_removed(database: &Db) {
    people(database, "plain");
    let said = words(database, "schema list");
    assert!(said.contains("schema put --org acme FILE"), "{said}");
    let urn = "urn:example:badge:1.0:User";
    let body = json!({ "id": urn, "attributes": [
        { "name": "badgeNumber", "type": "integer" }, { "name": "color", "type": "string" }] });
    file(database, "badge.json", &body.to_string());
    let said = words(database, "schema put badge.json");
    assert!(said.contains("2 attributes of users"), "{said}");
    let listed = answer(database, "schema list");
    let schema = &listed["schemas"][0];
    assert_eq!(
        (&schema["id"], &schema["resource_type"]),
        (&json!(urn), &json!("User"))
    );
    assert_eq!(schema["attributes"][0]["type"], "integer");
    let said = words(database, "schema list");
    assert!(said.contains("badgeNumber, color"), "{said}");
    for (text, says) in [
        ("{", "bad.json: "),
        (r#"{"id": "urn:example:x:User"}"#, "attributes"),
        (r#"{"id": "x", "attributes": []}"#, "URN"),
    ] {
        file(database, "bad.json", text);
        acme(database, "schema put bad.json").refused(1, &["bad.json", says]);
    }
    let delete = format!("schema delete {urn}");
    assert_eq!(answer(database, &delete)["deleted"], true);
    acme(database, &delete).refused(1, &["schema list --org acme"]);
}

#[test]
fn users_are_listed() {
    let database = Db::sqlite();
    people(&database, "plain");
    let names = |line: &str| -> Vec<String> {
        let found = answer(&database, &format!("user list {line}"));
        let items = found["items"].as_array().unwrap().iter();
        let name = |item: &serde_json::Value| item["user"]["userName"].as_str().map(str::to_owned);
        items.filter_map(name).collect()
    };
    for (line, expected) in [
        ("", &["ada@example.com", "bea@example.com"][..]),
        ("--group QA", &["ada@example.com"]),
        ("--role member", &["ada@example.com", "bea@example.com"]),
        ("--role member --state deactivated", &[]),
        ("--role member --group QA", &["ada@example.com"]),
        ("--managed-by admin", &[]),
        ("--managed-by scim", &["ada@example.com", "bea@example.com"]),
        ("--user-name BEA@example.com", &["bea@example.com"]),
        (
            "--email bea@example.com --state active",
            &["bea@example.com"],
        ),
    ] {
        assert_eq!(names(line), expected, "{line}");
    }
    let first = answer(&database, "user list --limit 1");
    let after = first["next"].as_str().unwrap();
    assert_eq!(names(&format!("--after {after}")), ["bea@example.com"]);
    let said = words(&database, "user list --limit 1");
    assert!(said.contains(&format!("--after {after}")), "{said}");
    let said = words(&database, "user list --state deactivated");
    assert!(said.contains("Nobody is found"), "{said}");
    acme(&database, "user list --role membr").refused(1, &["Did you mean member?"]);
}

#[test]
fn seats_are_shown_and_set() {
    let database = Db::sqlite();
    people(&database, "plain");
    let said = words(&database, "seats show");
    assert!(
        said.contains("2 seats are taken; there is no limit."),
        "{said}"
    );
    let set = answer(&database, "seats set 5");
    assert_eq!(
        (&set["seats_used"], &set["seat_limit"]),
        (&json!(2), &json!(5))
    );
    let said = words(&database, "seats set 1");
    assert!(said.contains("Nobody loses access"), "{said}");
    assert_eq!(
        answer(&database, "seats set none")["seat_limit"],
        json!(null)
    );
    acme(&database, "seats set many").refused(2, &["a whole number, or none"]);
    acme(&database, "seats set -5").refused(2, &["a whole number, or none"]);
}

#[test]
fn policies_are_planned_before_they_are_set() {
    let database = Db::sqlite();
    people(&database, "plain");
    let said = words(&database, "policy plan default_role=none");
    assert!(
        said.contains("The access of 2 users would change."),
        "{said}"
    );
    let plan = answer(&database, "policy plan default_role=none");
    let fingerprint = plan["fingerprint"].as_str().unwrap();
    let set = format!("policy set default_role=none --plan {fingerprint}");
    assert!(
        said.contains(&format!(
            "--org acme default_role=none --plan {fingerprint}"
        )),
        "{said}"
    );
    let other = format!("policy set default_role=none --plan {}", "0".repeat(64));
    let refused = acme(&database, &other);
    refused.refused(
        1,
        &[
            "Preview it again",
            "policy plan --org acme default_role=none",
        ],
    );
    let refused = acme(&database, &format!("{other} --json"));
    assert!(
        refused.stderr.contains(fingerprint) || refused.stdout.contains(fingerprint),
        "{refused:?}"
    );
    assert_eq!(answer(&database, &set)["policies"]["default_role"], "none");
    acme(&database, "policy plan defalt_role=none").refused(1, &["default_role"]);
}

#[test]
fn policies_are_shown_and_set() {
    let database = Db::sqlite();
    people(&database, "datasaur");
    let shown = answer(&database, "policy show");
    assert_eq!(shown["policies"]["default_role"], "labeler");
    assert_eq!(
        answer(&database, "access show --user bea@example.com")["role"]["key"],
        "labeler"
    );
    let said = words(&database, "policy set default_role=none nested_groups=on");
    assert!(said.contains("default_role   labeler  none"), "{said}");
    assert_eq!(
        answer(&database, "policy show")["policies"]["nested_groups"],
        "on"
    );
    let access = answer(&database, "access show --user bea@example.com");
    assert_eq!(access["role"], json!(null), "everybody's access follows");
    let again = words(&database, "policy set nested_groups=on");
    assert!(again.contains("Nothing changes"), "{again}");
    acme(&database, "policy set nested_grups=on default_role=chief")
        .refused(1, &["policies.nested_grups", "did you mean nested_groups?"]);
    acme(&database, "policy set default_role=revieewer").refused(1, &["did you mean reviewer?"]);
    acme(&database, "policy set brake=off brake=alarm").refused(1, &["set twice"]);
    acme(&database, "policy set brake").refused(2, &["KEY=VALUE"]);
    acme(&database, "policy set").refused(2, &["KEY=VALUE"]);
    words(&database, "policy set manual_roles=deny");
    acme(&database, "grant put --user bea@example.com --role admin")
        .refused(1, &["policy set --org acme manual_roles=allow"]);
}

#[test]
fn the_report_says_what_to_do() {
    let database = Db::sqlite();
    people(&database, "datasaur");
    file(
        &database,
        "m.toml",
        "[[organization]]\ngroup = \"Nobody\"\nrole = \"admin\"\n",
    );
    words(&database, "mapping apply m.toml");
    words(
        &database,
        "grant put --user ada@example.com --role reviewer",
    );
    let report = answer(&database, "report");
    assert_eq!(report["rules_without_group"], json!(["Nobody"]));
    assert_eq!(report["groups_without_rule"], json!(["QA"]));
    assert_eq!(
        report["manual"],
        json!({"users_with_grants": 1, "users": 2})
    );
    assert_eq!(report["seats"]["used"], 2);
    let said = words(&database, "report");
    for part in [
        "acme: 2 users, 1 with grants by hand; 2 seats in use, without a limit.",
        "SCIM is on",
        "Rules that wait for their group:\n  Nobody\n  -> ",
        "Groups that no rule names:\n  QA\n  -> ",
        "mapping export --org acme\n",
    ] {
        assert!(said.contains(part), "no {part:?} in {said}");
    }
    assert_eq!(answer(&database, "jobs"), json!({"items": []}));
    assert!(words(&database, "jobs").contains("No long work"));
}

/// More people than a change resolves in its own transaction; the command works the rest off.
#[test]
fn long_work_is_done_when_the_command_ends_and_told_as_a_job() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let server = Server::start(&database);
    let client = server.client("/scim/v2", &token);
    for number in 0..=app::access::AT_ONCE {
        client.add_user(&format!("user{number}@example.com"));
    }
    server.stop();
    words(&database, "policy set default_role=none");
    let jobs = answer(&database, "jobs");
    let job = &jobs["items"][0];
    assert_eq!(
        (&job["state"], &job["kind"]),
        (&json!("done"), &json!("settings"))
    );
    assert_eq!(job["done"], job["total"]);
    let last = format!(
        "access show --user user{}@example.com",
        app::access::AT_ONCE
    );
    assert_eq!(answer(&database, &last)["role"], json!(null));
    assert!(
        words(&database, "jobs").contains("  settings  done"),
        "{jobs}"
    );
}
