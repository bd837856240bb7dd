#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

fn role(key: &str, name: &str) -> Role {
    serde_json::from_value(serde_json::json!({"key": key, "name": name})).unwrap()
}

#[test]
fn a_role_without_flags_takes_a_seat_and_is_mappable() {
    let role = role("member", "Member");
    assert!(role.takes_seat && role.mappable);
    assert!(!role.sees_all_workspaces && !role.protected && !role.project_assignable);
    let unknown = serde_json::json!({"key": "a", "name": "A", "seat": true});
    assert!(serde_json::from_value::<Role>(unknown).is_err());
}

#[test]
fn a_catalog_error_names_the_field() {
    fn check(roles: &[(&str, &str)], expected: &str) {
        let roles = roles.iter().map(|(key, name)| role(key, name)).collect();
        let got = Catalog::new(roles).map_or_else(|e| e.to_string(), |_| "fine".to_owned());
        assert!(got.starts_with(expected), "{got}");
    }
    check(&[("admin", "Admin"), ("member", "Member")], "fine");
    check(&[], "roles: at least one");
    check(
        &[("a", "A"), ("a", "B")],
        "roles[1].key: 'a' is the key of an earlier",
    );
    check(
        &[("a", "Same"), ("b", "sAME")],
        "roles[1].name: an earlier role",
    );
    check(&[("a", "")], "roles[0].name: must be 1 to 100");
    check(&[("a", " A")], "roles[0].name: must be");
    check(&[("a", "A\n")], "roles[0].name: must be");
    check(
        &[("a", "A"), ("b", &"x".repeat(101))],
        "roles[1].name: must be",
    );
}

#[test]
fn too_many_roles_are_refused() {
    let roles = (0..=MAX_ROLES)
        .map(|n| role(&format!("r{n}"), &format!("R{n}")))
        .collect();
    assert_eq!(Catalog::new(roles), Err(CatalogError::TooMany));
}

#[test]
fn claims_match_key_then_name_and_display_last() {
    let roles = [
        ("boss", "Admin"),
        ("admin", "Second"),
        ("reader", "Reader of Things"),
    ];
    let catalog = Catalog::new(roles.iter().map(|(key, name)| role(key, name)).collect()).unwrap();
    let check = |value: &str, display: Option<&str>, expected: Option<&str>| {
        let got = catalog
            .by_claim(value, display)
            .map(|role| role.key.as_str());
        assert_eq!(got, expected, "{value} {display:?}");
    };
    check("reader", None, Some("reader"));
    check("READER OF things", None, Some("reader"));
    check("ADMIN", None, Some("admin"));
    check("boss", Some("reader"), Some("boss"));
    check("8a2c", Some("Reader"), Some("reader"));
    check("8a2c", Some("nothing"), None);
    check("8a2c", None, None);
    check("", None, None);
}

#[test]
fn rank_orders_highest_first() {
    let catalog = Catalog::new(vec![role("a", "A"), role("b", "B")]).unwrap();
    let key = |k: &str| RoleKey::new(k).unwrap();
    assert_eq!(catalog.rank(&key("a")), Some(0));
    assert_eq!(catalog.rank(&key("z")), None);
    assert_eq!(catalog.higher_of(&key("b"), &key("a")), &key("a"));
    assert_eq!(catalog.higher_of(&key("z"), &key("b")), &key("b"));
}
