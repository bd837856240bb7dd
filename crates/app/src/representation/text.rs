//! Writing JSON text piece by piece.

use jiff::{Timestamp, fmt::temporal::DateTimePrinter};
use scim::{Resource, etag::Tag};
use serde_json::Value;
use uuid::Uuid;

use crate::port::Millis;

/// A resource as stored text.
pub(super) fn document(id: Uuid, resource: &Resource) -> String {
    let mut text = String::with_capacity(512);
    text.push_str("{\"schemas\":");
    text.push_str(&Value::from(resource.schemas()).to_string());
    text.push_str(",\"id\":\"");
    text.push_str(&id.to_string());
    text.push('"');
    for (name, value) in &resource.attributes {
        text.push(',');
        push_text(&mut text, name);
        text.push(':');
        text.push_str(&value.to_string());
    }
    text.push('}');
    text
}

/// Opens stored text for further members: everything but the closing brace.
pub(super) fn open(document: &str, room: usize) -> String {
    let mut text = String::with_capacity(document.len() + room);
    text.push_str(document.strip_suffix('}').unwrap_or(document));
    text
}

/// A JSON string. Most need no escape, and every answer has dozens.
pub(super) fn push_text(text: &mut String, value: &str) {
    let escaped = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    if value.bytes().any(escaped) {
        text.push_str(&Value::from(value).to_string());
    } else {
        text.extend(["\"", value, "\""]);
    }
}

/// The `meta` member and the closing brace (RFC 7643 section 3.1).
pub(super) fn close_with_meta(
    text: &mut String,
    kind: &str,
    location: &str,
    tag: Tag,
    created: Millis,
    modified: Millis,
) {
    text.push_str(",\"meta\":{\"resourceType\":\"");
    text.push_str(kind);
    text.push_str("\",\"created\":\"");
    text.push_str(&time(created));
    text.push_str("\",\"lastModified\":\"");
    text.push_str(&time(modified));
    text.push_str("\",\"location\":");
    push_text(text, location);
    text.push_str(",\"version\":");
    push_text(text, &tag.to_string());
    text.push_str("}}");
}

/// A time as RFC 3339 with milliseconds, in UTC.
pub fn time(at: Millis) -> String {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    let time = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    PRINTER.timestamp_to_string(&time)
}

/// A time of RFC 3339, which tells its offset from UTC; none for any other text. Cut to whole
/// milliseconds.
pub fn parse_time(text: &str) -> Option<Millis> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.as_millisecond())
}
