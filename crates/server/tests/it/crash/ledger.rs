use std::collections::BTreeMap;

use super::look::Found;

/// What there is to know about a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct State {
    /// Written into the title.
    pub(crate) title: u32,
    /// Whether in the mapped group.
    pub(crate) member: bool,
}

/// A write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    Create,
    Title(u32),
    Join,
    Leave,
    Delete,
}

impl Op {
    /// What a user is after it.
    pub(crate) fn after(self, state: Option<State>) -> Option<State> {
        match (self, state) {
            (Op::Create, None) => Some(State {
                title: 0,
                member: false,
            }),
            (Op::Title(title), Some(state)) => Some(State { title, ..state }),
            (Op::Join, Some(state)) => Some(State {
                member: true,
                ..state
            }),
            (Op::Leave, Some(state)) => Some(State {
                member: false,
                ..state
            }),
            (Op::Delete, Some(_)) => None,
            (op, state) => panic!("{op:?} of {state:?} is no plan"),
        }
    }
}

/// What a user is after a write; none where it is gone.
type After = Option<State>;

/// What is known of a user: what was acknowledged, and what a write would have made of it that was
/// sent and not answered.
#[derive(Clone, Debug, Default)]
struct Noted {
    acknowledged: Option<State>,
    intended: Option<After>,
}

/// Everything that was written, by userName.
#[derive(Default)]
pub(crate) struct Ledger(BTreeMap<String, Noted>);

impl Ledger {
    /// Notes a write that is about to be sent.
    pub(crate) fn intend(&mut self, user: &str, op: Op) {
        let noted = self.0.entry(user.to_owned()).or_default();
        noted.intended = Some(op.after(noted.acknowledged));
    }

    /// Notes that it was acknowledged.
    pub(crate) fn acknowledge(&mut self, user: &str) {
        let noted = self.0.get_mut(user).expect("intended before");
        noted.acknowledged = noted.intended.take().expect("intended before");
    }

    pub(crate) fn extend(&mut self, other: Ledger) {
        self.0.extend(other.0);
    }

    /// How many writes nobody knows the end of.
    pub(crate) fn unsettled(&self) -> usize {
        self.0
            .values()
            .filter(|noted| noted.intended.is_some())
            .count()
    }

    /// Compares with what is there, and takes what is there for the truth about open writes.
    pub(crate) fn settle(&mut self, found: &BTreeMap<String, Found>) -> Vec<String> {
        let mut faults = Vec::new();
        for (user, noted) in &mut self.0 {
            let state = found.get(user).map(|found| found.state);
            let intended = noted.intended.take();
            if state != noted.acknowledged && Some(state) != intended {
                faults.push(format!(
                    "{user} is {state:?}; acknowledged was {:?}, intended {intended:?}",
                    noted.acknowledged
                ));
            }
            noted.acknowledged = state;
        }
        for (user, found) in found {
            if !self.0.contains_key(user) {
                faults.push(format!("{user} is there and nobody created it"));
            }
            let follows = if found.state.member {
                "admin"
            } else {
                "member"
            };
            if found.role != follows {
                faults.push(format!("{user} has the role {}, not {follows}", found.role));
            }
        }
        faults
    }
}
