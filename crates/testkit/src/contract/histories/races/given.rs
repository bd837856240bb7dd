//! What administrators give by hand or take away while other things change.

use std::sync::Arc;

use app::Code;
use app::port::Store;
use domain::{Catalog, GrantKind, Preset};
use serde_json::json;

use super::{Site, expect, must, new_group, new_user, rules, settled, together};

/// A role granted by hand while the user joins a mapped group, is renamed and loses the rule.
///
/// # Panics
/// Where the grant does not count in the end.
pub fn a_user_is_granted_while_groups_change(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "granted", Preset::Plain);
    let group = new_group(&site, "g");
    for round in 0..rounds {
        let user = new_user(&site, &format!("u{round}"));
        together(4, |thread| match thread {
            0 => must(site.grant(user, None, Some("admin"), GrantKind::Floor)),
            1 => drop(must(site.join(group, user))),
            2 => {
                let body = json!([{"op": "replace", "path": "title", "value": "Dr"}]);
                drop(must(site.patch_user(user, body)));
            }
            _ => drop(must(
                site.put_mapping(rules(&[("g", ["admin", "member"][round % 2])])),
            )),
        });
        settled(&site, &[user]);
        assert_eq!(must(site.role(user)), "admin");
        // Taken back while it is given in another strength, and while the user is deactivated.
        together(3, |thread| match thread {
            0 => drop(expect(site.ungrant(user, None), &[Code::NotFound])),
            1 => must(site.grant(user, None, Some("member"), GrantKind::Fixed)),
            _ => {
                let off = json!([{"op": "replace", "value": {"active": round % 2 == 0}}]);
                drop(must(site.patch_user(user, off)));
            }
        });
        settled(&site, &[user]);
    }
}

/// A workspace with a project is removed while a rule, a grant, a member and a new project come.
///
/// # Panics
/// Where something of it is left, or somebody has what does not follow.
pub fn a_place_goes_while_it_is_given(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "places", Preset::Plain);
    let group = new_group(&site, "g");
    for round in 0..rounds {
        let users = ["a", "b"].map(|name| new_user(&site, &format!("{name}{round}")));
        must(site.make_place("north"));
        must(site.make_place("north/p"));
        let mapping = json!({
            "workspaces": [{"group": "g", "workspace": "north"}],
            "projects": [{"group": "g", "project": "north/p", "role": "inherit"}],
        });
        let gone = [Code::InvalidField, Code::NotFound];
        together(5, |thread| match thread {
            0 => must(site.remove_place("north", true)),
            1 => drop(expect(site.put_mapping(mapping.clone()), &gone)),
            2 => drop(must(site.join(group, users[0]))),
            3 => drop(expect(
                site.grant(users[1], Some("north/p"), Some("member"), GrantKind::Floor),
                &gone,
            )),
            _ => drop(expect(
                site.grant(users[0], Some("north"), None, GrantKind::Floor),
                &gone,
            )),
        });
        settled(&site, &users);
        for user in users {
            let access = must(site.access(user)).access;
            assert!(access.workspaces.is_empty() && access.projects.is_empty());
            let grants = must(site.read(move |tx| Ok(tx.grants(user)?)));
            assert_eq!(grants, [], "what is gone is granted to nobody");
        }
        assert_eq!(must(site.read(|tx| Ok(tx.rules()?))), []);
    }
}

/// A catalog without a role is stored while that role is granted: whichever came first, no grant
/// names a role that is not there.
///
/// # Panics
/// Where one does.
pub fn a_catalog_loses_a_role_while_it_is_granted(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "catalogs", Preset::LabelStudio);
    let whole = Preset::LabelStudio.catalog();
    let fewer = whole
        .roles()
        .iter()
        .filter(|role| role.key.as_str() != "reviewer");
    let fewer = Catalog::new(fewer.cloned().collect()).expect("one role less is a catalog");
    let user = must(site.create_user(json!({
        "userName": "ann@example.com", "emails": [{"value": "ann@example.com"}],
    })));
    let user = user.row.id;
    for _ in 0..rounds {
        together(2, |thread| match thread {
            0 => drop(expect(site.put_roles(fewer.clone()), &[Code::InUse])),
            _ => drop(expect(
                site.grant(user, None, Some("reviewer"), GrantKind::Fixed),
                &[Code::InvalidField],
            )),
        });
        settled(&site, &[user]);
        let org = must(site.read(|tx| Ok(tx.settings()?)));
        let granted = must(site.read(move |tx| Ok(tx.grants(user)?)));
        let there = org.facts.catalog.roles().len() == whole.roles().len();
        assert_eq!(!granted.is_empty(), there, "one of the two was refused");
        assert_eq!(must(site.role(user)) == "reviewer", there);
        expect(site.ungrant(user, None), &[Code::NotFound]);
        must(site.put_roles(whole.clone()));
    }
}
