//! What serde says about a body, in words that help and without what was sent.

use app::{
    Error,
    error::{Code, FieldError},
};
use domain::text::nearest;

/// Longest name that is repeated.
const LONGEST: usize = 64;

/// Turns a reading error into one that names the field and what would be right.
pub(super) fn describe(error: &serde_path_to_error::Error<serde_json::Error>) -> Error {
    let message = error.inner().to_string();
    let path = error.path().to_string();
    if let Some(rest) = message.strip_prefix("unknown field ") {
        return unknown(&path, &quoted(rest));
    }
    if let Some(rest) = message.strip_prefix("missing field ") {
        let name = quoted(rest).first().copied().unwrap_or_default().to_owned();
        let field = if is_root(&path) {
            name
        } else {
            format!("{path}.{name}")
        };
        return Error::field(field, "Is required.");
    }
    let field = if is_root(&path) {
        "body".to_owned()
    } else {
        path
    };
    Error::field(field, without_input(&message))
}

/// A field that is not there, those that are, and the one that was probably meant.
fn unknown(path: &str, names: &[&str]) -> Error {
    let (name, known) = names.split_first().unwrap_or((&"", &[]));
    let name = shown(name);
    // The path ends in the field itself.
    let parent = path.rsplit_once('.').map_or("", |(parent, _)| parent);
    let field = if parent.is_empty() {
        name.to_owned()
    } else {
        format!("{parent}.{name}")
    };
    let detail = choices("fields", name, known);
    Error::Coded {
        code: Code::UnknownField,
        detail: format!("Unknown field {field}. {detail}"),
        fields: vec![FieldError::new(field, detail)],
    }
}

/// What there is in a place, and what of it was probably meant.
pub(super) fn choices(what: &str, sent: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return format!("There are no {what} here.");
    }
    let all = known.join(", ");
    match nearest(sent, known.iter().copied()) {
        Some(near) => format!("The {what} here are: {all}. Did you mean {near}?"),
        None => format!("The {what} here are: {all}."),
    }
}

/// Serde's own complaints end in what it expected; what comes before repeats the input. Complaints
/// of our own types name no input.
fn without_input(message: &str) -> String {
    let own = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant ",
    ];
    if !own.iter().any(|prefix| message.starts_with(prefix)) {
        return message.to_owned();
    }
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("Must be {expected}."),
        None => "Is not of the right type.".to_owned(),
    }
}

/// What stands between backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

fn is_root(path: &str) -> bool {
    path.is_empty() || path == "."
}

/// A name that came from outside, fit to be repeated.
pub(super) fn shown(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if !name.is_empty() && name.len() <= LONGEST && name.chars().all(plain) {
        name
    } else {
        "(unreadable name)"
    }
}
