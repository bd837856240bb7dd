//! Values by dotted key, each with the layer that gave it.

use std::collections::BTreeMap;

use config::{Config, ConfigError, File, FileFormat, Source, Value, ValueKind};

use super::{DEFAULTS, Fault, Origin, Written, bounds::within};

/// Every setting with its value and origin. The keys and the types are those of the defaults.
pub(super) struct Values(BTreeMap<String, (ValueKind, Origin)>);

impl Values {
    /// The defaults.
    ///
    /// # Errors
    /// The file inside the binary is no TOML, which a test rules out.
    pub(super) fn defaults() -> Result<Values, ConfigError> {
        let tree = File::from_str(DEFAULTS, FileFormat::Toml).collect()?;
        let flat = flatten(tree);
        Ok(Values(
            flat.into_iter()
                .map(|(key, kind)| (key, (kind, Origin::Default)))
                .collect(),
        ))
    }

    /// No settings at all.
    pub(super) fn none() -> Values {
        Values(BTreeMap::new())
    }

    /// All keys.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(String::as_str)
    }

    /// Each key with its value and where it came from.
    pub(super) fn each(&self) -> impl Iterator<Item = (&str, &ValueKind, &Origin)> {
        self.0
            .iter()
            .map(|(key, (kind, origin))| (key.as_str(), kind, origin))
    }

    /// Where each value came from.
    pub(super) fn origins(&self) -> BTreeMap<String, Origin> {
        let origins = self.each();
        origins
            .map(|(key, _, origin)| (key.to_owned(), origin.clone()))
            .collect()
    }

    /// Whether there is such a setting.
    pub(super) fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }

    /// Where the value of a key came from.
    pub(super) fn origin(&self, key: &str) -> Origin {
        self.0
            .get(key)
            .map_or(Origin::Default, |(_, origin)| origin.clone())
    }

    /// Lays a value over what is there.
    ///
    /// # Errors
    /// No such key, a value of another type, or a number out of bounds; then what is there stays, so that the checks that
    /// follow look at something sound.
    pub(super) fn set(&mut self, key: &str, value: ValueKind, origin: Origin) -> Result<(), Fault> {
        let Some(slot) = self.0.get_mut(key) else {
            let detail = unknown(key, self.keys());
            return Err(Fault::new(key, &origin, detail));
        };
        let text = !matches!(origin, Origin::File(_));
        let right = typed(&slot.0, value, text).and_then(|kind| within(key, kind));
        match right {
            Ok(kind) => {
                *slot = (kind, origin);
                Ok(())
            }
            Err(detail) => Err(Fault::new(key, &origin, detail)),
        }
    }

    /// The values as the fields that they belong to.
    ///
    /// # Errors
    /// A number outside of what its field can hold.
    pub(super) fn written(&self) -> Result<Written, Fault> {
        let mut builder = Config::builder();
        for (key, (kind, _)) in &self.0 {
            builder = builder
                .set_override(key, kind.clone())
                .map_err(|error| Fault::new(key, &self.origin(key), error.to_string()))?;
        }
        builder
            .build()
            .and_then(Config::try_deserialize)
            .map_err(|error| Fault::new("", &Origin::Default, error.to_string()))
    }
}

/// A tree of tables as dotted keys; lists are values.
pub(super) fn flatten(tree: config::Map<String, Value>) -> BTreeMap<String, ValueKind> {
    let mut flat = BTreeMap::new();
    for (key, value) in tree {
        match value.kind {
            ValueKind::Table(table) if !table.is_empty() => {
                let below = flatten(table);
                flat.extend(
                    below
                        .into_iter()
                        .map(|(rest, kind)| (format!("{key}.{rest}"), kind)),
                );
            }
            kind => {
                flat.insert(key, kind);
            }
        }
    }
    flat
}

/// What to say about a key that does not exist.
pub(super) fn unknown<'a>(key: &str, known: impl Iterator<Item = &'a str> + Clone) -> String {
    let section = key
        .split_once('.')
        .map(|(section, _)| format!("{section}."));
    let nearest = domain::text::nearest(key, known.clone());
    if let Some(nearest) = nearest {
        return format!("there is no such setting; did you mean {nearest}?");
    }
    let beside: Vec<&str> = known
        .clone()
        .filter(|known| {
            section
                .as_ref()
                .is_some_and(|section| known.starts_with(section))
        })
        .collect();
    let list = if beside.is_empty() {
        known.collect()
    } else {
        beside
    };
    format!(
        "there is no such setting; those there are: {}",
        list.join(", ")
    )
}

/// A value in the type of the default. From the environment and from flags everything comes as
/// text; in a file a number is a number.
fn typed(default: &ValueKind, value: ValueKind, from_text: bool) -> Result<ValueKind, String> {
    match (default, value) {
        (ValueKind::String(_), value @ ValueKind::String(_))
        | (ValueKind::I64(_), value @ ValueKind::I64(0..))
        | (ValueKind::Boolean(_), value @ ValueKind::Boolean(_)) => Ok(value),
        (ValueKind::I64(_), ValueKind::String(text)) if from_text => match text.parse::<i64>() {
            Ok(number @ 0..) => Ok(ValueKind::I64(number)),
            _ => Err("must be a whole number, 0 or more".to_owned()),
        },
        (ValueKind::Boolean(_), ValueKind::String(text)) if from_text => match text.as_str() {
            "true" => Ok(ValueKind::Boolean(true)),
            "false" => Ok(ValueKind::Boolean(false)),
            _ => Err("must be true or false".to_owned()),
        },
        (ValueKind::Array(_), ValueKind::String(text)) if from_text => {
            let parts = text
                .split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty());
            Ok(ValueKind::Array(
                parts.map(|part| Value::new(None, part)).collect(),
            ))
        }
        (ValueKind::Array(_), ValueKind::Array(list))
            if list
                .iter()
                .all(|value| matches!(value.kind, ValueKind::String(_))) =>
        {
            Ok(ValueKind::Array(list))
        }
        (default, _) => Err(format!("must be {}", describe(default))),
    }
}

fn describe(kind: &ValueKind) -> &'static str {
    match kind {
        ValueKind::Boolean(_) => "true or false",
        ValueKind::I64(_) => "a whole number, 0 or more",
        ValueKind::Array(_) => "a list of texts",
        ValueKind::Table(_) => "a section",
        _ => "a text",
    }
}
