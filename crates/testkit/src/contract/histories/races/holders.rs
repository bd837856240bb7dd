//! Who keeps a protected role when several take it at once.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::port::Store;
use domain::{GrantKind, GroupId, Preset, UserId};
use serde_json::json;

use super::{Site, must, new_group, new_user, rules, settled, together};

/// An organization that keeps its last administrators, and a group that makes some.
fn guarded(store: &Arc<dyn Store>, slug: &str) -> (Site, GroupId) {
    let site = Site::of_preset(store, slug, Preset::Plain);
    let group = new_group(&site, "admins");
    must(site.put_mapping(rules(&[("admins", "admin")])));
    (site, group)
}

fn leave(site: &Site, group: GroupId, user: UserId) {
    let path = format!("members[value eq \"{user}\"]");
    drop(must(
        site.patch_group(group, json!([{"op": "remove", "path": path}])),
    ));
}

fn holders(site: &Site, users: &[UserId]) -> BTreeSet<UserId> {
    let is_admin = |user: &&UserId| must(site.role(**user)) == "admin";
    users.iter().filter(is_admin).copied().collect()
}

fn held(site: &Site) -> BTreeSet<UserId> {
    let holds = must(site.read(|tx| Ok(tx.holds()?)));
    holds.into_iter().map(|hold| hold.user).collect()
}

/// Two requests each take one of the last two holders: whichever came last, one of them is held,
/// and the hold ends when somebody else comes.
///
/// # Panics
/// Where nobody has the role any more, or both are held.
pub fn two_units_take_the_last_two_holders(store: &Arc<dyn Store>, rounds: usize) {
    let (site, group) = guarded(store, "last-two");
    let first = new_user(&site, "first");
    must(site.grant(first, None, Some("admin"), GrantKind::Floor));
    for round in 0..rounds {
        let users = ["a", "b"].map(|name| new_user(&site, &format!("{name}{round}")));
        for user in users {
            drop(must(site.join(group, user)));
        }
        must(site.ungrant(first, None));
        together(2, |thread| leave(&site, group, users[thread]));
        settled(&site, &users);
        assert_eq!(
            holders(&site, &users).len(),
            1,
            "one of them keeps the role"
        );
        assert_eq!(holders(&site, &users), held(&site));
        must(site.grant(first, None, Some("admin"), GrantKind::Floor));
        settled(&site, &users);
        assert_eq!(held(&site), BTreeSet::new());
        assert_eq!(holders(&site, &users), BTreeSet::new());
    }
}

/// A held user's role is granted to another one, who is taken out of the group at the same moment.
///
/// # Panics
/// Where a hold is left beside a holder, or nobody has the role.
pub fn a_grant_is_made_while_the_hold_ends(store: &Arc<dyn Store>, rounds: usize) {
    let (site, group) = guarded(store, "grant-and-hold");
    for round in 0..rounds {
        let users = ["a", "b"].map(|name| new_user(&site, &format!("{name}{round}")));
        let [held_user, other] = users;
        drop(must(site.join(group, held_user)));
        leave(&site, group, held_user);
        assert_eq!(held(&site), [held_user].into());
        together(3, |thread| match thread {
            0 => must(site.grant(other, None, Some("admin"), GrantKind::Floor)),
            1 => drop(must(site.join(group, held_user))),
            _ => leave(&site, group, other),
        });
        settled(&site, &users);
        assert_eq!(held(&site), BTreeSet::new(), "two have it by themselves");
        assert_eq!(holders(&site, &users), users.into());
        // And one more takes what the other is given just now.
        together(2, |thread| {
            if thread == 0 {
                leave(&site, group, held_user);
            } else {
                let off = json!([{"op": "replace", "value": {"active": false}}]);
                drop(must(site.patch_user(other, off)));
            }
        });
        settled(&site, &users);
        // Deactivation takes it at once: then the first one was the last and is held, unless the
        // deactivation came first.
        let left = holders(&site, &users);
        assert!(left.is_empty() || left == [held_user].into(), "{left:?}");
        assert_eq!(left, held(&site));
        for user in users {
            must(site.delete_user(user));
        }
    }
}
