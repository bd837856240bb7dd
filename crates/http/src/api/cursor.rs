//! Where a page of a list ended: the last item's name, as base64url without padding, so that
//! nobody takes it for something to be made up.

use app::{Error, Result};

use crate::query::Query;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The cursor after an item.
pub(crate) fn after(item: &[u8]) -> String {
    let mut text = String::with_capacity(item.len().div_ceil(3) * 4);
    for chunk in item.chunks(3) {
        let bytes = [chunk[0], byte(chunk, 1), byte(chunk, 2)];
        let bits = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]);
        for place in 0..=chunk.len() {
            let index = (bits >> (18 - 6 * place)) & 63;
            text.push(char::from(ALPHABET[index as usize]));
        }
    }
    text
}

/// The item that the request's cursor is after; none on the first page.
///
/// # Errors
/// 422 for what is not one of our cursors.
pub(crate) fn read<T>(query: &Query, item: impl FnOnce(&[u8]) -> Option<T>) -> Result<Option<T>> {
    let Some(text) = query.get("cursor").filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let item = decode(text).and_then(|bytes| item(&bytes));
    item.map(Some).ok_or_else(|| {
        Error::parameter(
            "cursor",
            "Must be the next_cursor of an earlier answer of this list.",
        )
    })
}

fn byte(chunk: &[u8], place: usize) -> u8 {
    chunk.get(place).copied().unwrap_or_default()
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    for chunk in text.as_bytes().chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut bits = 0;
        for place in 0..4 {
            let value = match chunk.get(place) {
                Some(letter) => ALPHABET.iter().position(|known| known == letter)?,
                None => 0,
            };
            bits = bits << 6 | u32::try_from(value).ok()?;
        }
        bytes.extend_from_slice(&bits.to_be_bytes()[1..chunk.len()]);
    }
    // One text per item: bits that are not needed have to be zero.
    (after(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_come_back() {
        let check = |item: &[u8], text: &str| {
            assert_eq!(after(item), text);
            assert_eq!(decode(text).as_deref(), Some(item), "{text}");
        };
        check(b"", "");
        check(b"a", "YQ");
        check(b"ab", "YWI");
        check(b"abc", "YWJj");
        check(&[0xff, 0xfe, 0xfd, 0xfc], "__79_A");
        for wrong in ["A", "YR", "YQ==", "Y Q", "é"] {
            assert_eq!(decode(wrong), None, "{wrong}");
        }
    }
}
