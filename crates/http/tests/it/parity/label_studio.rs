//! LS-1 to LS-39, under the preset `label-studio`.

mod connection;
mod mapping;
mod places;
mod settings;
mod users;

use super::{okta, tenant::Tenant};

const MOUNT: &str = "/scim/v2";

const RULES: &[(&str, &str)] = &[
    ("Platform", "administrator"),
    ("Leads", "manager"),
    ("QA", "reviewer"),
    ("QA Berlin", "reviewer"),
    ("Labelers", "annotator"),
];

async fn org() -> Tenant {
    Tenant::new("label-studio", MOUNT).await
}

/// Somebody who was assigned and has signed in.
async fn someone(tenant: &Tenant, name: &str) -> String {
    let id = okta::assign(tenant, name).await;
    tenant.sign_in(&id).await;
    id
}
