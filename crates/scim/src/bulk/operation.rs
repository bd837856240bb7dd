//! One operation: method, path, `bulkId`, `version`, `data`.

use std::collections::HashSet;

use serde_json::{Map, Value};

use super::references::{self, Reference};
use super::request::take;
use super::{Created, Entry, cost};
use crate::error::Error;
use crate::etag::Preconditions;
use crate::mode::Mode;
use crate::profile::Rule;
use crate::schema::Kind;

/// Most letters of a method that is none of ours and is given back all the same; every registered
/// method of HTTP is shorter.
const LONGEST_WORD: usize = 20;

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Creates.
    Post,
    /// Replaces.
    Put,
    /// Changes.
    Patch,
    /// Deletes.
    Delete,
}

impl Method {
    /// Every method with its word.
    pub const ALL: [(Method, &'static str); 4] = [
        (Method::Post, "POST"),
        (Method::Put, "PUT"),
        (Method::Patch, "PATCH"),
        (Method::Delete, "DELETE"),
    ];

    /// The word of HTTP.
    pub fn as_str(self) -> &'static str {
        match self {
            Method::Post => "POST",
            Method::Put => "PUT",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
        }
    }
}

/// An operation whose form is right. Its data is looked at when it is run.
#[derive(Debug, Clone)]
pub struct Operation {
    /// What it does.
    pub method: Method,
    /// To which resource type.
    pub kind: Kind,
    /// The resource's id as sent, which may be `bulkId:…`; `None` for POST.
    pub id: Option<String>,
    /// `version` as `If-Match`.
    pub preconditions: Preconditions,
    /// The body; `None` for DELETE.
    pub data: Option<Value>,
    references: Vec<Reference>,
}

/// What to run: every reference is replaced.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolved {
    /// The resource's id; `None` for POST.
    pub id: Option<String>,
    /// The body; `None` for DELETE.
    pub data: Option<Value>,
}

impl Operation {
    /// Which created resources it speaks of, each once.
    pub fn references(&self) -> &[Reference] {
        &self.references
    }

    /// How many members its data names.
    pub fn members(&self) -> usize {
        self.data
            .as_ref()
            .map_or(0, |data| cost::members(self.method, data))
    }

    /// The id and the data with every reference replaced by the id of the created resource.
    ///
    /// # Errors
    ///
    /// 409 when a resource that it refers to was not created.
    pub fn resolve(&self, created: &Created) -> Result<Resolved, Error> {
        if self
            .references
            .iter()
            .any(|one| !created.contains_key(&one.bulk_id))
        {
            return Err(Error::new(
                409,
                "a resource that the operation refers to by bulkId was not created",
            ));
        }
        let mut data = self.data.clone();
        if let Some(data) = &mut data {
            references::rewrite(self.method, self.kind, data, &mut |mention| {
                created.get(mention.bulk_id).cloned()
            });
        }
        let named = self.id.as_deref().and_then(references::whole);
        Ok(Resolved {
            id: match named.and_then(|bulk_id| created.get(bulk_id)) {
                Some(id) => Some(id.clone()),
                None => self.id.clone(),
            },
            data,
        })
    }

    /// No longer speaks of what was left out.
    pub(super) fn forget_deferrable(&mut self, created: &Created) {
        self.references
            .retain(|one| !one.deferrable || created.contains_key(&one.bulk_id));
    }

    /// Notes the references to known creations.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` for a reference to nothing in a place where only a reference makes
    /// sense. Elsewhere a text that begins with `bulkId:` is only a text.
    pub(super) fn keep_references(&mut self, known: &HashSet<String>) -> Result<(), Error> {
        let mut found = Vec::new();
        let mut unknown = None;
        let named = self.id.as_deref().and_then(references::whole);
        if let Some(bulk_id) = named {
            if known.contains(bulk_id) {
                references::note(&mut found, bulk_id, false);
            } else {
                unknown = Some("path");
            }
        }
        if let Some(data) = &mut self.data {
            references::rewrite(self.method, self.kind, data, &mut |mention| {
                if known.contains(mention.bulk_id) {
                    references::note(&mut found, mention.bulk_id, mention.deferrable);
                } else if mention.certain {
                    unknown = Some("data");
                }
                None
            });
        }
        if let Some(place) = unknown {
            return Err(Error::invalid_value(format!(
                "{place} refers to a bulkId that no POST of the request has"
            )));
        }
        self.references = found;
        Ok(())
    }
}

/// Reads one operation.
pub(super) fn read(mode: Mode, value: Value) -> Entry {
    let Value::Object(mut members) = value else {
        return Entry {
            method: None,
            word: None,
            bulk_id: None,
            resource: None,
            operation: Err(Error::invalid_syntax(
                "an operation must be an object with method",
            )),
        };
    };
    let sent = take(&mut members, "method");
    let sent = sent.as_ref().and_then(Value::as_str);
    let method = sent.and_then(|word| read_method(mode, word));
    let word = match method {
        Some(method) => Some(method.as_str()),
        None => sent.filter(|word| is_word(word)),
    };
    let bulk_id = take(&mut members, "bulkId");
    let named = match &bulk_id {
        Some(Value::String(text)) if !text.is_empty() => Some(text.clone()),
        _ => None,
    };
    let wrong_id = bulk_id.is_some_and(|value| !value.is_null()) && named.is_none();
    let path = method.map(|method| read_path(method, take(&mut members, "path")));
    let resource = match &path {
        Some(Ok((kind, Some(id)))) => Some((*kind, id.clone())),
        _ => None,
    };
    let operation = match method.zip(path) {
        None => Err(Error::invalid_syntax(
            "method must be POST, PUT, PATCH or DELETE",
        )),
        Some(_) if wrong_id => Err(Error::invalid_value(
            "bulkId must be a text that is not empty",
        )),
        Some((Method::Post, _)) if named.is_none() => {
            Err(Error::invalid_value("bulkId is required for POST"))
        }
        Some((method, path)) => path.and_then(|path| read_rest(mode, method, path, members)),
    };
    Entry {
        method,
        word: word.map(str::to_owned),
        bulk_id: named,
        resource,
        operation,
    }
}

fn read_method(mode: Mode, word: &str) -> Option<Method> {
    Method::ALL
        .into_iter()
        .find(|(_, known)| *known == word || mode.is_lenient() && known.eq_ignore_ascii_case(word))
        .map(|(method, _)| method)
}

/// Whether it could be a method of HTTP: letters and hyphens, so that nothing else comes back to
/// whoever shows the response.
fn is_word(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphabetic() || byte == b'-';
    (1..=LONGEST_WORD).contains(&text.len()) && text.bytes().all(plain)
}

fn read_rest(
    mode: Mode,
    method: Method,
    (kind, id): (Kind, Option<String>),
    mut members: Map<String, Value>,
) -> Result<Operation, Error> {
    let preconditions = read_version(method, take(&mut members, "version"))?;
    let data = read_data(method, take(&mut members, "data"))?;
    if !members.is_empty() && mode.follows(Rule::KnownNames) {
        return Err(Error::invalid_syntax(
            "an operation has only method, bulkId, version, path and data",
        ));
    }
    Ok(Operation {
        method,
        kind,
        id,
        preconditions,
        data,
        references: Vec::new(),
    })
}

/// `/Users` for POST, `/Users/{id}` for the others; exact, as paths of requests are.
fn read_path(method: Method, path: Option<Value>) -> Result<(Kind, Option<String>), Error> {
    let Some(Value::String(path)) = path else {
        return Err(Error::invalid_value(
            "path is required, such as /Users or /Users/{id}",
        ));
    };
    let path = path.strip_suffix('/').unwrap_or(&path);
    let (endpoint, id) = match path.strip_prefix('/').unwrap_or(path).split_once('/') {
        Some((endpoint, id)) => (endpoint, Some(id)),
        None => (path.strip_prefix('/').unwrap_or(path), None),
    };
    let kind = Kind::ALL
        .into_iter()
        .find(|kind| kind.endpoint().strip_prefix('/') == Some(endpoint))
        .ok_or_else(|| Error::not_found("path must begin with /Users or /Groups"))?;
    match (method, id) {
        (Method::Post, None) => Ok((kind, None)),
        (Method::Post, Some(_)) => Err(Error::invalid_value(format!(
            "path must be {} for POST, without an id",
            kind.endpoint()
        ))),
        (_, Some(id)) if !id.is_empty() && !id.contains(['/', '?', '#']) => {
            Ok((kind, Some(id.to_owned())))
        }
        _ => Err(Error::invalid_value(format!(
            "path must be {}/{{id}} for {}",
            kind.endpoint(),
            method.as_str()
        ))),
    }
}

/// A creation has no version yet; one that is sent says nothing.
fn read_version(method: Method, version: Option<Value>) -> Result<Preconditions, Error> {
    let wrong = || Error::invalid_value("version must be an entity tag such as W/\"12\"");
    match version {
        None | Some(Value::Null) => Ok(Preconditions::default()),
        Some(_) if method == Method::Post => Ok(Preconditions::default()),
        Some(Value::String(tag)) => Preconditions::parse(Some(&tag), None).map_err(|_| wrong()),
        Some(_) => Err(wrong()),
    }
}

fn read_data(method: Method, data: Option<Value>) -> Result<Option<Value>, Error> {
    match (method, data) {
        (Method::Delete, _) => Ok(None),
        (_, Some(data @ Value::Object(_))) => Ok(Some(data)),
        _ => Err(Error::invalid_value(format!(
            "data is required for {}: the body as an object",
            method.as_str()
        ))),
    }
}
