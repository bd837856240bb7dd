//! Sets as one bound value: a JSON list, which both databases take apart by themselves.
//!
//! One text of a statement serves any number of rows, so that it is prepared once, and a change of
//! a thousand members is one statement.

use serde::{Serialize, Serializer};
use uuid::Uuid;

use super::Bind;

/// How many rows one statement takes at most. Bounds the memory of one bound value to about a
/// megabyte; the count of statements grows with the request, never with what is stored.
pub(crate) const CHUNK: usize = 5_000;

/// Up to so many rows are cheaper one by one than as a list, where there is no network between.
pub(crate) const FEW: usize = 4;

/// A list of ids in hexadecimal.
pub(crate) fn ids(ids: impl IntoIterator<Item = Uuid>) -> String {
    let mut text = String::from("[");
    let mut buffer = Uuid::encode_buffer();
    for id in ids {
        if text.len() > 1 {
            text.push(',');
        }
        text.push('"');
        text.push_str(id.as_simple().encode_lower(&mut buffer));
        text.push('"');
    }
    text.push(']');
    text
}

/// A set of ids as a value for `{ids}`. Most sets are of one id, which is bound as it is.
#[derive(Debug)]
pub(crate) enum Ids {
    One([u8; 16]),
    Many(String),
}

impl Ids {
    /// The set of these.
    pub(crate) fn of(ids: impl ExactSizeIterator<Item = Uuid>) -> Ids {
        let mut ids = ids;
        match (ids.len(), ids.next()) {
            (1, Some(id)) => Ids::One(id.into_bytes()),
            (_, first) => Ids::Many(self::ids(first.into_iter().chain(ids))),
        }
    }

    pub(crate) fn bind(&self) -> Bind<'_> {
        match self {
            Ids::One(id) => Bind::Id(id),
            Ids::Many(list) => Bind::Text(list),
        }
    }
}

/// One id in hexadecimal, as the member of a row.
pub(crate) fn id(id: Uuid) -> String {
    id.as_simple().to_string()
}

/// The same where a row of JSON is derived.
///
/// # Errors
/// The serializer's.
pub(crate) fn as_id<S: Serializer>(id: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&id.as_simple())
}

/// A list of objects.
///
/// # Errors
/// A row that is no JSON, which the types used here always are.
pub(crate) fn rows<T: Serialize>(rows: &[T]) -> Result<String, serde_json::Error> {
    serde_json::to_string(rows)
}

#[cfg(test)]
mod tests;
