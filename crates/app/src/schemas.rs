//! Extension schemas that an organization declares (RFC 7643 section 3.3): what its identity
//! provider sends beyond the standard is then checked, stored, found and shown.

mod change;
mod remembered;
mod remove;

pub use change::{PutReply, PutSchema, put};
pub use remembered::{Declared, unchanged};
pub use remove::{DeleteSchema, delete};

pub(crate) use remembered::Remembered;

use crate::{
    Error, Result,
    port::{Tx, schemas::SchemaRow},
};

/// Most schemas of one organization.
pub const MAX_SCHEMAS: usize = 20;

/// All schemas, and the version of the set.
///
/// # Errors
/// The store is away.
pub fn list(tx: &mut dyn Tx) -> Result<(i64, Vec<SchemaRow>)> {
    let version = tx.settings()?.schemas_version;
    Ok((version, tx.schemas()?))
}

/// One schema by its URN, whose case is ignored, and the version of the set.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, urn: &str) -> Result<(i64, SchemaRow)> {
    let (version, rows) = list(tx)?;
    let found = rows.into_iter().find(|row| has_urn(row, urn));
    Ok((version, found.ok_or_else(|| Error::not_found("schema"))?))
}

fn has_urn(row: &SchemaRow, urn: &str) -> bool {
    row.schema.id.eq_ignore_ascii_case(urn)
}

/// What conditions on the version say where it has moved.
const CHANGED: &str = "The schemas were changed since you read them; read them again.";
