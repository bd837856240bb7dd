//! Copies of a SQLite database, made beside a running server, and their proof.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::result::Error;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};

use crate::config::Config;
use crate::connection::{Either, Purpose, open_file};
use crate::database::{Database, maker};
use crate::open::OpenError;

/// One line of what `PRAGMA integrity_check` finds.
#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    integrity_check: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// Writes the database as it is at this moment to a file, which must be missing or empty. Readers
/// and writers go on; what they write meanwhile is not in the copy. The copy is one whole file.
///
/// # Errors
/// As [`Database::open`]; [`OpenError::Copy`] where the file cannot be written.
pub fn copy(config: &Config, to: &Path) -> Result<(), OpenError> {
    let mut session = maker(config)?.make(Purpose::Writer)?;
    let Either::Sqlite(conn) = session.bare() else {
        return Err(OpenError::Url("must be sqlite://PATH"));
    };
    sql_query("VACUUM INTO ?")
        .bind::<Text, _>(to.to_string_lossy().into_owned())
        .execute(conn)
        .map_err(OpenError::Copy)?;
    Ok(())
}

/// Whether a file is a whole database of rolecall; what is wrong with it otherwise. Reads all of it.
///
/// # Errors
/// The file cannot be opened.
pub fn prove(path: &Path) -> Result<Result<(), String>, OpenError> {
    if is_cut_off(path) {
        return Ok(Err(
            "it is cut off: some of its pages are missing".to_owned()
        ));
    }
    let mut conn = open_file(path)?;
    let count = "SELECT count(*) AS count FROM instance";
    match sql_query(count).get_result::<Count>(&mut conn) {
        Ok(Count { count: 1 }) => {}
        Ok(_) => {
            return Ok(Err(
                "it is a database of rolecall that was never used".to_owned()
            ));
        }
        Err(_) => return Ok(Err("it is no database of rolecall".to_owned())),
    }
    let lines = sql_query("PRAGMA integrity_check(1)").load::<Line>(&mut conn);
    match lines {
        Ok(lines) if lines.iter().all(|line| line.integrity_check == "ok") => Ok(Ok(())),
        Ok(_) => Ok(Err("its pages are damaged".to_owned())),
        Err(error) => Ok(Err(format!("it cannot be read whole: {error}"))),
    }
}

/// Whether a file of SQLite is shorter than its header says. A copy is one whole file without a log, whose
/// header is right.
fn is_cut_off(path: &Path) -> bool {
    let mut head = [0_u8; 32];
    let read = File::open(path).and_then(|mut file| {
        file.read_exact(&mut head)?;
        file.metadata()
    });
    let Ok(file) = read else { return false };
    let size = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let pages = u32::from_be_bytes([head[28], head[29], head[30], head[31]]);
    head.starts_with(b"SQLite format 3\0") && file.len() < size * u64::from(pages)
}

/// Brings a copy up to this binary's schema and makes one whole file of it again.
///
/// # Errors
/// As [`Database::migrate`].
pub fn ripen(path: &Path) -> Result<(), OpenError> {
    Database::migrate(&Config::new(format!("sqlite://{}", path.display())))?;
    fold(path).map(|_| ())
}

/// Takes what lies beside a database into its one file; false where another process has it open.
///
/// # Errors
/// The file cannot be opened or written.
pub fn fold(path: &Path) -> Result<bool, OpenError> {
    let mut conn = open_file(path)?;
    let mode = conn
        .batch_execute("PRAGMA busy_timeout = 1000")
        .and_then(|()| sql_query("PRAGMA journal_mode = DELETE").load::<Mode>(&mut conn));
    match mode {
        Ok(mode) => Ok(mode.iter().all(|mode| mode.journal_mode == "delete")),
        Err(Error::DatabaseError(_, told)) if told.message().contains("locked") => Ok(false),
        Err(error) => Err(OpenError::Prepare(error)),
    }
}

#[derive(QueryableByName)]
struct Mode {
    #[diesel(sql_type = Text)]
    journal_mode: String,
}
