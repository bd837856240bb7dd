#![expect(clippy::unwrap_used, reason = "tests")]

mod organization;
mod places;
mod state;

use uuid::Uuid;

use super::*;
use crate::facts::{Gives, Grant, GrantKind, MatchedRule, ProjectRole, RoleClaim};
use crate::ids::{GroupId, ProjectId, RoleKey, RuleId, WorkspaceId};
use crate::preset::Preset;

fn org(preset: Preset, changes: &[(&str, &str)]) -> OrgFacts {
    let policies = preset.policies().with(changes.iter().copied()).unwrap();
    OrgFacts {
        catalog: preset.catalog(),
        policies,
    }
}

fn key(key: &str) -> RoleKey {
    RoleKey::new(key).unwrap()
}

fn workspace(n: u128) -> WorkspaceId {
    WorkspaceId(Uuid::from_u128(n))
}

fn project(n: u128) -> ProjectId {
    ProjectId(Uuid::from_u128(n))
}

/// What a test writes for one gift: `admin`, `ws 1`, `project 1 reviewer`.
fn gives(text: &str) -> Gives {
    match text.split(' ').collect::<Vec<_>>()[..] {
        ["ws", n] => Gives::Workspace(workspace(n.parse().unwrap())),
        ["project", n, role] => Gives::Project(project(n.parse().unwrap()), role.parse().unwrap()),
        _ => Gives::Organization(key(text)),
    }
}

/// A user, written down fact by fact.
#[derive(Clone)]
struct Facts(UserFacts);

fn active() -> Facts {
    Facts(UserFacts {
        active: true,
        ..UserFacts::default()
    })
}

impl Facts {
    fn rule(self, given: &str) -> Self {
        self.rule_via(given, &[])
    }

    fn rule_via(mut self, given: &str, via: &[u128]) -> Self {
        let n = self.0.rules.len() as u128 + 1;
        self.0.rules.push(MatchedRule {
            rule: RuleId(Uuid::from_u128(n)),
            group: GroupId(Uuid::from_u128(100 + n)),
            via: via.iter().map(|n| GroupId(Uuid::from_u128(*n))).collect(),
            gives: gives(given),
        });
        self
    }

    fn grant(mut self, kind: GrantKind, given: &str) -> Self {
        let by = format!("key{}", self.0.grants.len());
        self.0.grants.push(Grant {
            target: gives(given),
            kind,
            by,
            at_ms: 0,
        });
        self
    }

    fn floor(self, given: &str) -> Self {
        self.grant(GrantKind::Floor, given)
    }

    fn fixed(self, given: &str) -> Self {
        self.grant(GrantKind::Fixed, given)
    }

    fn claim(mut self, value: &str, display: Option<&str>, primary: bool) -> Self {
        let display = display.map(str::to_owned);
        self.0.role_claims.push(RoleClaim {
            value: value.to_owned(),
            display,
            primary,
        });
        self
    }

    fn hold(mut self, role: &str) -> Self {
        self.0.holds.push(key(role));
        self
    }

    fn set(mut self, change: impl FnOnce(&mut UserFacts)) -> Self {
        change(&mut self.0);
        self
    }
}

/// The reasons of a scope as `candidate source loss`, the winner with `won`.
fn reasons(resolution: &Resolution, scope: Scope) -> Vec<String> {
    let of_scope = resolution
        .because
        .iter()
        .filter(|reason| reason.scope == scope);
    let shown = of_scope.map(|reason| {
        let candidate = match &reason.candidate {
            Candidate::Role(key) => key.as_str(),
            Candidate::Inherit => "inherit",
            Candidate::Member => "member",
            Candidate::Unrecognized => "?",
        };
        let loss = reason.lost_because.map_or("won", Loss::as_str);
        assert_eq!(reason.won, reason.lost_because.is_none());
        format!("{candidate} {} {loss}", reason.from.kind())
    });
    shown.collect()
}

fn project_row(access: &Access, n: u128) -> Option<&str> {
    access.projects.get(&project(n)).map(ProjectRole::as_str)
}
