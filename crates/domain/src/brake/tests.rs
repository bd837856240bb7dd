use super::*;
use crate::preset::Preset;

#[test]
fn d18_more_than_thirty_percent_and_at_least_twenty() {
    fn check(active_before: u64, lost: u64, expected: bool) {
        let mut policies = Preset::Plain.policies();
        assert_eq!(is_mass_loss(&policies, active_before, lost), expected);
        policies.brake = Brake::Off;
        assert!(!is_mass_loss(&policies, active_before, lost));
    }
    check(20, 19, false);
    check(20, 20, true);
    check(100, 30, false);
    check(100, 31, true);
    check(1_000_000, 300_000, false);
    check(u64::MAX, u64::MAX, true);
    check(0, 0, false);
}

#[test]
fn d18_the_active_need_not_be_counted_further() {
    let policies = Preset::Plain.policies();
    for lost in [20, 21, 22, 23, 299, 300, 1_000_000] {
        let enough = enough_active(lost);
        assert!(!is_mass_loss(&policies, enough, lost), "{lost}");
        assert!(is_mass_loss(&policies, enough - 2, lost), "{lost}");
    }
}
