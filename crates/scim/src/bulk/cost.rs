//! What an operation costs: the members that it names.

use serde_json::Value;

use super::Method;

/// Counts the members in the body of an operation. What is counted twice is named twice.
pub(super) fn members(method: Method, data: &Value) -> usize {
    match method {
        Method::Patch => elements(member(data, "Operations")).map(in_operation).sum(),
        _ => listed(member(data, "members")),
    }
}

fn in_operation(operation: &Value) -> usize {
    let value = member(operation, "value");
    match member(operation, "path")
        .and_then(Value::as_str)
        .map(str::trim)
    {
        None | Some("") => listed(value.and_then(|value| member(value, "members"))),
        Some(path) if path.to_ascii_lowercase().contains("members") => listed(value).max(1),
        Some(_) => 0,
    }
}

fn listed(value: Option<&Value>) -> usize {
    elements(value).count()
}

/// A list's elements, or the one value itself.
fn elements(value: Option<&Value>) -> impl Iterator<Item = &Value> {
    let (list, single) = match value {
        Some(Value::Array(list)) => (list.as_slice(), None),
        None | Some(Value::Null) => (&[][..], None),
        single => (&[][..], single),
    };
    list.iter().chain(single)
}

fn member<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let mut members = value.as_object()?.iter();
    members
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
