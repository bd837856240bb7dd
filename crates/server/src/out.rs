//! What commands print: answers to standard output, in words or as JSON; failures to standard
//! error.

use std::io::{self, Write};

use serde_json::Value;

use crate::failure::Failure;

/// Prints in the form that was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    json: bool,
}

impl Out {
    /// Words, or JSON with `--json`.
    pub(crate) fn new(json: bool) -> Out {
        Out { json }
    }

    /// Whether programs read the answers.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// An answer: `text` for people, `value` for programs.
    ///
    /// # Errors
    /// Standard output is closed.
    pub(crate) fn answer(self, text: &str, value: &Value) -> Result<(), Failure> {
        if self.json {
            document(&format!("{value}\n"))
        } else {
            document(&format!("{text}\n"))
        }
    }

    /// A failure. Nothing can be done where standard error is closed.
    pub(crate) fn failure(self, failure: &Failure) {
        let text = if self.json {
            failure.json().to_string()
        } else {
            failure.text()
        };
        let _ = writeln!(io::stderr().lock(), "{text}");
    }
}

/// A document as it is, for redirecting.
///
/// # Errors
/// Standard output is closed.
pub(crate) fn document(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| Failure::other(format!("standard output cannot be written: {error}")))
}
