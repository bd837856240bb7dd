//! The winners of an explanation are the access.

use std::collections::BTreeMap;

use app::access::explain::Explanation;
use domain::{Access, UserId};

use super::same;
use crate::contract::histories::model::Model;
use crate::contract::histories::site::Site;

/// Everybody's winner in every scope, by the words of the answer.
pub(in super::super) fn explained(site: &Site, model: &Model) -> Result<(), String> {
    for (user, access) in &model.access {
        let explanation = site.explain(*user).map_err(|error| error.to_string())?;
        same("explained access", &explanation.reply.access, access)?;
        same(
            &format!("winners for {user}"),
            &winners(*user, &explanation)?,
            &expected(model, access),
        )?;
        same(
            "state of the cause",
            &explanation.state_cause.state(),
            &access.state,
        )?;
    }
    Ok(())
}

fn winners(user: UserId, explanation: &Explanation) -> Result<BTreeMap<String, String>, String> {
    let mut winners = BTreeMap::new();
    for view in &explanation.because {
        if view.won == view.lost_because.is_some() {
            return Err(format!("neither won nor lost, or both: {view:?}"));
        }
        let won = view.won.then(|| view.candidate.clone());
        if let Some(candidate) = won
            && winners.insert(view.scope.clone(), candidate).is_some()
        {
            return Err(format!("two winners for {user} in {}", view.scope));
        }
    }
    Ok(winners)
}

fn expected(model: &Model, access: &Access) -> BTreeMap<String, String> {
    let role = access.role.iter();
    let mut expected: BTreeMap<String, String> = role
        .map(|role| ("organization".to_owned(), role.to_string()))
        .collect();
    for (slug, workspace) in &model.places {
        if access.workspaces.contains_key(&workspace.id) {
            expected.insert(format!("workspace:{slug}"), "member".to_owned());
        }
        for (project, id) in &workspace.projects {
            if let Some(role) = access.projects.get(id) {
                expected.insert(format!("project:{slug}/{project}"), role.to_string());
            }
        }
    }
    expected
}
