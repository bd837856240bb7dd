//! The error that every use case returns. Its codes are a table of their own: [`CODES`].
//!
//! The SCIM surface and the admin API each render the same error in their own form; causes are for
//! the log and never leave the process.

mod code;

pub use code::{CODES, Code, Spec};

use crate::port::{StoreError, hasher::HasherError, store::Unique};

/// Which part of a request a field is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The body; the field is a dotted path into it.
    #[default]
    Body,
    /// The query; the field is a parameter's name.
    Query,
    /// The headers; the field is a header's name.
    Headers,
    /// Nowhere in the request: it is something stored that stands in the way.
    Stored,
}

/// One field that is not right.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FieldError {
    /// Where, as a dotted path into the body, or the name of a parameter or header.
    pub field: String,
    /// What is wrong and what would be right.
    pub detail: String,
    /// What the field is a part of.
    #[serde(skip)]
    pub part: Part,
}

impl FieldError {
    /// A field of the body.
    pub fn new(field: impl Into<String>, detail: impl Into<String>) -> FieldError {
        FieldError {
            field: field.into(),
            detail: detail.into(),
            part: Part::Body,
        }
    }

    /// The same fault in another part of the request.
    #[must_use]
    pub fn of(self, part: Part) -> FieldError {
        FieldError { part, ..self }
    }
}

/// Why a use case did not do what was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Refused by rolecall, with a code of the table.
    #[error("{detail}")]
    Coded {
        /// Which.
        code: Code,
        /// A sentence for the caller.
        detail: String,
        /// The fields that are not right, all at once.
        fields: Vec<FieldError>,
    },
    /// The events after a cursor are not kept any more.
    #[error("the events after this cursor are not kept any more")]
    EventsGone {
        /// The number to follow the feed from once all access was read.
        snapshot_cursor: i64,
    },
    /// What would be applied is not what was previewed.
    #[error("{detail}")]
    PlanChanged {
        /// A sentence for the caller.
        detail: String,
        /// The fingerprint that it has now.
        fingerprint: String,
    },
    /// Refused by the SCIM engine.
    #[error(transparent)]
    Scim(#[from] scim::Error),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Hashing failed.
    #[error(transparent)]
    Hasher(#[from] HasherError),
}

/// What a use case returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of the table.
    pub fn new(code: Code, detail: impl Into<String>) -> Error {
        Error::Coded {
            code,
            detail: detail.into(),
            fields: Vec::new(),
        }
    }

    /// Fields of a body that are not right, all at once.
    pub fn fields(fields: Vec<FieldError>) -> Error {
        let detail = match fields.as_slice() {
            [only] => format!("{}: {}", only.field, only.detail),
            many => format!("{} fields are not right", many.len()),
        };
        Error::Coded {
            code: Code::InvalidField,
            detail,
            fields,
        }
    }

    /// One field that is not right.
    pub fn field(field: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::fields(vec![FieldError::new(field, detail)])
    }

    /// A query parameter that is not right.
    pub fn parameter(name: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::fields(vec![FieldError::new(name, detail).of(Part::Query)])
    }

    /// A header that is not right.
    pub fn header(name: impl Into<String>, detail: impl Into<String>) -> Error {
        Error::fields(vec![FieldError::new(name, detail).of(Part::Headers)])
    }

    /// Nothing of this kind here. The same words for what never was, what is gone and what is
    /// another organization's.
    pub fn not_found(what: &str) -> Error {
        Error::new(
            Code::NotFound,
            format!("There is no {what} with this id or name."),
        )
    }

    /// The code, whoever refused.
    pub fn code(&self) -> Code {
        match self {
            Error::Coded { code, .. } => *code,
            Error::EventsGone { .. } => Code::EventsGone,
            Error::PlanChanged { .. } => Code::PlanChanged,
            Error::Scim(error) => match error.status {
                401 => Code::Unauthenticated,
                403 => Code::WrongKind,
                404 => Code::NotFound,
                409 => Code::Taken,
                412 => Code::PreconditionFailed,
                413 => Code::TooLarge,
                _ => Code::InvalidBody,
            },
            Error::Store(StoreError::Conflict(unique)) if *unique != Unique::Id => Code::Taken,
            Error::Store(StoreError::Unavailable(_)) => Code::Unavailable,
            Error::Store(_) | Error::Hasher(_) => Code::Internal,
        }
    }

    /// What the caller is told. Causes stay inside.
    pub fn detail(&self) -> String {
        match self {
            Error::Coded { detail, .. } | Error::PlanChanged { detail, .. } => detail.clone(),
            Error::EventsGone { .. } => {
                "The events after this cursor are not kept, or it is of a database that an older \
                 one replaced. Read everybody's access (GET /access, all pages), then follow the \
                 feed from snapshot_cursor."
                    .to_owned()
            }
            Error::Scim(error) => error.detail.clone(),
            Error::Store(StoreError::Conflict(unique)) => taken(*unique).to_owned(),
            Error::Store(StoreError::Unavailable(_)) => {
                "The server cannot take this now; nothing was changed. Try again.".to_owned()
            }
            Error::Store(_) | Error::Hasher(_) => {
                "The server could not do this; nothing was changed. Its log has the reason under \
                 this request's id."
                    .to_owned()
            }
        }
    }

    /// As the SCIM surface answers it (RFC 7644 section 3.12).
    pub fn to_scim(&self) -> scim::Error {
        match self {
            Error::Scim(error) => error.clone(),
            Error::Store(StoreError::Conflict(unique)) if *unique != Unique::Id => {
                scim::Error::uniqueness(taken(*unique))
            }
            other => scim::Error::new(other.code().spec().status, other.detail()),
        }
    }

    /// Whether the cause belongs into the log: our fault, or the database's.
    pub fn is_fault(&self) -> bool {
        matches!(self.code(), Code::Internal | Code::Unavailable)
    }
}

fn taken(unique: Unique) -> &'static str {
    match unique {
        Unique::UserName => "userName is taken by another user of this organization.",
        Unique::GroupName => "displayName is taken by another group of this organization.",
        Unique::Place => "slug is taken here.",
        Unique::OrgSlug => "slug is taken by another organization.",
        Unique::Id => "An id is taken.",
    }
}
