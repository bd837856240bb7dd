//! What histories have come by, so that none of it is left out unnoticed.

use std::collections::BTreeMap;

use domain::{Access, Gives, ProjectRole, State};

use super::model::{Answer, Model};
use super::op::Op;
use app::Code;

/// How often each of these was come by.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach(BTreeMap<&'static str, usize>);

/// A situation, and whether a step made it: the model before, after, and the answer.
type Situation = (&'static str, fn(&Model, &Model, &Op, Answer) -> bool);

const SITUATIONS: [Situation; 14] = [
    ("a hold is placed", |was, is, _, _| holds(is) > holds(was)),
    ("a hold ends while its user is there", |was, is, op, _| {
        holds(is) < holds(was) && !op.takes_everything()
    }),
    (
        "an administrator is refused for a last holder",
        |_, _, _, answer| answer == Err(Code::LastHolder),
    ),
    ("seats are full", |_, _, _, answer| {
        answer == Err(Code::SeatsFull)
    }),
    ("somebody starts to wait for a sign-in", |was, is, _, _| {
        count(is, |access| access.state == State::NotActivated)
            > count(was, |access| access.state == State::NotActivated)
    }),
    ("a sign-in activates", |was, is, op, _| {
        matches!(op, Op::SignIn(_)) && was.access != is.access
    }),
    ("somebody is deactivated for leaving", |was, is, op, _| {
        is.access.iter().any(|(id, access)| {
            let gone = access.state == State::Deactivated && is.users[id].active;
            let had = was.access.get(id).map(|access| access.state);
            gone && had == Some(State::Active) && matches!(op, Op::Members(..) | Op::DeleteGroup(_))
        })
    }),
    ("a rule counts through nested groups", |_, is, _, _| {
        is.users.keys().any(|id| {
            let facts = is.facts(*id);
            facts.rules.iter().any(|rule| !rule.via.is_empty())
        })
    }),
    ("a mapping makes a workspace", |was, is, op, _| {
        matches!(op, Op::Map(_)) && is.places.len() > was.places.len()
    }),
    ("and somebody is in it", |was, is, op, _| {
        let rows = |model: &Model| count(model, |access| !access.workspaces.is_empty());
        matches!(op, Op::Map(_)) && is.places.len() > was.places.len() && rows(is) > rows(was)
    }),
    ("a place goes with its rules", |was, is, op, _| {
        matches!(op, Op::RemovePlace(..)) && is.rules.len() < was.rules.len()
    }),
    ("inherit counts", |_, is, _, _| {
        let inherits = |access: &Access| {
            let mut roles = access.projects.values();
            roles.any(|role| *role == ProjectRole::Inherit)
        };
        count(is, inherits) > 0
    }),
    ("a fixed grant is below what rules give", |_, is, _, _| {
        is.users.values().any(|user| {
            let mut grants = user.grants.values();
            let fixed = |(gives, kind): &(Gives, _)| {
                matches!(gives, Gives::Organization(role) if role.as_str() == "member")
                    && *kind == domain::GrantKind::Fixed
            };
            grants.any(fixed)
        })
    }),
    ("what is proposed changes somebody", |was, is, op, _| {
        matches!(op, Op::Map(_) | Op::Policy(..) | Op::Catalog(_)) && was.access != is.access
    }),
];

fn holds(model: &Model) -> usize {
    model.users.values().map(|user| user.holds.len()).sum()
}

fn count(model: &Model, of: impl Fn(&Access) -> bool) -> usize {
    model.access.values().filter(|access| of(access)).count()
}

impl Reach {
    pub(super) fn note(&mut self, was: &Model, is: &Model, op: &Op, answer: Answer) {
        for (name, made) in SITUATIONS {
            if made(was, is, op, answer) {
                *self.0.entry(name).or_default() += 1;
            }
        }
    }

    pub(super) fn add(&mut self, other: &Reach) {
        for (name, times) in &other.0 {
            *self.0.entry(name).or_default() += times;
        }
    }

    /// What was never come by.
    pub(super) fn missed(&self) -> Vec<&'static str> {
        let all = SITUATIONS.iter().map(|(name, _)| *name);
        all.filter(|name| !self.0.contains_key(name)).collect()
    }
}
