//! Removing an organization: gone at once, cleared in slices, by whoever comes.

use std::sync::Arc;

use app::port::audit::AuditDraft;
use app::port::instance::Removal;
use app::port::{Instance, Store};
use domain::{OrgId, Preset};
use rolecall_storage::Database;
use serde_json::json;
use testkit::contract::histories::Site;

use crate::processes::count;
use crate::support::{names, open, urls};

const USERS: u8 = 40;

/// Tables that have rows of an organization whatever is done in it.
const TABLES: &[&str] = &[
    "users",
    "user_documents",
    "user_emails",
    "groups",
    "group_documents",
    "members",
    "rules",
    "access",
    "events",
    "audit",
    "access_history",
    "requests",
    "feed_heads",
    "audit_heads",
    "api_keys",
    "org_gates",
];

fn rows(url: &str, table: &str, org: OrgId) -> i64 {
    count(
        url,
        &format!(
            "SELECT count(*) AS count FROM {table} WHERE org = {}",
            org.0
        ),
    )
}

fn left(url: &str, org: OrgId) -> i64 {
    TABLES.iter().map(|table| rows(url, table, org)).sum()
}

/// An organization with users, a group and a rule.
fn filled(store: &Arc<dyn Store>, slug: &str) -> OrgId {
    let site = Site::new(store, slug, Preset::Plain);
    site.put_mapping(json!({"organization": [{"group": "staff", "role": "member"}]}))
        .unwrap();
    let group = site.create_group(json!({"displayName": "staff"})).unwrap();
    for number in 0..USERS {
        let name = format!("user{number}");
        let user = site.create_user(json!({"userName": name, "emails": [{"value": name}]}));
        site.join(group.row.id, user.unwrap().row.id).unwrap();
    }
    store.instance().org_by_slug(slug).unwrap().unwrap().id
}

fn remove(store: &Database, org: OrgId) {
    let told = AuditDraft {
        at: 7,
        key: None,
        request: None,
        action: "org.removed",
        subject: "acme".to_owned(),
        before: None,
        after: None,
    };
    assert_eq!(
        store.delete_org(org, None, &told).unwrap(),
        Removal::Removed
    );
}

/// What a removal costs does not depend on how much there is to clear, and neither does a slice; a
/// process that comes later goes on, and nobody else's row goes with them.
#[test]
fn a_removed_organization_is_gone_at_once_and_cleared_in_slices() {
    for url in urls() {
        let database = open(&url);
        let store: Arc<dyn Store> = Arc::<Database>::clone(&database);
        let (acme, other) = (filled(&store, "acme"), filled(&store, "other"));
        let (whole, kept) = (left(&url, acme), left(&url, other));
        assert!(whole > 4 * i64::from(USERS), "{whole}");
        let before = database.statements();
        remove(&database, acme);
        // BEGIN, the lock, the version, the end of its audit, gates, keys, the row, the removal, the
        // row of the instance's audit with its head, COMMIT.
        let cost = database.statements() - before;
        assert!(cost <= 14, "{url}: {cost}");
        assert_eq!(database.org_by_slug("acme").unwrap(), None);
        assert!(
            left(&url, acme) > 4 * i64::from(USERS),
            "nothing is cleared in it"
        );
        assert_eq!(database.removed_orgs().unwrap(), [acme]);
        let again = filled(&store, "acme");
        assert_ne!(again, acme);
        let mut last = left(&url, acme);
        for _ in 0..3 {
            assert_eq!(database.clear_removed(acme, 10).unwrap(), 10);
            let now = left(&url, acme);
            assert!(
                (last - 10..last).contains(&now) || now == last,
                "{last} {now}"
            );
            last = now;
        }
        drop((database, store));
        let later = open(&url);
        assert_eq!(later.removed_orgs().unwrap(), [acme]);
        let mut slices = 0;
        while later.clear_removed(acme, 50).unwrap() > 0 {
            slices += 1;
        }
        assert!(slices >= (whole - 30) / 50, "{slices}");
        assert_eq!(left(&url, acme), 0);
        assert_eq!((rows(&url, "removals", acme), left(&url, other)), (0, kept));
        assert_eq!(later.removed_orgs().unwrap(), []);
        assert_eq!(
            later.clear_removed(other, 50).unwrap(),
            0,
            "it was not removed"
        );
        assert_eq!(names(&later, again).len(), usize::from(USERS));
    }
}

/// Two at once clear it as one does.
#[test]
fn two_processes_clear_without_being_in_each_others_way() {
    for url in urls() {
        let (here, there) = (open(&url), open(&url));
        let store: Arc<dyn Store> = Arc::<Database>::clone(&here);
        let acme = filled(&store, "acme");
        remove(&here, acme);
        std::thread::scope(|scope| {
            for process in [&here, &there] {
                scope.spawn(|| {
                    while !process.removed_orgs().unwrap().is_empty() {
                        process.clear_removed(acme, 5).unwrap();
                    }
                });
            }
        });
        assert_eq!(
            (left(&url, acme), rows(&url, "removals", acme)),
            (0, 0),
            "{url}"
        );
    }
}
