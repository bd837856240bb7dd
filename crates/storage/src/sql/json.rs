//! Sets as one bound value: a JSON list, which both databases take apart by themselves.
//!
//! One text of a statement serves any number of rows, so that it is prepared once, and a change of
//! a thousand members is one statement.

use serde::Serialize;
use uuid::Uuid;

/// How many rows one statement takes at most. Bounds the memory of one bound value to about a
/// megabyte; the count of statements grows with the request, never with what is stored.
pub(crate) const CHUNK: usize = 5_000;

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

/// One id in hexadecimal, as the member of a row.
pub(crate) fn id(id: Uuid) -> String {
    id.as_simple().to_string()
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
