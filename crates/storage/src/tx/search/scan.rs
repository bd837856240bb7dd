//! Lists that only documents can tell: the condition's rows in id order, a slice at a time, with
//! the evaluator on each document, until the deadline.

use app::port::Stored;
use app::port::search::{Page, Search};
use scim::SortKey;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Listed, rows, select};
use crate::filter::{Condition, Order, Value};
use crate::tx::Transaction;

/// How many documents are in memory at once while they are looked at.
const SLICE: i64 = 500;

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
        total += 1;
        if search.reaches(&SortKey::Missing, L::id(&row)) {
            if (skip..end).contains(&passed) {
                items.push(row);
            }
            passed += 1;
        }
    })?;
    Ok(Page { total, items })
}

/// A page by a key that no column has. Keys and ids of the best are kept, and the page's rows read
/// again, so that memory holds one slice of documents whatever the index is.
pub(super) fn by_key<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
) -> Stored<Page<L::Row>> {
    let mut best = Best::new(search);
    let mut total = 0;
    all::<L>(tx, search, condition, &mut |row, document| {
        total += 1;
        best.offer(L::id(&row), document);
    })?;
    let ids = best.page();
    let mut items = read::<L>(tx, &ids)?;
    items.sort_by_key(|row| ids.iter().position(|id| *id == L::id(row)));
    Ok(Page { total, items })
}

/// Shows every row that the filter matches.
fn all<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
    each: &mut dyn FnMut(L::Row, &Json),
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
        let (text, values) = select::<L>(tx, &conditions, &by, "LIMIT ?", &[Value::Int(SLICE)]);
        let slice = rows::<L>(tx, &text, &values, &by)?;
        let Some(last) = slice.last() else {
            return Ok(());
        };
        after = L::id(last).as_bytes().to_vec();
        L::visit(tx, slice, search, deadline, &mut |row, document| {
            if matches(document) {
                each(row, document);
            }
        })?;
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
        let (text, values) = select::<L>(tx, &[&those], &by, "LIMIT ?", &[Value::Int(SLICE)]);
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

/// The first of an order, as many as the page ends with.
struct Best<'s> {
    search: &'s Search,
    most: usize,
    kept: Vec<(SortKey, Uuid)>,
}

impl<'s> Best<'s> {
    fn new(search: &'s Search) -> Best<'s> {
        let end = match search.count {
            0 => 0,
            count => search.offset().saturating_add(count),
        };
        Best {
            search,
            most: usize::try_from(end).unwrap_or(usize::MAX),
            kept: Vec::new(),
        }
    }

    fn offer(&mut self, id: Uuid, document: &Json) {
        let key = match &self.search.sort {
            Some(sort) if self.most > 0 => sort.key(document),
            _ => return,
        };
        if !self.search.reaches(&key, id) {
            return;
        }
        self.kept.push((key, id));
        // Twice the room, so that sorting is rare.
        if self.kept.len() / 2 > self.most {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let sort = self.search.sort.as_ref();
        self.kept.sort_unstable_by(|(key, id), (other, with)| {
            Search::compare(sort, (key, *id), (other, *with))
        });
        self.kept.truncate(self.most);
    }

    /// The page's ids in order.
    fn page(mut self) -> Vec<Uuid> {
        self.cut();
        let skip = usize::try_from(self.search.offset()).unwrap_or(usize::MAX);
        self.kept.into_iter().skip(skip).map(|(_, id)| id).collect()
    }
}
