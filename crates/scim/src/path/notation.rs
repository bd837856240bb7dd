//! The text of an attribute path, before any name is looked up.

use super::Miss;

/// The parts of `[urn:]name[.sub]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Notation<'a> {
    pub(super) urn: Option<&'a str>,
    pub(super) name: &'a str,
    pub(super) sub: Option<&'a str>,
}

impl<'a> Notation<'a> {
    /// Splits a path. `declared` tells which URIs are schemas: what follows such a URI must be a
    /// name, while under any other URI the text may itself be a URI that we do not know.
    pub(super) fn read(text: &'a str, declared: impl Fn(&str) -> bool) -> Result<Self, Miss> {
        let Some((urn, rest)) = text.rsplit_once(':') else {
            return Notation::names(None, text).ok_or(Miss::Malformed);
        };
        match Notation::names(Some(urn), rest) {
            Some(notation) if is_uri(urn) => Ok(notation),
            None if is_uri(text) && !declared(urn) => Err(Miss::Unknown),
            _ => Err(Miss::Malformed),
        }
    }

    fn names(urn: Option<&'a str>, text: &'a str) -> Option<Notation<'a>> {
        let (name, sub) = match text.split_once('.') {
            Some((name, sub)) => (name, Some(sub)),
            None => (text, None),
        };
        (is_name(name) && sub.is_none_or(is_name)).then_some(Notation { urn, name, sub })
    }
}

/// `ATTRNAME` of RFC 7644 figure 1, with the `$` that its own `$ref` needs.
pub(super) fn is_name(text: &str) -> bool {
    let rest = text.strip_prefix('$').unwrap_or(text);
    rest.starts_with(|first: char| first.is_ascii_alphabetic())
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

/// A scheme, a colon and at least one more character of RFC 3986 (brackets left out: they start
/// a filter).
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let scheme_char = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(scheme_char)
        && !rest.is_empty()
        && rest
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#@!$&'*+,;=%".contains(&byte))
}
