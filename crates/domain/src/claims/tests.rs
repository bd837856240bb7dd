#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::preset::Preset;

fn claims(values: &[&str]) -> Vec<RoleClaim> {
    let claim = |value: &&str| RoleClaim {
        value: (*value).to_owned(),
        ..RoleClaim::default()
    };
    values.iter().map(claim).collect()
}

#[test]
fn d12_only_new_unknown_roles_of_active_users_are_refused() {
    fn check(policies: &[(&str, &str)], before: &[&str], after: &[&str], active: bool, ok: bool) {
        let policies = Preset::Datahub
            .policies()
            .with(policies.iter().copied())
            .unwrap();
        let org = OrgFacts {
            catalog: Preset::Datahub.catalog(),
            policies,
        };
        let got = check_claims(&org, &claims(before), &claims(after), active);
        assert_eq!(got.is_ok(), ok, "{before:?} {after:?} {got:?}");
    }
    let refuse: &[(&str, &str)] = &[("unknown_role", "refuse")];
    check(&[], &[], &["Superuser"], true, true);
    check(refuse, &[], &["Superuser"], true, false);
    check(refuse, &[], &["EDITOR", "Reader"], true, true);
    check(refuse, &["Superuser"], &["Superuser", "Editor"], true, true);
    check(refuse, &["Superuser"], &["Superduper"], true, false);
    check(refuse, &[], &["Superuser"], false, true);
    check(refuse, &["Superuser"], &[], true, true);
    check(
        &[refuse[0], ("roles_attribute", "off")],
        &[],
        &["Superuser"],
        true,
        true,
    );
}

#[test]
fn the_refusal_lists_the_roles_and_not_the_input() {
    let text = UnknownRoleError {
        known: "admin, editor".to_owned(),
    }
    .to_string();
    assert!(
        text.starts_with("roles: ") && text.ends_with("admin, editor"),
        "{text}"
    );
}
