//! Searching documents, and the names inside them.

use app::port::Stored;
use app::port::search::{Page, Search};
use scim::SortKey;
use serde_json::Value;
use uuid::Uuid;

use super::unit::broken;

/// The page of those rows whose document the filter matches, in the order of the search.
///
/// Documents are made only where a filter or an order looks at them.
pub(super) fn page<T>(
    rows: Vec<T>,
    search: &Search,
    id: impl Fn(&T) -> Uuid,
    mut document: impl FnMut(&T) -> Stored<Value>,
) -> Stored<Page<T>> {
    let mut found = Vec::new();
    for row in rows {
        let Some(key) = matched(search, || document(&row))? else {
            continue;
        };
        found.push((key, row));
    }
    let counted = search.total.then_some(found.len());
    let total = u64::try_from(counted.unwrap_or(0)).unwrap_or(u64::MAX);
    found.retain(|(key, row)| search.reaches(key, id(row)));
    found.sort_by(|(key, row), (other, with)| {
        Search::compare(search.sort.as_ref(), (key, id(row)), (other, id(with)))
    });
    let skip = usize::try_from(search.offset()).unwrap_or(usize::MAX);
    let take = usize::try_from(search.count).unwrap_or(usize::MAX);
    let rows = found.into_iter().map(|(_, row)| row);
    Ok(Page {
        total,
        items: rows.skip(skip).take(take).collect(),
    })
}

/// The place of a document that the filter matches.
fn matched(search: &Search, document: impl FnOnce() -> Stored<Value>) -> Stored<Option<SortKey>> {
    if search.filter.is_none() && search.sort.is_none() {
        return Ok(Some(SortKey::Missing));
    }
    let document = document()?;
    let filter = search.filter.as_ref();
    if filter.is_some_and(|filter| !filter.matches(&document)) {
        return Ok(None);
    }
    let sort = search.sort.as_ref();
    Ok(Some(
        sort.map_or(SortKey::Missing, |sort| sort.key(&document)),
    ))
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
