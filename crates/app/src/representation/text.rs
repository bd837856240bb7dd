//! Writing JSON text piece by piece.

use jiff::{Timestamp, fmt::temporal::DateTimePrinter, tz::Offset};
use scim::{Resource, etag::Tag};
use serde::de::{Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Map, Value};
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

/// Members of a JSON object by their names.
pub(super) fn members(
    document: &str,
    names: &[&str],
) -> Result<Map<String, Value>, serde_json::Error> {
    serde_json::Deserializer::from_str(document).deserialize_map(Members(names))
}

struct Members<'n>(&'n [&'n str]);

impl<'de> Visitor<'de> for Members<'_> {
    type Value = Map<String, Value>;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
        let mut found = Map::new();
        // Names that need an escape come as texts of their own.
        while let Some(name) = object.next_key::<std::borrow::Cow<'de, str>>()? {
            if self.0.contains(&name.as_ref()) {
                found.insert(name.into_owned(), object.next_value()?);
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(found)
    }
}

/// Opens stored text for further members: everything but the closing brace.
pub(super) fn open(document: &str, room: usize) -> String {
    let mut text = String::with_capacity(document.len() + room);
    text.push_str(document.strip_suffix('}').unwrap_or(document));
    text
}

/// A JSON string. Most need no escape, and every answer has dozens.
pub(super) fn push_text(text: &mut String, value: &str) {
    // All bytes are looked at, so that the machine looks at many at once.
    let special = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    if value.bytes().fold(false, |any, byte| any | special(byte)) {
        text.push_str(&Value::from(value).to_string());
    } else {
        text.extend(["\"", value, "\""]);
    }
}

/// An entity tag as a JSON string; all that needs an escape in it are its quotes.
fn push_tag(text: &mut String, tag: Tag) {
    text.push('"');
    for (place, part) in tag.to_string().split('"').enumerate() {
        if place > 0 {
            text.push_str("\\\"");
        }
        text.push_str(part);
    }
    text.push('"');
}

/// An id.
pub(super) fn push_id(text: &mut String, id: Uuid) {
    text.push_str(id.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
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
    push_time(text, created);
    text.push_str("\",\"lastModified\":\"");
    push_time(text, modified);
    text.push_str("\",\"location\":");
    push_text(text, location);
    text.push_str(",\"version\":");
    push_tag(text, tag);
    text.push_str("}}");
}

/// A time as RFC 3339 with milliseconds, in UTC.
pub fn time(at: Millis) -> String {
    let mut text = String::with_capacity(24);
    push_time(&mut text, at);
    text
}

/// Every resource has two of them, so that the usual ones are written digit by digit.
fn push_time(text: &mut String, at: Millis) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(3));
    let time = Timestamp::from_millisecond(at).unwrap_or(Timestamp::UNIX_EPOCH);
    let parts = Offset::UTC.to_datetime(time);
    let (Ok(year), Ok(ms)) = (
        u16::try_from(parts.year()),
        u16::try_from(parts.millisecond()),
    ) else {
        text.push_str(&PRINTER.timestamp_to_string(&time));
        return;
    };
    let pair = |number: i8| u16::from(number.unsigned_abs());
    push_digits::<4>(text, year);
    for (before, number) in [
        ('-', parts.month()),
        ('-', parts.day()),
        ('T', parts.hour()),
        (':', parts.minute()),
        (':', parts.second()),
    ] {
        text.push(before);
        push_digits::<2>(text, pair(number));
    }
    text.push('.');
    push_digits::<3>(text, ms);
    text.push('Z');
}

/// The last digits of a number.
fn push_digits<const N: usize>(text: &mut String, mut number: u16) {
    let mut digits = ['0'; N];
    for digit in digits.iter_mut().rev() {
        *digit = char::from(b"0123456789"[usize::from(number % 10)]);
        number /= 10;
    }
    text.extend(digits);
}

/// A time of RFC 3339, which tells its offset from UTC; none for any other text. Cut to whole
/// milliseconds.
pub fn parse_time(text: &str) -> Option<Millis> {
    let time: Timestamp = text.parse().ok()?;
    Some(time.as_millisecond())
}
