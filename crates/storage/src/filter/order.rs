//! The order of a list in SQL, and the part of it that comes after a place.
//!
//! It agrees with [`SortKey`]: text by code points (the key columns are folded and
//! `COLLATE "C"`), what is missing last and descending first, ties by id.

use app::port::search::Place;
use scim::sort::Order as Direction;
use scim::{Sort, SortKey, fold::MAX_KEY_BYTES};

use super::column::column;
use super::{Column, Condition, Kind, Value};

/// A text key this long may be the beginning of a longer text: a character has at most four bytes.
const CUT: usize = MAX_KEY_BYTES - 3;

/// An order that the database knows.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Order {
    /// What stands behind ORDER BY.
    pub(crate) text: String,
    /// What comes after the place; none from the beginning.
    pub(crate) after: Option<Condition>,
    /// By id, ascending.
    pub(crate) by_id: bool,
}

/// The order of a search by columns alone; none where documents decide.
pub(crate) fn order(kind: Kind, sort: Option<&Sort>, after: Option<&Place>) -> Option<Order> {
    let Some(sort) = sort else {
        return Some(by_id(Direction::Ascending, after));
    };
    // Of another type: none has a value, and what an order without values is the key says.
    if sort.only.is_some_and(|only| only != kind.resource_type()) {
        return None;
    }
    match column(kind, &sort.target)? {
        Column::Id => Some(by_id(sort.order, after)),
        Column::Key(name) | Column::Time(name) => always_there(name, sort.order, after),
        Column::Exact(name) => maybe_missing(name, sort.order, after),
        Column::Active | Column::Emails | Column::Members { .. } => None,
    }
}

/// How a direction is written, and what is ahead in it.
fn words(direction: Direction) -> (&'static str, &'static str) {
    match direction {
        Direction::Ascending => ("ASC", ">"),
        Direction::Descending => ("DESC", "<"),
    }
}

fn by_id(direction: Direction, after: Option<&Place>) -> Order {
    let (word, ahead) = words(direction);
    Order {
        text: format!("t.id {word}"),
        after: after.map(|place| Condition::new(format!("t.id {ahead} ?"), vec![id(place)])),
        by_id: direction == Direction::Ascending,
    }
}

/// The first comparison is a range of the column's index, the second cuts it at the id.
fn always_there(name: &str, direction: Direction, after: Option<&Place>) -> Option<Order> {
    let (word, ahead) = words(direction);
    let rest = |place: &Place| {
        let value = value(place.key.as_ref()?)?;
        let text = format!("{name} {ahead}= ? AND ({name} {ahead} ? OR t.id > ?)");
        let values = vec![value.clone(), value, id(place)];
        Some(Condition::new(text, values))
    };
    Some(Order {
        text: format!("{name} {word}, t.id ASC"),
        after: found(after, rest)?,
        by_id: false,
    })
}

/// An empty text is a missing one, as in documents. Both databases would place NULL differently,
/// so its place is said.
fn maybe_missing(name: &str, direction: Direction, after: Option<&Place>) -> Option<Order> {
    let (word, _) = words(direction);
    let text = format!("NULLIF({name}, '')");
    Some(Order {
        text: format!("CASE WHEN {text} IS NULL THEN 1 ELSE 0 END {word}, {text} {word}, t.id ASC"),
        after: found(after, |place| after_maybe(&text, direction, place))?,
        by_id: false,
    })
}

fn after_maybe(text: &str, direction: Direction, place: &Place) -> Option<Condition> {
    let key = place.key.as_ref()?;
    let (condition, values) = match (direction, key) {
        (Direction::Ascending, SortKey::Missing) => {
            (format!("{text} IS NULL AND t.id > ?"), vec![id(place)])
        }
        (Direction::Descending, SortKey::Missing) => {
            (format!("{text} IS NOT NULL OR t.id > ?"), vec![id(place)])
        }
        (Direction::Ascending, _) => {
            let value = value(key)?;
            let condition = format!("{text} IS NULL OR {text} > ? OR ({text} = ? AND t.id > ?)");
            (condition, vec![value.clone(), value, id(place)])
        }
        (Direction::Descending, _) => {
            let value = value(key)?;
            let condition = format!("{text} < ? OR ({text} = ? AND t.id > ?)");
            (condition, vec![value.clone(), value, id(place)])
        }
    };
    Some(Condition::new(condition, values))
}

/// The condition of a place if there is one; none at all where the place has no condition.
#[expect(
    clippy::option_option,
    reason = "no place, and a place that columns cannot tell, differ"
)]
fn found(
    place: Option<&Place>,
    condition: impl FnOnce(&Place) -> Option<Condition>,
) -> Option<Option<Condition>> {
    match place {
        None => Some(None),
        Some(place) => condition(place).map(Some),
    }
}

/// As columns hold it.
fn value(key: &SortKey) -> Option<Value> {
    match key {
        // PostgreSQL takes no NUL.
        SortKey::Text(text) if text.len() < CUT && !text.contains('\0') => {
            Some(Value::Text(text.clone()))
        }
        SortKey::Moment(moment) => moment.whole_milliseconds().map(Value::Int),
        _ => None,
    }
}

fn id(place: &Place) -> Value {
    Value::Bytes(place.id.as_bytes().to_vec())
}
