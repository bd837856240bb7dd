//! Groups in groups, while their members change.

use std::sync::Arc;

use app::port::Store;
use domain::{GroupId, Preset};
use serde_json::json;

use super::{Site, must, new_group, new_user, rules, settled, together};

fn put_in(site: &Site, outer: GroupId, inner: GroupId) {
    let add = json!([{"op": "add", "path": "members", "value": [{"value": inner}]}]);
    drop(must(site.patch_group(outer, add)));
}

/// A group is put into a mapped one while a user joins it and it is put into another one; then it is
/// taken out while another user joins, and the policy is switched off and on.
///
/// # Panics
/// Where somebody does not have what follows from the groups.
pub fn groups_are_nested_while_users_join(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "nested", Preset::Plain);
    must(site.patch_settings(json!({"policies": {"nested_groups": "on"}})));
    let top = new_group(&site, "top");
    must(site.put_mapping(rules(&[("top", "admin")])));
    for round in 0..rounds {
        let users = ["a", "b"].map(|name| new_user(&site, &format!("{name}{round}")));
        let [inner, middle] = ["in", "mid"].map(|name| new_group(&site, &format!("{name}{round}")));
        together(4, |thread| match thread {
            0 => put_in(&site, middle, inner),
            1 => put_in(&site, top, middle),
            2 => drop(must(site.join(inner, users[0]))),
            // A circle harms nobody.
            _ => put_in(&site, inner, middle),
        });
        settled(&site, &users);
        assert_eq!(must(site.role(users[0])), "admin");
        together(3, |thread| match thread {
            0 => {
                let path = format!("members[value eq \"{middle}\"]");
                drop(must(
                    site.patch_group(top, json!([{"op": "remove", "path": path}])),
                ));
            }
            1 => drop(must(site.join(inner, users[1]))),
            _ => {
                let word = ["off", "on"][round % 2];
                must(site.patch_settings(json!({"policies": {"nested_groups": word}})));
            }
        });
        settled(&site, &users);
        for user in users {
            assert_eq!(must(site.role(user)), "member");
        }
        must(site.patch_settings(json!({"policies": {"nested_groups": "on"}})));
        settled(&site, &users);
    }
}
