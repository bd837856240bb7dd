//! Index or cursor: which part of a list is asked for (RFC 7644 section 3.4.2.4, RFC 9865
//! section 2).

use crate::cursor::{Cursor, Lifetime, MAC_BYTES};
use crate::error::Error;
use crate::window::{MAX_COUNT, Window};

/// Which part of a list. Index paging unless the client speaks of a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paging {
    /// By `startIndex` and `count`.
    Index(Window),
    /// By cursor; `startIndex` is not looked at.
    Cursor {
        /// The `nextCursor` of the page before; `None` for the first page.
        after: Option<String>,
        /// Most resources wanted, if the client says so; at most [`MAX_COUNT`].
        count: Option<u64>,
    },
}

/// A part of a list by cursor, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it starts; `None` for the beginning.
    pub after: Option<Cursor>,
    /// Most resources wanted; 0 asks for the total alone, without a next page.
    pub count: u64,
}

impl Default for Paging {
    fn default() -> Paging {
        Paging::Index(Window::default())
    }
}

impl Paging {
    /// Reads the three parameters. A cursor that is there, even an empty one, wins over
    /// `startIndex`.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for what is not a whole number; `invalidCount` for `count` with a
    /// cursor.
    pub fn parse(
        cursor: Option<&str>,
        start_index: Option<&str>,
        count: Option<&str>,
    ) -> Result<Paging, Error> {
        let Some(cursor) = cursor else {
            return Window::parse(start_index, count).map(Paging::Index);
        };
        let window =
            Window::parse(None, count).map_err(|error| Error::invalid_count(error.detail))?;
        Ok(Paging::Cursor {
            after: (!cursor.is_empty()).then(|| cursor.to_owned()),
            count: count.map(|_| window.count),
        })
    }

    /// Verifies the cursor; `None` for index paging. For `binding`, `mac` and `lifetime` see
    /// [`Cursor::read`].
    ///
    /// # Errors
    ///
    /// 400 `invalidCursor`, `expiredCursor` or `invalidCount`.
    pub fn page(
        &self,
        binding: &[u8],
        mac: impl Fn(&[u8]) -> [u8; MAC_BYTES],
        lifetime: Lifetime,
    ) -> Result<Option<Page>, Error> {
        match self {
            Paging::Index(_) => Ok(None),
            Paging::Cursor { after: None, count } => Ok(Some(Page {
                after: None,
                count: count.unwrap_or(MAX_COUNT),
            })),
            Paging::Cursor {
                after: Some(text),
                count,
            } => {
                let cursor = Cursor::read(text, binding, mac, lifetime)?;
                Ok(Some(Page {
                    count: cursor.count(*count)?,
                    after: Some(cursor),
                }))
            }
        }
    }
}
