//! A preview says what applying does.

use std::collections::BTreeSet;

use app::Code;
use app::preview::{PlanView, Proposal};
use domain::{Access, UserId};
use uuid::Uuid;

use super::{alike, same};
use crate::contract::histories::model::{Answer, By, Model};
use crate::contract::histories::site::Site;

/// What can be previewed, as the store takes it and as the model does.
pub(in super::super) struct Proposed {
    pub(in super::super) proposal: Proposal,
    /// Ids of what it makes.
    pub(in super::super) ids: Vec<Uuid>,
    pub(in super::super) change: Box<dyn Fn(&mut Model) -> Answer>,
}

/// Previews, applies exactly that, applies it again to no effect, and compares. Returns what the
/// model said.
pub(in super::super) fn foreseen(
    site: &Site,
    before: &Model,
    model: &mut Model,
    proposed: &Proposed,
) -> Result<Answer, String> {
    let proposal = &proposed.proposal;
    let expected = model.request(By::Rules, &proposed.change);
    let plan = match site.preview(proposal) {
        Ok(plan) => plan,
        Err(error) => {
            alike(expected, Err(error)).map_err(|why| format!("preview: {why}"))?;
            alike(expected, site.apply(proposal, proposed.ids.clone(), None))?;
            return Ok(expected);
        }
    };
    let refused = Err(Code::LastHolder);
    same(
        "refused_for",
        &!plan.refused_for.is_empty(),
        &(expected == refused),
    )?;
    if plan.users > 0 {
        let other = site.apply(proposal, proposed.ids.clone(), Some("another".to_owned()));
        alike(Err(Code::PlanChanged), other)?;
    }
    let seen = Some(plan.fingerprint.clone());
    alike(expected, site.apply(proposal, proposed.ids.clone(), seen))?;
    if expected.is_err() {
        return Ok(expected);
    }
    compare(&plan, before, model)?;
    let version = |site: &Site| site.read(|tx| Ok(tx.settings()?.version));
    let first = (site.mapping(), version(site));
    alike(Ok(()), site.apply(proposal, proposed.ids.clone(), None))?;
    let again = (site.mapping(), version(site));
    same(
        "the same again",
        &format!("{again:?}"),
        &format!("{first:?}"),
    )?;
    Ok(expected)
}

fn compare(plan: &PlanView, before: &Model, after: &Model) -> Result<(), String> {
    let differs = |user: &&UserId| before.access.get(user) != after.access.get(user);
    let changed: BTreeSet<String> = after
        .access
        .keys()
        .filter(differs)
        .map(ToString::to_string)
        .collect();
    let told: BTreeSet<String> = plan.changes.iter().map(|one| one.user.clone()).collect();
    same("users of the plan", &told, &changed)?;
    for one in plan.changes.iter().filter(|one| one.differences.is_empty()) {
        let moved = after
            .access
            .iter()
            .find(|(id, _)| id.to_string() == one.user);
        let rows = |access: &Access| (access.workspaces.len(), access.projects.clone());
        let moved = moved.is_some_and(|(id, is)| rows(&before.access[id]) != rows(is));
        same("a difference that is not told", &moved, &false)?;
    }
    same("number of users", &plan.users, &(changed.len() as u64))?;
    let seats = |model: &Model| {
        let seats = model.access.values().filter(|access: &&Access| access.seat);
        seats.count() as u64
    };
    let told = (plan.seats.before, plan.seats.after);
    same("seats of the plan", &told, &(seats(before), seats(after)))
}
