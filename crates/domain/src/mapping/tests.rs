#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};
use uuid::Uuid;

use super::*;
use crate::facts::OrgFacts;
use crate::preset::Preset;

fn known() -> Known {
    Known {
        workspaces: ["quality", "sales"]
            .map(|slug| slug.parse().unwrap())
            .into(),
        projects: ["quality/nightly", "sales/leads"]
            .map(|path| path.parse().unwrap())
            .into(),
    }
}

fn check_document(preset: Preset, document: Value) -> Result<Rules, MappingError> {
    let org = OrgFacts {
        catalog: preset.catalog(),
        policies: preset.policies(),
    };
    check_mapping(&org, &known(), &serde_json::from_value(document).unwrap())
}

#[test]
fn a_document_becomes_rules_and_back() {
    let group_id = Uuid::from_u128(7).to_string();
    let document = json!({
        "organization": [{"group": "Administrator", "role": "admin"}, {"group": "QA", "role": "Reviewer"}],
        "workspaces": [{"group": "QA", "workspace": "quality", "group_id": group_id}],
        "projects": [
            {"group": "QA", "project": "quality/nightly", "role": "reviewer"},
            {"group": "QA", "project": "sales/leads", "role": "inherit"},
        ],
    });
    let rules = check_document(Preset::Datasaur, document.clone()).unwrap();
    assert_eq!(rules.rules.len(), 5);
    assert!(rules.create_workspaces.is_empty());
    // The export writes keys where the document had names.
    let mut expected = document;
    expected["organization"][1]["role"] = json!("reviewer");
    assert_eq!(
        serde_json::to_value(Mapping::of_rules(&rules.rules)).unwrap(),
        expected
    );
    assert_eq!(
        check_document(Preset::Datasaur, json!({})).unwrap(),
        Rules::default()
    );
}

#[test]
fn ds_9_several_groups_may_give_one_role_and_one_group_several() {
    let rules = check_document(
        Preset::Datasaur,
        json!({"organization": [
            {"group": "A", "role": "admin"}, {"group": "B", "role": "admin"}, {"group": "A", "role": "labeler"},
        ]}),
    );
    assert_eq!(rules.unwrap().rules.len(), 3);
}

#[test]
fn every_fault_names_its_field_and_what_would_be_right() {
    fn check(preset: Preset, document: Value, expected: &[&str]) {
        let faults = check_document(preset, document).unwrap_err().0;
        assert_eq!(faults.len(), expected.len(), "{faults:?}");
        for (fault, expected) in faults.iter().zip(expected) {
            assert!(fault.to_string().starts_with(expected), "{fault}");
        }
    }
    check(
        Preset::LabelStudio,
        json!({"organization": [
            {"group": "A", "role": "owner"}, {"group": "B", "role": "manger"},
            {"group": "", "role": "manager"}, {"group": "C", "role": "Deactivated"},
        ]}),
        &[
            "organization[0].role: 'owner' is given by hand only; use one of: administrator, manager",
            "organization[1].role: not a role of this organization; did you mean manager?; use",
            "organization[2].group: must be the name of a group",
            "organization[3].role: not a role of this organization; use one of: administrator",
        ],
    );
    check(
        Preset::LabelStudio,
        json!({"projects": [
            {"group": "A", "project": "quality/nightly", "role": "manager"},
            {"group": "A", "project": "quality/nightyl", "role": "reviewr"},
            {"group": "A", "project": "nightly", "role": "inherit"},
        ]}),
        &[
            "projects[0].role: 'manager' cannot be a role in a project; use one of: reviewer, annotator, inherit",
            "projects[1].project: no such project; did you mean quality/nightly?",
            "projects[1].role: not a role of this organization; did you mean reviewer?",
            "projects[2].project: must be workspace/project",
        ],
    );
    check(
        Preset::Plain,
        json!({"workspaces": [
            {"group": "A", "workspace": "qualty"}, {"group": "A", "workspace": "Not A Slug"},
            {"group": "A", "workspace": "sales"}, {"group": "A", "workspace": "sales"},
        ]}),
        &[
            "workspaces[0].workspace: no such workspace; did you mean quality?; create it first",
            "workspaces[1].workspace: must be the slug of a workspace",
            "workspaces[3]: says the same as workspaces[2]",
        ],
    );
    let many = vec![json!({"group": "A", "role": "admin"}); MAX_RULES + 1];
    check(
        Preset::Plain,
        json!({"organization": many}),
        &["mapping: at most 10000 rules"],
    );
}

#[test]
fn d20_workspaces_are_created_where_the_policy_says_so_and_projects_never() {
    let workspaces = json!({"workspaces": [{"group": "A", "workspace": "new"}]});
    let rules = check_document(Preset::LabelStudio, workspaces).unwrap();
    assert_eq!(rules.create_workspaces, ["new".parse().unwrap()].into());
    let projects = json!({"projects": [{"group": "A", "project": "new/p", "role": "inherit"}]});
    assert!(check_document(Preset::LabelStudio, projects).is_err());
}

#[test]
fn unknown_fields_are_refused() {
    for document in [
        json!({"organisation": []}),
        json!({"organization": [{"group": "A", "role": "admin", "rol": 1}]}),
        json!({"projects": [{"group": "A", "project": "a/b"}]}),
    ] {
        assert!(
            serde_json::from_value::<Mapping>(document.clone()).is_err(),
            "{document}"
        );
    }
}
