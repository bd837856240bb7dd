//! Reading a request body: JSON with the limits that `serde_json` does not have.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::error::Error;

/// Deepest nesting of arrays and objects.
pub const MAX_DEPTH: usize = 64;

/// Up to this many names a look through the object is cheaper than a set.
const FEW_NAMES: usize = 16;

/// Reads one JSON value.
///
/// # Errors
///
/// 400 `invalidSyntax` for text that is not JSON, anything after the value, the same name twice
/// in one object (attribute names ignore case, so `userName` and `USERNAME` are the same), a NUL
/// character (PostgreSQL cannot store it), a lone surrogate, a number that does not fit, nesting
/// deeper than [`MAX_DEPTH`]. The text tells the place and never repeats the body.
pub fn parse(bytes: &[u8]) -> Result<Value, Error> {
    if bytes.is_empty() {
        return Err(Error::invalid_syntax("the request needs a JSON body"));
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = Limited { depth: 0 }
        .deserialize(&mut reader)
        .map_err(|error| refuse(&error))?;
    reader.end().map_err(|error| refuse(&error))?;
    Ok(value)
}

fn refuse(error: &serde_json::Error) -> Error {
    Error::invalid_syntax(format!("the body is not acceptable JSON: {error}"))
}

/// Builds a [`Value`] and knows how deep it is.
#[derive(Clone, Copy)]
struct Limited {
    depth: usize,
}

impl Limited {
    fn deeper<E: serde::de::Error>(self) -> Result<Limited, E> {
        if self.depth >= MAX_DEPTH {
            return Err(E::custom(
                "arrays and objects may be nested 64 deep at most",
            ));
        }
        Ok(Limited {
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for Limited {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Limited {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("number out of range"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, value: String) -> Result<Value, E> {
        without_nul(&value)?;
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        let mut names = Names::default();
        while let Some(name) = members.next_key::<String>()? {
            without_nul(&name)?;
            if !names.insert(&object, &name) {
                return Err(A::Error::custom("an object has the same name twice"));
            }
            object.insert(name, members.next_value_seed(inner)?);
        }
        Ok(Value::Object(object))
    }
}

/// The names that an object has so far. A set only when there are many, so that a small object
/// costs nothing and a hostile one is not quadratic.
#[derive(Default)]
struct Names {
    folded: HashSet<String>,
}

impl Names {
    /// False when the object has the name, in whatever case.
    fn insert(&mut self, object: &Map<String, Value>, name: &str) -> bool {
        if object.len() < FEW_NAMES {
            return !object.keys().any(|known| known.eq_ignore_ascii_case(name));
        }
        if self.folded.is_empty() {
            self.folded = object
                .keys()
                .map(|known| known.to_ascii_lowercase())
                .collect();
        }
        self.folded.insert(name.to_ascii_lowercase())
    }
}

fn without_nul<E: serde::de::Error>(text: &str) -> Result<(), E> {
    if text.contains('\0') {
        Err(E::custom("the NUL character is not allowed"))
    } else {
        Ok(())
    }
}
