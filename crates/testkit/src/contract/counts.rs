//! Numbers that decisions need.

use app::port::Lock;
use app::port::counts::Losses;
use domain::{Access, RoleKey, State, UserId};

use super::Factory;
use super::access::{active, write};
use super::job::Stop;
use super::races::together;
use super::world::{World, role};

/// Seats, states, users, marks.
pub(super) fn tell_what_is_stored(factory: Factory<'_>) {
    let world = World::new(factory);
    let check = |seats: u64, active: u64, all: u64, stale: u64| {
        let counted = world.read(|tx| {
            Ok((
                tx.seats_used()?,
                tx.active_users(u64::MAX)?,
                tx.all_users()?,
                tx.stale_count()?,
            ))
        });
        assert_eq!(counted, (seats, active, all, stale));
    };
    check(0, 0, 0, 0);
    let [a, b, c, d, last] = ["a", "b", "c", "d", "e"].map(|name| world.add_user(name));
    let unseated = Access {
        seat: false,
        ..active("member")
    };
    let without = Access {
        role: None,
        ..unseated.clone()
    };
    let pending = Access {
        state: State::NotActivated,
        ..unseated.clone()
    };
    let results = [
        write(a, None, active("admin")),
        write(b, None, unseated),
        write(c, None, without),
        write(d, None, pending),
        write(last, None, Access::nothing()),
    ];
    world.shared(move |tx| {
        tx.save_access(&results)?;
        Ok(tx.mark_stale(&[a, last], false)?)
    });
    check(1, 3, 5, 2);
    world.shared(move |tx| {
        tx.save_access(&[
            write(a, Some(active("admin")), Access::nothing()),
            write(last, Some(Access::nothing()), active("member")),
        ])?;
        Ok(tx.clear_stale(&[a])?)
    });
    check(1, 3, 5, 1);
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(last)?)));
    check(0, 2, 4, 0);
    let other = world.other("other");
    other.add_user("a");
    check(0, 2, 4, 0);
    assert_eq!(world.read(|tx| Ok(tx.active_users(1)?)), 1);
}

/// Sets the limit of seats.
fn limit(world: &World, limit: Option<u32>) {
    world.exclusive(move |tx| {
        let mut settings = (*tx.settings()?).clone();
        settings.seat_limit = limit;
        settings.version += 1;
        Ok(tx.save_settings(&settings)?)
    });
}

/// As counted, where they are limited and where they are not.
pub(super) fn seats_follow_every_change(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let used = |world: &World| world.read(|tx| Ok(tx.seats_used()?));
    let [a, b, c, d] = ["a", "b", "c", "d"].map(|name| world.add_user(name));
    let save = |user, before: Option<Access>, after: Access| {
        world
            .shared(move |tx| Ok(tx.save_access(&[write(user, before.clone(), after.clone())])?));
    };
    save(a, None, active("member"));
    limit(&world, Some(10));
    assert_eq!(used(&world), 1, "those of before are counted");
    let several = [
        write(b, None, active("member")),
        write(c, None, active("admin")),
        write(d, None, Access::nothing()),
    ];
    world.shared(move |tx| Ok(tx.save_access(&several)?));
    assert_eq!(used(&world), 3);
    save(b, Some(active("member")), active("admin"));
    save(c, Some(active("admin")), Access::nothing());
    assert_eq!(used(&world), 2);
    let refused = world.attempt(Lock::Shared, move |tx| {
        tx.save_access(&[write(c, Some(Access::nothing()), active("member"))])?;
        Err::<(), _>(Stop::Refuse)
    });
    assert!(refused.is_err());
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(a)?)));
    assert!(world.exclusive(move |tx| Ok(tx.delete_user(d)?)));
    assert_eq!(used(&world), 1);
    limit(&world, Some(11));
    limit(&world, None);
    save(c, Some(Access::nothing()), active("member"));
    assert_eq!(used(&world), 2, "without a limit");
    limit(&world, Some(1));
    assert_eq!(used(&world), 2);
    // In one unit with what follows from it.
    world.exclusive(move |tx| {
        let mut settings = (*tx.settings()?).clone();
        settings.seat_limit = None;
        settings.version += 1;
        tx.save_settings(&settings)?;
        tx.save_access(&[write(c, Some(active("member")), Access::nothing())])?;
        settings.seat_limit = Some(5);
        settings.version += 1;
        Ok(tx.save_settings(&settings)?)
    });
    assert_eq!((used(&world), used(&other)), (1, 0));
}

/// Several give and take them at once.
pub(super) fn seats_that_move_at_once(factory: Factory<'_>) {
    const EACH: usize = 15;
    let world = World::new(factory);
    limit(&world, Some(1_000));
    let users: Vec<Vec<UserId>> = (0..4)
        .map(|of| {
            let names = (0..EACH).map(|number| format!("u{of}-{number}"));
            names.map(|name| world.add_user(&name)).collect()
        })
        .collect();
    together(4, |thread| {
        for (place, user) in users[thread].iter().copied().enumerate() {
            let take = write(user, None, active("member"));
            world.shared(move |tx| Ok(tx.save_access(std::slice::from_ref(&take))?));
            if place % 3 == 0 {
                let give = write(user, Some(active("member")), Access::nothing());
                world.shared(move |tx| Ok(tx.save_access(std::slice::from_ref(&give))?));
            }
            if place % 5 == 4 {
                world.exclusive(move |tx| Ok(tx.delete_user(user)?));
            }
        }
    });
    let (used, rows) = world.read(|tx| Ok((tx.seats_used()?, tx.access_page(None, 1_000)?)));
    let taken = rows.iter().filter(|row| row.access.seat).count();
    // Of fifteen five gave theirs back and three, one of those five among them, went away.
    assert_eq!((used, taken), (4 * 8, 4 * 8));
}

/// Active ones of any of the roles, in id order, a hundred at a time.
pub(super) fn holders_in_pages(factory: Factory<'_>) {
    let world = World::new(factory);
    let mut users: Vec<UserId> = (0..250).map(|n| world.add_user(&format!("u{n}"))).collect();
    users.sort();
    let access = |place: usize| match place % 5 {
        0 => active("admin"),
        1 => active("owner"),
        2 => active("member"),
        3 => Access {
            state: State::NotActivated,
            seat: false,
            ..active("admin")
        },
        _ => Access::nothing(),
    };
    let saved: Vec<_> = users
        .iter()
        .enumerate()
        .map(|(place, user)| write(*user, None, access(place)))
        .collect();
    let marked = users[5];
    world.shared(move |tx| {
        tx.save_access(&saved)?;
        Ok(tx.mark_stale(&[marked], true)?)
    });
    let check = |keys: &[&str], places: &[usize]| {
        let roles: Vec<RoleKey> = keys.iter().map(|key| role(key)).collect();
        let mut seen = Vec::new();
        loop {
            let (roles, after) = (roles.clone(), seen.last().copied());
            let page = world.read(move |tx| Ok(tx.holders(&roles, after)?));
            assert!(page.len() <= 100);
            assert!(
                page.iter()
                    .all(|row| row.left_group == (row.user == marked))
            );
            assert!(page.iter().all(|row| row.stale == (row.user == marked)));
            if page.is_empty() {
                break;
            }
            seen.extend(page.iter().map(|row| row.user));
        }
        let of_these = |place: &usize| places.contains(&(place % 5));
        let expected: Vec<UserId> = (0..250)
            .filter(of_these)
            .map(|place| users[place])
            .collect();
        assert_eq!(seen, expected, "{keys:?}");
    };
    check(&["admin"], &[0]);
    check(&["admin", "owner", "admin"], &[0, 1]);
    check(&["owner", "member", "admin"], &[0, 1, 2]);
    check(&["nobody"], &[]);
    check(&[], &[]);
}

/// Summed over the last minutes, this one included; an alarm is remembered as long.
pub(super) fn losses_by_minute(factory: Factory<'_>) {
    const MINUTE: i64 = 60_000;
    let world = World::new(factory);
    let base = 1_000 * MINUTE;
    // Every other one stays active.
    let lost = |users: u64, alarmed: bool| Losses {
        users,
        still_active: users.div_ceil(2),
        alarmed,
    };
    let add = |minute: i64, users: u64| {
        let one = lost(users, false);
        world.shared(move |tx| Ok(tx.add_losses(base + minute * MINUTE, one, 10)?))
    };
    let check = |minute: i64, minutes: u64, users: u64, still: u64, alarmed: bool| {
        let at = base + minute * MINUTE + 59_999;
        let read = world.read(move |tx| Ok(tx.losses(at, minutes)?));
        let sum = Losses {
            users,
            still_active: still,
            alarmed,
        };
        assert_eq!(read, sum, "{minute} {minutes}");
    };
    check(0, 10, 0, 0, false);
    let sum = |users, still_active| Losses {
        users,
        still_active,
        alarmed: false,
    };
    assert_eq!(add(0, 3), sum(3, 2));
    assert_eq!(add(0, 0), sum(3, 2));
    assert_eq!(add(0, 2), sum(5, 3));
    assert_eq!(add(9, 1), sum(6, 4));
    assert_eq!(add(10, 1), sum(2, 2));
    check(9, 10, 6, 4, false);
    check(10, 10, 2, 2, false);
    check(10, 1, 1, 1, false);
    check(10, 11, 7, 5, false);
    check(8, 10, 5, 3, false);
    world.shared(move |tx| Ok(tx.note_alarm(base + 10 * MINUTE)?));
    check(10, 10, 2, 2, true);
    check(19, 10, 1, 1, true);
    check(20, 10, 0, 0, false);
    check(9, 10, 6, 4, false);
    let alarmed = Losses {
        alarmed: true,
        ..sum(3, 3)
    };
    assert_eq!(add(10, 1), alarmed);
    world.shared(move |tx| Ok(tx.note_alarm(base + 30 * MINUTE)?));
    check(30, 10, 0, 0, true);
    let other = world.other("other");
    let none = other.read(move |tx| Ok(tx.losses(base + 10 * MINUTE, 100)?));
    assert_eq!(none, Losses::default());
}
