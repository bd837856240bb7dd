//! Lists that only documents can tell: the condition's rows in id order, a slice at a time, with
//! the evaluator on each document, until the deadline.

use app::port::Stored;
use app::port::search::{Page, Search};
use scim::SortKey;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Listed, best, rows, select};
use crate::filter::{Condition, Order, Value};
use crate::tx::Transaction;

/// How many documents are in memory at once while they are looked at.
const SLICE: u64 = 500;

/// How many keys of an order are in memory at once; more than any page has.
const MOST_KEYS: usize = 50_000;

/// A page in id order.
pub(super) fn by_id<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
) -> Stored<Page<L::Row>> {
    let (mut total, mut passed, mut items) = (0, 0, Vec::new());
    let (skip, end) = (
        search.offset(),
        search.offset().saturating_add(search.count),
    );
    all::<L>(tx, search, condition, &mut |row, _| {
        total += u64::from(search.total);
        if search.reaches(&SortKey::Missing, L::id(&row)) {
            if (skip..end).contains(&passed) {
                items.push(row);
            }
            passed += 1;
        }
        search.total || passed < end
    })?;
    Ok(Page { total, items })
}

/// A page by a key that no column has. Keys and ids of the best are kept, [`MOST_KEYS`] of them at
/// the most, and the page's rows read again, so that memory holds one slice of documents whatever the
/// index is. A page further back takes a walk for each [`MOST_KEYS`] before it, until the deadline.
pub(super) fn by_key<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
) -> Stored<Page<L::Row>> {
    let (ids, total) = best::page(search, MOST_KEYS, &mut |offer| {
        all::<L>(tx, search, condition, &mut |row, document| {
            offer(L::id(&row), document);
            true
        })
    })?;
    let total = if search.total { total } else { 0 };
    let mut items = read::<L>(tx, &ids)?;
    items.sort_by_key(|row| ids.iter().position(|id| *id == L::id(row)));
    Ok(Page { total, items })
}

/// Shows every row that the filter matches, while more are wanted; which is asked with each row and
/// looked at after each slice.
fn all<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
    each: &mut dyn FnMut(L::Row, &Json) -> bool,
) -> Stored<()> {
    let deadline = tx.lists_until();
    let matches = |document: &Json| match &search.filter {
        Some(filter) => filter.matches(document),
        None => true,
    };
    let by = in_id_order();
    let mut after = Vec::new();
    loop {
        let beyond = Condition::new("t.id > ?", vec![Value::Bytes(after)]);
        let conditions: Vec<_> = condition.into_iter().chain([&beyond]).collect();
        let (text, values) = select::<L>(tx, &conditions, &by, SLICE, 0);
        let slice = rows::<L>(tx, &text, &values, &by)?;
        let Some(last) = slice.last() else {
            return Ok(());
        };
        after = L::id(last).as_bytes().to_vec();
        let mut more = true;
        L::visit(tx, slice, search, deadline, &mut |row, document| {
            if matches(document) {
                more = each(row, document);
            }
        })?;
        if !more {
            return Ok(());
        }
    }
}

/// These rows in id order.
fn read<L: Listed>(tx: &mut Transaction<'_>, ids: &[Uuid]) -> Stored<Vec<L::Row>> {
    let by = in_id_order();
    let mut found = Vec::with_capacity(ids.len());
    for part in ids.chunks(usize::try_from(SLICE).unwrap_or(usize::MAX)) {
        let marks = vec!["?"; part.len()].join(", ");
        let values = part.iter().map(|id| Value::Bytes(id.as_bytes().to_vec()));
        let those = Condition::new(format!("t.id IN ({marks})"), values.collect());
        let (text, values) = select::<L>(tx, &[&those], &by, SLICE, 0);
        found.extend(rows::<L>(tx, &text, &values, &by)?);
    }
    Ok(found)
}

fn in_id_order() -> Order {
    Order {
        text: "t.id ASC".to_owned(),
        after: None,
        by_id: true,
    }
}
