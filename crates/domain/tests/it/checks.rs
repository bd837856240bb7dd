//! What must hold after any history.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, Candidate, Gives, GrantKind, OrgFacts, ProjectRole, Reason, Resolution, RoleKey, Scope,
    State, UserFacts, UserId, WorkspaceVia, holds_role, resolve,
};
use rolecall_domain as domain;

use crate::model::World;
use crate::op::Op;
use crate::replay::replay;

pub(crate) fn all(world: &World) {
    for id in world.users.keys() {
        let facts = world.facts(*id);
        let resolution = resolve(&world.org, &facts);
        // Incremental = from scratch.
        assert_eq!(world.stored.get(id), Some(&resolution.access));
        listing_order_never_matters(&world.org, &facts, &resolution);
        role_is_the_highest(&world.org, &facts, &resolution.access);
        unmappable_comes_by_hand(&world.org, &facts, &resolution.access);
        reasons_are_complete(&resolution);
        deactivation_takes_everything_and_gives_it_back(&world.org, &facts, &resolution.access);
    }
    assert_eq!(world.stored.len(), world.users.len());
    events_tell_everything(world);
}

fn listing_order_never_matters(org: &OrgFacts, facts: &UserFacts, expected: &Resolution) {
    let mut other = facts.clone();
    other.rules.reverse();
    other.grants.reverse();
    other.role_claims.reverse();
    other.holds.reverse();
    assert_eq!(&resolve(org, &other), expected);
}

/// Says again, in the plainest way, what point 2 says.
fn role_is_the_highest(org: &OrgFacts, facts: &UserFacts, access: &Access) {
    if access.state == State::Deactivated {
        return;
    }
    let rank = |key: &RoleKey| org.catalog.rank(key);
    let mapped = |key: &RoleKey| {
        org.catalog
            .get(key)
            .filter(|role| role.mappable)
            .and(rank(key))
    };
    let granted = |kind: GrantKind| {
        let of_kind = facts.grants.iter().filter(move |grant| grant.kind == kind);
        of_kind.filter_map(|grant| match &grant.target {
            Gives::Organization(key) => rank(key),
            _ => None,
        })
    };
    let ruled = facts
        .rules
        .iter()
        .filter_map(|matched| match &matched.gives {
            Gives::Organization(key) if matched.via.is_empty() || org.policies.nested_groups => {
                mapped(key)
            }
            _ => None,
        });
    let primaries = facts.role_claims.iter().any(|claim| claim.primary);
    let claims = facts
        .role_claims
        .iter()
        .filter(|claim| claim.primary || !primaries);
    let claimed = claims
        .filter(|_| org.policies.roles_attribute)
        .filter_map(|claim| {
            mapped(
                &org.catalog
                    .by_claim(&claim.value, claim.display.as_deref())?
                    .key,
            )
        });
    let held = facts.holds.iter().filter_map(mapped);
    let floor = granted(GrantKind::Floor)
        .chain(ruled)
        .chain(claimed)
        .chain(held)
        .min();
    let default = org.policies.default_role.as_ref().and_then(mapped);
    let expected = granted(GrantKind::Fixed).min().or(floor).or(default);
    assert_eq!(access.role.as_ref().and_then(rank), expected);
}

fn unmappable_comes_by_hand(org: &OrgFacts, facts: &UserFacts, access: &Access) {
    let by_hand = |key: &RoleKey| {
        facts.grants.iter().any(|grant| match &grant.target {
            Gives::Organization(role) | Gives::Project(_, ProjectRole::Role(role)) => role == key,
            _ => false,
        })
    };
    let own = access.projects.values().filter_map(|role| match role {
        ProjectRole::Role(key) => Some(key),
        ProjectRole::Inherit => None,
    });
    for key in access.role.iter().chain(own) {
        assert!(
            org.catalog.get(key).unwrap().mappable || by_hand(key),
            "{key}"
        );
    }
}

/// At most one winner per scope, which is what the access says; every loser has its reason.
fn reasons_are_complete(resolution: &Resolution) {
    let mut winners: BTreeMap<Scope, &Candidate> = BTreeMap::new();
    for Reason {
        scope,
        candidate,
        won,
        lost_because,
        ..
    } in &resolution.because
    {
        assert_eq!(*won, lost_because.is_none());
        if *won {
            assert_eq!(winners.insert(*scope, candidate), None, "{scope:?}");
        }
    }
    let access = &resolution.access;
    let role = access
        .role
        .clone()
        .map(|key| (Scope::Organization, Candidate::Role(key)));
    let workspaces = access
        .workspaces
        .keys()
        .map(|id| (Scope::Workspace(*id), Candidate::Member));
    let projects = access
        .projects
        .iter()
        .map(|(id, role)| (Scope::Project(*id), role.into()));
    let expected: BTreeMap<Scope, Candidate> =
        role.into_iter().chain(workspaces).chain(projects).collect();
    let winners: BTreeMap<_, _> = winners.into_iter().map(|(s, c)| (s, c.clone())).collect();
    assert_eq!(winners, expected);
}

fn deactivation_takes_everything_and_gives_it_back(
    org: &OrgFacts,
    facts: &UserFacts,
    access: &Access,
) {
    if access.state == State::Deactivated {
        assert_eq!(*access, Access::nothing());
    }
    assert!(!access.seat || access.state == State::Active);
    let inactive = UserFacts {
        active: false,
        ..facts.clone()
    };
    assert_eq!(resolve(org, &inactive).access, Access::nothing());
    // Reactivation clears `left_mapped` and is a recomputation otherwise.
    let back = UserFacts {
        active: true,
        left_mapped: false,
        ..facts.clone()
    };
    let restored = resolve(org, &back).access;
    assert_ne!(restored.state, State::Deactivated);
    if access.state != State::Deactivated && !facts.left_mapped {
        assert_eq!(restored, *access);
    }
}

fn events_tell_everything(world: &World) {
    // Where a membership comes from is no event.
    let told = |users: &BTreeMap<UserId, Access>| -> BTreeMap<UserId, Access> {
        let mut users = users.clone();
        let rows = users
            .values_mut()
            .flat_map(|access| access.workspaces.values_mut());
        rows.for_each(|via| *via = WorkspaceVia::Rule);
        users
    };
    assert_eq!(told(&replay(&world.feed)), told(&world.stored));
}

/// The protected roles of the catalog that somebody active has.
pub(crate) fn holders(world: &World) -> BTreeSet<RoleKey> {
    let protected = world
        .org
        .catalog
        .roles()
        .iter()
        .filter(|role| role.protected);
    let held = protected.filter(|role| {
        world
            .stored
            .values()
            .any(|access| holds_role(&world.org.catalog, &role.key, access))
    });
    held.map(|role| role.key.clone()).collect()
}

/// Groups, attributes and rules never leave a protected role without an active holder.
pub(crate) fn last_holder_is_kept(before: &BTreeSet<RoleKey>, op: &Op, world: &World) {
    if op.is_guarded() {
        assert!(before.is_subset(&holders(world)), "{op:?} took {before:?}");
    }
}
