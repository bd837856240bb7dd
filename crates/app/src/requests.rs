//! The provisioning log: what the identity provider sent, how it ended, what it changed.

mod durations;
pub mod hints;
mod reads;
mod search;
mod view;

pub use durations::{Durations, fill_in, run};
pub use reads::{ReadView, Reads, reads, write_reads};
pub use search::{Answered, Found, RequestSearch, search};
pub use view::RequestView;

use uuid::Uuid;

use crate::{
    Error, Result,
    port::{
        Tx,
        requests::{RequestNotes, RequestRow},
    },
};

/// Writes the row of a request in the transaction of what it did.
///
/// # Errors
/// The store is away; then the change is not made either.
pub fn log(tx: &mut dyn Tx, request: &RequestRow, status: u16, notes: RequestNotes) -> Result<()> {
    let row = RequestRow {
        status,
        notes,
        ..request.clone()
    };
    tx.log_request(&row)?;
    Ok(())
}

/// Writes the rows of refused requests, which changed nothing.
///
/// # Errors
/// The store is away.
pub fn log_refused(tx: &mut dyn Tx, rows: &[RequestRow]) -> Result<()> {
    for row in rows {
        tx.log_request(row)?;
    }
    Ok(())
}

/// One row.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: Uuid) -> Result<RequestRow> {
    tx.request(id)?.ok_or_else(|| Error::not_found("request"))
}
