//! The provisioning log: what the identity provider sent, how it ended, what it changed.

mod body;
mod durations;
pub mod hints;
pub mod notes;
mod reads;
mod replay;
mod search;
mod view;

pub use body::{LONGEST_BODY, kept};
pub use durations::{Durations, fill_in, run};
pub use reads::{ReadView, Reads, reads, write_reads};
pub use replay::{Replay, replay};
pub use search::{Answered, Found, RequestSearch, search};
pub use view::{RequestView, WholeRequest};

use uuid::Uuid;

use crate::{
    Error, Result,
    port::{
        Tx,
        requests::{KeptBody, RequestNotes, RequestRow},
    },
};

/// Writes the row of a request in the transaction of what it did.
///
/// # Errors
/// The store is away; then the change is not made either.
pub fn log(tx: &mut dyn Tx, request: &RequestRow, status: u16, notes: RequestNotes) -> Result<()> {
    let notes = RequestNotes {
        bulk: request.notes.bulk,
        ..notes
    };
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

/// Keeps the body of a logged request, where the organization wants that.
///
/// # Errors
/// The store is away.
pub fn keep_body(tx: &mut dyn Tx, row: &RequestRow, body: Option<&KeptBody>) -> Result<()> {
    if let Some(body) = body {
        tx.keep_body(row.id, row.at, body)?;
    }
    Ok(())
}

/// One row with its body, where that is kept.
///
/// # Errors
/// Not found.
pub fn read_whole(tx: &mut dyn Tx, id: Uuid) -> Result<WholeRequest> {
    let row = read(tx, id)?;
    let body = tx.body(id)?;
    Ok(WholeRequest::new(row, body))
}

/// One row.
///
/// # Errors
/// Not found.
pub fn read(tx: &mut dyn Tx, id: Uuid) -> Result<RequestRow> {
    tx.request(id)?.ok_or_else(|| Error::not_found("request"))
}
