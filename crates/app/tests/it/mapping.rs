//! PUT of the mapping: whole, idempotent, and refused with everything that is wrong.

use domain::Preset;
use rolecall_app::preview::Proposal;
use serde_json::json;

use crate::script::{refusal, site};

#[test]
fn the_same_document_again_changes_nothing() {
    let site = site(Preset::Plain);
    let document = json!({"organization": [
        {"group": "b", "role": "member"}, {"group": "a", "role": "Admin"}, {"group": "b", "role": "admin"},
    ]});
    let first = site.put_mapping(document.clone()).unwrap();
    assert_eq!(first.version, 2);
    assert_eq!(
        first.document.organization[1].role, "admin",
        "names are read as keys"
    );
    assert_eq!(site.put_mapping(document).unwrap(), first);
    let export = serde_json::to_value(&first.document).unwrap();
    assert_eq!(site.put_mapping(export).unwrap(), first);
    let order = json!({"organization": [
        {"group": "a", "role": "admin"}, {"group": "b", "role": "member"}, {"group": "b", "role": "admin"},
    ]});
    let moved = site.put_mapping(order).unwrap();
    assert_eq!(
        (moved.version, &*moved.document.organization[0].group),
        (3, "a")
    );
}

/// By id and by name they mean the same group; still they are two rules, and stay so.
#[test]
fn two_rules_for_one_group_are_kept_when_sent_again() {
    for id_first in [true, false] {
        let site = site(Preset::Plain);
        let group = site.create_group(json!({"displayName": "ops"})).unwrap();
        let mut rules = vec![
            json!({"group": "ops", "role": "admin", "group_id": group.row.id}),
            json!({"group": "ops", "role": "admin"}),
        ];
        if !id_first {
            rules.reverse();
        }
        let document = json!({ "organization": rules });
        let first = site.put_mapping(document.clone()).unwrap();
        let rows = || site.read(|tx| Ok(tx.rules()?)).unwrap();
        let before = rows();
        assert_eq!(before.len(), 2);
        assert_eq!(site.put_mapping(document).unwrap(), first);
        assert_eq!(rows(), before, "by id first: {id_first}");
    }
}

#[test]
fn an_export_names_a_renamed_group_by_id_and_can_be_sent_back() {
    let site = site(Preset::Plain);
    let group = site
        .create_group(json!({"displayName": "ops"}))
        .unwrap()
        .row
        .id;
    site.put_mapping(json!({"organization": [{"group": "ops", "role": "admin"}]}))
        .unwrap();
    let ops = json!([{"op": "replace", "path": "displayName", "value": "platform"}]);
    site.patch_group(group, ops).unwrap();
    let export = site.mapping().unwrap();
    assert_eq!(export.document.organization[0].group_id, Some(group));
    let again = site
        .put_mapping(serde_json::to_value(&export.document).unwrap())
        .unwrap();
    assert_eq!(again, export);
}

#[test]
fn another_version_is_refused() {
    let site = site(Preset::Plain);
    let document = json!({"organization": [{"group": "a", "role": "admin"}]});
    let first = site.put_mapping_at(document.clone(), Some(1)).unwrap();
    let stale = site.put_mapping_at(json!({}), Some(1));
    assert_eq!(refusal(stale).0, "precondition_failed");
    assert_eq!(site.mapping().unwrap(), first, "nothing was changed");
    site.put_mapping_at(json!({}), Some(2)).unwrap();
}

#[test]
fn every_fault_names_its_field_and_what_would_be_right() {
    let nobody = "2819c223-7f76-453a-919d-413861904646";
    let cases = [
        (
            Preset::Plain,
            json!({"group": "a", "role": "admn"}),
            "role",
            "did you mean admin?",
        ),
        (
            Preset::Plain,
            json!({"group": "a", "role": "zzz"}),
            "role",
            "one of: admin, member",
        ),
        (
            Preset::LabelStudio,
            json!({"group": "a", "role": "Owner"}),
            "role",
            "by hand only",
        ),
        (
            Preset::Plain,
            json!({"group": "", "role": "admin"}),
            "group",
            "name of a group",
        ),
        (
            Preset::Plain,
            json!({"group": "a", "role": "admin", "group_id": nobody}),
            "group_id",
            "leave group_id out",
        ),
    ];
    for (preset, entry, field, right) in cases {
        let site = site(preset);
        let good = json!({"group": "good", "role": site_role(preset)});
        let (code, faults) = refusal(site.put_mapping(json!({"organization": [good, entry]})));
        assert_eq!(code, "invalid_field", "{entry}");
        let [(at, detail)] = faults.as_slice() else {
            panic!("{entry}: {faults:?}");
        };
        assert_eq!(at, &format!("organization[1].{field}"));
        assert!(detail.contains(right), "{detail}");
        assert!(
            !detail.contains("zzz") && !detail.contains("admn"),
            "echoes: {detail}"
        );
        assert!(site.mapping().unwrap().document.organization.is_empty());
    }
}

fn site_role(preset: Preset) -> &'static str {
    if preset == Preset::LabelStudio {
        "manager"
    } else {
        "member"
    }
}

#[test]
fn all_faults_are_told_at_once() {
    let site = site(Preset::Plain);
    let document = json!({
        "organization": [
            {"group": "a", "role": "admin"}, {"group": "a", "role": "admin"}, {"group": "b", "role": "x"},
        ],
        "workspaces": [{"group": "a", "workspace": "quality"}],
        "projects": [{"group": "a", "project": "quality/nightly", "role": "inherit"}],
    });
    let (_, faults) = refusal(site.put_mapping(document));
    let at: Vec<_> = faults.iter().map(|(field, _)| field.as_str()).collect();
    let expected = [
        "organization[1]",
        "organization[2].role",
        "workspaces[0].workspace",
        "projects[0].project",
    ];
    assert_eq!(at, expected);
}

/// D20: with `create_workspaces` a rule may name a workspace that is not there yet; a project never.
#[test]
fn d20_workspaces_that_rules_name_are_made() {
    let site = site(Preset::LabelStudio);
    let document = json!({"workspaces": [
        {"group": "a", "workspace": "quality"}, {"group": "b", "workspace": "quality"},
    ]});
    let made = site.put_mapping(document.clone()).unwrap();
    assert_eq!(made.document.workspaces.len(), 2);
    let slugs = || {
        let places = site.read(|tx| Ok(tx.places()?)).unwrap();
        let slugs = places.workspaces.iter().map(|row| row.slug.to_string());
        slugs.collect::<Vec<_>>()
    };
    assert_eq!(slugs(), ["quality"]);
    assert_eq!(site.put_mapping(document).unwrap(), made);
    let project =
        json!({"projects": [{"group": "a", "project": "quality/nightly", "role": "inherit"}]});
    let (code, faults) = refusal(site.put_mapping(project));
    assert_eq!(
        (code, faults[0].0.as_str()),
        ("invalid_field", "projects[0].project")
    );
    assert_eq!(slugs(), ["quality"], "a refused mapping makes nothing");
}

/// What was previewed can be applied, workspaces that it makes included, and is told by name.
#[test]
fn d20_a_preview_holds_for_workspaces_that_are_yet_to_be_made() {
    let site = site(Preset::LabelStudio);
    let ann = site.create_user(json!({"userName": "ann"})).unwrap().row.id;
    let group = json!({"displayName": "a", "members": [{"value": ann}]});
    site.create_group(group).unwrap();
    let document = json!({"workspaces": [{"group": "a", "workspace": "quality"}]});
    let proposal = Proposal::Mapping(serde_json::from_value(document).unwrap());
    let plan = site.preview(&proposal).unwrap();
    let scopes = plan.changes[0].differences.iter();
    let scopes: Vec<_> = scopes.map(|one| one.scope.as_str()).collect();
    assert_eq!(scopes, ["workspace:quality"]);
    let again = site.preview(&proposal).unwrap();
    assert_eq!(plan.fingerprint, again.fingerprint);
    let ids = vec![uuid::Uuid::now_v7(), uuid::Uuid::now_v7()];
    site.apply(&proposal, ids, Some(plan.fingerprint)).unwrap();
    assert_eq!(site.access(ann).unwrap().access.workspaces.len(), 1);
}

/// What is planned is applied and nothing else, also where neither changes anybody's access today.
#[test]
fn a_plan_is_of_one_document_over_one_mapping() {
    let site = site(Preset::Plain);
    let of = |group: &str, role: &str| {
        let document = json!({"organization": [{"group": group, "role": role}]});
        Proposal::Mapping(serde_json::from_value(document).unwrap())
    };
    let ids = || vec![uuid::Uuid::now_v7(), uuid::Uuid::now_v7()];
    let seen = site.preview(&of("Platform Admins", "admin")).unwrap();
    assert_eq!(seen.users, 0);
    for other in [
        of("Totally Other", "admin"),
        of("Platform Admins", "member"),
    ] {
        let refused = site.apply(&other, ids(), Some(seen.fingerprint.clone()));
        assert_eq!(refused.unwrap_err().code().spec().name, "plan_changed");
    }
    let rules = || site.read(|tx| Ok(tx.rules()?)).unwrap().len();
    assert_eq!(rules(), 0, "a refused plan changes nothing");
    site.put_mapping(json!({"organization": [{"group": "Meanwhile", "role": "admin"}]}))
        .unwrap();
    let late = site.apply(
        &of("Platform Admins", "admin"),
        ids(),
        Some(seen.fingerprint),
    );
    assert_eq!(late.unwrap_err().code().spec().name, "plan_changed");
    let policy = |word: &str| {
        let word = ("default_role".to_owned(), Some(word.to_owned()));
        Proposal::Policies([word].into())
    };
    let (one, other) = (policy("none"), policy("admin"));
    let prints = [&one, &other].map(|proposal| site.preview(proposal).unwrap().fingerprint);
    assert_ne!(prints[0], prints[1]);
}
