//! The list message (RFC 7644 section 3.4.2, RFC 9865 section 2).

#[cfg(test)]
mod tests;

use serde_json::{Map, Value, json};

/// URI of the list message.
pub const LIST_URN: &str = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

/// One page. `total` counts every match, `start_index` is the position of the first resource
/// here, counted from 1.
///
/// `itemsPerPage` is what is in the page, 0 for an empty one, and `Resources` is there even when
/// empty: Okta and Rauthy want both.
pub fn list_response(resources: Vec<Value>, total: u64, start_index: u64) -> Value {
    let mut message = Map::new();
    message.insert("schemas".to_owned(), json!([LIST_URN]));
    message.insert("totalResults".to_owned(), Value::from(total));
    message.insert("startIndex".to_owned(), Value::from(start_index));
    message.insert("itemsPerPage".to_owned(), Value::from(resources.len()));
    message.insert("Resources".to_owned(), Value::Array(resources));
    Value::Object(message)
}

/// One page of a cursor walk (RFC 9865 section 2): without `startIndex`, and with `nextCursor`
/// except on the last page.
pub fn cursor_response(resources: Vec<Value>, total: u64, next: Option<String>) -> Value {
    let mut message = Map::new();
    message.insert("schemas".to_owned(), json!([LIST_URN]));
    message.insert("totalResults".to_owned(), Value::from(total));
    message.insert("itemsPerPage".to_owned(), Value::from(resources.len()));
    if let Some(next) = next {
        message.insert("nextCursor".to_owned(), Value::from(next));
    }
    message.insert("Resources".to_owned(), Value::Array(resources));
    Value::Object(message)
}
