#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::read;

fn check(document: Value, expected: &[&str]) {
    let faults = read(&document).unwrap_err();
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, expected, "{document}");
    for fault in &faults {
        assert!(!fault.detail.contains("secret"), "echoes: {fault:?}");
    }
}

#[test]
fn everything_that_has_another_shape_is_told_at_once() {
    check(json!([]), &["mapping"]);
    check(
        json!({"organisation": [], "sec ret": 1}),
        &["organisation", "(unreadable name)"],
    );
    check(
        json!({"organization": {"secret": 1}, "projects": 3}),
        &["organization", "projects"],
    );
    check(
        json!({
            "organization": [{"group": 5, "role": "a"}, "secret", {"group": "A", "rôle": "secret"}],
            "workspaces": [{"group": "A", "workspace": "w", "group_id": "secret"}],
            "projects": [{"group": "A", "project": "w/p", "roles": "secret"}],
        }),
        &[
            "organization[0].group",
            "organization[1]",
            "organization[2].role",
            "organization[2].(unreadable name)",
            "workspaces[0].group_id",
            "projects[0].role",
            "projects[0].roles",
        ],
    );
}

#[test]
fn a_misspelt_name_is_answered_by_the_right_one() {
    let document =
        json!({"workspace": [], "projects": [{"grup": "A", "project": "w/p", "role": "x"}]});
    let faults = read(&document).unwrap_err();
    let of = |field: &str| {
        &faults
            .iter()
            .find(|fault| fault.field == field)
            .unwrap()
            .detail
    };
    assert!(
        of("workspace").contains("did you mean workspaces?"),
        "{faults:?}"
    );
    assert!(
        of("projects[0].grup").contains("did you mean group?"),
        "{faults:?}"
    );
}

#[test]
fn the_whole_document_is_read() {
    let document = json!({
        "organization": [{"group": "A", "role": "admin"}],
        "workspaces": [{"group": "B", "workspace": "w", "group_id": "018f0000-0000-7000-8000-000000000001"}],
        "projects": [{"group": "C", "project": "w/p", "role": "inherit"}],
    });
    assert_eq!(
        serde_json::to_value(read(&document).unwrap()).unwrap(),
        document
    );
}
