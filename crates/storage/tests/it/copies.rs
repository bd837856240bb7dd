//! Copies of a database that do not come to their end. What a whole one holds is tested with the
//! binary.

use app::port::Instance;
use rolecall_storage::copy::{self, CopyError};
use rolecall_storage::{Config, Database, OpenError};

use crate::processes::execute;
use crate::support::{End, insert, names, open, org, sqlite_url, urls, write};

fn copied(from: &str, to: &str) -> Result<copy::Copied, CopyError> {
    copy::run(&Config::new(from), &Config::new(to), true, |_| {})
}

/// A table that the target refuses to write, in the words of each database.
fn break_writes(url: &str) {
    let fails = if url.starts_with("sqlite") {
        "CREATE TRIGGER stop BEFORE INSERT ON access BEGIN SELECT RAISE(ABORT, 'as wanted'); END"
    } else {
        "ALTER TABLE access ADD CONSTRAINT stop CHECK (false)"
    };
    execute(url, fails);
}

fn mend_and_empty(url: &str) {
    match url.strip_prefix("sqlite://") {
        Some(path) => {
            for end in ["", "-wal", "-shm"] {
                // The last two are gone where the database was closed well.
                let _ = std::fs::remove_file(format!("{path}{end}"));
            }
        }
        None => execute(url, "DROP SCHEMA public CASCADE; CREATE SCHEMA public"),
    }
}

#[test]
fn an_interrupted_copy_is_opened_by_nobody() {
    let from = sqlite_url();
    let store = open(&from);
    let acme = org(&store, "acme");
    assert_eq!(write(&store, acme, insert("ann")), End::Committed);
    let access = "INSERT INTO access (org, user_id, state, role, seat, sees_all, reach) \
         SELECT org, id, 'active', 'member', true, false, NULL FROM users";
    execute(&from, access);
    for to in urls() {
        Database::migrate(&Config::new(&to)).unwrap();
        break_writes(&to);
        let refused = copied(&from, &to);
        assert!(
            matches!(refused, Err(CopyError::Statement("target", _))),
            "{refused:?}"
        );
        for opened in [
            Database::open(&Config::new(&to)).map(drop),
            Database::migrate(&Config::new(&to)).map(drop),
        ] {
            assert!(matches!(opened, Err(OpenError::Incomplete)), "{opened:?}");
        }
        let again = copied(&from, &to);
        assert!(matches!(again, Err(CopyError::Interrupted)), "{again:?}");
        let on = copied(&to, &sqlite_url());
        assert!(matches!(on, Err(CopyError::SourceIsNotWhole)), "{on:?}");
        mend_and_empty(&to);
        let whole = copied(&from, &to).unwrap();
        assert_eq!((whole.rows("users"), whole.rows("access")), (1, 1));
        let copy = open(&to);
        assert_eq!(names(&copy, acme), ["ann"]);
    }
}

/// Unless it is forced, nobody else may have the source open; on SQLite nobody can before it ends.
#[test]
fn a_source_that_others_have_open_is_refused() {
    let of = |from: &str, forced: bool, to: &str| {
        copy::run(&Config::new(from), &Config::new(to), forced, |_| {})
    };
    for from in urls() {
        let store = open(&from);
        org(&store, "acme");
        let to = sqlite_url();
        let refused = of(&from, false, &to);
        assert!(matches!(refused, Err(CopyError::InUse)), "{refused:?}");
        let file = to.strip_prefix("sqlite://").unwrap();
        assert!(
            !std::path::Path::new(file).exists(),
            "the target is not begun"
        );
        assert!(of(&from, true, &to).unwrap().in_use);
        drop(store);
        let mut shut = false;
        let (source, to) = (Config::new(&from), Config::new(sqlite_url()));
        let copied = copy::run(&source, &to, false, |step| {
            if matches!(step, copy::Step::Begun(_)) && from.starts_with("sqlite") {
                shut = Database::open(&source).is_err();
            }
        });
        assert!(!copied.unwrap().in_use);
        assert_eq!(shut, from.starts_with("sqlite"));
        assert!(
            Database::open_current(&source).is_ok(),
            "it is open to all again"
        );
    }
}

/// The source goes on being written; the copy is of the moment of its beginning.
#[test]
fn a_copy_is_of_one_moment() {
    for from in urls() {
        let store = open(&from);
        let acme = org(&store, "acme");
        assert_eq!(write(&store, acme, insert("before")), End::Committed);
        let to = sqlite_url();
        let mut written = false;
        let copied = copy::run(&Config::new(&from), &Config::new(&to), true, |step| {
            if matches!(step, copy::Step::Begun(_)) && !written {
                written = true;
                assert_eq!(write(&store, acme, insert("after")), End::Committed);
            }
        });
        assert_eq!(copied.unwrap().rows("users"), 1);
        assert_eq!(names(&open(&to), acme), ["before"]);
        assert_eq!(names(&store, acme).len(), 2);
    }
}

/// Somebody changes a row of the target behind our back: it stays closed.
#[test]
fn a_difference_is_seen() {
    let (from, to) = (sqlite_url(), sqlite_url());
    let store = open(&from);
    let acme = org(&store, "acme");
    assert_eq!(write(&store, acme, insert("ann")), End::Committed);
    let target = to.clone();
    let different = copy::run(&Config::new(&from), &Config::new(&to), true, |step| {
        if matches!(step, copy::Step::Checking(_)) {
            execute(&target, "UPDATE users SET active = false");
        }
    });
    assert!(
        matches!(different, Err(CopyError::Different("users"))),
        "{different:?}"
    );
    let opened = Database::open(&Config::new(&to)).map(drop);
    assert!(matches!(opened, Err(OpenError::Incomplete)), "{opened:?}");
}

#[test]
fn a_target_that_is_in_use_is_refused() {
    let from = sqlite_url();
    org(&open(&from), "acme");
    for to in urls() {
        org(&open(&to), "other");
        let refused = copied(&from, &to);
        assert!(
            matches!(refused, Err(CopyError::NotEmpty("orgs"))),
            "{refused:?}"
        );
        let orgs = open(&to).orgs().unwrap();
        assert_eq!(orgs.len(), 1);
        assert_eq!(orgs[0].slug.as_str(), "other");
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        execute(&to, newer);
        let refused = copied(&from, &to);
        assert!(
            matches!(refused, Err(CopyError::Target(OpenError::Newer(_)))),
            "{refused:?}"
        );
    }
}
