//! Point 1: the state, and what it leaves of the rest.

use super::*;

fn check(org: &OrgFacts, facts: Facts, state: State, cause: StateCause) {
    let resolution = resolve(org, &facts.0);
    assert_eq!(
        (resolution.access.state, resolution.state_cause),
        (state, cause)
    );
}

#[test]
fn the_first_cause_that_applies_decides_the_state() {
    use State::{Active, Deactivated, NotActivated};
    use StateCause as Why;
    let user = |is: bool, left: bool, awaiting: bool| {
        active().set(|user| {
            (user.active, user.left_mapped, user.awaiting_activation) = (is, left, awaiting);
        })
    };
    let studio = org(Preset::LabelStudio, &[]);
    check(&studio, user(true, false, false), Active, Why::Active);
    check(
        &studio,
        user(true, false, true),
        NotActivated,
        Why::AwaitingActivation,
    );
    check(
        &studio,
        user(true, true, true),
        Deactivated,
        Why::LeftMapped,
    );
    check(&studio, user(false, true, true), Deactivated, Why::Inactive);
    // D14: elsewhere leaving the last mapped group gives the default role.
    let plain = org(Preset::Plain, &[]);
    check(&plain, user(true, true, false), Active, Why::Active);
    check(
        &plain,
        user(true, true, true),
        NotActivated,
        Why::AwaitingActivation,
    );
    // A hold keeps the user whom the same change would deactivate.
    check(
        &studio,
        user(true, true, false).hold("administrator"),
        Active,
        Why::Active,
    );
    check(
        &studio,
        user(true, true, false).hold("gone"),
        Deactivated,
        Why::LeftMapped,
    );
    check(
        &studio,
        user(false, true, false).hold("administrator"),
        Deactivated,
        Why::Inactive,
    );
}

#[test]
fn d2_a_deactivated_user_has_nothing_and_gets_it_back() {
    let studio = org(Preset::LabelStudio, &[]);
    let before = active()
        .rule("administrator")
        .rule("ws 1")
        .floor("project 1 reviewer");
    let gone = before.clone().set(|user| user.active = false);
    let resolution = resolve(&studio, &gone.0);
    assert_eq!(resolution.access, Access::nothing());
    let expected = [
        "administrator rule deactivated",
        "annotator default default_not_needed",
    ];
    assert_eq!(reasons(&resolution, Scope::Organization), expected);
    assert!(resolution.because.iter().all(|reason| !reason.won));
    let back = gone.set(|user| user.active = true);
    assert_eq!(resolve(&studio, &back.0), resolve(&studio, &before.0));
}

#[test]
fn ls_23_a_not_activated_user_has_everything_pending_and_no_seat() {
    let studio = org(Preset::LabelStudio, &[]);
    let user = active()
        .rule("manager")
        .rule("ws 1")
        .rule("project 1 inherit");
    let waiting = user.clone().set(|user| user.awaiting_activation = true);
    let access = resolve(&studio, &waiting.0).access;
    assert!(access.is_pending() && !access.seat);
    assert_eq!(
        (access.role.as_ref(), access.effective_role()),
        (Some(&key("manager")), None)
    );
    let active = resolve(&studio, &user.0).access;
    assert!(active.seat);
    let pending = Access {
        state: State::NotActivated,
        seat: false,
        ..active
    };
    assert_eq!(access, pending);
}

#[test]
fn a_seat_takes_a_role_that_takes_one() {
    fn check(facts: Facts, expected: bool) {
        let mut org = org(Preset::Plain, &[("default_role", "none")]);
        let mut roles = org.catalog.roles().to_vec();
        roles[1].takes_seat = false;
        org.catalog = crate::Catalog::new(roles).unwrap();
        assert_eq!(resolve(&org, &facts.0).access.seat, expected);
    }
    check(active().rule("admin"), true);
    check(active().rule("member"), false);
    check(active(), false);
}
