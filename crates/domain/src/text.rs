//! Comparing words without regard to case, and suggesting the word that was probably meant.

/// Longest word for which a suggestion is sought; longer input is not a typing error.
const LONGEST_GUESS: usize = 64;

/// Whether two texts are equal when upper and lower case are the same.
///
/// Simple Unicode lower-casing, character by character. Callers that compare user names use
/// the folded keys that the application layer makes; this is for role names and rule names.
pub fn same_ignoring_case(a: &str, b: &str) -> bool {
    lowered(a).eq(lowered(b))
}

/// The key under which texts that differ only in case are the same.
pub fn caseless_key(text: &str) -> String {
    lowered(text).collect()
}

fn lowered(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(char::to_lowercase)
}

/// The known word nearest to `word`, if one is near enough to be what was meant: at most a
/// third of its characters differ, and never more than three.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word: Vec<char> = lowered(word).take(LONGEST_GUESS + 1).collect();
    if word.is_empty() || word.len() > LONGEST_GUESS {
        return None;
    }
    let allowed = (word.len().div_ceil(3)).min(3);
    known
        .into_iter()
        .map(|candidate| (edits(&word, candidate), candidate))
        .filter(|(edits, _)| *edits <= allowed)
        .min_by_key(|(edits, _)| *edits)
        .map(|(_, candidate)| candidate)
}

/// A name that came from outside, fit to be repeated in a message: unchanged when it is a
/// short word of letters, digits, `-`, `_` and `.`, otherwise a placeholder.
pub(crate) fn shown_name(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.is_empty() && name.len() <= LONGEST_GUESS && name.chars().all(plain) {
        name
    } else {
        "(unreadable name)"
    }
}

/// Insertions, deletions and replacements between two words, kept in one row.
fn edits(word: &[char], candidate: &str) -> usize {
    let mut row: Vec<usize> = (0..=word.len()).collect();
    for (above, c) in lowered(candidate).enumerate() {
        let mut diagonal = above;
        let mut left = above + 1;
        for (cell, w) in row[1..].iter_mut().zip(word) {
            let replace = diagonal + usize::from(c != *w);
            diagonal = *cell;
            left = replace.min(*cell + 1).min(left + 1);
            *cell = left;
        }
        row[0] = above + 1;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
