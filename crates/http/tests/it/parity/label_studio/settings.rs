//! LS-25, LS-26 and LS-38: when settings are saved, what is closed to people, one mapping for all.

use serde_json::{Value, json};

use super::{RULES, org, someone};
use crate::parity::okta;

#[actix_web::test]
async fn ls_25_rules_saved_after_the_push_apply_at_once() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.role(&ann).await, "annotator");
    let body = json!({ "organization": [{ "group": "QA", "role": "reviewer" }],
        "workspaces": [{ "group": "QA", "workspace": "vision" }],
        "projects": [{ "group": "QA", "project": "vision/cats", "role": "annotator" }] });
    tenant.does("PUT /mapping", body).await;
    assert_eq!(tenant.role(&ann).await, "reviewer");
    assert_eq!(tenant.workspaces(&ann).await, ["vision"]);
    assert_eq!(tenant.projects(&ann).await, ["vision/cats=annotator"]);
    tenant.does("PUT /mapping", json!({})).await;
    assert_eq!(
        tenant.role(&ann).await,
        "annotator",
        "a rule that goes is nobody's leaving"
    );
    assert!(tenant.workspaces(&ann).await.is_empty());
}

#[actix_web::test]
async fn ls_26_assignment_by_hand_can_be_closed() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    let ann = someone(&tenant, "ann").await;
    let bob = someone(&tenant, "bob").await;
    let grants = format!("PUT /users/{ann}/grants");
    let workspace = format!("PUT /workspaces/vision/members/{ann}");
    let project = format!("PUT /workspaces/vision/projects/cats/members/{ann}");
    let role = json!({ "role": "reviewer", "kind": "floor" });
    let cases = [
        ("manual_roles", &grants, role),
        ("manual_workspaces", &workspace, json!({})),
        ("manual_projects", &project, json!({ "role": "reviewer" })),
    ];
    for (policy, line, body) in &cases {
        tenant.policy(policy, "deny").await;
        let refused = tenant.api(line, body.clone()).await;
        assert_eq!(refused.status, 422, "{policy}: {}", refused.text);
        assert!(refused.text.contains(policy), "{}", refused.text);
    }
    let access = tenant.access(&ann).await;
    assert_eq!(access["role"]["key"], "annotator");
    assert_eq!(
        (&access["workspaces"], &access["projects"]),
        (&json!([]), &json!([]))
    );
    // The owner cannot be mapped, so it can still be given.
    let owner = json!({ "role": "owner", "kind": "floor" });
    let line = format!("PUT /users/{bob}/grants");
    tenant.does(&line, owner).await;
    assert_eq!(tenant.role(&bob).await, "owner");
    for (policy, line, body) in cases {
        tenant.policy(policy, "allow").await;
        tenant.does(line, body).await;
    }
}

#[actix_web::test]
async fn ls_38_single_sign_on_has_no_mapping_of_its_own() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    tenant.roles(RULES).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    tenant.sign_in(&ann).await;
    assert_eq!(
        tenant.role(&ann).await,
        "reviewer",
        "a sign-in moves no role"
    );
    // The record goes only with SCIM itself, and takes nothing along.
    let gone = json!({ "connection": { "sso": null } });
    let refused = tenant.api("PATCH /settings", gone).await;
    refused.is_problem(409, "sso_required", "connection.sso");
    let gone = json!({ "connection": { "enabled": false, "sso": null } });
    let settings = tenant.does("PATCH /settings", gone).await;
    assert_eq!(settings["connection"]["sso"], Value::Null);
    assert_eq!(tenant.role(&ann).await, "reviewer");
    let mapping = tenant.does("GET /mapping", Value::Null).await;
    assert_eq!(
        mapping["organization"].as_array().map(Vec::len),
        Some(RULES.len())
    );
}
