use super::*;
use crate::preset::Preset;

const fn standing(left_mapped: bool, awaiting_activation: bool) -> Standing {
    Standing {
        left_mapped,
        awaiting_activation,
    }
}

#[test]
fn only_a_group_change_that_takes_the_last_candidate_sets_left_mapped() {
    fn check([before, had, has]: [bool; 3], [by_groups, by_rules]: [bool; 2]) {
        let start = standing(before, true);
        let got = [start.groups_changed(had, has), start.rules_changed(has)];
        let expected = [by_groups, by_rules].map(|left| standing(left, true));
        assert_eq!(got, expected, "{before} {had} {has}");
    }
    check([false, true, false], [true, false]);
    check([false, true, true], [false, false]);
    check([false, false, false], [false, false]);
    check([false, false, true], [false, false]);
    check([true, false, false], [true, true]);
    check([true, false, true], [false, false]);
}

#[test]
fn reactivation_and_the_admin_clear_left_mapped() {
    let left = standing(true, true);
    assert_eq!(left.reactivated(Admission::Seated), standing(false, true));
    assert_eq!(left.restored_by_admin(), standing(false, true));
    assert_eq!(
        standing(true, false).reactivated(Admission::NotActivated),
        standing(false, true)
    );
}

#[test]
fn d23_activation_is_awaited_until_a_sign_in_that_finds_a_seat() {
    fn check(preset: Preset, seat: Admission, expected: bool) {
        let created = Standing::created(&preset.policies(), seat);
        assert_eq!(created, standing(false, expected), "{preset} {seat:?}");
    }
    check(Preset::Plain, Admission::Seated, false);
    check(Preset::Plain, Admission::NotActivated, true);
    check(Preset::LabelStudio, Admission::Seated, true);
    check(Preset::Secoda, Admission::Seated, true);
    let waiting = standing(true, true);
    assert_eq!(waiting.signed_in(Admission::Seated), standing(true, false));
    assert_eq!(waiting.signed_in(Admission::NotActivated), waiting);
    assert_eq!(waiting.signed_in(Admission::Refused), waiting);
    assert_eq!(
        standing(false, false).signed_in(Admission::Refused),
        standing(false, false)
    );
}

#[test]
fn d19_seats() {
    fn check(when_full: &str, limit: Option<u64>, used: u64, expected: Admission) {
        let policies = Preset::Plain.policies().with([("when_full", when_full)]);
        let got = policies.map(|policies| admit(&policies, limit, used));
        assert_eq!(got, Ok(expected), "{when_full} {limit:?} {used}");
    }
    check("refuse", None, u64::MAX, Admission::Seated);
    check("refuse", Some(5), 4, Admission::Seated);
    check("refuse", Some(5), 5, Admission::Refused);
    check("admit_not_activated", Some(5), 5, Admission::NotActivated);
    check("admit_not_activated", Some(0), 0, Admission::NotActivated);
    check("admit_not_activated", Some(5), 4, Admission::Seated);
}
