//! A reader of the feed: keeps access from events alone.

use std::collections::BTreeMap;

use domain::{Access, Detail, Event, EventKind, Subject, UserId};
use rolecall_domain as domain;

pub(crate) fn replay(feed: &[Event]) -> BTreeMap<UserId, Access> {
    let mut users = BTreeMap::new();
    for event in feed {
        step(&mut users, event);
    }
    users
}

fn step(users: &mut BTreeMap<UserId, Access>, event: &Event) {
    match &event.subject {
        Subject::User { user } if event.kind == EventKind::UserRemoved => {
            let gone = users.remove(user).unwrap();
            assert!(gone.role.is_none() && gone.workspaces.is_empty() && gone.projects.is_empty());
        }
        Subject::User { user } => {
            apply_to_user(users.entry(*user).or_insert(Access::nothing()), event);
        }
        Subject::WorkspaceMember { user, workspace } => {
            let rows = &mut users.get_mut(user).unwrap().workspaces;
            let was = match &event.after {
                Some(Detail::Membership { via }) => rows.insert(*workspace, *via),
                _ => rows.remove(workspace),
            };
            assert_eq!(was.is_some(), event.before.is_some());
        }
        Subject::ProjectMember { user, project } => {
            let rows = &mut users.get_mut(user).unwrap().projects;
            let was = match &event.after {
                Some(Detail::Given { role }) => rows.insert(*project, role.clone()),
                _ => rows.remove(project),
            };
            assert_eq!(was.map(|role| Detail::Given { role }), event.before);
        }
        other => panic!("no access event is about {other:?}"),
    }
}

fn apply_to_user(access: &mut Access, event: &Event) {
    match &event.after {
        Some(Detail::State { state, seat }) => {
            (access.state, access.seat) = (*state, *seat);
        }
        Some(Detail::Role {
            role,
            seat,
            sees_all,
        }) => {
            access.role = Some(role.clone());
            (access.seat, access.sees_all) = (*seat, *sees_all);
        }
        None => (access.role, access.seat, access.sees_all) = (None, false, false),
        other => panic!("no user event carries {other:?}"),
    }
}
