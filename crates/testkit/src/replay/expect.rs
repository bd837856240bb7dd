//! Expectations: a JSON value (equal, numbers by value), or
//! `*exists*` (present and not null), `*absent*` (missing or null), `*empty*` (missing, null or
//! without content), `*int*`, `*string*`, `*bool*`, `*array*`, `*object*`, or an object with one of
//! `anyOf` (a list), `not`, `min`, `max`, `contains` (text, case ignored), `ci` (text, case
//! ignored).

use serde_json::Value;

use super::variables::shown;

/// Whether what is there meets the expectation.
pub fn matches(actual: Option<&Value>, want: &Value) -> bool {
    if let Some(answer) = want.as_str().and_then(|word| by_word(actual, word)) {
        return answer;
    }
    if let Some(answer) =
        operator(want).and_then(|(name, wanted)| by_operator(actual, name, wanted))
    {
        return answer;
    }
    actual.is_some_and(|actual| same(actual, want))
}

/// None where the text is an ordinary one.
fn by_word(actual: Option<&Value>, word: &str) -> Option<bool> {
    let value = actual.filter(|value| !value.is_null());
    Some(match word {
        "*exists*" => value.is_some(),
        "*absent*" => value.is_none(),
        "*empty*" => value.is_none_or(empty),
        "*int*" => value.is_some_and(|value| value.is_i64() || value.is_u64()),
        "*string*" => value.is_some_and(Value::is_string),
        "*bool*" => value.is_some_and(Value::is_boolean),
        "*array*" => value.is_some_and(Value::is_array),
        "*object*" => value.is_some_and(Value::is_object),
        _ => return None,
    })
}

fn empty(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

/// The only field of an object.
fn operator(want: &Value) -> Option<(&str, &Value)> {
    let fields = want.as_object().filter(|fields| fields.len() == 1)?;
    fields
        .iter()
        .next()
        .map(|(name, wanted)| (name.as_str(), wanted))
}

/// None where the name is no operator, so that the object is an ordinary one.
fn by_operator(actual: Option<&Value>, name: &str, wanted: &Value) -> Option<bool> {
    let number = actual.and_then(Value::as_f64).zip(wanted.as_f64());
    Some(match name {
        "anyOf" => wanted.as_array()?.iter().any(|want| matches(actual, want)),
        "not" => !matches(actual, wanted),
        "min" => number.is_some_and(|(actual, least)| actual >= least),
        "max" => number.is_some_and(|(actual, most)| actual <= most),
        "contains" => actual.is_some_and(|actual| {
            shown(actual)
                .to_lowercase()
                .contains(&shown(wanted).to_lowercase())
        }),
        "ci" => actual
            .and_then(Value::as_str)
            .is_some_and(|actual| actual.to_lowercase() == shown(wanted).to_lowercase()),
        _ => return None,
    })
}

/// Equal as JSON; 1 and 1.0 are the same number.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(x), Value::Number(y)) => x == y || x.as_f64() == y.as_f64(),
        (Value::Array(xs), Value::Array(ys)) => {
            xs.len() == ys.len() && xs.iter().zip(ys).all(|(x, y)| same(x, y))
        }
        (Value::Object(xs), Value::Object(ys)) => {
            let equal = |(key, x): (&String, &Value)| ys.get(key).is_some_and(|y| same(x, y));
            xs.len() == ys.len() && xs.iter().all(equal)
        }
        _ => a == b,
    }
}
