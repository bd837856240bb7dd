#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{convert, is_shape};
use crate::cli::mapping::document::fault;

fn settings() -> Value {
    json!({
        "roles_groups": [["Administrator", "Admins"], ["Annotator", "Label"]],
        "workspaces_groups": [["Quality  Lab", "QA"]],
        "projects_groups": [
            {"project_id": "quality-lab/nightly", "group": "QA", "role": "Inherit"},
            {"project": "quality-lab/daily", "group": "QA", "role": "Reviewer"},
        ],
        "manual_role_management": true,
    })
}

#[test]
fn the_settings_become_the_mapping_document() {
    assert!(is_shape(&settings()));
    assert!(!is_shape(&json!({"organization": []})));
    let (mapping, _) = convert(&settings()).unwrap();
    let expected = json!({
        "organization": [
            {"group": "Admins", "role": "Administrator"},
            {"group": "Label", "role": "Annotator"},
        ],
        "workspaces": [{"group": "QA", "workspace": "quality-lab"}],
        "projects": [
            {"group": "QA", "project": "quality-lab/nightly", "role": "inherit"},
            {"group": "QA", "project": "quality-lab/daily", "role": "Reviewer"},
        ],
    });
    assert_eq!(serde_json::to_value(mapping).unwrap(), expected);
}

fn check(settings: Value, expected: &[(&str, &str)]) {
    let faults = convert(&settings).unwrap_err();
    assert_eq!(faults.len(), expected.len(), "{faults:?}");
    for (fault, (field, says)) in faults.iter().zip(expected) {
        assert_eq!(fault.field, *field);
        assert!(fault.detail.contains(says), "{fault:?}");
    }
}

#[test]
fn what_cannot_be_said_is_told_at_once() {
    let id = |id: Value| json!({"project_id": id, "group": "QA", "role": "Inherit"});
    check(
        json!({
            "organization": [],
            "roles_groups": [["Deactivated", "Gone"], ["Manager"], {"role": "Manager"}],
            "workspaces_groups": [["Qualität", "QA"], "QA"],
            "projects_groups": [id(json!(17)), id(json!("17")), {"project": "a/b/c", "role": 1}],
        }),
        &[
            ("organization", "one shape"),
            ("roles_groups[0][0]", "states, not roles"),
            ("roles_groups[1]", "[role, group]"),
            ("roles_groups[2]", "[role, group]"),
            ("workspaces_groups[0][0]", "slug"),
            ("workspaces_groups[1]", "[workspace title, group]"),
            ("projects_groups[0].project_id", "workspace/project"),
            ("projects_groups[1].project_id", "workspace/project"),
            ("projects_groups[2].group", "must be a text"),
            ("projects_groups[2].role", "must be a text"),
            ("projects_groups[2].project", "workspace/project"),
        ],
    );
    check(
        json!({"roles_groups": 1}),
        &[("roles_groups", "must be a list")],
    );
}

#[test]
fn later_faults_are_told_by_the_names_of_the_file() {
    let (_, names) = convert(&settings()).unwrap();
    for (ours, theirs) in [
        ("organization[1].role", "roles_groups[1][0]"),
        ("organization[1].group", "roles_groups[1][1]"),
        ("workspaces[0].workspace", "workspaces_groups[0][0]"),
        ("workspaces[0]", "workspaces_groups[0]"),
        ("projects[0].project", "projects_groups[0].project_id"),
        ("projects[1].project", "projects_groups[1].project"),
        ("projects[1].role", "projects_groups[1].role"),
        ("mapping", "mapping"),
    ] {
        let told = names.translate(&fault(ours, "says the same as workspaces[0]; remove it"));
        assert_eq!(told.field, theirs);
        assert_eq!(
            told.detail,
            "says the same as workspaces_groups[0]; remove it"
        );
    }
}
