use tempfile::TempDir;

/// An empty database, thrown away with its test.
pub(crate) struct Db {
    /// As in the setting `database.url`.
    pub(crate) url: String,
    /// A folder that the test may write to; the SQLite file is in it.
    pub(crate) folder: TempDir,
}

impl Db {
    pub(crate) fn sqlite() -> Db {
        let folder = tempfile::tempdir().unwrap();
        Db {
            url: format!("sqlite://{}", folder.path().join("rolecall.db").display()),
            folder,
        }
    }

    /// On a server that was started for the test.
    pub(crate) fn on(server: &testkit::postgres::OwnServer) -> Db {
        Db {
            url: server.url.clone(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// None where there is no PostgreSQL.
    pub(crate) fn postgresql() -> Option<Db> {
        let url = testkit::postgres::fresh_database()?;
        Some(Db {
            url,
            folder: tempfile::tempdir().unwrap(),
        })
    }
}

/// Everything that a database holds, to be searched: the files of SQLite, the tables of PostgreSQL.
pub(crate) fn contents(url: &str) -> Vec<(&'static str, Vec<u8>)> {
    let Some(file) = url.strip_prefix("sqlite://") else {
        return vec![("the tables", testkit::postgres::contents(url))];
    };
    let read = |end: &str| std::fs::read(format!("{file}{end}")).unwrap_or_default();
    vec![("the database's file", read("")), ("its log", read("-wal"))]
}
