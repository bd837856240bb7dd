//! What is wrong with a setting, and where it was written.

use std::{fmt, path::PathBuf};

/// The layer that a value came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Inside the binary.
    Default,
    /// A file.
    File(PathBuf),
    /// A variable of the environment, by name.
    Environment(String),
    /// `--set`.
    Flag,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Origin::Default => f.write_str("default"),
            Origin::File(path) => write!(f, "{}", path.display()),
            Origin::Environment(name) => write!(f, "environment, {name}"),
            Origin::Flag => f.write_str("--set"),
        }
    }
}

/// One setting that is not right. Values are never repeated: they may be secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The setting, as in `http.bind`; empty where a whole layer cannot be read.
    pub(crate) key: String,
    /// Where it was written.
    pub(crate) origin: Origin,
    /// What is wrong and what would be right.
    pub(crate) detail: String,
}

impl Fault {
    pub(crate) fn new(key: &str, origin: &Origin, detail: impl Into<String>) -> Fault {
        Fault {
            key: key.to_owned(),
            origin: origin.clone(),
            detail: detail.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Fault {
            key,
            origin,
            detail,
        } = self;
        if key.is_empty() {
            return write!(f, "{origin}: {detail}");
        }
        write!(f, "{key} ({origin}): {detail}")
    }
}
