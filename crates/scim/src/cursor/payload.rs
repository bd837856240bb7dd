//! The bytes of a cursor: version, time, page size, sort key, id.

use super::{Cursor, Position};
use crate::date_time::Moment;
use crate::sort::{Number, SortKey};

/// Goes up when the bytes change; cursors of another version are invalid.
const VERSION: u8 = 1;

/// What kind of sort key follows.
mod tag {
    pub(super) const NONE: u8 = 0;
    pub(super) const MISSING: u8 = 1;
    pub(super) const FALSE: u8 = 2;
    pub(super) const TRUE: u8 = 3;
    pub(super) const WHOLE: u8 = 4;
    pub(super) const FRACTION: u8 = 5;
    pub(super) const MOMENT: u8 = 6;
    pub(super) const TEXT: u8 = 7;
}

/// Writes a cursor.
pub(super) fn write(cursor: &Cursor) -> Vec<u8> {
    let mut out = vec![VERSION];
    out.extend_from_slice(&cursor.issued.to_be_bytes());
    out.extend_from_slice(&cursor.count.to_be_bytes());
    write_key(&mut out, cursor.after.key.as_ref());
    out.extend_from_slice(cursor.after.id.as_bytes());
    out
}

/// Reads what [`write()`] wrote; the MAC was checked before.
pub(super) fn read(bytes: &[u8]) -> Option<Cursor> {
    let mut reader = Reader(bytes);
    if reader.take() != Some([VERSION]) {
        return None;
    }
    Some(Cursor {
        issued: i64::from_be_bytes(reader.take()?),
        count: u64::from_be_bytes(reader.take()?),
        after: Position {
            key: read_key(&mut reader)?,
            id: reader.rest()?,
        },
    })
}

fn write_key(out: &mut Vec<u8>, key: Option<&SortKey>) {
    match key {
        None => out.push(tag::NONE),
        Some(SortKey::Missing) => out.push(tag::MISSING),
        Some(SortKey::Boolean(false)) => out.push(tag::FALSE),
        Some(SortKey::Boolean(true)) => out.push(tag::TRUE),
        Some(SortKey::Number(Number::Whole(whole))) => {
            out.push(tag::WHOLE);
            out.extend_from_slice(&whole.to_be_bytes());
        }
        Some(SortKey::Number(Number::Fraction(fraction))) => {
            out.push(tag::FRACTION);
            out.extend_from_slice(&fraction.to_be_bytes());
        }
        Some(SortKey::Moment(moment)) => {
            out.push(tag::MOMENT);
            out.extend_from_slice(&moment.nanoseconds().to_be_bytes());
        }
        Some(SortKey::Text(text)) => {
            out.push(tag::TEXT);
            out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(text.as_bytes());
        }
    }
}

/// The outer `None` is for bytes that are no key.
#[expect(
    clippy::option_option,
    reason = "a cursor without sort key is one of the answers"
)]
fn read_key(reader: &mut Reader<'_>) -> Option<Option<SortKey>> {
    let [kind] = reader.take()?;
    let key = match kind {
        tag::NONE => return Some(None),
        tag::MISSING => SortKey::Missing,
        tag::FALSE => SortKey::Boolean(false),
        tag::TRUE => SortKey::Boolean(true),
        tag::WHOLE => SortKey::Number(Number::Whole(i128::from_be_bytes(reader.take()?))),
        tag::FRACTION => SortKey::Number(Number::Fraction(f64::from_be_bytes(reader.take()?))),
        tag::MOMENT => {
            let nanoseconds = i128::from_be_bytes(reader.take()?);
            SortKey::Moment(Moment::from_nanoseconds(nanoseconds)?)
        }
        tag::TEXT => {
            let length = usize::try_from(u32::from_be_bytes(reader.take()?)).ok()?;
            SortKey::Text(reader.text(length)?)
        }
        _ => return None,
    };
    Some(Some(key))
}

struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn text(&mut self, length: usize) -> Option<String> {
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        String::from_utf8(text.to_vec()).ok()
    }

    fn rest(&mut self) -> Option<String> {
        self.text(self.0.len())
    }
}
