//! References to resources that the same request creates: `bulkId:…` (RFC 7644 section 3.7.2).
//!
//! One walk over the data finds and replaces them, so that both always agree.

use serde_json::{Map, Value};

use super::{Created, Method};
use crate::filter;
use crate::schema::{ENTERPRISE_URN, Kind};

const PREFIX: &str = "bulkId:";

/// An operation speaks of a resource that another one creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The other operation's `bulkId`.
    pub bulk_id: String,
    /// True when the resource can be created first and the reference added later: it stands among
    /// a new group's members or is a new user's manager, everywhere that it stands.
    pub deferrable: bool,
}

/// One place where a reference stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mention<'a> {
    pub(super) bulk_id: &'a str,
    /// As in [`Reference`].
    pub(super) deferrable: bool,
    /// In a place for identifiers (`value`, `$ref`, a filter on them): it can only be meant as a
    /// reference.
    pub(super) certain: bool,
}

/// Replaces the references in an identifier or in an object that holds one; false when one of
/// them was not created.
pub(super) fn fill(value: &mut Value, created: &Created) -> bool {
    let mut all = true;
    texts(value, true, "value", &mut |mention| {
        let id = created.get(mention.bulk_id).cloned();
        all &= id.is_some() || !mention.certain;
        id
    });
    all
}

/// What stands in for a mention; `None` leaves it.
type Replace<'f> = &'f mut dyn FnMut(Mention<'_>) -> Option<String>;

/// The `bulkId` of a text that is a reference and nothing else.
pub(super) fn whole(text: &str) -> Option<&str> {
    text.strip_prefix(PREFIX)
        .filter(|bulk_id| !bulk_id.is_empty())
}

/// Adds a mention to the list; hard ones win over deferrable ones.
pub(super) fn note(found: &mut Vec<Reference>, bulk_id: &str, deferrable: bool) {
    match found.iter_mut().find(|known| known.bulk_id == bulk_id) {
        Some(known) => known.deferrable &= deferrable,
        None => found.push(Reference {
            bulk_id: bulk_id.to_owned(),
            deferrable,
        }),
    }
}

/// Visits every mention in the body of an operation.
pub(super) fn rewrite(method: Method, kind: Kind, data: &mut Value, replace: Replace<'_>) {
    let Value::Object(members) = data else {
        return;
    };
    for (name, value) in members {
        match method {
            Method::Patch if name.eq_ignore_ascii_case("Operations") => {
                each(value, &mut |operation| patch_operation(operation, replace));
            }
            Method::Post => {
                if let Some(value) = deferrable_part(kind, name, value, replace) {
                    texts(value, false, name, replace);
                }
            }
            _ => texts(value, false, name, replace),
        }
    }
}

/// Visits what may be added after the creation; gives back what is left to visit.
fn deferrable_part<'v>(
    kind: Kind,
    name: &str,
    value: &'v mut Value,
    replace: Replace<'_>,
) -> Option<&'v mut Value> {
    if is_members(kind, name) {
        texts(value, true, "value", replace);
        return None;
    }
    if !is_enterprise(kind, name) {
        return Some(value);
    }
    for (name, value) in value.as_object_mut()? {
        let manager = name.eq_ignore_ascii_case("manager");
        // A manager may be sent as a bare text.
        texts(
            value,
            manager,
            if manager { "value" } else { name },
            replace,
        );
    }
    None
}

/// True for the attribute with a new group's members.
pub(super) fn is_members(kind: Kind, name: &str) -> bool {
    kind == Kind::Group && name.eq_ignore_ascii_case("members")
}

/// True for the extension with a new user's manager.
pub(super) fn is_enterprise(kind: Kind, name: &str) -> bool {
    kind == Kind::User && name.eq_ignore_ascii_case(ENTERPRISE_URN)
}

/// The path may hold references as literals of its filter.
fn patch_operation(operation: &mut Value, replace: Replace<'_>) {
    let Value::Object(members) = operation else {
        return;
    };
    let on_members = path_of(members).is_some_and(|path| {
        ["members", "manager", "value"]
            .iter()
            .any(|name| path.to_ascii_lowercase().ends_with(name))
    });
    for (name, value) in members {
        match value {
            Value::String(path) if name.eq_ignore_ascii_case("path") => literals(path, replace),
            value if on_members && name.eq_ignore_ascii_case("value") => {
                texts(value, false, "value", replace);
            }
            value => texts(value, false, "", replace),
        }
    }
}

fn path_of(members: &Map<String, Value>) -> Option<&str> {
    let mut members = members.iter();
    members
        .find(|(name, _)| name.eq_ignore_ascii_case("path"))
        .and_then(|(_, path)| path.as_str())
}

/// Visits the texts of a value; `name` is the member that it belongs to.
fn texts(value: &mut Value, deferrable: bool, name: &str, replace: Replace<'_>) {
    match value {
        Value::String(text) => self::text(text, deferrable, name, replace),
        Value::Array(elements) => {
            for element in elements {
                texts(element, deferrable, name, replace);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                texts(value, deferrable, name, replace);
            }
        }
        _ => {}
    }
}

/// `$ref` may hold the reference as the end of a URI.
fn text(text: &mut String, deferrable: bool, name: &str, replace: Replace<'_>) {
    let uri = name.eq_ignore_ascii_case("$ref");
    let start = if uri {
        text.rfind(PREFIX)
            .filter(|at| *at == 0 || text.as_bytes().get(at - 1) == Some(&b'/'))
    } else {
        text.starts_with(PREFIX).then_some(0)
    };
    let Some((start, bulk_id)) = start.and_then(|at| Some((at, whole(text.get(at..)?)?))) else {
        return;
    };
    let mention = Mention {
        bulk_id,
        deferrable,
        certain: uri || name.eq_ignore_ascii_case("value"),
    };
    if let Some(id) = replace(mention) {
        text.replace_range(start.., &id);
    }
}

/// Visits the quoted literals of a path: `members[value eq "bulkId:…"]`.
fn literals(path: &mut String, replace: Replace<'_>) {
    let mut from = 0;
    // A longer path is refused when the operation is run.
    if path.len() > filter::MAX_LENGTH {
        return;
    }
    while let Some((start, end)) = quoted(path, from) {
        from = end;
        let literal: Option<String> = serde_json::from_str(&path[start..end]).ok();
        let Some(bulk_id) = literal.as_deref().and_then(whole) else {
            continue;
        };
        let mention = Mention {
            bulk_id,
            deferrable: false,
            certain: true,
        };
        if let Some(id) = replace(mention) {
            let id = Value::from(id).to_string();
            path.replace_range(start..end, &id);
            from = start + id.len();
        }
    }
}

/// Start and end of the next text in double quotes, quotes included.
fn quoted(path: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + path.get(from..)?.find('"')?;
    let mut escaped = false;
    for (index, byte) in path.bytes().enumerate().skip(start + 1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return Some((start, index + 1)),
            _ => {}
        }
    }
    None
}

fn each(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match value {
        Value::Array(elements) => elements.iter_mut().for_each(visit),
        single => visit(single),
    }
}
