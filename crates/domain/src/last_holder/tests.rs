#![expect(clippy::unwrap_used, reason = "tests")]

use uuid::Uuid;

use super::*;
use crate::preset::Preset;

fn users(numbers: &[u128]) -> Vec<UserId> {
    numbers
        .iter()
        .map(|n| UserId(Uuid::from_u128(*n)))
        .collect()
}

struct Unit<'a> {
    remaining: u64,
    losing: &'a [u128],
    held: &'a [u128],
    hold_ended: &'a [u128],
    deactivated: bool,
}

const QUIET: Unit<'_> = Unit {
    remaining: 0,
    losing: &[],
    held: &[],
    hold_ended: &[],
    deactivated: false,
};

fn decide(policies: &Policies, role: &Role, unit: &Unit<'_>, origin: Origin) -> Option<Holds> {
    let (losing, held) = (users(unit.losing), users(unit.held));
    let holders = Holders {
        remaining: unit.remaining,
        losing: &losing,
        held: &held,
        hold_ended: &users(unit.hold_ended),
        deactivated: unit.deactivated,
    };
    keep_last_holder(policies, role, holders, origin).ok()
}

/// Decides for the admin role of `plain`: users to place and release holds for, and vacancy.
fn check(unit: &Unit<'_>, place: &[u128], release: &[u128], vacant: bool) {
    let (policies, catalog) = (Preset::Plain.policies(), Preset::Plain.catalog());
    let expected = Holds {
        place: users(place),
        release: users(release),
        vacant,
    };
    let admin = &catalog.roles()[0];
    let got = decide(&policies, admin, unit, Origin::Provisioning);
    assert_eq!(got, Some(expected.clone()));
    // The admin API gets the same answer, or no.
    let expected = place.is_empty().then_some(expected);
    assert_eq!(decide(&policies, admin, unit, Origin::Admin), expected);
}

#[test]
fn d17_those_who_lose_the_role_in_the_unit_keep_it_when_nobody_is_left() {
    check(
        &Unit {
            losing: &[1, 2],
            ..QUIET
        },
        &[1, 2],
        &[],
        false,
    );
    check(
        &Unit {
            losing: &[1, 2],
            remaining: 1,
            ..QUIET
        },
        &[],
        &[],
        false,
    );
    // One is deactivated and one loses the role in the same unit.
    check(
        &Unit {
            losing: &[1],
            deactivated: true,
            ..QUIET
        },
        &[1],
        &[],
        false,
    );
    check(&QUIET, &[], &[], false);
}

#[test]
fn a_hold_ends_when_another_holder_appears() {
    check(
        &Unit {
            held: &[1],
            remaining: 1,
            ..QUIET
        },
        &[],
        &[1],
        false,
    );
    check(
        &Unit {
            held: &[1],
            ..QUIET
        },
        &[],
        &[],
        false,
    );
    check(
        &Unit {
            hold_ended: &[1],
            remaining: 1,
            ..QUIET
        },
        &[],
        &[1],
        false,
    );
    // While somebody is held, others may lose it.
    check(
        &Unit {
            held: &[1],
            losing: &[2],
            ..QUIET
        },
        &[],
        &[],
        false,
    );
}

#[test]
fn deactivation_and_delete_take_everything_and_say_so() {
    check(
        &Unit {
            deactivated: true,
            ..QUIET
        },
        &[],
        &[],
        true,
    );
    check(
        &Unit {
            deactivated: true,
            remaining: 2,
            ..QUIET
        },
        &[],
        &[],
        false,
    );
    check(
        &Unit {
            deactivated: true,
            hold_ended: &[1],
            ..QUIET
        },
        &[],
        &[1],
        true,
    );
    check(
        &Unit {
            deactivated: true,
            hold_ended: &[1],
            losing: &[2],
            ..QUIET
        },
        &[2],
        &[1],
        false,
    );
}

#[test]
fn nobody_is_kept_in_a_role_that_is_not_guarded() {
    fn check(role: usize, policy: &str, vacant: bool) {
        let policies = Preset::Plain
            .policies()
            .with([("last_holder", policy)])
            .unwrap();
        let catalog = Preset::Plain.catalog();
        let unit = Unit {
            losing: &[1],
            held: &[2],
            ..QUIET
        };
        let got = decide(&policies, &catalog.roles()[role], &unit, Origin::Admin).unwrap();
        assert_eq!(
            got,
            Holds {
                place: Vec::new(),
                release: users(&[2]),
                vacant
            }
        );
    }
    check(0, "off", true);
    check(1, "hold", false);
}

#[test]
fn holders_are_active_and_have_the_role_or_a_higher_one() {
    fn check(role: &str, own: Option<&str>, state: State, expected: bool) {
        let own = own.map(|own| RoleKey::new(own).unwrap());
        let access = Access {
            state,
            role: own,
            ..Access::nothing()
        };
        let catalog = Preset::Datasaur.catalog();
        let role = RoleKey::new(role).unwrap();
        assert_eq!(
            holds_role(&catalog, &role, &access),
            expected,
            "{role} {access:?}"
        );
    }
    check("admin", Some("admin"), State::Active, true);
    check("reviewer", Some("admin"), State::Active, true);
    check("admin", Some("reviewer"), State::Active, false);
    check("admin", Some("admin"), State::NotActivated, false);
    check("admin", None, State::Active, false);
    check("admin", Some("gone"), State::Active, false);
    check("gone", Some("admin"), State::Active, false);
}

#[test]
fn the_refusal_names_the_role_and_the_way_out() {
    let role = RoleKey::new("admin").unwrap();
    let text = LastHolderError { role }.to_string();
    assert!(
        text.contains("'admin'") && text.contains("another active user"),
        "{text}"
    );
}
