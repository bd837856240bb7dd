//! What may happen in a history, by slots: who is in a slot is known only when it is played.

use super::random::Random;

/// Users, each with a `userName` of its own.
pub(super) const USERS: usize = 5;
/// Groups that may live at once.
pub(super) const GROUPS: usize = 4;
/// Names of groups; two differ in case only, and two are told apart by their last letter.
const NAMES: [&str; 5] = ["Alpha", "alpha", "Beta", "Betas", "Gamma"];
/// Roles of some catalogs, and one of none.
const ROLES: [&str; 5] = ["admin", "editor", "member", "owner", "ghost"];
/// Values of the `roles` attribute: keys and names in any case, and one that nobody knows.
const CLAIMS: [&str; 5] = ["admin", "EDITOR", "Member", "owner", "ghost"];

/// An entry of the `roles` attribute.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    pub(super) value: &'static str,
    pub(super) primary: bool,
}

/// Whom a change of members names.
#[derive(Clone, Copy, Debug)]
pub(super) enum Who {
    /// Whoever is, or was last, in the slot.
    User(usize),
    /// Likewise; the group itself, at times.
    Group(usize),
    /// An id that nobody has.
    Nobody,
}

/// What happens to members.
#[derive(Clone, Copy, Debug)]
pub(super) enum How {
    Add,
    Remove,
    /// By a filter in the path, for each one.
    RemoveEach,
    Replace,
    /// By PUT; an empty list takes all.
    Put,
    Clear,
}

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) role: &'static str,
    pub(super) group: Option<usize>,
}

#[derive(Clone, Debug)]
pub(super) enum Op {
    CreateUser(usize, Option<bool>, Vec<Claim>),
    /// `active` stays where it is absent; `roles` is cleared.
    PutUser(usize, Option<bool>, Vec<Claim>),
    SetActive(usize, bool),
    SetClaims(usize, Vec<Claim>),
    DeleteUser(usize),
    CreateGroup(usize, &'static str, Vec<Who>),
    RenameGroup(usize, &'static str),
    DeleteGroup(usize),
    Members(usize, How, Vec<Who>),
    Map(Vec<Entry>),
    /// The mapping is read and sent back as it is.
    MapAgain,
    DefaultRole(&'static str),
    RolesAttribute(bool),
    Catalog(usize),
    /// The worker runs, and everything stored has to be right.
    Work,
}

impl Op {
    pub(super) fn draw(random: &mut Random) -> Op {
        let user = random.below(USERS);
        let group = random.below(GROUPS);
        match random.below(64) {
            0..10 => Op::CreateUser(user, active(random), claims(random)),
            10..13 => Op::PutUser(user, active(random), claims(random)),
            13..18 => Op::SetActive(user, random.below(5) > 1),
            18..22 => Op::SetClaims(user, claims(random)),
            22..24 => Op::DeleteUser(user),
            24..32 => Op::CreateGroup(group, random.one(&NAMES), random.several(3, who)),
            32..36 => Op::RenameGroup(group, random.one(&NAMES)),
            36..38 => Op::DeleteGroup(group),
            38..52 => Op::Members(group, how(random), random.several(4, who)),
            52..57 => Op::Map(random.several(4, entry)),
            57 => Op::MapAgain,
            58 => Op::DefaultRole(random.one(&["none", "admin", "editor", "member", "ghost"])),
            59 => Op::RolesAttribute(random.below(3) > 0),
            60 | 61 => Op::Catalog(random.below(5)),
            _ => Op::Work,
        }
    }
}

fn active(random: &mut Random) -> Option<bool> {
    random.one(&[None, None, Some(true), Some(false)])
}

/// Different values, at most one of them primary: what becomes of others is the protocol's
/// business, which has tests of its own.
fn claims(random: &mut Random) -> Vec<Claim> {
    let from = random.below(CLAIMS.len());
    let many = random.below(3);
    let primary = random.below(4);
    (0..many)
        .map(|place| Claim {
            value: CLAIMS[(from + place) % CLAIMS.len()],
            primary: place == primary,
        })
        .collect()
}

fn who(random: &mut Random) -> Who {
    match random.below(10) {
        0 => Who::Nobody,
        1 => Who::Group(random.below(GROUPS)),
        _ => Who::User(random.below(USERS)),
    }
}

fn how(random: &mut Random) -> How {
    match random.below(12) {
        0..6 => How::Add,
        6 | 7 => How::Remove,
        8 => How::RemoveEach,
        9 => How::Replace,
        10 => How::Put,
        _ => How::Clear,
    }
}

fn entry(random: &mut Random) -> Entry {
    let common = random.below(10) > 0;
    Entry {
        name: random.one(&NAMES),
        role: random.one(if common { &ROLES[..3] } else { &ROLES }),
        group: random.once_in(5).then(|| random.below(GROUPS)),
    }
}
