//! What differs between two documents, so that the audit of a large one stays small.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// The parts of two documents that are not in the other one. Of lists those entries are told that
/// the other list does not have; both lists whole where what they share stands in another order,
/// which may be all that an order of ranks says.
pub(crate) fn difference(before: &Value, after: &Value) -> (Value, Value) {
    match (before, after) {
        (Value::Object(was), Value::Object(is)) => objects(was, is),
        (Value::Array(was), Value::Array(is)) => {
            let (gone, new) = (without(was, is), without(is, was));
            let only_order = gone.is_empty() && new.is_empty();
            if only_order || shared(was, is) != shared(is, was) {
                return (before.clone(), after.clone());
            }
            (gone.into(), new.into())
        }
        _ => (before.clone(), after.clone()),
    }
}

fn objects(was: &Map<String, Value>, is: &Map<String, Value>) -> (Value, Value) {
    let (mut gone, mut new) = (Map::new(), Map::new());
    for (name, before) in was {
        match is.get(name) {
            Some(after) if after == before => {}
            Some(after) => {
                let (before, after) = difference(before, after);
                gone.insert(name.clone(), before);
                new.insert(name.clone(), after);
            }
            None => {
                gone.insert(name.clone(), before.clone());
            }
        }
    }
    for (name, after) in is.iter().filter(|(name, _)| !was.contains_key(*name)) {
        new.insert(name.clone(), after.clone());
    }
    (gone.into(), new.into())
}

/// The names of a list's entries that the other list has too, in the list's order. An entry that has
/// a key is the same one whatever else of it changed.
fn shared(list: &[Value], other: &[Value]) -> Vec<String> {
    let name = |value: &Value| value.get("key").unwrap_or(value).to_string();
    let other: HashSet<String> = other.iter().map(name).collect();
    let names = list.iter().map(name);
    names.filter(|name| other.contains(name)).collect()
}

fn without(list: &[Value], other: &[Value]) -> Vec<Value> {
    let other: HashSet<String> = other.iter().map(Value::to_string).collect();
    let new = list
        .iter()
        .filter(|value| !other.contains(&value.to_string()));
    new.cloned().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_what_differs_is_told() {
        let check = |before: Value, after: Value, gone: Value, new: Value| {
            assert_eq!(difference(&before, &after), (gone, new), "{before} {after}");
        };
        check(
            json!({"a": 1, "b": 2}),
            json!({"a": 1, "b": 3}),
            json!({"b": 2}),
            json!({"b": 3}),
        );
        check(
            json!({"a": {"x": 1, "y": 1}}),
            json!({"a": {"x": 1}}),
            json!({"a": {"y": 1}}),
            json!({"a": {}}),
        );
        check(
            json!({"l": [1, 2]}),
            json!({"l": [2, 3]}),
            json!({"l": [1]}),
            json!({"l": [3]}),
        );
        check(
            json!({"l": [1, 2]}),
            json!({"l": [2, 1]}),
            json!({"l": [1, 2]}),
            json!({"l": [2, 1]}),
        );
        check(
            json!({"l": [1, 2]}),
            json!({"l": [2, 1, 3]}),
            json!({"l": [1, 2]}),
            json!({"l": [2, 1, 3]}),
        );
        check(
            json!([{"key": "a"}, {"key": "b"}]),
            json!([{"key": "b", "name": "B"}, {"key": "a"}]),
            json!([{"key": "a"}, {"key": "b"}]),
            json!([{"key": "b", "name": "B"}, {"key": "a"}]),
        );
        check(
            json!([{"key": "a"}, {"key": "b"}]),
            json!([{"key": "a"}, {"key": "b", "name": "B"}]),
            json!([{"key": "b"}]),
            json!([{"key": "b", "name": "B"}]),
        );
        check(json!({}), json!({"n": null}), json!({}), json!({"n": null}));
    }
}
