//! Lists: the filter's condition in SQL, what is left of it on the documents.
//!
//! Three ways, the first that fits: a prepared statement for equality with one column; SQL alone
//! where the condition is exact; else the condition's rows in id order, a few hundred at a time,
//! with the evaluator on each document, until the deadline.

use std::sync::Arc;
use std::time::Instant;

use app::port::Stored;
use app::port::users::{Page, Search};
use scim::filter::Filter;

use super::Transaction;
use crate::error::Reason;
use crate::filter::{Condition, Value, probe, push};
use crate::sql::{Bind, Made};

mod groups;
mod users;

pub(super) use groups::Groups;
pub(super) use users::Users;

#[cfg(test)]
pub(super) use {
    groups::GroupByName,
    users::{UserByName, UsersByExternalId},
};

/// How many documents are in memory at once while a filter is evaluated on them.
const SLICE: i64 = 500;

/// What differs between the two lists.
pub(super) trait Listed {
    /// Its table.
    const KIND: crate::filter::Kind;
    /// Columns of the narrow row that a page needs, after `t.id`.
    const COLUMNS: &'static str;
    /// A resource as the port gives it.
    type Row;

    /// Runs a statement that selects the columns and the document.
    fn rows(tx: &mut Transaction<'_>, text: &str, binds: &[Bind<'_>]) -> Stored<Vec<Self::Row>>;

    /// The resource's id.
    fn id(row: &Self::Row) -> &[u8; 16];

    /// The answer by a prepared statement, where there is one for this column: at most two rows.
    fn probed(
        tx: &mut Transaction<'_>,
        column: crate::filter::Column,
        value: &str,
    ) -> Stored<Option<Vec<Self::Row>>>;

    /// Keeps the rows whose documents match.
    fn matching(
        tx: &mut Transaction<'_>,
        rows: Vec<Self::Row>,
        filter: &Filter,
        deadline: Instant,
    ) -> Stored<Vec<Self::Row>>;
}

/// One page, with the exact total.
pub(super) fn page<L: Listed>(tx: &mut Transaction<'_>, search: &Search) -> Stored<Page<L::Row>> {
    let Some(filter) = &search.filter else {
        return by_sql::<L>(tx, search, None);
    };
    if let Some((column, value)) = probe(L::KIND, filter)
        && let Some(rows) = L::probed(tx, column, &value)?
        && rows.len() < 2
    {
        return Ok(window(rows, search));
    }
    match push(L::KIND, tx.org, filter) {
        Some(condition) if condition.exact => by_sql::<L>(tx, search, Some(&condition)),
        condition => by_documents::<L>(tx, search, filter, condition.as_ref()),
    }
}

/// The page out of all that match.
fn window<R>(rows: Vec<R>, search: &Search) -> Page<R> {
    let total = rows.len() as u64;
    let skip = usize::try_from(search.start_index.saturating_sub(1)).unwrap_or(usize::MAX);
    let take = usize::try_from(search.count).unwrap_or(usize::MAX);
    Page {
        total,
        items: rows.into_iter().skip(skip).take(take).collect(),
    }
}

fn by_sql<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    condition: Option<&Condition>,
) -> Stored<Page<L::Row>> {
    let offset = search.start_index.saturating_sub(1);
    let mut items = Vec::new();
    if search.count > 0 {
        let paging = [number(search.count), number(offset)];
        let (text, values) = select::<L>(tx, condition, "", "LIMIT ? OFFSET ?", &paging);
        items = rows::<L>(tx, &text, &values)?;
    }
    let got = items.len() as u64;
    // A page that is not full, and not beyond the end, shows the total by itself.
    let total = if got < search.count && (got > 0 || offset == 0) {
        offset + got
    } else {
        count::<L>(tx, condition)?
    };
    Ok(Page { total, items })
}

/// Walks ids, so that a page costs what it reads; documents are joined to what is left.
fn select<L: Listed>(
    tx: &Transaction<'_>,
    condition: Option<&Condition>,
    more: &str,
    paging: &str,
    last: &[Value],
) -> (String, Vec<Value>) {
    let (table, documents, columns) = (L::KIND.table(), L::KIND.documents(), L::COLUMNS);
    let mut values = vec![Value::Int(tx.org.0)];
    let mut filter = String::new();
    if let Some(condition) = condition {
        filter = format!(" AND ({})", condition.text);
        values.extend(condition.values.iter().cloned());
    }
    values.extend(last.iter().cloned());
    let text = format!(
        "SELECT t.id, {columns}, d.document FROM (SELECT t.* FROM {table} t \
         WHERE t.org = ?{filter}{more} ORDER BY t.id {paging}) AS t \
         JOIN {documents} d ON d.org = t.org AND d.id = t.id"
    );
    (text, values)
}

/// In id order. Sorted here: the database would carry the documents through its sorter.
fn rows<L: Listed>(tx: &mut Transaction<'_>, text: &str, values: &[Value]) -> Stored<Vec<L::Row>> {
    let mut rows = L::rows(tx, text, &binds(values))?;
    rows.sort_unstable_by(|one, other| L::id(one).cmp(L::id(other)));
    Ok(rows)
}

fn count<L: Listed>(tx: &mut Transaction<'_>, condition: Option<&Condition>) -> Stored<u64> {
    let mut values = vec![Value::Int(tx.org.0)];
    let mut text = format!("SELECT count(*) FROM {} t WHERE t.org = ?", L::KIND.table());
    if let Some(condition) = condition {
        text = format!("{text} AND ({})", condition.text);
        values.extend(condition.values.iter().cloned());
    }
    let binds = binds(&values);
    let query = Made::<(diesel::sql_types::BigInt,)>::new(&text, &binds);
    let rows: Vec<(i64,)> = tx
        .session
        .ask(|conn| diesel::RunQueryDsl::load(query, conn))?;
    Ok(rows.first().map_or(0, |(total,)| total.unsigned_abs()))
}

fn by_documents<L: Listed>(
    tx: &mut Transaction<'_>,
    search: &Search,
    filter: &Arc<Filter>,
    condition: Option<&Condition>,
) -> Stored<Page<L::Row>> {
    let deadline = now() + tx.shared.filter_timeout;
    let skip = search.start_index.saturating_sub(1);
    let end = skip.saturating_add(search.count);
    let mut page = Page {
        total: 0,
        items: Vec::new(),
    };
    let mut after = Vec::new();
    loop {
        let last = [Value::Bytes(after), Value::Int(SLICE)];
        let (text, values) = select::<L>(tx, condition, " AND t.id > ?", "LIMIT ?", &last);
        let rows = rows::<L>(tx, &text, &values)?;
        let Some(next) = rows.last().map(|row| L::id(row).to_vec()) else {
            return Ok(page);
        };
        after = next;
        for row in L::matching(tx, rows, filter, deadline)? {
            if (skip..end).contains(&page.total) {
                page.items.push(row);
            }
            page.total += 1;
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline inside the adapter")]
fn now() -> Instant {
    Instant::now()
}

/// Ends a filter that takes too long.
fn in_time(tx: &mut Transaction<'_>, deadline: Instant) -> Stored<()> {
    if now() < deadline {
        return Ok(());
    }
    Err(tx.session.fail(Reason::TooExpensive.unavailable()))
}

fn number(value: u64) -> Value {
    Value::Int(i64::try_from(value).unwrap_or(i64::MAX))
}

fn binds(values: &[Value]) -> Vec<Bind<'_>> {
    values.iter().map(Value::bind).collect()
}
