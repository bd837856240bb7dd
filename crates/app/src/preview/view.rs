//! The plan as the admin API and the command line show it.

use domain::{Access, ProjectRole, State};
use serde::Serialize;
use utoipa::ToSchema;

use super::difference::Difference;
use crate::{
    access::Subject,
    port::{org::OrgSettings, places::Atlas},
};

/// What a change would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub struct PlanView {
    /// Hash of what is proposed, what it replaces and the whole difference; send it back to apply
    /// exactly this.
    pub fingerprint: String,
    /// How many users have other access afterwards.
    pub users: u64,
    /// Seats in use before and after.
    pub seats: SeatsView,
    /// Protected roles that nobody active would have any more: applying is refused.
    pub refused_for: Vec<String>,
    /// Users one by one, at most 1,000.
    pub changes: Vec<ChangeView>,
}

/// Seats before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeatsOfPlan)]
pub struct SeatsView {
    /// In use now.
    pub before: u64,
    /// In use afterwards.
    pub after: u64,
    /// How many there are; none means no limit.
    #[schema(required = true)]
    pub limit: Option<u32>,
}

/// One user's difference.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ChangeOfPlan)]
pub struct ChangeView {
    /// The user's id.
    pub user: String,
    /// As sent.
    #[serde(rename = "userName")]
    pub user_name: String,
    /// What differs.
    pub differences: Vec<DifferenceView>,
}

/// What differs at one scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Difference)]
pub struct DifferenceView {
    /// `state`, `organization`, `workspace:SLUG` or `project:WORKSPACE/SLUG`.
    pub scope: String,
    /// `gains`, `loses` or `moves`.
    pub what: &'static str,
    /// What it is now.
    #[schema(required = true)]
    pub before: Option<String>,
    /// What it would be.
    #[schema(required = true)]
    pub after: Option<String>,
}

impl PlanView {
    pub(super) fn new(
        org: &OrgSettings,
        places: &Atlas,
        found: &Difference,
        subjects: &[Subject],
    ) -> PlanView {
        let name = |user| subjects.iter().find(|subject| subject.id == user);
        let changes = found.changes.iter().map(|(user, was, is)| ChangeView {
            user: user.to_string(),
            user_name: name(*user)
                .map(|subject| subject.user_name.clone())
                .unwrap_or_default(),
            differences: differences(places, was, is),
        });
        PlanView {
            fingerprint: found.fingerprint.clone(),
            users: found.users,
            seats: SeatsView {
                before: found.seats_before,
                after: found.seats_after,
                limit: org.seat_limit,
            },
            refused_for: found.vacant.iter().map(ToString::to_string).collect(),
            changes: changes.collect(),
        }
    }
}

fn differences(places: &Atlas, was: &Access, is: &Access) -> Vec<DifferenceView> {
    let mut found = Vec::new();
    let state = |access: &Access| Some(access.state.as_str().to_owned());
    if was.state != is.state {
        let what = match (was.state, is.state) {
            (State::Deactivated, _) => "gains",
            (_, State::Deactivated) => "loses",
            _ => "moves",
        };
        let (before, after) = (state(was), state(is));
        found.push(DifferenceView {
            scope: "state".to_owned(),
            what,
            before,
            after,
        });
    }
    let role = |access: &Access| access.role.as_ref().map(ToString::to_string);
    push(&mut found, "organization".to_owned(), role(was), role(is));
    for workspace in &places.workspaces {
        let member = |access: &Access| {
            access
                .workspaces
                .contains_key(&workspace.id)
                .then(|| "member".to_owned())
        };
        push(
            &mut found,
            format!("workspace:{}", workspace.slug),
            member(was),
            member(is),
        );
    }
    for project in &places.projects {
        let Some(path) = places.path(project) else {
            continue;
        };
        let role = |access: &Access| access.projects.get(&project.id).map(ProjectRole::to_string);
        push(&mut found, format!("project:{path}"), role(was), role(is));
    }
    found
}

fn push(
    found: &mut Vec<DifferenceView>,
    scope: String,
    before: Option<String>,
    after: Option<String>,
) {
    let what = match (&before, &after) {
        (was, is) if was == is => return,
        (None, _) => "gains",
        (_, None) => "loses",
        _ => "moves",
    };
    found.push(DifferenceView {
        scope,
        what,
        before,
        after,
    });
}
