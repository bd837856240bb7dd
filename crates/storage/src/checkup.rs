//! What an operator asks of a database.

use app::port::Millis;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::config::Config;
use crate::connection::{Either, Purpose};
use crate::database::maker;
use crate::migrate;
use crate::open::OpenError;

/// A database that answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkup {
    /// As in `SQLite 3.50.4`.
    pub version: String,
    /// The server's time; none where the database is a file of this machine.
    pub time: Option<Millis>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    version: String,
    #[diesel(sql_type = BigInt)]
    time: i64,
}

impl Checkup {
    /// How many migrations the database still needs. Changes nothing.
    ///
    /// # Errors
    /// [`OpenError::Newer`], [`OpenError::Foreign`]; the database cannot be reached.
    pub fn pending(config: &Config) -> Result<usize, OpenError> {
        migrate::pending(&mut maker(config)?.make(Purpose::Reader)?)
    }

    /// How many migrations there are: as many does an empty database need.
    pub fn migrations() -> usize {
        migrate::all()
    }

    /// Asks on a connection of its own.
    ///
    /// # Errors
    /// The database cannot be reached.
    pub fn of(config: &Config) -> Result<Checkup, OpenError> {
        let mut session = maker(config)?.make(Purpose::Reader)?;
        match session.bare() {
            Either::Sqlite(conn) => {
                let text = "SELECT 'SQLite ' || sqlite_version() AS version, 0 AS time";
                let row: Row = sql_query(text)
                    .get_result(conn)
                    .map_err(OpenError::Prepare)?;
                Ok(Checkup {
                    version: row.version,
                    time: None,
                })
            }
            Either::Postgres(conn) => {
                let text = "SELECT 'PostgreSQL ' || current_setting('server_version') AS version, \
                     (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS time";
                let row: Row = sql_query(text)
                    .get_result(conn)
                    .map_err(OpenError::Prepare)?;
                Ok(Checkup {
                    version: row.version,
                    time: Some(row.time),
                })
            }
        }
    }
}
