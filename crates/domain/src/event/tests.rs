#![expect(clippy::unwrap_used, reason = "tests")]

use uuid::Uuid;

use super::*;
use crate::access::Access;

const USER: UserId = UserId(Uuid::from_u128(1));

fn cause() -> Cause {
    Cause {
        kind: CauseKind::Provisioning,
        by: Some("k1".to_owned()),
        request: None,
    }
}

fn access(state: State, role: Option<&str>) -> Access {
    let role = role.map(|role| RoleKey::new(role).unwrap());
    let seat = state == State::Active && role.is_some();
    Access {
        state,
        role,
        seat,
        ..Access::nothing()
    }
}

fn names(events: &[Event]) -> Vec<&'static str> {
    events.iter().map(|event| event.kind.as_str()).collect()
}

#[test]
fn changes_of_state_and_role_have_their_events() {
    fn check(before: Option<&Access>, after: &Access, expected: &[&str]) {
        let events = access_events(USER, before, after, &cause());
        assert_eq!(names(&events), expected, "{before:?} {after:?}");
    }
    use State::{Active, Deactivated, NotActivated};
    let (active, invited) = (
        access(Active, Some("member")),
        access(NotActivated, Some("member")),
    );
    let gone = access(Deactivated, None);
    check(None, &active, &["user.activated", "role.granted"]);
    check(None, &invited, &["user.invited", "role.granted"]);
    check(None, &gone, &["user.deactivated"]);
    check(Some(&active), &active, &[]);
    check(Some(&invited), &active, &["user.activated"]);
    check(Some(&active), &gone, &["user.deactivated", "role.revoked"]);
    check(Some(&gone), &active, &["user.reactivated", "role.granted"]);
    check(Some(&gone), &invited, &["user.reactivated", "role.granted"]);
    check(Some(&active), &invited, &["user.invited"]);
    check(
        Some(&active),
        &access(Active, Some("admin")),
        &["role.changed"],
    );
    check(Some(&active), &access(Active, None), &["role.revoked"]);
    // The same role, which the catalog now lets see all, or without a seat.
    check(
        Some(&active),
        &Access {
            sees_all: true,
            ..active.clone()
        },
        &["role.changed"],
    );
    check(
        Some(&active),
        &Access {
            seat: false,
            ..active.clone()
        },
        &["role.changed"],
    );
}

#[test]
fn rows_that_come_and_go_have_their_events() {
    let (ws, other) = (
        WorkspaceId(Uuid::from_u128(2)),
        WorkspaceId(Uuid::from_u128(3)),
    );
    let [p1, p2, p3] = [1, 2, 3].map(|n| ProjectId(Uuid::from_u128(n)));
    let mut before = access(State::Active, Some("member"));
    before
        .workspaces
        .extend([(ws, WorkspaceVia::Rule), (other, WorkspaceVia::Rule)]);
    before
        .projects
        .extend([(p1, ProjectRole::Inherit), (p2, ProjectRole::Inherit)]);
    let mut after = access(State::Active, Some("member"));
    after.workspaces.insert(other, WorkspaceVia::Manual);
    after
        .projects
        .insert(p2, ProjectRole::Role(RoleKey::new("admin").unwrap()));
    after.projects.insert(p3, ProjectRole::Inherit);
    let events = access_events(USER, Some(&before), &after, &cause());
    let expected = [
        "workspace.member_removed",
        "project.member_removed",
        "project.role_changed",
        "project.member_added",
    ];
    assert_eq!(names(&events), expected);
    assert!(
        events
            .iter()
            .all(|event| event.subject.id() == USER.to_string())
    );

    let expected = [
        "role.revoked",
        "workspace.member_removed",
        "workspace.member_removed",
        "project.member_removed",
        "project.member_removed",
        "user.removed",
    ];
    assert_eq!(names(&removal_events(USER, &before, &cause())), expected);
}

#[test]
fn an_event_is_written_with_plain_words() {
    let after = access(State::Active, Some("admin"));
    let events = access_events(USER, None, &after, &cause());
    let expected = serde_json::json!({
        "kind": "role.granted",
        "subject": {"type": "user", "user": USER.to_string()},
        "before": null,
        "after": {"role": "admin", "seat": true, "sees_all": false},
        "cause": {"kind": "provisioning", "by": "k1"},
    });
    assert_eq!(serde_json::to_value(&events[1]).unwrap(), expected);
}

#[test]
fn details_read_back_as_what_they_were() {
    let details = [
        Detail::Role {
            role: RoleKey::new("a").unwrap(),
            seat: true,
            sees_all: false,
        },
        Detail::State {
            state: State::Active,
            seat: true,
        },
        Detail::Membership {
            via: WorkspaceVia::Manual,
        },
        Detail::Given {
            role: ProjectRole::Inherit,
        },
        Detail::Attributes {
            attributes: vec!["userName".to_owned()],
        },
        Detail::Group {
            group: GroupId(Uuid::nil()),
            name: "QA".to_owned(),
        },
        Detail::Seats { used: 3, limit: 2 },
        Detail::Users { active: 7 },
    ];
    for detail in details {
        let json = serde_json::to_value(&detail).unwrap();
        assert_eq!(serde_json::from_value::<Detail>(json).unwrap(), detail);
    }
}

#[test]
fn every_kind_is_documented() {
    for kind in EventKind::ALL {
        assert!(
            kind.doc().ends_with('.') && kind.as_str().contains('.'),
            "{kind}"
        );
    }
}
