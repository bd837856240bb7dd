//! Several processes on one database, and a binary older than it.

use std::sync::Arc;

use app::port::{Abort, Instance, Store};
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{Connection, PgConnection, QueryableByName, RunQueryDsl, SqliteConnection};
use rolecall_storage::{Config, Database, OpenError};

use crate::support::{End, insert, names, open, org, read, sqlite_url, urls, write};

pub(crate) fn execute(url: &str, text: &str) {
    match url.strip_prefix("sqlite://") {
        Some(path) => SqliteConnection::establish(path)
            .unwrap()
            .batch_execute(text)
            .unwrap(),
        None => PgConnection::establish(url)
            .unwrap()
            .batch_execute(text)
            .unwrap(),
    }
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// What a statement counts that names it `count`.
pub(crate) fn count(url: &str, text: &str) -> i64 {
    let query = diesel::sql_query(text);
    let counted: Counted = match url.strip_prefix("sqlite://") {
        Some(path) => query.get_result(&mut SqliteConnection::establish(path).unwrap()),
        None => query.get_result(&mut PgConnection::establish(url).unwrap()),
    }
    .unwrap();
    counted.count
}

#[test]
fn abuse_75_a_database_of_a_newer_version_is_refused() {
    for url in urls() {
        assert!(!Database::migrate(&Config::new(&url)).unwrap().is_empty());
        assert!(Database::migrate(&Config::new(&url)).unwrap().is_empty());
        let newer = "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')";
        execute(&url, newer);
        let refused = Database::open(&Config::new(&url)).err();
        assert!(
            matches!(&refused, Some(OpenError::Newer(name)) if name == "99990101000000"),
            "{refused:?}"
        );
    }
}

#[test]
fn keys_of_another_folding_are_refused() {
    for url in urls() {
        Database::migrate(&Config::new(&url)).unwrap();
        execute(&url, "UPDATE instance SET fold_version = 999");
        let refused = Database::open(&Config::new(&url)).err();
        assert!(
            matches!(refused, Some(OpenError::Folding { stored: 999, .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn abuse_75_several_may_migrate_at_once() {
    for url in urls() {
        let secrets: Vec<[u8; 32]> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| open(&url).secret().unwrap()))
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        assert!(
            secrets
                .iter()
                .all(|secret| *secret == secrets[0] && *secret != [0; 32])
        );
    }
}

#[test]
fn settings_changed_by_another_process_are_seen() {
    for url in urls() {
        let (one, other) = (open(&url), open(&url));
        let org = org(&one, "acme");
        for version in 2..5 {
            let changed = write(&one, org, move |tx| {
                let mut settings = (*tx.settings().map_err(Abort::Store)?).clone();
                settings.version = version;
                settings.name = format!("name {version}");
                tx.save_settings(&settings).map_err(Abort::Store)
            });
            assert_eq!(changed, End::Committed);
            let seen = read(&other, org, |tx| tx.settings());
            assert_eq!(seen.name, format!("name {version}"));
        }
    }
}

#[test]
fn settings_of_a_refused_unit_are_not_kept() {
    for url in urls() {
        let store = open(&url);
        let org = org(&store, "acme");
        let refused = write(&store, org, |tx| {
            let mut settings = (*tx.settings().map_err(Abort::Store)?).clone();
            settings.version = 2;
            settings.name = "refused".to_owned();
            tx.save_settings(&settings).map_err(Abort::Store)?;
            assert_eq!(tx.settings().map_err(Abort::Store)?.name, "refused");
            Err(Abort::Refused)
        });
        assert_eq!(refused, End::Refused);
        let changed = write(&store, org, |tx| {
            let mut settings = (*tx.settings().map_err(Abort::Store)?).clone();
            settings.version = 2;
            settings.name = "kept".to_owned();
            tx.save_settings(&settings).map_err(Abort::Store)
        });
        assert_eq!(changed, End::Committed);
        assert_eq!(read(&store, org, |tx| tx.settings()).name, "kept");
    }
}

#[test]
fn two_processes_write_side_by_side() {
    for url in urls() {
        let stores = [open(&url), open(&url)];
        let org = org(&stores[0], "acme");
        std::thread::scope(|scope| {
            for (number, store) in stores.iter().enumerate() {
                scope.spawn(move || {
                    for place in 0..20 {
                        let name = format!("user{number}-{place}");
                        assert_eq!(write(store, org, insert(&name)), End::Committed);
                    }
                });
            }
        });
        assert_eq!(names(&stores[0], org).len(), 40);
    }
}

#[test]
fn connections_that_the_server_ended_are_replaced() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let store = open(&url);
    let org = org(&store, "acme");
    assert_eq!(write(&store, org, insert("ann")), End::Committed);
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    execute(&url, kill);
    assert_eq!(write(&store, org, insert("bob")), End::Committed);
    execute(&url, kill);
    assert_eq!(names(&store, org), ["ann", "bob"]);
    execute(&url, kill);
    assert!(store.ready().is_ok());
}

#[test]
fn an_address_without_a_database_is_an_error() {
    let nowhere = Config::new("postgres://nobody@127.0.0.1:1/none");
    assert!(matches!(
        Database::open(&nowhere).err(),
        Some(OpenError::Connect(_))
    ));
    let no_directory = Config::new("sqlite:///nonexistent/directory/x.db");
    assert!(matches!(
        Database::open(&no_directory).err(),
        Some(OpenError::Connect(_))
    ));
    let store: Arc<dyn Store> = open(&sqlite_url());
    assert!(store.ready().is_ok());
}

/// A file of another program is refused before anything in it is touched; one of rolecall from before
/// files were signed is taken.
#[test]
fn a_file_of_another_program_is_left_alone() {
    let url = sqlite_url();
    execute(&url, "CREATE TABLE foo (bar TEXT)");
    let path = url.strip_prefix("sqlite://").unwrap();
    let before = std::fs::read(path).unwrap();
    for opened in [
        Database::open(&Config::new(&url)).map(drop),
        Database::open_current(&Config::new(&url)).map(drop),
        Database::migrate(&Config::new(&url)).map(drop),
    ] {
        assert!(matches!(opened, Err(OpenError::Foreign)), "{opened:?}");
    }
    assert_eq!(std::fs::read(path).unwrap(), before);
    let signed = sqlite_url();
    execute(&signed, "PRAGMA application_id = 7; VACUUM");
    let opened = Database::open(&Config::new(&signed)).map(drop);
    assert!(matches!(opened, Err(OpenError::Foreign)), "{opened:?}");
    let ours = sqlite_url();
    Database::migrate(&Config::new(&ours)).unwrap();
    execute(&ours, "PRAGMA application_id = 0");
    assert!(Database::open_current(&Config::new(&ours)).is_ok());
    assert!(Database::migrate(&Config::new(&ours)).unwrap().is_empty());
    let head = std::fs::read(ours.strip_prefix("sqlite://").unwrap()).unwrap();
    assert_eq!(&head[68..72], b"RoLe");
}

/// To look does not migrate: neither what is empty nor what is older.
#[test]
fn only_who_is_asked_to_migrates() {
    for url in urls() {
        let config = Config::new(&url);
        let empty = Database::open_current(&config).map(drop);
        assert!(matches!(empty, Err(OpenError::Empty)), "{empty:?}");
        let pending = rolecall_storage::Checkup::pending(&config).unwrap();
        assert_eq!(pending, rolecall_storage::Checkup::migrations());
        let empty = Database::open_current(&config).map(drop);
        assert!(matches!(empty, Err(OpenError::Empty)), "{empty:?}");
        Database::migrate(&config).unwrap();
        assert!(Database::open_current(&config).is_ok());
    }
}

#[cfg(unix)]
#[test]
fn a_new_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let url = sqlite_url();
    let store = open(&url);
    org(&store, "acme");
    let path = url.strip_prefix("sqlite://").unwrap();
    for file in [path.to_owned(), format!("{path}-wal")] {
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
}
