//! Mapping files: TOML or JSON, in rolecall's own shape or in Label Studio's.

use std::{
    fs::OpenOptions,
    io::{ErrorKind, Write},
    path::Path,
};

use app::{Error, error::FieldError};
use clap::ValueEnum;
use domain::Mapping;
use serde_json::Value;

use super::{document, label_studio};
use crate::failure::Failure;

/// How a mapping is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Format {
    /// The format that a file's name ends with.
    pub(super) fn of(file: &Path) -> Option<Format> {
        let ending = file.extension()?.to_str()?;
        [("toml", Format::Toml), ("json", Format::Json)]
            .into_iter()
            .find(|(known, _)| ending.eq_ignore_ascii_case(known))
            .map(|(_, format)| format)
    }
}

/// A mapping from a file, and how the file names its parts.
#[derive(Debug)]
pub(super) struct Read {
    /// The mapping, not yet checked against the organization.
    pub(super) document: Mapping,
    /// None for rolecall's own shape.
    pub(super) label_studio: Option<label_studio::Names>,
}

/// Reads a file.
///
/// # Errors
/// It cannot be read, is not TOML or JSON, or has another shape: all places at once.
pub(super) fn read(file: &Path) -> Result<Read, Failure> {
    let shown = file.display();
    let Some(format) = Format::of(file) else {
        return Err(Failure::other(format!(
            "{shown}: the name must end in .toml or .json"
        )));
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::other(format!("{shown} cannot be read: {error}")))?;
    // Editors on Windows put a byte order mark before the text.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let value =
        parse(text, format).map_err(|problem| Failure::other(format!("{shown}: {problem}")))?;
    shaped(&value).map_err(|faults| faulty(file, faults))
}

/// A refusal that begins with the file's name.
pub(super) fn faulty(file: &Path, faults: Vec<FieldError>) -> Failure {
    Failure::Refused(named(file, Error::fields(faults)))
}

/// The same error, beginning with the file's name.
pub(crate) fn named(file: &Path, error: Error) -> Error {
    match error {
        Error::Coded {
            code,
            detail,
            fields,
        } => Error::Coded {
            code,
            detail: format!("{}: {detail}", file.display()),
            fields,
        },
        other => other,
    }
}

fn shaped(value: &Value) -> Result<Read, Vec<FieldError>> {
    if label_studio::is_shape(value) {
        let (document, names) = label_studio::convert(value)?;
        return Ok(Read {
            document,
            label_studio: Some(names),
        });
    }
    Ok(Read {
        document: document::read(value)?,
        label_studio: None,
    })
}

/// Syntax only. The parsers' own messages would repeat what is written there.
fn parse(text: &str, format: Format) -> Result<Value, String> {
    match format {
        Format::Toml => toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let line = text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
            format!("line {line} is not TOML: {}", error.message())
        }),
        Format::Json => serde_json::from_str(text).map_err(|error| format!("is not JSON: {error}")),
    }
}

/// Writes a file; over one that is there only with `force`: somebody's comments and edits may be in it.
///
/// # Errors
/// It is there, or cannot be written.
pub(super) fn save(file: &Path, text: &str, force: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options
        .write(true)
        .create_new(!force)
        .create(true)
        .truncate(true);
    let written = options
        .open(file)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        let shown = file.display();
        Failure::other(match error.kind() {
            ErrorKind::AlreadyExists => format!(
                "{shown} is there already, and stays as it is: name another file, name none to see \
                 the mapping, or add --force to overwrite it"
            ),
            _ => format!("{shown} cannot be written: {error}"),
        })
    })
}

const HEADER: &str = "\
# Which group means what. A group is named as the identity provider names it.
#   [[organization]]  group, role                     a role in the organization
#   [[workspaces]]    group, workspace                membership in a workspace
#   [[projects]]      group, project, role            project = \"workspace/project\"; role may be inherit
";

/// A mapping as text.
///
/// # Errors
/// It cannot be written in this form, which never was seen.
pub(super) fn write(document: &Mapping, format: Format) -> Result<String, Failure> {
    let failed = |error: &dyn std::error::Error| {
        Failure::other(format!("the mapping cannot be written: {error}"))
    };
    match format {
        Format::Toml => {
            let mut value = serde_json::to_value(document).map_err(|error| failed(&error))?;
            if let Some(sections) = value.as_object_mut() {
                // A list of no tables reads oddly between lists of tables.
                sections.retain(|_, list| list.as_array().is_some_and(|list| !list.is_empty()));
            }
            let text = toml::to_string(&value).map_err(|error| failed(&error))?;
            Ok(format!("{HEADER}\n{text}"))
        }
        Format::Json => serde_json::to_string_pretty(document)
            .map(|text| text + "\n")
            .map_err(|error| failed(&error)),
    }
}
