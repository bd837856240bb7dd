//! What the key that makes or rotates another one binds that one to: an admin key gives nobody more
//! time, or more places, than it has itself.

use domain::{CauseKind, address::Range, key::Kind};

use super::Ends;
use crate::{App, Error, Result, change::Change, port::Millis, representation::time};

const ELSE: &str = "An owner key, or `rolecall key` on the machine, is free in this.";

/// The bounds. None for an owner key and the command line.
#[derive(Clone, Debug, Default)]
pub(super) struct Maker {
    /// The end of the key that asks.
    end: Option<Millis>,
    /// From where that one may be used; from anywhere where there is none.
    ranges: Vec<Range>,
}

impl Maker {
    /// The bounds of what this change makes.
    ///
    /// # Errors
    /// The store is away.
    pub(super) fn of(app: &App, change: &Change) -> Result<Maker> {
        let Some(id) = change.cause.by.as_ref() else {
            return Ok(Maker::default());
        };
        if change.cause.kind != CauseKind::Admin {
            return Ok(Maker::default());
        }
        let row = app.store.instance().key(id)?;
        let row = row.filter(|row| row.kind != Kind::Owner);
        Ok(row.map_or_else(Maker::default, |row| Maker {
            end: row.expires,
            ranges: row.ranges,
        }))
    }

    /// The end that a key gets: the usual one is cut to the bound.
    ///
    /// # Errors
    /// Another one lies beyond it.
    pub(super) fn bound_end(&self, ends: Ends, end: Option<Millis>) -> Result<Option<Millis>> {
        let Some(bound) = self.end else {
            return Ok(end);
        };
        match end {
            Some(end) if end <= bound => Ok(Some(end)),
            Some(_) if ends == Ends::Usual => Ok(Some(bound)),
            _ => {
                let detail = format!(
                    "Must be a time no later than {}, when the key ends that asks for this. {ELSE}",
                    time(bound)
                );
                Err(Error::field("expires_at", detail))
            }
        }
    }

    /// Whether a key may have these ranges.
    ///
    /// # Errors
    /// It could be used from where the key that asks cannot.
    pub(super) fn bound_ranges(&self, ranges: &[Range]) -> Result<()> {
        let lies_within = |range: &Range| self.ranges.iter().any(|bound| range.lies_within(bound));
        let bound = !ranges.is_empty() && ranges.iter().all(lies_within);
        if bound || self.ranges.is_empty() {
            return Ok(());
        }
        let own: Vec<String> = self.ranges.iter().map(ToString::to_string).collect();
        let detail = format!(
            "Must be ranges that lie within those of the key that asks for this: {}. {ELSE}",
            own.join(", ")
        );
        Err(Error::field("allowed_from", detail))
    }
}
