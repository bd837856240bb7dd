//! Pages of users by group, role and state, and of those made by hand.

use app::port::roster::Common;
use domain::{Access, ManagedBy, Standing, State, UserId};
use serde_json::{Value, json};

use super::Factory;
use super::access::{active, write};
use super::world::{AT, World, role, user, user_at};

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

/// Those an administrator made, until somebody else writes them.
pub(super) fn by_hand(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let mut made: Vec<UserId> = Vec::new();
    for world in [&world, &other] {
        made.clear();
        for number in 0..6 {
            let mut written = user(json!({ "userName": format!("u{number}") }));
            if number % 2 == 0 {
                written.row.managed_by = ManagedBy::Admin;
                made.push(written.row.id);
            }
            let row = written.row.clone();
            world.shared(move |tx| Ok(tx.insert_user(&written, Standing::default())?));
            let id = row.id;
            assert_eq!(world.read(move |tx| Ok(tx.user(id)?)), Some(row));
        }
    }
    made.sort();
    let page = |after, limit| other.read(move |tx| Ok(tx.users_by_hand(after, limit)?));
    assert_eq!(page(None, 100), made);
    assert_eq!(page(None, 2), made[..2]);
    assert_eq!(page(Some(made[0]), 2), made[1..]);
    assert_eq!(page(Some(made[2]), 2), []);
    for (id, keys_differ) in [(made[0], false), (made[1], true)] {
        other.shared(move |tx| {
            let row = tx.user_for_update(id)?.expect("the user is there");
            let before: Value = serde_json::from_str(&row.document).unwrap();
            let mut body = before.clone();
            body["title"] = json!("taken over");
            if keys_differ {
                body["externalId"] = json!("7");
            }
            let before = user_at(id, row.version, row.modified, before).keys;
            Ok(tx.update_user(&user_at(id, row.version + 1, AT, body), &before)?)
        });
    }
    assert_eq!(page(None, 100), made[2..]);
    assert_eq!(world.read(|tx| Ok(tx.users_by_hand(None, 100)?)).len(), 3);
}
