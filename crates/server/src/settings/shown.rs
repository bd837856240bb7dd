//! Every setting for people to look at: its value, and which layer gave it.

use config::ValueKind;
use serde::Serialize;
use serde_json::{Value, json};

use super::{layers::SECRETS, values::Values};

/// One setting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Shown {
    /// As in `http.bind`.
    pub(crate) key: String,
    /// The value; of a secret only what is none.
    pub(crate) value: Value,
    /// `default`, a file, a variable of the environment, or `--set`.
    pub(crate) origin: String,
}

/// All settings, by key.
pub(super) fn all(values: &Values) -> Vec<Shown> {
    values
        .each()
        .map(|(key, kind, origin)| {
            let value = value(kind);
            Shown {
                key: key.to_owned(),
                value: match value.as_str() {
                    Some(text) if SECRETS.contains(&key) => masked(text).into(),
                    _ => value,
                },
                origin: origin.to_string(),
            }
        })
        .collect()
}

fn value(kind: &ValueKind) -> Value {
    match kind {
        ValueKind::Boolean(value) => json!(value),
        ValueKind::I64(value) => json!(value),
        ValueKind::Array(list) => list.iter().map(value_of_entry).collect(),
        other => json!(other.to_string()),
    }
}

fn value_of_entry(entry: &config::Value) -> Value {
    value(&entry.kind)
}

/// A database URL as far as it is no secret: a file whole; of a server its name, neither user nor
/// password nor parameters, any of which may hold one.
pub(super) fn masked(url: &str) -> String {
    if url.is_empty() || url.starts_with("sqlite://") {
        return url.to_owned();
    }
    let Some((scheme @ ("postgres" | "postgresql"), rest)) = url.split_once("://") else {
        return "(hidden)".to_owned();
    };
    // Where the host was forgotten, or something not encoded, a piece of the password stands elsewhere.
    if storage::check_url(url).is_err() {
        return "(hidden)".to_owned();
    }
    let place = rest.rsplit('@').next().unwrap_or_default();
    let place = place.split('?').next().unwrap_or_default();
    format!("{scheme}://***@{place}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_password_never_shows() {
        let check = |url, shown| assert_eq!(masked(url), shown);
        check("sqlite://rolecall.db", "sqlite://rolecall.db");
        check("postgres://u:p@db/x", "postgres://***@db/x");
        check("postgres://u:p@db:5432/x", "postgres://***@db:5432/x");
        check("postgres://u:p@s/w@db:5432/x", "(hidden)");
        check("postgres://u:p@db:hunter2/x", "(hidden)");
        check("postgres://db/x?password=p", "postgres://***@db/x");
        check("mysql://u:p@db/x", "(hidden)");
        check("hunter2", "(hidden)");
        check("postgres://u:hunter2", "(hidden)");
        check("postgres://u:hunter2/x", "(hidden)");
        check("", "");
    }
}
