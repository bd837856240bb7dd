//! Every refusal says what to do next, and changes nothing.

use serde_json::{Value, json};

use super::{acme, answer, file, people, words};
use crate::support::{Db, org_with_key, rolecall};

#[test]
fn places_are_made_listed_and_removed() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "admin");
    let said = words(&database, "workspace list");
    assert!(said.contains("workspace create --org acme SLUG"), "{said}");
    acme(&database, "project create quality/nightly").refused(
        1,
        &[
            "There is no workspace",
            "workspace create --org acme quality",
        ],
    );
    let made = answer(&database, "workspace create quality --name Lab");
    assert_eq!(made, json!({"slug": "quality", "name": "Lab"}));
    acme(&database, "workspace create quality").refused(1, &["slug", "workspace list --org acme"]);
    acme(&database, "workspace create Quality").refused(2, &["lower-case"]);
    acme(&database, "project create quality").refused(2, &["WORKSPACE/PROJECT"]);
    let said = words(&database, "project create quality/nightly");
    assert!(
        said.starts_with("Project quality/nightly is made."),
        "{said}"
    );
    words(&database, "workspace create other");
    words(&database, "project create other/daily");
    let slugs = |line: &str| {
        let listed = answer(&database, line);
        let items = listed["items"].as_array().unwrap().clone();
        items
            .into_iter()
            .map(|item| item["slug"].clone())
            .collect::<Vec<Value>>()
    };
    assert_eq!(slugs("workspace list"), ["other", "quality"]);
    assert_eq!(slugs("project list"), ["other/daily", "quality/nightly"]);
    assert_eq!(slugs("project list quality"), ["quality/nightly"]);
    file(
        &database,
        "m.toml",
        "[[projects]]\ngroup = \"QA\"\nproject = \"quality/nightly\"\nrole = \"admin\"\n",
    );
    words(&database, "mapping apply m.toml");
    for line in ["workspace delete quality", "project delete quality/nightly"] {
        acme(&database, line).refused(1, &["\"QA\"", "--force", "mapping export --org acme"]);
    }
    assert_eq!(
        slugs("project list quality"),
        ["quality/nightly"],
        "nothing was changed"
    );
    assert_eq!(
        answer(&database, "workspace delete quality --force")["deleted"],
        true
    );
    assert_eq!(slugs("project list"), ["other/daily"]);
    assert_eq!(answer(&database, "mapping export")["projects"], json!([]));
    acme(&database, "project delete quality/nightly")
        .refused(1, &["There is no project", "project list --org acme"]);
}

/// What is probably a typing error is not offered to be made.
#[test]
fn missing_places_are_offered_to_be_made_unless_misspelt() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "admin");
    words(&database, "workspace create quality");
    let rules = "[[workspaces]]\ngroup = \"A\"\nworkspace = \"qualty\"\n\n\
                 [[projects]]\ngroup = \"A\"\nproject = \"lab/daily\"\nrole = \"member\"\n";
    file(&database, "m.toml", rules);
    let ran = acme(&database, "mapping plan m.toml");
    let told = [
        "did you mean quality?",
        "workspace create --org acme lab && ",
        "project create --org acme lab/daily",
    ];
    ran.refused(1, &told);
    assert!(!ran.stderr.contains("acme qualty"), "{ran:?}");
}

#[test]
fn a_plan_that_changed_is_not_applied() {
    let database = Db::sqlite();
    people(&database, "datasaur");
    file(
        &database,
        "m.toml",
        "[[organization]]\ngroup = \"QA\"\nrole = \"reviewer\"\n",
    );
    let fingerprint = |line: &str| {
        answer(&database, line)["fingerprint"]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let seen = fingerprint("mapping plan m.toml");
    // ada, whom the plan would move, has something higher by now.
    words(&database, "grant put --user ada@example.com --role admin");
    acme(&database, &format!("mapping apply m.toml --plan {seen}"))
        .refused(1, &["has changed", "mapping plan --org acme m.toml"]);
    assert_eq!(
        answer(&database, "mapping export")["organization"],
        json!([])
    );
    let now = fingerprint("mapping plan m.toml");
    assert_ne!(now, seen);
    let applied = answer(&database, &format!("mapping apply m.toml --plan {now}"));
    assert_eq!(applied["rules"], 1);
}

/// Nobody's access changes by either file today: the plan is of one of them all the same.
#[test]
fn a_plan_is_not_applied_to_another_file() {
    let database = Db::sqlite();
    people(&database, "plain");
    let rule = |group: &str| format!("[[organization]]\ngroup = \"{group}\"\nrole = \"admin\"\n");
    file(&database, "mapping.toml", &rule("Platform Admins"));
    file(&database, "m2.toml", &rule("Totally Other"));
    let plan = answer(&database, "mapping plan mapping.toml");
    assert_eq!(plan["users"], 0, "{plan}");
    let seen = plan["fingerprint"].as_str().unwrap();
    acme(&database, &format!("mapping apply m2.toml --plan {seen}")).refused(1, &["has changed"]);
    let applied = answer(
        &database,
        &format!("mapping apply mapping.toml --plan {seen}"),
    );
    assert_eq!(
        applied["mapping"]["organization"][0]["group"],
        "Platform Admins"
    );
    acme(&database, "policy set default_role=none --plan 0").refused(1, &["has changed"]);
    let plan = answer(&database, "policy plan nested_groups=on");
    let seen = plan["fingerprint"].as_str().unwrap();
    let other = format!("policy set group_names_ignore_case=on --plan {seen}");
    acme(&database, &other).refused(1, &["has changed"]);
    let same = acme(
        &database,
        &format!("policy set nested_groups=on --plan {seen}"),
    );
    assert_eq!(same.code, 0, "{same:?}");
}

/// Seats and refusals are told before anything is done.
#[test]
fn a_plan_says_which_roles_it_is_refused_for() {
    let database = Db::sqlite();
    people(&database, "datasaur");
    let admin = "[[organization]]\ngroup = \"QA\"\nrole = \"admin\"\n";
    file(&database, "admin.toml", admin);
    words(&database, "mapping apply admin.toml");
    file(&database, "none.toml", "# nobody has anything\n");
    assert_eq!(
        answer(&database, "mapping plan none.toml")["refused_for"],
        json!(["admin"])
    );
    let said = words(&database, "mapping plan none.toml");
    assert!(
        said.contains("refused: nobody active would have admin any more"),
        "{said}"
    );
    assert!(
        said.contains("grant put --org acme --user USER --role admin"),
        "{said}"
    );
    let refused = acme(&database, "mapping apply none.toml --json");
    refused.refused(1, &["last_holder", "grant put --org acme"]);
    assert_eq!(
        answer(&database, "mapping export")["organization"][0]["role"],
        "admin"
    );
}

#[test]
fn wrong_files_are_told_by_place() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "admin");
    for (name, text, says) in [
        (
            "a.toml",
            "[[organization]]\ngroup = \"A\"\nrole = \n",
            &["a.toml: line 3"][..],
        ),
        ("b.json", "{\"organization\": [", &["b.json: is not JSON"]),
        ("c.json", "[]", &["c.json: mapping: must have the lists"]),
        (
            "d.toml",
            "[[organization]]\ngrup = \"secret\"\nrole = 7\n",
            &[
                "organization[0].grup",
                "did you mean group?",
                "organization[0].group",
                "organization[0].role",
            ],
        ),
        (
            "e.toml",
            "[[workspaces]]\ngroup = \"A\"\nworkspace = \"Not a slug\"\n",
            &["workspaces[0].workspace", "slug"],
        ),
    ] {
        file(&database, name, text);
        for verb in ["plan", "apply"] {
            let ran = acme(&database, &format!("mapping {verb} {name}"));
            ran.refused(1, says);
            assert!(!ran.stderr.contains("secret"), "echoes: {ran:?}");
        }
    }
    acme(&database, "mapping plan there-is-none.toml").refused(1, &["cannot be read"]);
    file(&database, "mark.json", "\u{feff}{\"organization\": []}");
    assert_eq!(answer(&database, "mapping apply mark.json")["rules"], 0);
}

#[test]
fn who_is_not_there_is_told_with_what_to_do() {
    let database = Db::sqlite();
    people(&database, "datasaur");
    for line in [
        "access explain",
        "access show",
        "grant list",
        "grant delete",
    ] {
        acme(&database, &format!("{line} --user nobody@example.com")).refused(
            1,
            &[
                "There is no user",
                "id, userName or e-mail",
                "report --org acme",
            ],
        );
        acme(&database, line).refused(2, &["--user"]);
    }
    let json = acme(
        &database,
        "access show --json --user 018f0000-0000-7000-8000-000000000001",
    );
    json.refused(1, &["\"not_found\""]);
    rolecall(&database, &["report", "--org", "other"]).refused(1, &["org list"]);
    for (line, says) in [
        ("--role chief", &["chief", "labeler"][1..]),
        ("--role revieewer", &["reviewer"]),
        (
            "--scope nowhere",
            &["There is no workspace", "project list --org acme"],
        ),
        (
            "--scope nowhere/none --role admin",
            &["There is no project", "project list --org acme"],
        ),
    ] {
        acme(
            &database,
            &format!("grant put --user ada@example.com {line}"),
        )
        .refused(1, says);
    }
    assert_eq!(
        answer(&database, "grant list --user ada@example.com")["items"],
        json!([])
    );
}

/// D21, in the words of the command line.
#[test]
fn single_sign_on_is_asked_for_by_its_flags() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "datasaur", "scim");
    let ran = acme(&database, "connection enable");
    ran.refused(
        1,
        &["--sso-protocol", "--sso-issuer", "--sso-url", "require_sso"],
    );
    assert!(!ran.stderr.contains('{'), "{ran:?}");
    let said = words(&database, "connection show");
    assert!(
        said.contains("connection enable --org acme --sso-protocol saml"),
        "{said}"
    );
    words(&database, "policy set require_sso=off");
    words(&database, "connection enable");
    acme(&database, "policy set require_sso=on").refused(1, &["--sso-issuer"]);
}
