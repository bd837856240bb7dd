//! Protected roles that are held.

use app::port::grants::HoldRow;
use domain::UserId;

use super::Factory;
use super::world::{AT, World, role};

fn hold(user: UserId, key: &str, since: i64) -> HoldRow {
    HoldRow {
        user,
        role: role(key),
        since,
    }
}

fn place(world: &World, row: &HoldRow) {
    let row = row.clone();
    world.shared(move |tx| Ok(tx.place_hold(&row)?));
}

/// By user and role; the first moment stays; each is a fact of its user.
pub(super) fn are_placed_and_released(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users = ["a", "b"].map(|name| world.add_user(name));
    users.sort();
    let [a, b] = users;
    let check = |expected: &[HoldRow]| {
        let (holds, facts) = world.read(move |tx| Ok((tx.holds()?, tx.user_facts(&users)?)));
        assert_eq!(holds, expected);
        for (user, facts) in facts {
            let of_user = expected.iter().filter(|hold| hold.user == user);
            let roles: Vec<_> = of_user.map(|hold| hold.role.clone()).collect();
            assert_eq!(facts.holds, roles);
        }
    };
    check(&[]);
    for row in [
        hold(b, "admin", 3),
        hold(a, "owner", 2),
        hold(a, "admin", 1),
    ] {
        place(&world, &row);
    }
    place(&world, &hold(a, "owner", AT));
    check(&[
        hold(a, "admin", 1),
        hold(a, "owner", 2),
        hold(b, "admin", 3),
    ]);
    world.shared(move |tx| {
        tx.release_hold(a, &role("admin"))?;
        tx.release_hold(b, &role("owner"))?;
        Ok(())
    });
    check(&[hold(a, "owner", 2), hold(b, "admin", 3)]);
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(b)?)));
    let left = world.read(|tx| Ok(tx.holds()?));
    assert_eq!(left, [hold(a, "owner", 2)]);
    assert!(world.other("other").read(|tx| Ok(tx.holds()?)).is_empty());
}
