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
