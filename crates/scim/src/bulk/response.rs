//! The response (RFC 7644 section 3.7.3).

use serde_json::{Map, Value, json};

use super::{Bulk, Created, Entry, RESPONSE_URN, references};
use crate::error::Error;

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Status that a request of its own would have had.
    pub status: u16,
    /// URL of the resource; only a creation that failed has none.
    pub location: Option<String>,
    /// The resource's new version, as in `ETag`.
    pub version: Option<String>,
    /// What went wrong; its message is the `response`.
    pub error: Option<Error>,
}

impl Outcome {
    /// It was done.
    pub fn done(status: u16, location: String, version: Option<String>) -> Outcome {
        Outcome {
            status,
            location: Some(location),
            version,
            error: None,
        }
    }

    /// It failed. For `location` see [`Entry::location`].
    pub fn failed(error: Error, location: Option<String>) -> Outcome {
        Outcome {
            status: error.status,
            location,
            version: None,
            error: Some(error),
        }
    }
}

impl Entry {
    /// The URL of the existing resource that the path names, `base` being the URL of the mount;
    /// `None` for creations, and where the id cannot stand in a URL.
    pub fn location(&self, base: &str, created: &Created) -> Option<String> {
        let (kind, id) = self.resource.as_ref()?;
        let id = match references::whole(id) {
            Some(bulk_id) => created.get(bulk_id)?,
            None => id,
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
        id.bytes()
            .all(plain)
            .then(|| format!("{base}{}/{id}", kind.endpoint()))
    }

    fn result(&self, outcome: &Outcome) -> Value {
        let mut result = Map::new();
        let mut put = |name: &str, text: Option<&str>| {
            if let Some(text) = text {
                result.insert(name.to_owned(), Value::from(text));
            }
        };
        put("location", outcome.location.as_deref());
        put("method", self.word.as_deref());
        put("bulkId", self.bulk_id.as_deref());
        put("version", outcome.version.as_deref());
        put("status", Some(&outcome.status.to_string()));
        if let Some(error) = &outcome.error {
            result.insert("response".to_owned(), error.body());
        }
        Value::Object(result)
    }
}

impl Bulk {
    /// The message, in the order of the request whatever the order of the plan. `outcomes` are
    /// those of [`Bulk::entries`]; an operation that was not run any more (`None`) is not in it.
    pub fn response(&self, outcomes: &[Option<Outcome>]) -> Value {
        let results: Vec<Value> = self
            .entries
            .iter()
            .zip(outcomes)
            .filter_map(|(entry, outcome)| Some(entry.result(outcome.as_ref()?)))
            .collect();
        json!({ "schemas": [RESPONSE_URN], "Operations": results })
    }
}
