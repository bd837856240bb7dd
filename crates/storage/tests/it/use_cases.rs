//! What the use cases that an identity provider and an app run all day cost, in statements. BEGIN,
//! COMMIT and the organization's lock count.

use std::sync::Arc;

use app::port::Store;
use domain::{GroupId, Preset, UserId};
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
    fn of(&mut self, what: &'static str, run: &mut dyn FnMut()) {
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
    ("deactivating a user", 19),
    ("adding a member", 18),
    ("adding 26 members", 17),
    ("creating a user under a seat limit", 18),
];
const ON_POSTGRES: &[(&str, u64)] = &[
    ("GET of a user", 1),
    ("effective access", 1),
    ("lookup by userName", 1),
    ("lookup by externalId", 1),
    ("creating a user", 9),
    ("changing a name", 7),
    ("changing nothing", 5),
    ("deactivating a user", 15),
    ("adding a member", 13),
    ("adding 26 members", 13),
    ("creating a user under a seat limit", 16),
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

/// An organization in which they are played.
pub(crate) struct Scene {
    site: Site,
    users: Vec<UserId>,
    qa: GroupId,
}

/// Takes a use case by its name.
pub(crate) type Take<'a> = dyn FnMut(&'static str, &mut dyn FnMut()) + 'a;

impl Scene {
    pub(crate) fn new(store: &Arc<dyn Store>) -> Scene {
        let site = Site::new(store, "acme", Preset::Plain);
        site.make_place("quality").unwrap();
        site.put_mapping(json!({
            "organization": [{"group": "staff", "role": "member"}],
            "workspaces": [{"group": "qa", "workspace": "quality"}],
        }))
        .unwrap();
        let group = |name: &str| site.create_group(json!({"displayName": name})).unwrap();
        let (staff, qa) = (group("staff").row.id, group("qa").row.id);
        let make = |number: usize| site.create_user(person(&format!("user{number}")));
        let users: Vec<UserId> = (0..30).map(|n| make(n).unwrap().row.id).collect();
        // What is read once for each version of the settings.
        site.join(staff, users[0]).unwrap();
        site.access(users[0]).unwrap();
        Scene { site, users, qa }
    }

    /// Every use case once.
    pub(crate) fn play(&self, round: usize, take: &mut Take<'_>) {
        let Scene { site, users, qa } = self;
        let name = format!("Ann {round}");
        take("GET of a user", &mut || {
            site.user(users[0]).unwrap();
        });
        take("effective access", &mut || {
            site.access(users[0]).unwrap();
        });
        for (what, filter) in [
            ("lookup by userName", "userName eq \"USER7\""),
            ("lookup by externalId", "externalId eq \"user7\""),
        ] {
            take(what, &mut || {
                assert_eq!(site.look_up(filter).unwrap(), [users[7]]);
            });
        }
        take("creating a user", &mut || {
            site.create_user(person(&name)).unwrap();
        });
        for what in ["changing a name", "changing nothing"] {
            take(what, &mut || {
                let renamed = change("displayName", name.as_str());
                site.patch_user(users[1], renamed).unwrap();
            });
        }
        take("deactivating a user", &mut || {
            site.patch_user(users[0], change("active", false)).unwrap();
        });
        take("adding a member", &mut || {
            site.join(*qa, users[2]).unwrap();
        });
        take("adding 26 members", &mut || {
            let many = users[3..29].iter();
            let many: Value = many
                .map(|user| json!({"value": user.to_string()}))
                .collect();
            let add = json!([{"op": "add", "path": "members", "value": many}]);
            site.patch_group(*qa, add).unwrap();
        });
        let limited = json!({"seat_limit": 1_000, "policies": {"default_role": "member"}});
        site.patch_settings(limited).unwrap();
        // Settings are read once.
        site.create_user(person(&format!("bob{round}"))).unwrap();
        take("creating a user under a seat limit", &mut || {
            site.create_user(person(&format!("cleo{round}"))).unwrap();
        });
        // As it was.
        site.patch_user(users[0], change("active", true)).unwrap();
        let nobody = json!([{"op": "remove", "path": "members"}]);
        site.patch_group(*qa, nobody).unwrap();
    }
}

#[test]
fn no_use_case_takes_more_statements_than_it_did() {
    for url in urls() {
        let database = open(&url);
        let store: Arc<dyn Store> = Arc::<Database>::clone(&database);
        let scene = Scene::new(&store);
        let sqlite = store.placement().quick_reads;
        let mut costs = Costs {
            store: &database,
            taken: Vec::new(),
        };
        scene.play(0, &mut |what, run| costs.of(what, run));
        assert_eq!(
            costs.taken,
            if sqlite { ON_SQLITE } else { ON_POSTGRES },
            "{url}"
        );
    }
}
