//! Text as it is compared: one folding, made here and nowhere else, so that databases, filters
//! and uniqueness agree.

#[cfg(test)]
mod tests;

use caseless::Caseless;
use unicode_normalization::UnicodeNormalization;

/// The folding's version. Stored beside folded keys: keys of another version must be made anew.
/// It goes up when the steps change or when the Unicode tables below do so.
pub const VERSION: u32 = 1;

/// Longest key in bytes. Keys are index entries; PostgreSQL's are limited to about 2,700 bytes.
pub const MAX_KEY_BYTES: usize = 1024;

/// The key by which text that ignores case is compared: default-ignorable characters are
/// dropped, then NFKC, full case folding, NFKC. Idempotent.
///
/// `Straße`, `STRASSE` and full-width `ｓｔｒａｓｓｅ` have one key; dotless `ı` and `i` have two.
pub fn key(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars()
        .filter(|&c| !is_ignorable(c))
        .nfkc()
        .default_case_fold()
        .nfkc()
        .collect()
}

/// What is wrong with a userName, as the end of a sentence; `None` when nothing is.
///
/// Refused are names without a visible character, control characters and bidirectional controls
/// (both let one name pass for another on a screen or in a log), and names whose key is longer
/// than [`MAX_KEY_BYTES`]. Look-alike letters of other scripts are accepted; they never compare
/// equal.
pub fn user_name_problem(text: &str) -> Option<&'static str> {
    if text.chars().any(is_control) {
        return Some("must not contain control characters or bidirectional controls");
    }
    let key = key(text);
    if key.trim().is_empty() {
        return Some("must contain a visible character");
    }
    (key.len() > MAX_KEY_BYTES).then_some(TOO_LONG)
}

/// The end of the sentence about a key that is too long.
pub(crate) const TOO_LONG: &str = "must be at most 1,024 bytes long";

/// True when the text's key fits an index.
pub(crate) fn fits(text: &str) -> bool {
    // Folding makes text at most 18 times as long; short text needs no look.
    text.len() * 18 <= MAX_KEY_BYTES || key(text).len() <= MAX_KEY_BYTES
}

fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{2069}')
}

/// Unicode property `Default_Ignorable_Code_Point`: drawn as nothing.
fn is_ignorable(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{3164}'
        | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFF8}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
}
