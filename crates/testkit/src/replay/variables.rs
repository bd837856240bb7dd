//! Variables: `{{name}}` in any text of a step.
//!
//! Built in and new for every play: `{{run}}` (8 hexadecimal digits), `{{RUN}}` (the same in upper
//! case), `{{guid1}}` to `{{guid9}}`, `{{base}}` and `{{token}}`; `{{i}}` inside a repeated step.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use uuid::Uuid;

/// What the variables stand for now.
#[derive(Clone, Debug)]
pub struct Variables(BTreeMap<String, Value>);

/// A variable that nothing was captured for.
#[derive(Debug, PartialEq, Eq)]
pub struct Unresolved(pub String);

impl Variables {
    /// The built-in ones.
    pub fn new(base: &str, token: &str) -> Self {
        let mut known = BTreeMap::new();
        let mut set = |name: &str, value: String| known.insert(name.to_owned(), value.into());
        // The end of a UUIDv7 is random; its beginning is the time.
        let run: String = Uuid::now_v7().simple().to_string().split_off(24);
        set("RUN", run.to_uppercase());
        set("run", run);
        set("base", base.trim_end_matches('/').to_owned());
        set("token", token.to_owned());
        for number in 1..=9 {
            set(&format!("guid{number}"), Uuid::now_v7().to_string());
        }
        Self(known)
    }

    /// What this one stands for.
    pub fn get(&self, name: &str) -> Result<&Value, Unresolved> {
        self.0.get(name).ok_or_else(|| Unresolved(name.to_owned()))
    }

    /// Sets or replaces one.
    pub fn set(&mut self, name: &str, value: Value) {
        self.0.insert(name.to_owned(), value);
    }

    /// The value with all variables replaced, in keys too. A text that is nothing but one
    /// variable becomes what was captured, whatever its JSON type; inside a longer text anything
    /// that is no text is written as JSON.
    pub fn substitute(&self, value: &Value) -> Result<Value, Unresolved> {
        Ok(match value {
            Value::String(text) => match whole(text) {
                Some(name) => self.get(name)?.clone(),
                None => Value::String(self.text(text)?),
            },
            Value::Array(items) => items
                .iter()
                .map(|item| self.substitute(item))
                .collect::<Result<_, _>>()?,
            Value::Object(fields) => Value::Object(self.fields(fields)?),
            other => other.clone(),
        })
    }

    /// [`Variables::substitute`] for an object.
    pub fn fields(&self, fields: &Map<String, Value>) -> Result<Map<String, Value>, Unresolved> {
        let field =
            |(key, value): (&String, &Value)| Ok((self.text(key)?, self.substitute(value)?));
        fields.iter().map(field).collect()
    }

    fn text(&self, text: &str) -> Result<String, Unresolved> {
        let mut done = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("{{") {
            let (before, from) = rest.split_at(at);
            done.push_str(before);
            if let Some((name, after)) = first(from) {
                done.push_str(&shown(self.get(name)?));
                rest = after;
            } else {
                done.push('{');
                rest = &from[1..];
            }
        }
        done.push_str(rest);
        Ok(done)
    }
}

/// A value as it stands inside a text.
pub(super) fn shown(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The name, where the text is exactly one variable.
fn whole(text: &str) -> Option<&str> {
    first(text)
        .filter(|(_, after)| after.is_empty())
        .map(|(name, _)| name)
}

/// The variable that the text begins with, and what follows it.
fn first(text: &str) -> Option<(&str, &str)> {
    let (name, after) = text.strip_prefix("{{")?.split_once("}}")?;
    let word = |c: char| c.is_alphanumeric() || c == '_';
    (!name.is_empty() && name.chars().all(word)).then_some((name, after))
}
