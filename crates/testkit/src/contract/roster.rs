//! Pages of users by group, role and state.

use app::port::roster::Common;
use domain::{Access, State, UserId};

use super::Factory;
use super::access::{active, write};
use super::world::{World, role};

/// Every combination against the users themselves, in pages of one, two and many.
pub(super) fn in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users: Vec<UserId> = (0..24).map(|n| world.add_user(&format!("u{n}"))).collect();
    users.sort();
    let (group, inner) = (world.add_group("g"), world.add_group("inner"));
    let members: Vec<_> = users.iter().step_by(2).map(|user| user.0).collect();
    world.join(group, &members);
    world.join(group, &[inner.0]);
    let access = |place: usize| match place % 6 {
        0 => active("admin"),
        1 | 2 => active("member"),
        3 => Access {
            state: State::NotActivated,
            seat: false,
            ..active("admin")
        },
        4 => Access {
            role: None,
            seat: false,
            ..active("member")
        },
        _ => Access::nothing(),
    };
    let all: Vec<(UserId, Access)> = users
        .iter()
        .enumerate()
        .map(|(place, user)| (*user, access(place)))
        .collect();
    let writes: Vec<_> = all
        .iter()
        .map(|(user, access)| write(*user, None, access.clone()))
        .collect();
    world.shared(move |tx| Ok(tx.save_access(&writes)?));
    let other = world.other("other");
    other.add_user("u0");
    let states = [
        None,
        Some(State::Active),
        Some(State::NotActivated),
        Some(State::Deactivated),
    ];
    for of in [None, Some(group), Some(inner)] {
        for key in [None, Some("admin"), Some("member"), Some("nobody")] {
            for state in states {
                let common = Common {
                    group: of,
                    role: key.map(role),
                    state,
                };
                let expected: Vec<UserId> = all
                    .iter()
                    .filter(|(user, access)| {
                        of.is_none_or(|of| of == group && members.contains(&user.0))
                            && key.is_none_or(|key| access.role == Some(role(key)))
                            && state.is_none_or(|state| access.state == state)
                    })
                    .map(|(user, _)| *user)
                    .collect();
                for limit in [1, 2, 100] {
                    assert_eq!(
                        paged(&world, &common, limit),
                        expected,
                        "{common:?} {limit}"
                    );
                }
            }
        }
    }
}

fn paged(world: &World, common: &Common, limit: u64) -> Vec<UserId> {
    let mut found: Vec<UserId> = Vec::new();
    loop {
        let (common, after) = (common.clone(), found.last().copied());
        let page = world.read(move |tx| Ok(tx.roster(&common, after, limit)?));
        assert!(page.len() as u64 <= limit);
        if page.is_empty() {
            return found;
        }
        found.extend(page);
    }
}
