//! The organization as plain sets, and everybody's facts from scratch. Knows no store, no stale
//! mark and no increment.

mod facts;
mod map;
mod places;
mod settle;
mod users;

use std::collections::{BTreeMap, BTreeSet};

use app::Code;
use app::port::grants::GrantScope;
use domain::{
    Access, Gives, GrantKind, GroupId, OrgFacts, Origin, ProjectId, RoleClaim, RoleKey, Standing,
    UserId, WorkspaceId,
};
use uuid::Uuid;

pub(super) use map::{Target, Wanted};

#[derive(Clone, Debug)]
pub(super) struct User {
    pub(super) name: String,
    pub(super) active: bool,
    pub(super) claims: Vec<RoleClaim>,
    pub(super) standing: Standing,
    pub(super) grants: BTreeMap<GrantScope, (Gives, GrantKind)>,
    pub(super) holds: BTreeSet<RoleKey>,
}

impl User {
    /// A user as the identity provider sends one.
    pub(super) fn new(name: String, active: bool, claims: Vec<RoleClaim>) -> User {
        User {
            name,
            active,
            claims,
            standing: Standing::default(),
            grants: BTreeMap::new(),
            holds: BTreeSet::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) name: String,
    /// Users and groups.
    pub(super) members: BTreeSet<Uuid>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) name: String,
    pub(super) gives: Gives,
    pub(super) bound: Option<GroupId>,
}

/// A workspace with its projects by slug.
#[derive(Clone, Debug)]
pub(super) struct Workspace {
    pub(super) id: WorkspaceId,
    pub(super) projects: BTreeMap<String, ProjectId>,
}

#[derive(Clone)]
pub(super) struct Model {
    pub(super) org: OrgFacts,
    pub(super) seat_limit: Option<u32>,
    pub(super) users: BTreeMap<UserId, User>,
    pub(super) groups: BTreeMap<GroupId, Group>,
    pub(super) rules: Vec<Rule>,
    pub(super) places: BTreeMap<String, Workspace>,
    /// Everybody's access after the last step.
    pub(super) access: BTreeMap<UserId, Access>,
}

/// What a request is answered.
pub(super) type Answer = Result<(), Code>;

/// Why candidates of organization rules may have come or gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// The identity provider changed members, or deleted a group.
    Groups,
    /// The identity provider made or renamed a group, by which a rule may have found it.
    Names,
    /// The identity provider changed a user.
    Attributes,
    /// An administrator changed mapping, catalog, policies or places.
    Rules,
    /// An administrator granted or took back, or the app reported a sign-in.
    Hand,
}

impl By {
    fn origin(self) -> Origin {
        match self {
            By::Groups | By::Names | By::Attributes => Origin::Provisioning,
            By::Rules | By::Hand => Origin::Admin,
        }
    }
}

impl Model {
    pub(super) fn new(org: OrgFacts) -> Model {
        Model {
            org,
            seat_limit: None,
            users: BTreeMap::new(),
            groups: BTreeMap::new(),
            rules: Vec::new(),
            places: BTreeMap::new(),
            access: BTreeMap::new(),
        }
    }

    /// A request: all of it happens, with everything that follows, or nothing does.
    pub(super) fn request(&mut self, by: By, change: impl FnOnce(&mut Model) -> Answer) -> Answer {
        let mut next = self.clone();
        let had = next.mapped();
        change(&mut next)?;
        next.follow(by, &had)?;
        *self = next;
        Ok(())
    }

    fn user(&mut self, id: UserId) -> Result<&mut User, Code> {
        self.users.get_mut(&id).ok_or(Code::NotFound)
    }

    /// Whoever is gone is nobody's member.
    fn forget(&mut self, id: Uuid) {
        for group in self.groups.values_mut() {
            group.members.remove(&id);
        }
    }
}

pub(super) fn key(role: &str) -> RoleKey {
    RoleKey::new(role).expect("roles of histories are well formed")
}
