//! The audit against somebody who can write to the database.

use std::sync::Arc;

use app::audit::{Head, prove};
use app::port::audit::AuditDraft;
use app::port::{Abort, Instance, Lock};
use app::{Scope, Work};
use domain::OrgId;
use rolecall_storage::Database;

use crate::processes::execute;
use crate::support::{End, insert, names, open, org, urls, write};

fn draft(subject: &str) -> AuditDraft {
    AuditDraft {
        at: 1,
        key: None,
        request: None,
        action: "settings.changed",
        subject: subject.to_owned(),
        before: None,
        after: Some("{\"seat_limit\":5}".to_owned()),
    }
}

/// Ten rows, and where they end.
fn told(store: &Database, org: OrgId) -> Head {
    for number in 1..=10 {
        let draft = draft(&number.to_string());
        Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            Ok(tx.append_audit(&draft)?)
        })
        .wait(store)
        .unwrap();
    }
    prove(store, org, None).unwrap().head
}

/// Runs the statements on a chain of ten rows and tells the first bad one.
#[track_caller]
fn check(statements: &[&str], plain: Option<i64>, with_head: Option<i64>) {
    for url in urls() {
        let store = open(&url);
        let id = org(&store, "acme");
        let head = told(&store, id);
        for statement in statements {
            execute(&url, statement);
        }
        let first = |known: Option<&Head>| {
            let proof = prove(&*store, id, known).unwrap();
            proof.fault.map(|(number, _)| number)
        };
        assert_eq!(first(None), plain, "{statements:?}");
        assert_eq!(first(Some(&head)), with_head, "{statements:?}");
    }
}

#[test]
fn abuse_69_the_first_bad_row_is_named() {
    check(&[], None, None);
    check(
        &["UPDATE audit SET became = NULL WHERE seq = 4 AND org > 0"],
        Some(4),
        Some(4),
    );
    check(
        &["UPDATE audit SET at = at + 1 WHERE seq = 1 AND org > 0"],
        Some(1),
        Some(1),
    );
    check(
        &["DELETE FROM audit WHERE seq = 7 AND org > 0"],
        Some(7),
        Some(7),
    );
    check(
        &[
            "UPDATE audit SET seq = 99 WHERE seq = 5 AND org > 0",
            "UPDATE audit SET seq = 5 WHERE seq = 6 AND org > 0",
            "UPDATE audit SET seq = 6 WHERE seq = 99 AND org > 0",
        ],
        Some(5),
        Some(5),
    );
    check(
        &["DELETE FROM audit WHERE seq > 8 AND org > 0"],
        Some(9),
        Some(9),
    );
    // Whoever cuts the end off and mends the head is found by what the log knows.
    check(
        &[
            "DELETE FROM audit WHERE seq > 8 AND org > 0",
            "UPDATE audit_heads SET seq = 8, hash = (SELECT hash FROM audit WHERE seq = 8 AND org > 0) \
             WHERE org > 0",
        ],
        None,
        Some(9),
    );
}

/// No audit, no change: neither in an organization nor of one.
#[test]
fn abuse_70_what_cannot_be_audited_is_not_done() {
    for url in urls() {
        let store: Arc<Database> = open(&url);
        let id = org(&store, "acme");
        execute(&url, "ALTER TABLE audit RENAME TO audit_away");
        let mut user = insert("ann");
        let ended = write(&store, id, move |tx| {
            user(tx)?;
            tx.append_audit(&draft("ann")).map_err(Abort::Store)
        });
        assert!(!matches!(ended, End::Committed), "{ended:?}");
        assert!(names(&store, id).is_empty());
        let settings = store.org(id).unwrap().unwrap();
        let other = app::port::org::OrgSettings {
            slug: domain::Slug::new("other").unwrap(),
            ..settings
        };
        assert!(store.create_org(&other, &draft("other"), None).is_err());
        assert!(store.delete_org(id, None, &draft("acme")).is_err());
        assert_eq!(store.orgs().unwrap().len(), 1);
        execute(&url, "ALTER TABLE audit_away RENAME TO audit");
        assert!(store.create_org(&other, &draft("other"), None).is_ok());
    }
}
