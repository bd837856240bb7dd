//! Pages of short lists that are held whole, in the order of their names.

use app::Result;

use super::{cursor, input, reply::List};
use crate::query::Query;

/// Which page: so many items after a name.
pub(crate) struct ByName {
    limit: usize,
    after: Option<String>,
}

impl ByName {
    /// Reads `cursor` and `limit`.
    ///
    /// # Errors
    /// 422 for what is not right about them.
    pub(crate) fn read(query: &Query) -> Result<ByName> {
        Ok(ByName {
            limit: usize::try_from(input::limit(query)?).unwrap_or(usize::MAX),
            after: cursor::read(query, |item| String::from_utf8(item.to_vec()).ok())?,
        })
    }

    /// The page of rows that come in the order of their names.
    pub(crate) fn cut<'r, R: 'r, V>(
        &self,
        rows: impl Iterator<Item = &'r R>,
        name: impl Fn(&R) -> &str,
        view: impl Fn(&R) -> V,
    ) -> List<V> {
        let after = self.after.as_deref();
        let mut rest = rows
            .filter(|row| after.is_none_or(|after| name(row) > after))
            .peekable();
        let page: Vec<&R> = rest.by_ref().take(self.limit).collect();
        let more = rest.peek().is_some();
        let last = page.last().filter(|_| more);
        List {
            next_cursor: last.map(|row| cursor::after(name(row).as_bytes())),
            items: page.into_iter().map(view).collect(),
        }
    }
}
