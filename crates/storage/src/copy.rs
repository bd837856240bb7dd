//! A whole database into another, of either kind.
//!
//! The rows of every table are read in one snapshot, travel as JSON and are written in sets. While
//! they do, the target says of itself that it is not whole, and no server opens it; it says
//! otherwise only after every table was read back and found equal, row by row.

use crate::config::{Address, Config};
use crate::connection::Purpose;
use crate::database::maker;
use crate::gates;
use crate::migrate;
use crate::open::OpenError;
use crate::session::Session;
use digest::Digest;
use shape::Table;

mod digest;
mod numbers;
mod shape;
mod source;
mod target;

/// Why a copy was not made.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The source cannot be opened.
    #[error("the source: {0}")]
    Source(#[source] OpenError),
    /// The target cannot be opened.
    #[error("the target: {0}")]
    Target(#[source] OpenError),
    /// Both are the same database.
    #[error("source and target are the same database")]
    Same,
    /// Somebody else has the source open.
    #[error(
        "a server or another command has the source open, and what it takes from now on would not be in the copy: stop it first, or add --force for a copy of this moment"
    )]
    InUse,
    /// The source has the schema of an older version.
    #[error("the source has an older schema; bring it up to date with `rolecall migrate` first")]
    SourceIsOld,
    /// The source was never used, or is itself an interrupted copy.
    #[error("the source is not a whole database of rolecall; nothing was copied")]
    SourceIsNotWhole,
    /// The target has the schema of an older version.
    #[error("the target has an older schema of rolecall; name an empty database")]
    TargetIsOld,
    /// There is something in the target.
    #[error("the target is not empty: its table {0} has rows; name an empty database")]
    NotEmpty(&'static str),
    /// A copy into the target was interrupted before.
    #[error(
        "the target holds a copy that was interrupted; empty it (drop and create the database, or delete the file) and copy again"
    )]
    Interrupted,
    /// PostgreSQL has not given all events their number.
    #[error(
        "some events of the source have no number in the feed yet; let its server run for some seconds and copy again"
    )]
    Unnumbered,
    /// A row does not read as the schema says.
    #[error("a row of the table {0} cannot be read")]
    Unreadable(&'static str),
    /// A statement failed.
    #[error("the {0} refused a statement")]
    Statement(&'static str, #[source] app::port::StoreError),
    /// What was written reads back otherwise.
    #[error("the table {0} of the target is not equal to the source's; the target stays closed")]
    Different(&'static str),
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// So many rows will be copied in all.
    Begun(u64),
    /// So many more were written.
    Written(u64),
    /// All are written; so many are read back now.
    Checking(u64),
    /// So many more were read back.
    Checked(u64),
}

/// What was copied, table by table, and found equal on both sides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copied {
    /// Every table with its number of rows.
    pub tables: Vec<(&'static str, u64)>,
    /// Whether somebody else had the source open when it began.
    pub in_use: bool,
}

impl Copied {
    /// How many rows a table has.
    pub fn rows(&self, table: &str) -> u64 {
        let found = self.tables.iter().find(|(name, _)| *name == table);
        found.map_or(0, |(_, rows)| *rows)
    }
}

/// Copies everything from one database into an empty other and proves it.
///
/// What is written to the source after the beginning is not in the copy, so that a source is refused
/// which somebody else has open, unless it is `forced`. A file of SQLite cannot be opened by others
/// before the copy ends; on PostgreSQL the sessions are seen that are called `rolecall` or are of the
/// same role, when it begins. Memory is bounded, however
/// large the tables are. The instance's secret goes along, so that cursors and person keys stay good.
///
/// # Errors
/// [`CopyError`]. Where the target was begun, it stays closed to servers.
pub fn run(
    from: &Config,
    to: &Config,
    forced: bool,
    mut tell: impl FnMut(Step),
) -> Result<Copied, CopyError> {
    if same(from, to) {
        return Err(CopyError::Same);
    }
    let (mut source, in_use) = source(from, forced)?;
    let secret = source::begin(&mut source)?;
    let mut target = open(to, Purpose::Writer).map_err(CopyError::Target)?;
    prepare(&mut target)?;
    let tables = shape::tables(&mut source)?;
    target::expect_empty(&mut target, &tables)?;
    target::mark(&mut target, &secret)?;
    let lent = source::unlike(&source, &target);
    let mut digests = Vec::with_capacity(tables.len());
    tell(Step::Begun(source::count(&mut source, &tables, lent)?));
    for table in &tables {
        let digest = copy(&mut source, &mut target, table, lent, &mut tell)?;
        digests.push((table, digest));
    }
    numbers::hand_over(&mut source, &mut target)?;
    let broken = |error| CopyError::Statement("target", error);
    gates::make_all(&mut target).map_err(broken)?;
    tell(Step::Checking(
        digests.iter().map(|(_, digest)| digest.rows).sum(),
    ));
    source::snapshot(&mut target).map_err(broken)?;
    for (table, digest) in &digests {
        let found = read_back(&mut target, table, &mut tell)?;
        if found != *digest {
            return Err(CopyError::Different(table.name));
        }
    }
    target.batch("COMMIT").map_err(broken)?;
    target::open_up(&mut target)?;
    let tables = digests.iter();
    Ok(Copied {
        tables: tables
            .map(|(table, digest)| (table.name, digest.rows))
            .collect(),
        in_use,
    })
}

/// The source, and whether somebody else has it open.
fn source(config: &Config, forced: bool) -> Result<(Session, bool), CopyError> {
    let (opened, shared) = match open(config, Purpose::Sole) {
        Err(OpenError::InUse) => (open(config, Purpose::Reader), true),
        opened => (opened, false),
    };
    let mut source = opened.map_err(CopyError::Source)?;
    let shared = shared || source::is_shared(&mut source)?;
    if shared && !forced {
        return Err(CopyError::InUse);
    }
    Ok((source, shared))
}

fn open(config: &Config, purpose: Purpose) -> Result<Session, OpenError> {
    let mut session = maker(config)?.make(purpose)?;
    session
        .be_patient()
        .map_err(|error| OpenError::Migrate(Box::new(error)))?;
    Ok(session)
}

fn same(from: &Config, to: &Config) -> bool {
    let file = |config: &Config| match Address::parse(&config.url) {
        Ok(Address::Sqlite(path)) => std::fs::canonicalize(path).ok(),
        _ => None,
    };
    from.url == to.url || (file(from).is_some() && file(from) == file(to))
}

/// The schema of this version in the target.
fn prepare(target: &mut Session) -> Result<(), CopyError> {
    match migrate::pending(target).map_err(CopyError::Target)? {
        0 => {}
        fresh if fresh == migrate::all() => {
            migrate::migrate(target).map_err(CopyError::Target)?;
            target
                .be_patient()
                .map_err(|error| CopyError::Statement("target", error))?;
        }
        _ => return Err(CopyError::TargetIsOld),
    }
    if target::is_marked(target)? {
        return Err(CopyError::Interrupted);
    }
    Ok(())
}

fn copy(
    source: &mut Session,
    target: &mut Session,
    table: &Table,
    lent: bool,
    tell: &mut impl FnMut(Step),
) -> Result<Digest, CopyError> {
    let mut digest = Digest::default();
    source::each(source, table, lent, |rows| {
        for row in &rows {
            digest.add(row);
        }
        let count = rows.len() as u64;
        target::write(target, table, rows)?;
        tell(Step::Written(count));
        Ok(())
    })?;
    Ok(digest)
}

fn read_back(
    target: &mut Session,
    table: &Table,
    tell: &mut impl FnMut(Step),
) -> Result<Digest, CopyError> {
    let mut digest = Digest::default();
    source::each(target, table, false, |rows| {
        for row in &rows {
            digest.add(row);
        }
        tell(Step::Checked(rows.len() as u64));
        Ok(())
    })?;
    Ok(digest)
}
