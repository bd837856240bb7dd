//! What the use cases that an identity provider and an app run all day cost, in statements. BEGIN,
//! COMMIT and the organization's lock count.

use std::sync::Arc;

use app::port::Store;
use domain::{Preset, UserId};
use rolecall_storage::Database;
use serde_json::{Value, json};
use testkit::contract::histories::Site;

use crate::support::{open, urls};

/// What each use case took.
struct Costs<'a> {
    store: &'a Database,
    taken: Vec<(&'static str, u64)>,
}

impl Costs<'_> {
    fn of(&mut self, what: &'static str, run: impl FnOnce()) {
        let before = self.store.statements();
        run();
        self.taken.push((what, self.store.statements() - before));
    }
}

/// The operator's changes have a row of the audit besides, and none of the provisioning log.
const ON_SQLITE: &[(&str, u64)] = &[
    ("GET of a user", 1),
    ("effective access", 1),
    ("lookup by userName", 1),
    ("lookup by externalId", 1),
    ("creating a user", 15),
    ("changing a name", 9),
    ("changing nothing", 5),
    ("deactivating a user", 22),
    ("adding a member", 21),
    ("adding 26 members", 21),
    ("creating a user under a seat limit", 18),
];
const ON_POSTGRES: &[(&str, u64)] = &[
    ("GET of a user", 1),
    ("effective access", 1),
    ("lookup by userName", 1),
    ("lookup by externalId", 1),
    ("creating a user", 12),
    ("changing a name", 9),
    ("changing nothing", 6),
    ("deactivating a user", 20),
    ("adding a member", 20),
    ("adding 26 members", 20),
    ("creating a user under a seat limit", 18),
];

fn person(name: &str) -> Value {
    json!({"userName": name, "externalId": name, "active": true, "emails": [
        {"value": format!("{name}@example.com"), "type": "work", "primary": true},
        {"value": format!("{name}@example.org"), "type": "other"},
    ]})
}

fn change(attribute: &str, value: impl Into<Value>) -> Value {
    json!([{"op": "replace", "path": attribute, "value": value.into()}])
}

#[test]
fn no_use_case_takes_more_statements_than_it_did() {
    for url in urls() {
        let database = open(&url);
        let store: Arc<dyn Store> = Arc::<Database>::clone(&database);
        let site = Site::new(&store, "acme", Preset::Plain);
        site.make_place("quality").unwrap();
        site.put_mapping(json!({
            "organization": [{"group": "staff", "role": "member"}],
            "workspaces": [{"group": "qa", "workspace": "quality"}],
        }))
        .unwrap();
        let group = |name: &str| site.create_group(json!({"displayName": name})).unwrap();
        let (staff, qa) = (group("staff").row.id, group("qa").row.id);
        let make = |name: &str| -> UserId { site.create_user(person(name)).unwrap().row.id };
        let users: Vec<UserId> = (0..30).map(|n| make(&format!("user{n}"))).collect();
        // What is read once for each version of the settings.
        site.join(staff, users[0]).unwrap();
        site.access(users[0]).unwrap();
        let sqlite = store.placement().quick_reads;
        let mut costs = Costs {
            store: &database,
            taken: Vec::new(),
        };
        costs.of("GET of a user", || {
            assert_eq!(site.user(users[0]).unwrap().groups.len(), 1);
        });
        costs.of("effective access", || {
            site.access(users[0]).unwrap();
        });
        costs.of("lookup by userName", || {
            let found = site.look_up("userName eq \"USER7\"").unwrap();
            assert_eq!(found, [users[7]]);
        });
        costs.of("lookup by externalId", || {
            let found = site.look_up("externalId eq \"user7\"").unwrap();
            assert_eq!(found, [users[7]]);
        });
        costs.of("creating a user", || {
            make("ann");
        });
        costs.of("changing a name", || {
            site.patch_user(users[1], change("displayName", "Ann"))
                .unwrap();
        });
        costs.of("changing nothing", || {
            site.patch_user(users[1], change("displayName", "Ann"))
                .unwrap();
        });
        costs.of("deactivating a user", || {
            site.patch_user(users[0], change("active", false)).unwrap();
        });
        costs.of("adding a member", || {
            site.join(qa, users[2]).unwrap();
        });
        let many = |users: &[UserId]| -> Value {
            users
                .iter()
                .map(|user| json!({"value": user.to_string()}))
                .collect()
        };
        let add = json!([{"op": "add", "path": "members", "value": many(&users[3..29])}]);
        costs.of("adding 26 members", || {
            site.patch_group(qa, add).unwrap();
        });
        let limited = json!({"seat_limit": 1_000, "policies": {"default_role": "member"}});
        site.patch_settings(limited).unwrap();
        // Settings are read once.
        make("bob");
        costs.of("creating a user under a seat limit", || {
            make("cleo");
        });
        assert_eq!(
            costs.taken,
            if sqlite { ON_SQLITE } else { ON_POSTGRES },
            "{url}"
        );
    }
}
