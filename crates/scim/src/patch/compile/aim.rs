//! What the path of an operation names.

use crate::error::{Error, ScimType};
use crate::filter::{self, Filter};
use crate::lenient::{Leniency, note};
use crate::path::{self, Located, Miss, Named};
use crate::registry::Registry;
use crate::resource::Place;
use crate::resource::value::Notes;
use crate::schema::user::PASSWORD;
use crate::schema::{Kind, Schema};

/// A path, resolved.
#[derive(Debug)]
pub(super) enum Aim<'r> {
    /// The resource itself.
    Whole,
    /// All of an extension.
    Extension(&'r Schema),
    /// An attribute or sub-attribute; with a filter, of some elements of a list.
    Attribute {
        at: Located<'r>,
        filter: Option<Filter>,
    },
    /// `schemas`, which follows from the data.
    Schemas,
    /// An unknown name that was noted, or `password`.
    Nothing,
}

/// Resolves a path (RFC 7644 figure 7).
///
/// # Errors
///
/// 400 `invalidPath` when it does not parse; `invalidSyntax` in strict mode when the resource type
/// has nothing of that name.
pub(super) fn read<'r>(
    registry: &'r Registry,
    kind: Kind,
    text: &str,
    notes: &mut Notes,
) -> Result<Aim<'r>, Error> {
    let text = text.trim();
    if text.len() > filter::MAX_LENGTH {
        let problem = format!(
            "path is longer than the limit of {} bytes",
            filter::MAX_LENGTH
        );
        return Err(Error::invalid_path(problem));
    }
    if text.contains('[') {
        return with_filter(registry, kind, text, notes);
    }
    match path::named(registry, kind, text) {
        Ok(Named::Core) => Ok(Aim::Whole),
        Ok(Named::Extension(schema)) => Ok(Aim::Extension(schema)),
        Ok(Named::Attribute(at)) if at.schema.is_none() && at.top.name == "schemas" => {
            Ok(Aim::Schemas)
        }
        Ok(Named::Attribute(at)) if names_element(at, text) => Err(Error::invalid_path(format!(
            "path does not say which value of {name}: {name}[value eq \"…\"]",
            name = at.top.name
        ))),
        Ok(Named::Attribute(at)) => qualified(at, None, text, notes),
        Err(Miss::Unknown) => unknown(kind, text, notes),
        Err(Miss::Malformed) => Err(Error::invalid_path(
            "path is not an attribute path such as name.familyName or emails[type eq \"work\"].value",
        )),
    }
}

/// `tags.value` is an element of the list, and not the list.
fn names_element(at: Located<'_>, text: &str) -> bool {
    let last = text.rsplit_once('.').map(|(_, name)| name);
    at.sub.is_none() && at.top.has_simple_elements() && last.is_some_and(path::is_element)
}

/// Resolves a key of a value object. Keys are paths too, but one that is none is only an unknown
/// name, as it is in the body of a POST.
pub(super) fn key<'r>(
    registry: &'r Registry,
    kind: Kind,
    text: &str,
    notes: &mut Notes,
) -> Result<Aim<'r>, Error> {
    match read(registry, kind, text, notes) {
        Err(error) if error.scim_type == Some(ScimType::InvalidPath) => unknown(kind, text, notes),
        other => other,
    }
}

fn with_filter<'r>(
    registry: &'r Registry,
    kind: Kind,
    text: &str,
    notes: &mut Notes,
) -> Result<Aim<'r>, Error> {
    let path = filter::element_path(registry, kind, notes.mode, text)
        .map_err(|fault| Error::invalid_path(fault.detail("path")))?;
    let Some(at) = path.place else {
        return unknown(kind, text, notes);
    };
    if !at.top.multi_valued {
        let problem = format!(
            "path: {} is not a list, `[` cannot choose from it",
            at.top.name
        );
        return Err(Error::invalid_path(problem));
    }
    let sub = match path.sub {
        None => None,
        Some(Ok(sub)) => Some(sub),
        Some(Err(_)) => return unknown(kind, text, notes),
    };
    for leniency in path.leniencies {
        note(&mut notes.leniencies, leniency);
    }
    qualified(Located { sub, ..at }, Some(path.filter), text, notes)
}

/// Entra ID documents `"path": "manager"` for the extension's attribute. Lenient only.
fn qualified<'r>(
    at: Located<'r>,
    filter: Option<Filter>,
    text: &str,
    notes: &mut Notes,
) -> Result<Aim<'r>, Error> {
    let bare = at
        .schema
        .is_some_and(|schema| !starts_with(text, &schema.id));
    if bare {
        if !notes.mode.is_lenient() {
            notes.unknown(&Place::top(text))?;
            return Ok(Aim::Nothing);
        }
        note(&mut notes.leniencies, Leniency::ExtensionName);
    }
    Ok(Aim::Attribute { at, filter })
}

fn starts_with(text: &str, urn: &str) -> bool {
    text.get(..urn.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(urn))
}

/// A name that the resource type does not have.
fn unknown<'r>(kind: Kind, text: &str, notes: &mut Notes) -> Result<Aim<'r>, Error> {
    let name = match text.get(..kind.core_urn().len() + 1) {
        Some(start) if start.eq_ignore_ascii_case(&format!("{}:", kind.core_urn())) => {
            &text[start.len()..]
        }
        _ => text,
    };
    if kind == Kind::User && name.eq_ignore_ascii_case(PASSWORD) {
        notes.password()?;
        return Ok(Aim::Nothing);
    }
    notes.unknown(&Place::top(text))?;
    Ok(Aim::Nothing)
}
