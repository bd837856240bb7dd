//! Label Studio's settings, brought along as they are.

use serde_json::json;

use super::{acme, answer, file, people};
use crate::support::Db;

fn settings(project: &str) -> String {
    json!({
        "roles_groups": [["Manager", "QA"], ["Annotator", "Label"]],
        "workspaces_groups": [["Quality Lab", "QA"]],
        "projects_groups": [{"project_id": project, "group": "QA", "role": "Inherit"}],
        "manual_role_management": false,
    })
    .to_string()
}

#[test]
fn settings_are_a_mapping() {
    let database = Db::sqlite();
    people(&database, "label-studio");
    file(&database, "number.json", &settings("17"));
    acme(&database, "mapping plan number.json")
        .refused(1, &["projects_groups[0].project_id", "workspace/project"]);
    file(&database, "settings.json", &settings("quality-lab/nightly"));
    let refused = acme(&database, "mapping apply settings.json");
    refused.refused(
        1,
        &[
            "projects_groups[0].project_id",
            "project create --org acme quality-lab/nightly",
        ],
    );
    for command in [
        "workspace create quality-lab",
        "project create quality-lab/nightly",
    ] {
        answer(&database, command);
    }
    let applied = answer(&database, "mapping apply settings.json");
    let expected = json!({
        "organization": [{"group": "QA", "role": "manager"}, {"group": "Label", "role": "annotator"}],
        "workspaces": [{"group": "QA", "workspace": "quality-lab"}],
        "projects": [{"group": "QA", "project": "quality-lab/nightly", "role": "inherit"}],
    });
    assert_eq!(applied["mapping"], expected);
    let access = answer(&database, "access show --user ada@example.com");
    assert_eq!(access["pending_role"]["key"], "manager");
    assert_eq!(access["projects"][0]["pending"], true);
}

#[test]
fn wrong_roles_are_told_by_the_names_of_the_file() {
    let database = Db::sqlite();
    people(&database, "label-studio");
    let settings = json!({"roles_groups": [["Owner", "QA"], ["Anotator", "Label"]]});
    file(&database, "settings.json", &settings.to_string());
    acme(&database, "mapping plan settings.json").refused(
        1,
        &[
            "roles_groups[0][0]: 'owner' is given by hand only",
            "roles_groups[1][0]",
            "annotator",
        ],
    );
}
