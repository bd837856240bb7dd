//! Searching documents, and the names inside them.

use app::port::Stored;
use app::port::users::{Page, Search};
use serde_json::Value;

use super::unit::broken;

/// The page of those rows, in id order, whose document the filter matches.
///
/// Documents are made only where there is a filter.
pub(super) fn page<T>(
    rows: Vec<T>,
    search: &Search,
    mut document: impl FnMut(&T) -> Stored<Value>,
) -> Stored<Page<T>> {
    let mut found = Vec::new();
    for row in rows {
        let matches = match &search.filter {
            Some(filter) => filter.matches(&document(&row)?),
            None => true,
        };
        if matches {
            found.push(row);
        }
    }
    let total = u64::try_from(found.len()).unwrap_or(u64::MAX);
    let skip = usize::try_from(search.start_index.saturating_sub(1)).unwrap_or(usize::MAX);
    let take = usize::try_from(search.count).unwrap_or(usize::MAX);
    Ok(Page {
        total,
        items: found.into_iter().skip(skip).take(take).collect(),
    })
}

/// The first of these attributes that the document has as a text.
pub(super) fn text_of(document: &str, names: &[&str]) -> Stored<String> {
    let document: Value =
        serde_json::from_str(document).map_err(|_| broken("a stored document is not JSON"))?;
    let text = names
        .iter()
        .find_map(|name| document.get(name).and_then(Value::as_str));
    Ok(text.unwrap_or_default().to_owned())
}
