//! LS-16 to LS-24: workspaces and projects.

use serde_json::{Value, json};

use super::{RULES, org, someone};
use crate::parity::{entra, okta, tenant::Tenant};

async fn map(tenant: &Tenant, workspaces: Value, projects: Value) {
    let organization: Vec<Value> = RULES
        .iter()
        .map(|(group, role)| json!({ "group": group, "role": role }))
        .collect();
    let body = json!({ "organization": organization, "workspaces": workspaces,
        "projects": projects });
    tenant.does("PUT /mapping", body).await;
}

#[actix_web::test]
async fn ls_16_many_groups_for_a_workspace_and_many_workspaces_for_a_user() {
    let tenant = org().await;
    tenant.workspace("vision", &[]).await;
    tenant.workspace("text", &[]).await;
    let rules = json!([{ "group": "QA", "workspace": "vision" },
        { "group": "QA", "workspace": "text" }, { "group": "Labelers", "workspace": "vision" }]);
    map(&tenant, rules, json!([])).await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    okta::push(&tenant, "QA", &[&ann]).await;
    okta::push(&tenant, "Labelers", &[&bob]).await;
    assert_eq!(tenant.workspaces(&ann).await, ["text", "vision"]);
    assert_eq!(tenant.workspaces(&bob).await, ["vision"]);
}

#[actix_web::test]
async fn ls_17_only_members_see_a_workspace_but_for_the_highest_roles() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    map(&tenant, json!([]), json!([])).await;
    for (name, group, sees) in [
        ("ann", "Platform", true),
        ("bob", "Leads", false),
        ("cleo", "QA", false),
        ("dan", "Labelers", false),
    ] {
        let user = someone(&tenant, name).await;
        okta::push(&tenant, group, &[&user]).await;
        let found = tenant.workspaces(&user).await;
        assert_eq!(found == ["vision"], sees, "{group}: {found:?}");
        if sees {
            let via = tenant.access(&user).await["workspaces"][0]["via"].clone();
            assert_eq!(via, "role");
            continue;
        }
        let line = format!("PUT /workspaces/vision/members/{user}");
        tenant.does(&line, json!({})).await;
        assert_eq!(tenant.workspaces(&user).await, ["vision"], "{group}");
    }
}

#[actix_web::test]
async fn ls_18_a_workspace_that_is_missing_is_created_when_the_rule_is_saved() {
    let tenant = org().await;
    let rules = json!([{ "group": "QA", "workspace": "vision" }]);
    map(&tenant, rules, json!([])).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.workspaces(&ann).await, ["vision"]);
    // Or refused, with all that is missing.
    tenant.policy("create_workspaces", "off").await;
    let body = json!({ "workspaces": [{ "group": "QA", "workspace": "text" },
        { "group": "QA", "workspace": "vision" }, { "group": "QA", "workspace": "sound" }] });
    let refused = tenant.api("PUT /mapping", body).await;
    assert_eq!(refused.status, 422);
    let faults = refused.json()["errors"].clone();
    let fields: Vec<&Value> = faults
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["field"])
        .collect();
    assert_eq!(
        fields,
        ["workspaces[0].workspace", "workspaces[2].workspace"]
    );
}

#[actix_web::test]
async fn ls_19_leaving_the_group_leaves_the_workspace_but_not_what_was_given_by_hand() {
    let tenant = org().await;
    tenant.workspace("vision", &[]).await;
    tenant.workspace("text", &[]).await;
    let rules = json!([{ "group": "Vision", "workspace": "vision" },
        { "group": "Vision", "workspace": "text" }]);
    map(&tenant, rules, json!([])).await;
    let ann = someone(&tenant, "ann").await;
    let line = format!("PUT /workspaces/text/members/{ann}");
    tenant.does(&line, json!({})).await;
    let group = entra::push(&tenant, "Vision", &[&ann]).await;
    assert_eq!(tenant.workspaces(&ann).await, ["text", "vision"]);
    let line = format!("PATCH /Groups/{group}");
    tenant.ok(&line, &entra::leave(&[&ann])).await;
    assert_eq!(tenant.workspaces(&ann).await, ["text"]);
}

#[actix_web::test]
async fn ls_20_a_group_has_different_roles_in_different_projects() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats", "dogs", "birds"]).await;
    let rules = json!([
        { "group": "Vision", "project": "vision/cats", "role": "annotator" },
        { "group": "Vision", "project": "vision/dogs", "role": "reviewer" },
        { "group": "Vision", "project": "vision/birds", "role": "inherit" },
        { "group": "More", "project": "vision/dogs", "role": "reviewer" }]);
    map(&tenant, json!([]), rules).await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    okta::push(&tenant, "Leads", &[&ann]).await;
    okta::push(&tenant, "Vision", &[&ann]).await;
    okta::push(&tenant, "More", &[&bob]).await;
    assert_eq!(
        tenant.projects(&ann).await,
        [
            "vision/birds=manager",
            "vision/cats=annotator",
            "vision/dogs=reviewer"
        ]
    );
    assert_eq!(tenant.projects(&bob).await, ["vision/dogs=reviewer"]);
    // Only roles that are meant for projects.
    let rule = json!({ "group": "QA", "project": "vision/cats", "role": "manager" });
    let refused = tenant
        .api("PUT /mapping", json!({ "projects": [rule] }))
        .await;
    refused.is_problem(422, "invalid_field", "");
}

#[actix_web::test]
async fn ls_21_projects_have_to_exist_and_the_most_elevated_role_wins() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    let rule = json!({ "group": "A", "project": "vision/dogs", "role": "reviewer" });
    let refused = tenant
        .api("PUT /mapping", json!({ "projects": [rule] }))
        .await;
    refused.is_problem(422, "invalid_field", "");
    assert_eq!(refused.json()["errors"][0]["field"], "projects[0].project");
    let rules = json!([{ "group": "A", "project": "vision/cats", "role": "annotator" },
        { "group": "B", "project": "vision/cats", "role": "reviewer" }]);
    map(&tenant, json!([]), rules).await;
    let ann = someone(&tenant, "ann").await;
    let first = entra::push(&tenant, "A", &[&ann]).await;
    let second = entra::push(&tenant, "B", &[&ann]).await;
    assert_eq!(tenant.projects(&ann).await, ["vision/cats=reviewer"]);
    for (group, left) in [(second, vec!["vision/cats=annotator"]), (first, vec![])] {
        let line = format!("PATCH /Groups/{group}");
        tenant.ok(&line, &entra::leave(&[&ann])).await;
        assert_eq!(tenant.projects(&ann).await, left);
    }
}

#[actix_web::test]
async fn ls_22_inherit_is_the_organization_role_whatever_it_becomes() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    let rules = json!([{ "group": "Vision", "project": "vision/cats", "role": "inherit" }]);
    map(&tenant, json!([]), rules).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "Vision", &[&ann]).await;
    assert_eq!(tenant.projects(&ann).await, ["vision/cats=annotator"]);
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.projects(&ann).await, ["vision/cats=reviewer"]);
    assert!(tenant.workspaces(&ann).await.is_empty(), "stands alone");
}

#[actix_web::test]
async fn ls_23_who_has_not_signed_in_is_mapped_and_waits() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    let rules = json!([{ "group": "QA", "project": "vision/cats", "role": "inherit" }]);
    map(&tenant, json!([]), rules).await;
    let ann = okta::assign(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    let access = tenant.access(&ann).await;
    assert_eq!(access["state"], "not_activated");
    assert_eq!(
        (&access["role"], &access["pending_role"]["key"]),
        (&Value::Null, &json!("reviewer"))
    );
    assert_eq!(access["projects"][0]["pending"], true);
    // The sign-in is enough: no further group sync is needed.
    tenant.sign_in(&ann).await;
    let access = tenant.access(&ann).await;
    assert_eq!(access["projects"][0]["pending"], false);
    assert_eq!(access["projects"][0]["role"]["key"], "reviewer");
}

#[actix_web::test]
async fn ls_24_members_reach_all_projects_and_a_project_rule_overrides() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats", "dogs"]).await;
    let workspaces = json!([{ "group": "QA", "workspace": "vision" }]);
    let projects = json!([{ "group": "QA", "project": "vision/dogs", "role": "annotator" }]);
    map(&tenant, workspaces, projects).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(
        tenant.projects(&ann).await,
        ["vision/cats=reviewer", "vision/dogs=annotator"]
    );
    tenant.policy("projects_by_workspace", "off").await;
    assert_eq!(tenant.projects(&ann).await, ["vision/dogs=annotator"]);
}
