//! LS-10 to LS-15: which group gives which role in the organization.

use serde_json::{Value, json};

use super::{RULES, org, someone};
use crate::parity::{entra, okta};

#[actix_web::test]
async fn ls_10_names_are_compared_exactly() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "qa", &[&ann]).await;
    assert_eq!(tenant.role(&ann).await, "annotator", "the default");
    let report = tenant.does("GET /report", Value::Null).await;
    assert_eq!(report["groups_without_rule"], json!(["qa"]));
    // And where an organization wants it otherwise:
    tenant.policy("group_names_ignore_case", "on").await;
    assert_eq!(tenant.role(&ann).await, "reviewer");
}

#[actix_web::test]
async fn ls_11_many_groups_for_a_role_and_the_four_roles() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    for (number, (group, role)) in RULES.iter().enumerate() {
        let user = someone(&tenant, &format!("user{number}")).await;
        okta::push(&tenant, group, &[&user]).await;
        assert_eq!(tenant.role(&user).await, *role, "{group}");
    }
}

#[actix_web::test]
async fn ls_12_the_organization_role_holds_in_workspaces_and_projects() {
    let tenant = org().await;
    tenant.workspace("vision", &["cats"]).await;
    tenant
        .does(
            "PUT /mapping",
            json!({ "organization": [{ "group": "QA", "role": "reviewer" }],
            "workspaces": [{ "group": "QA", "workspace": "vision" }] }),
        )
        .await;
    let ann = someone(&tenant, "ann").await;
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.workspaces(&ann).await, ["vision"]);
    assert_eq!(tenant.projects(&ann).await, ["vision/cats=reviewer"]);
    assert_eq!(tenant.access(&ann).await["projects"][0]["inherited"], true);
}

#[actix_web::test]
async fn ls_13_no_rule_gives_the_owner_or_a_state() {
    let tenant = org().await;
    for role in ["owner", "Deactivated", "Not Activated", "deactivated"] {
        let body = json!({ "organization": [{ "group": "QA", "role": role }] });
        let refused = tenant.api("PUT /mapping", body).await;
        refused.is_problem(422, "invalid_field", "");
        let field = &refused.json()["errors"][0]["field"];
        assert_eq!(field, "organization[0].role", "{role}");
    }
    // By hand it is given, and a group takes nothing away from it.
    let ann = someone(&tenant, "ann").await;
    let line = format!("PUT /users/{ann}/grants");
    tenant
        .does(&line, json!({ "role": "owner", "kind": "floor" }))
        .await;
    tenant.roles(RULES).await;
    okta::push(&tenant, "QA", &[&ann]).await;
    assert_eq!(tenant.role(&ann).await, "owner");
}

#[actix_web::test]
async fn ls_14_the_most_elevated_role_wins() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    let (ann, bob) = (someone(&tenant, "ann").await, someone(&tenant, "bob").await);
    okta::push(&tenant, "Labelers", &[&ann, &bob]).await;
    okta::push(&tenant, "Leads", &[&ann]).await;
    okta::push(&tenant, "QA", &[&ann, &bob]).await;
    assert_eq!(tenant.role(&ann).await, "manager");
    assert_eq!(tenant.role(&bob).await, "reviewer");
}

#[actix_web::test]
async fn ls_15_leaving_falls_back_and_leaving_all_deactivates() {
    let tenant = org().await;
    tenant.roles(RULES).await;
    let ann = someone(&tenant, "ann").await;
    let leads = entra::push(&tenant, "Leads", &[&ann]).await;
    let labelers = entra::push(&tenant, "Labelers", &[&ann]).await;
    let line = format!("PATCH /Groups/{leads}");
    tenant.ok(&line, &okta::leave(&ann)).await;
    assert_eq!(tenant.role(&ann).await, "annotator");
    let line = format!("PATCH /Groups/{labelers}");
    tenant.ok(&line, &entra::leave(&[&ann])).await;
    let access = tenant.access(&ann).await;
    assert_eq!(
        (&access["state"], &access["role"], &access["seat"]),
        (&json!("deactivated"), &Value::Null, &json!(false))
    );
    // The identity provider did not say so: what it sent is what it reads.
    assert_eq!(tenant.user(&ann).await["active"], true);
    tenant.ok(&line, &entra::join(&[&ann])).await;
    assert_eq!(tenant.role(&ann).await, "annotator", "taken back in");
    // Where the organization wants the default role instead:
    tenant.policy("when_unmapped", "default_role").await;
    tenant.ok(&line, &entra::leave(&[&ann])).await;
    assert_eq!(tenant.role(&ann).await, "annotator");
    assert_eq!(tenant.access(&ann).await["state"], "active");
}
