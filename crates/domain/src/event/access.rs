//! The events of a change of access.

use std::collections::{BTreeMap, BTreeSet};

use super::{Cause, Detail, Event, EventKind, Subject};
use crate::access::{Access, State};
use crate::facts::ProjectRole;
use crate::ids::UserId;

/// What is different between two accesses of a user, as events: the state first, then the
/// role, then workspaces and projects by id. No difference, no event. `before` is nothing
/// for a user who was just created.
///
/// Applied in order to `before`, the events give `after`, but for where a workspace
/// membership comes from: that alone is no event.
pub fn access_events(
    user: UserId,
    before: Option<&Access>,
    after: &Access,
    cause: &Cause,
) -> Vec<Event> {
    let mut events = Vec::new();
    let state = state_event(before, after);
    if let Some(kind) = state {
        events.push(Event {
            kind,
            subject: Subject::User { user },
            before: before.map(state_detail),
            after: Some(state_detail(after)),
            cause: cause.clone(),
        });
    }
    let nothing = Access::nothing();
    let before = before.unwrap_or(&nothing);
    rows(&mut events, user, before, after, state.is_some(), cause);
    events
}

/// The events of a user's removal: every row goes, then the user.
pub fn removal_events(user: UserId, before: &Access, cause: &Cause) -> Vec<Event> {
    let mut events = Vec::new();
    rows(&mut events, user, before, &Access::nothing(), true, cause);
    events.push(Event {
        kind: EventKind::UserRemoved,
        subject: Subject::User { user },
        before: Some(state_detail(before)),
        after: None,
        cause: cause.clone(),
    });
    events
}

fn rows(
    events: &mut Vec<Event>,
    user: UserId,
    before: &Access,
    after: &Access,
    state_told: bool,
    cause: &Cause,
) {
    let mut push = |kind, subject, before, after| {
        events.push(Event {
            kind,
            subject,
            before,
            after,
            cause: cause.clone(),
        });
    };
    // A seat that comes or goes with the state is told by the state's event.
    let seat = !state_told && before.seat != after.seat;
    if before.role != after.role || before.sees_all != after.sees_all || seat {
        let (was, is) = (role_detail(before), role_detail(after));
        let [granted, revoked, changed] = [
            EventKind::RoleGranted,
            EventKind::RoleRevoked,
            EventKind::RoleChanged,
        ];
        if let Some(kind) = turn(was.as_ref(), is.as_ref(), granted, revoked, changed) {
            push(kind, Subject::User { user }, was, is);
        }
    }
    for workspace in keys(&before.workspaces, &after.workspaces) {
        let detail = |access: &Access| {
            access
                .workspaces
                .get(&workspace)
                .map(|via| Detail::Membership { via: *via })
        };
        let (was, is) = (detail(before), detail(after));
        let kind = match (&was, &is) {
            (None, Some(_)) => EventKind::WorkspaceMemberAdded,
            (Some(_), None) => EventKind::WorkspaceMemberRemoved,
            _ => continue,
        };
        push(kind, Subject::WorkspaceMember { user, workspace }, was, is);
    }
    for project in keys(&before.projects, &after.projects) {
        let detail = |access: &Access| access.projects.get(&project).map(given);
        let (was, is) = (detail(before), detail(after));
        let [added, removed, changed] = [
            EventKind::ProjectMemberAdded,
            EventKind::ProjectMemberRemoved,
            EventKind::ProjectRoleChanged,
        ];
        if was != is
            && let Some(kind) = turn(was.as_ref(), is.as_ref(), added, removed, changed)
        {
            push(kind, Subject::ProjectMember { user, project }, was, is);
        }
    }
}

fn state_event(before: Option<&Access>, after: &Access) -> Option<EventKind> {
    let before = before.map(|access| access.state);
    match (before, after.state) {
        (Some(before), after) if before == after => None,
        (_, State::Deactivated) => Some(EventKind::UserDeactivated),
        (Some(State::Deactivated), _) => Some(EventKind::UserReactivated),
        (_, State::NotActivated) => Some(EventKind::UserInvited),
        (_, State::Active) => Some(EventKind::UserActivated),
    }
}

fn turn(
    was: Option<&Detail>,
    is: Option<&Detail>,
    came: EventKind,
    went: EventKind,
    changed: EventKind,
) -> Option<EventKind> {
    match (was, is) {
        (None, None) => None,
        (None, Some(_)) => Some(came),
        (Some(_), None) => Some(went),
        (Some(_), Some(_)) => Some(changed),
    }
}

fn keys<K: Ord + Copy, V>(a: &BTreeMap<K, V>, b: &BTreeMap<K, V>) -> BTreeSet<K> {
    a.keys().chain(b.keys()).copied().collect()
}

fn state_detail(access: &Access) -> Detail {
    Detail::State {
        state: access.state,
        seat: access.seat,
    }
}

fn role_detail(access: &Access) -> Option<Detail> {
    let role = access.role.clone()?;
    Some(Detail::Role {
        role,
        seat: access.seat,
        sees_all: access.sees_all,
    })
}

fn given(role: &ProjectRole) -> Detail {
    Detail::Given { role: role.clone() }
}
