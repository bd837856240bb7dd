//! Finding requests in the log.

use uuid::Uuid;

use crate::{
    Result,
    port::{Millis, Tx, requests::RequestRow},
};

/// Rows that are looked at for one page; the next page goes on from there.
const LOOK: u64 = 10_000;
/// Rows that are read at once.
const AT_ONCE: u64 = 1_000;

/// What to find. Everything that is given has to fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestSearch {
    /// Which answers.
    pub status: Option<Answered>,
    /// With this key.
    pub key: Option<String>,
    /// A user or group: named by the path, changed, or a member that is nobody here; or a request,
    /// by the `X-Request-Id` of its answer: itself, the operations of a Bulk, and what sent it
    /// again.
    pub about: Option<String>,
    /// Not earlier.
    pub from: Option<Millis>,
    /// Earlier.
    pub until: Option<Millis>,
}

/// Which answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// Those that did what they should.
    Done,
    /// Those that were refused.
    Refused,
    /// With this status.
    With(u16),
}

impl std::str::FromStr for Answered {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        match text {
            "done" => Ok(Answered::Done),
            "refused" => Ok(Answered::Refused),
            number => number
                .parse()
                .ok()
                .filter(|status| (100..600).contains(status))
                .map(Answered::With)
                .ok_or("Must be done, refused or a status such as 409."),
        }
    }
}

/// A page of what was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// Newest first.
    pub rows: Vec<RequestRow>,
    /// Where to go on; none where everything was looked at. There may be more to find behind a page
    /// that is not full.
    pub next: Option<Uuid>,
}

impl RequestSearch {
    fn fits(&self, row: &RequestRow) -> bool {
        let status = match self.status {
            None => true,
            Some(Answered::Done) => row.status < 400,
            Some(Answered::Refused) => row.status >= 400,
            Some(Answered::With(status)) => row.status == status,
        };
        status
            && self
                .key
                .as_ref()
                .is_none_or(|key| row.key.as_ref() == Some(key))
            && self.about.as_ref().is_none_or(|id| is_about(row, id))
            && self.from.is_none_or(|from| row.at >= from)
            && self.until.is_none_or(|until| row.at < until)
    }
}

fn is_about(row: &RequestRow, id: &str) -> bool {
    let notes = &row.notes;
    let requests = [Some(row.id), notes.bulk, notes.replay_of];
    row.path.split('/').any(|segment| segment == id)
        || notes.changed.iter().any(|changed| changed == id)
        || notes.unknown_members.iter().any(|member| member == id)
        || requests
            .into_iter()
            .flatten()
            .any(|request| request.to_string() == id)
}

/// The requests that fit, newest first: those before an id.
///
/// # Errors
/// The store is away.
pub fn search(
    tx: &mut dyn Tx,
    search: &RequestSearch,
    before: Option<Uuid>,
    limit: u64,
) -> Result<Found> {
    let (mut rows, mut next, mut looked) = (Vec::new(), before, 0);
    while looked < LOOK {
        let page = tx.requests(next, AT_ONCE)?;
        let last = (page.len() as u64) < AT_ONCE;
        looked += page.len() as u64;
        for row in page {
            if search.from.is_some_and(|from| row.at < from) {
                return Ok(Found { rows, next: None });
            }
            next = Some(row.id);
            if search.fits(&row) {
                rows.push(row);
                if rows.len() as u64 >= limit {
                    return Ok(Found { rows, next });
                }
            }
        }
        if last {
            return Ok(Found { rows, next: None });
        }
    }
    Ok(Found { rows, next })
}
