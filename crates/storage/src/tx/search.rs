//! Lists: the filter's condition and the order in SQL, what is left of them on the documents.
//!
//! Three ways, the first that fits: a prepared statement for equality with one column; SQL alone
//! where the condition is exact and columns have the order; else the condition's rows in id order,
//! a few hundred at a time, with the evaluator on each document, until the deadline ([`scan`]).

use std::time::Instant;

use app::port::search::{Page, Search};
use app::port::users::UserFound;
use app::port::{Lock, Stored};
use serde_json::Value as Json;
use uuid::Uuid;

use super::Transaction;
use crate::error::Reason;
use crate::filter::{Condition, Order, Value, order, probe, push};
use crate::session::Whole;
use crate::sql::{Bind, Made};

mod best;
mod groups;
mod scan;
mod users;

pub(super) use groups::Groups;
pub(super) use users::Users;

#[cfg(test)]
pub(super) use {
    groups::GroupByName,
    users::{UserByName, UsersByExternalId},
};

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
    fn id(row: &Self::Row) -> Uuid;

    /// The answer by a prepared statement, where there is one for this column: at most two rows.
    fn probed(
        tx: &mut Transaction<'_>,
        column: crate::filter::Column,
        value: &str,
    ) -> Stored<Option<Vec<Self::Row>>>;

    /// Shows each row with the document that filters and orders look at.
    fn visit(
        tx: &mut Transaction<'_>,
        rows: Vec<Self::Row>,
        search: &Search,
        deadline: Instant,
        each: &mut dyn FnMut(Self::Row, &Json),
    ) -> Stored<()>;
}

/// One page, with the exact total where it is wanted.
pub(super) fn page<L: Listed>(tx: &mut Transaction<'_>, search: &Search) -> Stored<Page<L::Row>> {
    // A list of both types walks to an index in many of these.
    let deadline = tx.lists_until();
    in_time(tx, deadline)?;
    if let Some(filter) = &search.filter
        && search.after.is_none()
        && let Some((column, value)) = probe(L::KIND, filter)
        && let Some(rows) = L::probed(tx, column, &value)?
        && rows.len() < 2
    {
        return Ok(window(rows, search));
    }
    let filter = search.filter.as_deref();
    let condition = filter.map(|filter| push(L::KIND, tx.org, filter));
    let exact = match &condition {
        None => true,
        Some(condition) => condition.as_ref().is_some_and(|found| found.exact),
    };
    let condition = condition.flatten();
    match order(L::KIND, search.sort.as_ref(), search.after.as_ref()) {
        Some(order) if exact => by_sql::<L>(tx, search, condition.as_ref(), &order),
        _ if search.sort.is_none() => scan::by_id::<L>(tx, search, condition.as_ref()),
        _ => scan::by_key::<L>(tx, search, condition.as_ref()),
    }
}

/// The answer where the filter names one user by an attribute that has an index, with the groups, by
/// one statement; none where it does not, or where more than one is found.
pub(super) fn looked_up(
    tx: &mut Transaction<'_>,
    search: &Search,
) -> Stored<Option<Page<UserFound>>> {
    let Some(filter) = search.filter.as_ref().filter(|_| search.after.is_none()) else {
        return Ok(None);
    };
    let Some((column, value)) = probe(Users::KIND, filter) else {
        return Ok(None);
    };
    let found = users::found(tx, column, &value)?;
    Ok(found
        .filter(|rows| rows.len() < 2)
        .map(|rows| window(rows, search)))
}

/// The page out of all that match.
fn window<R>(rows: Vec<R>, search: &Search) -> Page<R> {
    let total = if search.total { rows.len() as u64 } else { 0 };
    let skip = usize::try_from(search.offset()).unwrap_or(usize::MAX);
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
    order: &Order,
) -> Stored<Page<L::Row>> {
    let offset = search.offset();
    let whole = whole::<L>(tx, condition)?;
    let by_index = whole.filter(|_| search.sort.is_none() && search.after.is_none());
    let mut items = Vec::new();
    if search.count > 0 {
        let near = by_index.and_then(|whole| tx.session.nearest(whole, offset));
        let beyond = near.map(|(_, id)| {
            let id = Value::Bytes(id.as_bytes().to_vec());
            Condition::new("t.id >= ?", vec![id])
        });
        let skip = offset - near.map_or(0, |(place, _)| place);
        let conditions: Vec<_> = condition
            .into_iter()
            .chain(&order.after)
            .chain(&beyond)
            .collect();
        let (text, values) = select::<L>(tx, &conditions, order, search.count, skip);
        items = rows::<L>(tx, &text, &values, order)?;
    }
    let got = items.len() as u64;
    if let (Some(whole), Some(first), Some(last)) = (by_index, items.first(), items.last()) {
        for place in [(offset, L::id(first)), (offset + got - 1, L::id(last))] {
            tx.session.keep_place(whole, place);
        }
    }
    if !search.total {
        return Ok(Page { total: 0, items });
    }
    // A page that is not full, and not beyond the end, shows the total by itself.
    let is_last = search.after.is_none() && got < search.count && (got > 0 || offset == 0);
    let total = match whole.and_then(|whole| tx.session.total(whole)) {
        _ if is_last => offset + got,
        Some(total) => total,
        None => count::<L>(tx, condition)?,
    };
    if let Some(whole) = whole {
        tx.session.keep_total(whole, total);
    }
    Ok(Page { total, items })
}

/// The list by which the connection remembers what it has read of it: one of everything.
fn whole<L: Listed>(
    tx: &mut Transaction<'_>,
    condition: Option<&Condition>,
) -> Stored<Option<Whole>> {
    // A transaction that writes sees what it has written itself, of which the version tells nothing.
    if condition.is_some() || tx.lock > Lock::Read {
        return Ok(None);
    }
    let whole = (tx.org, L::KIND);
    Ok(tx.session.remembers(whole)?.then_some(whole))
}

/// Walks the narrow table, so that a page costs what it reads; documents are joined to what is
/// left. How many is said in the text: PostgreSQL plans for any bound value, and would take a page
/// for a tenth of the list.
fn select<L: Listed>(
    tx: &Transaction<'_>,
    conditions: &[&Condition],
    order: &Order,
    count: u64,
    skip: u64,
) -> (String, Vec<Value>) {
    let (table, documents, columns) = (L::KIND.table(), L::KIND.documents(), L::COLUMNS);
    let mut values = vec![Value::Int(tx.org.0)];
    let mut filter = String::new();
    for condition in conditions {
        filter.extend([" AND (", &condition.text, ")"]);
        values.extend(condition.values.iter().cloned());
    }
    let [count, skip] = [count, skip].map(|many| many.min(i64::MAX.unsigned_abs()));
    let by = &order.text;
    // In id order the rows are sorted by `rows`.
    let again = if order.by_id {
        String::new()
    } else {
        format!(" ORDER BY {by}")
    };
    let text = format!(
        "SELECT t.id, {columns}, d.document FROM (SELECT t.* FROM {table} t \
         WHERE t.org = ?{filter} ORDER BY {by} LIMIT {count} OFFSET {skip}) AS t \
         JOIN {documents} d ON d.org = t.org AND d.id = t.id{again}"
    );
    (text, values)
}

/// In the order asked for. By id it is sorted here: the database would carry the documents through
/// its sorter.
fn rows<L: Listed>(
    tx: &mut Transaction<'_>,
    text: &str,
    values: &[Value],
    order: &Order,
) -> Stored<Vec<L::Row>> {
    let mut rows = L::rows(tx, text, &binds(values))?;
    if order.by_id {
        rows.sort_unstable_by_key(L::id);
    }
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

impl Transaction<'_> {
    /// Until when lists may go on, however many of them the unit of work asks for.
    fn lists_until(&mut self) -> Instant {
        let patience = self.shared.filter_timeout;
        *self.lists_until.get_or_insert_with(|| now() + patience)
    }
}

#[expect(clippy::disallowed_methods, reason = "a deadline inside the adapter")]
fn now() -> Instant {
    Instant::now()
}

/// Ends lists that take too long.
fn in_time(tx: &mut Transaction<'_>, deadline: Instant) -> Stored<()> {
    if now() < deadline {
        return Ok(());
    }
    Err(tx.session.fail(Reason::TooExpensive.unavailable()))
}

fn binds(values: &[Value]) -> Vec<Bind<'_>> {
    values.iter().map(Value::bind).collect()
}
