//! Which part of a list is asked for: `startIndex` and `count` (RFC 7644 section 3.4.2.4).

#[cfg(test)]
mod tests;

use crate::error::Error;

/// Most resources in one page, and how many are given when `count` is not.
pub const MAX_COUNT: u64 = 1000;

/// Largest `startIndex`. It is told in the answer, and larger ones are no longer what was asked for
/// to a client that reads numbers as JavaScript does (RFC 8259 section 6).
pub const MAX_START: u64 = (1 << 53) - 1;

/// An index window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Position of the first resource, counted from 1.
    pub start_index: u64,
    /// Most resources wanted; 0 asks for the total alone. At most [`MAX_COUNT`].
    pub count: u64,
}

impl Default for Window {
    fn default() -> Window {
        Window {
            start_index: 1,
            count: MAX_COUNT,
        }
    }
}

impl Window {
    /// Reads the two query parameters. Below 1 `startIndex` is 1, a negative `count` is 0, and
    /// whatever is too large is clamped (to [`MAX_START`] and [`MAX_COUNT`]).
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for what is not a whole number.
    pub fn parse(start_index: Option<&str>, count: Option<&str>) -> Result<Window, Error> {
        let whole = Window::default();
        let start_index = match start_index {
            Some(text) => integer("startIndex", text)?
                .max(1)
                .unsigned_abs()
                .min(MAX_START),
            None => whole.start_index,
        };
        let count = match count {
            Some(text) => integer("count", text)?.max(0).unsigned_abs().min(MAX_COUNT),
            None => whole.count,
        };
        Ok(Window { start_index, count })
    }

    /// How many resources to skip.
    pub fn offset(&self) -> u64 {
        self.start_index.saturating_sub(1)
    }
}

/// A whole number of any length, clamped.
fn integer(name: &str, text: &str) -> Result<i64, Error> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::invalid_value(format!(
            "{name} must be a whole number"
        )));
    }
    let size = digits.parse::<i64>().unwrap_or(i64::MAX);
    Ok(if negative { -size } else { size })
}
