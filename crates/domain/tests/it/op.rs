//! The steps of a random history, read from four bytes so that they are made and shrunk
//! quickly.

use domain::{
    Catalog, Gives, GrantKind, GroupId, Preset, ProjectId, ProjectRole, RoleClaim, RoleKey,
};
use domain::{UserId, WorkspaceId};
use rolecall_domain as domain;
use uuid::Uuid;

/// Names of groups, in rules and of real groups.
pub(crate) const NAMES: [&str; 4] = ["alpha", "beta", "gamma", "delta"];

/// Role keys of several presets, so that some are unknown after a change of catalog.
const ROLES: [&str; 7] = [
    "owner",
    "admin",
    "administrator",
    "manager",
    "reviewer",
    "annotator",
    "member",
];

#[derive(Debug, Clone)]
pub(crate) enum Op {
    CreateUser(UserId),
    RemoveUser(UserId),
    SetActive(UserId, bool),
    SignIn(UserId),
    Restore(UserId),
    SetClaims(UserId, Vec<RoleClaim>),
    Grant(UserId, GrantKind, Gives),
    Ungrant(UserId),
    CreateGroup(GroupId, &'static str),
    RenameGroup(GroupId, &'static str),
    DeleteGroup(GroupId),
    AddMember(GroupId, UserId),
    RemoveMember(GroupId, UserId),
    Nest(GroupId, GroupId),
    Unnest(GroupId, GroupId),
    AddRule(&'static str, Gives),
    RemoveRule(usize),
    SetPolicy(&'static str, &'static str),
    SetCatalog(Catalog),
}

impl Op {
    pub(crate) fn decode([what, a, b, c]: [u8; 4]) -> Self {
        match what % 32 {
            0..4 => Self::CreateUser(user(a)),
            4 => Self::RemoveUser(user(a)),
            5 => Self::SetActive(user(a), false),
            6 => Self::SetActive(user(a), true),
            7 => Self::SignIn(user(a)),
            8 => Self::Restore(user(a)),
            9..11 => Self::SetClaims(user(a), vec![claim(b), claim(c)]),
            11..13 => Self::Grant(user(a), kind(c), gives(b, c)),
            13 => Self::Ungrant(user(a)),
            14..17 => Self::CreateGroup(group(a), name(b)),
            17 => Self::RenameGroup(group(a), name(b)),
            18 => Self::DeleteGroup(group(a)),
            19..23 => Self::AddMember(group(a), user(b)),
            23 => Self::RemoveMember(group(a), user(b)),
            24 => Self::Nest(group(a), group(b)),
            25 => Self::Unnest(group(a), group(b)),
            26..29 => Self::AddRule(name(a), gives(b, c)),
            29 => Self::RemoveRule(usize::from(a)),
            30 => policy(a, b),
            _ => Self::SetCatalog(catalog(a, b)),
        }
    }

    /// Whether the identity provider or the rules are behind it, and nobody is deactivated
    /// or removed by it.
    pub(crate) fn is_guarded(&self) -> bool {
        matches!(
            self,
            Self::SetClaims(..)
                | Self::CreateGroup(..)
                | Self::RenameGroup(..)
                | Self::DeleteGroup(..)
                | Self::AddMember(..)
                | Self::RemoveMember(..)
                | Self::Nest(..)
                | Self::Unnest(..)
                | Self::AddRule(..)
                | Self::RemoveRule(..)
        )
    }
}

pub(crate) fn user(n: u8) -> UserId {
    UserId(Uuid::from_u128(u128::from(n % 3)))
}

pub(crate) fn group(n: u8) -> GroupId {
    GroupId(Uuid::from_u128(100 + u128::from(n % 3)))
}

pub(crate) fn name(n: u8) -> &'static str {
    NAMES[usize::from(n) % NAMES.len()]
}

pub(crate) fn gives(what: u8, which: u8) -> Gives {
    let project = ProjectId(Uuid::from_u128(u128::from(which % 2)));
    match what % 6 {
        0..3 => Gives::Organization(role(which)),
        3 => Gives::Workspace(WorkspaceId(Uuid::from_u128(u128::from(which % 2)))),
        4 => Gives::Project(project, ProjectRole::Role(role(which / 2))),
        _ => Gives::Project(project, ProjectRole::Inherit),
    }
}

pub(crate) fn claim(n: u8) -> RoleClaim {
    let word = |n: u8| {
        ROLES
            .get(usize::from(n) % 9)
            .map_or("Nonsense", |role| role)
            .to_uppercase()
    };
    let display = n.is_multiple_of(5).then(|| word(n / 7));
    RoleClaim {
        value: word(n),
        display,
        primary: n.is_multiple_of(4),
    }
}

/// A preset's catalog, with one flag of one role the other way round.
fn catalog(a: u8, b: u8) -> Catalog {
    let preset = Preset::ALL[usize::from(a) % Preset::ALL.len()];
    let mut roles = preset.catalog().roles().to_vec();
    let place = usize::from(b / 8) % roles.len();
    let role = &mut roles[place];
    let flag = match b % 8 {
        0 => &mut role.takes_seat,
        1 => &mut role.sees_all_workspaces,
        2 => &mut role.mappable,
        3 => &mut role.protected,
        4 => &mut role.project_assignable,
        _ => return preset.catalog(),
    };
    *flag = !*flag;
    Catalog::new(roles).unwrap()
}

fn role(n: u8) -> RoleKey {
    RoleKey::new(ROLES[usize::from(n) % ROLES.len()]).unwrap()
}

fn kind(n: u8) -> GrantKind {
    if n.is_multiple_of(3) {
        GrantKind::Fixed
    } else {
        GrantKind::Floor
    }
}

fn policy(a: u8, b: u8) -> Op {
    let keys = [
        "when_unmapped",
        "roles_attribute",
        "nested_groups",
        "require_activation",
    ];
    let key = keys[usize::from(a) % keys.len()];
    let row = domain::POLICIES.iter().find(|row| row.key == key).unwrap();
    Op::SetPolicy(key, row.values[usize::from(b) % row.values.len()])
}
