//! The body of a POST or PUT, turned into a validated document.

use serde_json::{Map, Value};

use super::value::{self, Notes};
use super::{MemberRef, Place, Resource, check, members};
use crate::error::Error;
use crate::lenient::{self, Leniency};
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::user::PASSWORD;
use crate::schema::{Kind, attribute};

/// A request body as it was understood.
#[derive(Debug, Clone)]
pub struct Incoming {
    /// The document.
    pub resource: Resource,
    /// The members of a group; `None` when the body does not speak of them.
    pub members: Option<Vec<MemberRef>>,
    /// Top-level attributes given as null or as an empty list, in attribute notation.
    pub cleared: Vec<String>,
    /// Unknown attributes and schema URIs that were dropped, as sent.
    pub dropped: Vec<String>,
    /// Which mends acted.
    pub leniencies: Vec<Leniency>,
    pub(super) registry: Registry,
}

impl Incoming {
    /// The document and members of a new resource: a user without `active` is active, one whose
    /// `active` is null stays without.
    pub fn for_create(mut self) -> (Resource, Vec<MemberRef>) {
        let speaks_of_active = self.resource.get("active").is_some()
            || self.cleared.iter().any(|name| name == "active");
        if self.resource.kind == Kind::User && !speaks_of_active {
            self.resource
                .attributes
                .insert("active".to_owned(), Value::Bool(true));
            self.resource.put_in_order(&self.registry);
        }
        (self.resource, self.members.unwrap_or_default())
    }
}

impl Resource {
    /// Puts the top level into canonical order: `externalId`, core attributes, extensions. For
    /// callers that insert an attribute of their own.
    pub fn put_in_order(&mut self, registry: &Registry) {
        let core = &registry.core_schema(self.kind).attributes;
        let rank = |name: &str| match attribute::position(core, name) {
            Some(position) => position + 1,
            None if name == "externalId" => 0,
            None => {
                let urn = |schema: &crate::schema::Schema| schema.id.eq_ignore_ascii_case(name);
                let position = registry.extensions(self.kind).position(urn);
                core.len() + 1 + position.unwrap_or(usize::MAX / 2)
            }
        };
        if self.attributes.keys().map(|name| rank(name)).is_sorted() {
            return;
        }
        let mut pairs: Vec<_> = std::mem::take(&mut self.attributes).into_iter().collect();
        pairs.sort_by_key(|(name, _)| rank(name));
        self.attributes.extend(pairs);
    }
}

/// Reads the body of a POST or PUT (RFC 7644 sections 3.3 and 3.5.1).
///
/// Read-only attributes are ignored; a lenient connection mends what identity providers get wrong
/// and drops `password` and unknown names.
///
/// # Errors
///
/// 400 `invalidSyntax` when the body is not an object, and in strict mode for unknown names and
/// for `schemas` that do not fit; `invalidValue` for a wrong type, a missing required attribute
/// or a userName that deceives; 413 for too many members.
pub fn read(registry: &Registry, kind: Kind, mode: Mode, body: Value) -> Result<Incoming, Error> {
    let Value::Object(mut body) = body else {
        return Err(Error::invalid_syntax(format!(
            "the body must be a JSON object, a {}",
            kind.name()
        )));
    };
    let mut notes = Notes::new(mode);
    if mode.is_lenient() {
        lenient::mend_body(registry, kind, &mut body, &mut notes.leniencies);
    }
    let mut reader = Reader {
        registry,
        notes,
        resource: Resource::new(kind),
        members: None,
        cleared: Vec::new(),
    };
    reader.schemas(&body)?;
    for (name, value) in body {
        reader.member(&name, value)?;
    }
    reader.finish()
}

struct Reader<'a> {
    registry: &'a Registry,
    notes: Notes,
    resource: Resource,
    members: Option<Vec<MemberRef>>,
    cleared: Vec<String>,
}

impl Reader<'_> {
    /// `schemas` is computed; what the client says is only checked.
    fn schemas(&mut self, body: &Map<String, Value>) -> Result<(), Error> {
        let kind = self.resource.kind;
        let given = body
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("schemas"));
        let uris = given
            .and_then(|(_, uris)| uris.as_array())
            .map(Vec::as_slice)
            .unwrap_or_default();
        let mut names_core = false;
        for uri in uris {
            let uri = uri.as_str().unwrap_or_default();
            if uri.eq_ignore_ascii_case(kind.core_urn()) {
                names_core = true;
            } else if self.registry.extension(kind, uri).is_none() {
                self.notes.unknown_schema(uri)?;
            }
        }
        if names_core || self.notes.mode.is_lenient() {
            return Ok(());
        }
        Err(Error::invalid_syntax(format!(
            "schemas must be a list that contains {}",
            kind.core_urn()
        )))
    }

    fn member(&mut self, name: &str, value: Value) -> Result<(), Error> {
        let kind = self.resource.kind;
        if let Some(schema) = self.registry.extension(kind, name) {
            return self.extension(&schema.id.clone(), value);
        }
        if kind == Kind::Group && name.eq_ignore_ascii_case("members") {
            if is_unassigned(&value) {
                self.cleared.push("members".to_owned());
            }
            self.members = Some(members::read(value, &mut self.notes)?);
            return Ok(());
        }
        let registry = self.registry;
        let known = registry
            .core_schema(kind)
            .attribute(name)
            .or_else(|| attribute::find(registry.common(), name));
        match known {
            Some(attribute) if attribute.is_read_only() => Ok(()),
            Some(attribute) => {
                let place = Place::top(&attribute.name);
                match value::read(attribute, value, &place, &mut self.notes)? {
                    Some(value) => {
                        self.resource
                            .attributes
                            .insert(attribute.name.to_string(), value);
                    }
                    None => self.cleared.push(attribute.name.to_string()),
                }
                Ok(())
            }
            None if kind == Kind::User && name.eq_ignore_ascii_case(PASSWORD) => {
                self.notes.password()
            }
            None => self.notes.unknown(&Place::top(name)),
        }
    }

    fn extension(&mut self, urn: &str, value: Value) -> Result<(), Error> {
        let Some(schema) = self.registry.extension(self.resource.kind, urn) else {
            return Ok(());
        };
        let members = match value {
            Value::Null => {
                self.cleared.push(urn.to_owned());
                return Ok(());
            }
            Value::Object(members) => members,
            _ => return Err(Error::invalid_value(format!("{urn} must be an object"))),
        };
        for (name, value) in &members {
            if let Some(attribute) = schema.attribute(name).filter(|_| is_unassigned(value)) {
                self.cleared
                    .push(Place::top(urn).inside(&attribute.name).to_string());
            }
        }
        let place = Place::top(urn);
        let members = value::read_members(&schema.attributes, members, &place, &mut self.notes)?;
        if !members.is_empty() {
            self.resource
                .attributes
                .insert(urn.to_owned(), Value::Object(members));
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Incoming, Error> {
        self.resource.put_in_order(self.registry);
        check::whole(&self.resource)?;
        Ok(Incoming {
            resource: self.resource,
            members: self.members,
            cleared: self.cleared,
            dropped: self.notes.dropped,
            leniencies: self.notes.leniencies,
            registry: self.registry.clone(),
        })
    }
}

fn is_unassigned(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}
