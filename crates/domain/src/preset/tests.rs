#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;
use crate::connection::Connection;

#[test]
fn every_preset_is_consistent() {
    for preset in Preset::ALL {
        let catalog = preset.catalog();
        assert_eq!(
            Catalog::new(catalog.roles().to_vec()).unwrap(),
            catalog,
            "{preset}"
        );
        for role in catalog.roles() {
            RoleKey::new(role.key.as_str()).unwrap();
            assert!(role.takes_seat, "{preset} {}", role.key);
        }
        preset.policies().check_against(&catalog).unwrap();
        assert!(
            catalog.roles().iter().any(|role| role.protected),
            "{preset}"
        );
        assert_eq!(preset.key().parse::<Preset>().unwrap(), *preset);
        // What is on from the start must be allowed to be on.
        let connection = Connection::of_preset(*preset);
        assert!(!connection.enabled || connection.can_enable(&preset.policies()).is_ok());
    }
}

#[test]
fn catalogs_are_ordered_as_the_products_order_their_roles() {
    fn check(preset: Preset, expected: &[&str]) {
        let catalog = preset.catalog();
        assert_eq!(catalog.keys().collect::<Vec<_>>(), expected, "{preset}");
    }
    check(Preset::Plain, &["admin", "member"]);
    check(Preset::Datasaur, &["admin", "reviewer", "labeler"]);
    check(
        Preset::LabelStudio,
        &["owner", "administrator", "manager", "reviewer", "annotator"],
    );
    check(Preset::Datahub, &["admin", "editor", "reader"]);
    check(Preset::Secoda, &["admin", "editor", "viewer"]);
}

#[test]
fn ls_13_the_owner_is_not_mappable() {
    let catalog = Preset::LabelStudio.catalog();
    let unmappable: Vec<_> = catalog
        .roles()
        .iter()
        .filter(|role| !role.mappable)
        .map(|r| r.key.as_str())
        .collect();
    assert_eq!(unmappable, ["owner"]);
}
