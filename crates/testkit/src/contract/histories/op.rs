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

/// Workspaces and projects that may be there.
const PLACES: [&str; 5] = ["north", "south", "north/p", "north/q", "south/p"];

/// Policies that decide about access, and values of them.
const POLICIES: [(&str, &[&str]); 11] = [
    (
        "default_role",
        &["none", "admin", "editor", "member", "ghost"],
    ),
    ("roles_attribute", &["on", "on", "off"]),
    ("nested_groups", &["on", "on", "off"]),
    ("require_activation", &["on", "off", "off"]),
    (
        "when_unmapped",
        &["deactivated", "deactivated", "default_role"],
    ),
    ("last_holder", &["hold", "hold", "off"]),
    ("projects_by_workspace", &["on", "off"]),
    ("create_workspaces", &["on", "on", "off"]),
    ("when_full", &["admit_not_activated", "refuse"]),
    ("manual_roles", &["allow", "allow", "deny"]),
    ("manual_projects", &["allow", "allow", "deny"]),
];

/// An entry of a mapping.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) name: &'static str,
    pub(super) target: What,
    pub(super) group: Option<usize>,
}

/// What a rule or a grant gives.
#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    Role(&'static str),
    /// A workspace's slug.
    Membership(&'static str),
    /// A project's path, and a role or `inherit`.
    InProject(&'static str, &'static str),
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
    Policy(&'static str, &'static str),
    Catalog(usize),
    Seats(Option<u32>),
    /// Whether the grant is fixed.
    Grant(usize, What, bool),
    /// Where: nothing is the organization.
    Ungrant(usize, Option<&'static str>),
    SignIn(usize),
    MakePlace(&'static str),
    /// Whether its rules go with it.
    RemovePlace(&'static str, bool),
    /// The worker runs, and everything stored has to be right.
    Work,
}

impl Op {
    /// How an organization is set up: policies, places, a few users in groups, perhaps in each
    /// other, and a mapping.
    pub(super) fn first(random: &mut Random) -> Vec<Op> {
        let mut ops: Vec<Op> = (0..5).map(|_| policy(random)).collect();
        ops.extend(["north", "north/p"].map(Op::MakePlace));
        let users = 0..USERS - 2;
        ops.extend(users.map(|slot| Op::CreateUser(slot, None, claims(random))));
        for (slot, name) in ["Alpha", "Beta", "Gamma"].into_iter().enumerate() {
            ops.push(Op::CreateGroup(slot, name, random.several(4, who)));
        }
        ops.push(Op::Map(random.several(6, entry)));
        ops
    }

    pub(super) fn draw(random: &mut Random) -> Op {
        let user = random.below(USERS);
        let group = random.below(GROUPS);
        match random.below(100) {
            0..12 => Op::CreateUser(user, active(random), claims(random)),
            12..15 => Op::PutUser(user, active(random), claims(random)),
            15..21 => Op::SetActive(user, random.below(5) > 1),
            21..25 => Op::SetClaims(user, claims(random)),
            25..27 => Op::DeleteUser(user),
            27..36 => Op::CreateGroup(group, random.one(&NAMES), random.several(3, who)),
            36..40 => Op::RenameGroup(group, random.one(&NAMES)),
            40..43 => Op::DeleteGroup(group),
            43..58 => Op::Members(group, how(random), random.several(4, who)),
            58..67 => Op::Map(random.several(5, entry)),
            67 => Op::MapAgain,
            68..74 => policy(random),
            74..77 => Op::Catalog(random.below(5)),
            77 | 78 => Op::Seats(random.one(&[None, Some(1), Some(2), Some(3)])),
            79..85 => Op::Grant(user, what(random), random.once_in(3)),
            85..87 => Op::Ungrant(user, place(random)),
            87..91 => Op::SignIn(user),
            91..95 => Op::MakePlace(random.one(&PLACES)),
            95 | 96 => Op::RemovePlace(random.one(&PLACES), random.below(3) > 0),
            _ => Op::Work,
        }
    }

    /// Whether it takes what it takes at once, whoever has it (DESIGN section 3, point 6).
    pub(super) fn takes_everything(&self) -> bool {
        matches!(
            self,
            Op::SetActive(_, false) | Op::PutUser(_, Some(false), _) | Op::DeleteUser(_)
        )
    }

    /// Whether what it does to one user may turn on what others have. Where the worker is behind,
    /// that is decided by the order in which it comes to them.
    pub(super) fn turns_on_others(&self) -> bool {
        matches!(self, Op::Policy("last_holder", "hold") | Op::Seats(Some(_)))
    }
}

fn policy(random: &mut Random) -> Op {
    let (key, words) = random.one(&POLICIES);
    Op::Policy(key, random.one(words))
}

/// Half of the time the organization.
fn place(random: &mut Random) -> Option<&'static str> {
    (!random.once_in(2)).then(|| random.one(&PLACES))
}

fn what(random: &mut Random) -> What {
    let common = random.below(10) > 0;
    let role = random.one(if common { &ROLES[..3] } else { &ROLES });
    match random.below(10) {
        0..5 => What::Role(role),
        5..7 => What::Membership(random.one(&PLACES[..2])),
        7 => What::InProject(random.one(&PLACES[2..]), "inherit"),
        _ => What::InProject(random.one(&PLACES[2..]), role),
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
        1..4 => Who::Group(random.below(GROUPS)),
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
    Entry {
        name: random.one(&NAMES),
        target: what(random),
        group: random.once_in(5).then(|| random.below(GROUPS)),
    }
}
