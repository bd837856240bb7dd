//! The one table of error codes, and the error that every use case returns.
//!
//! A code is stable: programs may match on it. The SCIM surface and the admin API each render the
//! same error in their own form; causes are for the log and never leave the process.

use crate::port::{StoreError, hasher::HasherError, store::Unique};

/// Why a request was refused or failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// No key, or one that is not good.
    Unauthenticated,
    /// The key is good, but of a kind that may not do this.
    WrongKind,
    /// The organization's SCIM connection is switched off.
    ConnectionDisabled,
    /// Nothing here by that name or id.
    NotFound,
    /// The base URL is not of the organization that the key belongs to.
    WrongBaseUrl,
    /// The path is known, the method is not.
    MethodNotAllowed,
    /// The body is not of a type that is read here.
    UnsupportedMediaType,
    /// The body is larger than the limit.
    TooLarge,
    /// The body took too long to arrive.
    RequestTimeout,
    /// The body does not parse.
    InvalidBody,
    /// A field has a value that is not right.
    InvalidField,
    /// A field, parameter or policy that does not exist.
    UnknownField,
    /// The name is taken.
    Taken,
    /// What would be removed is in use.
    InUse,
    /// The thing changed since it was read.
    PreconditionFailed,
    /// Single sign-on has to be described first.
    SsoRequired,
    /// Nobody active would have a protected role any more.
    LastHolder,
    /// No seat is free, and the policy refuses.
    SeatsFull,
    /// What would be applied is not what was previewed.
    PlanChanged,
    /// The `Idempotency-Key` was used for another request.
    IdempotencyMismatch,
    /// A request with the same `Idempotency-Key` is under way.
    IdempotencyInUse,
    /// The events after the cursor are not kept any more.
    EventsGone,
    /// The key is revoked or expired.
    KeyEnded,
    /// The key was rotated a moment ago.
    KeyJustRotated,
    /// More requests, or more wrong keys, than are taken from there.
    TooManyRequests,
    /// The server cannot take this now.
    Unavailable,
    /// Our fault.
    Internal,
}

/// What is the same for every error of a code.
#[derive(Debug)]
pub struct Spec {
    /// The code.
    pub code: Code,
    /// Its stable name in bodies.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// One line for people.
    pub title: &'static str,
}

const fn spec(code: Code, name: &'static str, status: u16, title: &'static str) -> Spec {
    Spec {
        code,
        name,
        status,
        title,
    }
}

/// Every code. `docs/errors.md` has a section for each; a test compares the two.
pub const CODES: &[Spec] = &[
    spec(
        Code::Unauthenticated,
        "unauthenticated",
        401,
        "A valid API key is needed",
    ),
    spec(
        Code::WrongKind,
        "wrong_kind",
        403,
        "This kind of key may not do this",
    ),
    spec(
        Code::ConnectionDisabled,
        "connection_disabled",
        403,
        "SCIM is not enabled",
    ),
    spec(Code::NotFound, "not_found", 404, "Not found"),
    spec(
        Code::WrongBaseUrl,
        "wrong_base_url",
        404,
        "Not the base URL of this key",
    ),
    spec(
        Code::MethodNotAllowed,
        "method_not_allowed",
        405,
        "Method not allowed",
    ),
    spec(
        Code::UnsupportedMediaType,
        "unsupported_media_type",
        415,
        "Unsupported media type",
    ),
    spec(Code::TooLarge, "too_large", 413, "The body is too large"),
    spec(
        Code::RequestTimeout,
        "request_timeout",
        408,
        "The body took too long",
    ),
    spec(
        Code::InvalidBody,
        "invalid_body",
        400,
        "The body does not parse",
    ),
    spec(
        Code::InvalidField,
        "invalid_field",
        422,
        "A field is not right",
    ),
    spec(
        Code::UnknownField,
        "unknown_field",
        422,
        "A field does not exist",
    ),
    spec(Code::Taken, "taken", 409, "The name is taken"),
    spec(Code::InUse, "in_use", 409, "Still in use"),
    spec(
        Code::PreconditionFailed,
        "precondition_failed",
        412,
        "Changed since it was read",
    ),
    spec(
        Code::SsoRequired,
        "sso_required",
        409,
        "Single sign-on comes first",
    ),
    spec(
        Code::LastHolder,
        "last_holder",
        409,
        "The last holder of a protected role",
    ),
    spec(Code::SeatsFull, "seats_full", 403, "All seats are taken"),
    spec(
        Code::PlanChanged,
        "plan_changed",
        409,
        "The plan is another one by now",
    ),
    spec(
        Code::IdempotencyMismatch,
        "idempotency_mismatch",
        422,
        "The idempotency key was used for another request",
    ),
    spec(
        Code::IdempotencyInUse,
        "idempotency_in_use",
        409,
        "A request with this idempotency key is under way",
    ),
    spec(
        Code::EventsGone,
        "events_gone",
        410,
        "These events are not kept any more",
    ),
    spec(Code::KeyEnded, "key_ended", 409, "The key has ended"),
    spec(
        Code::KeyJustRotated,
        "key_just_rotated",
        409,
        "The key was rotated a moment ago",
    ),
    spec(
        Code::TooManyRequests,
        "too_many_requests",
        429,
        "Too many requests",
    ),
    spec(Code::Unavailable, "unavailable", 503, "Try again later"),
    spec(Code::Internal, "internal", 500, "Something went wrong here"),
];

impl Code {
    /// The code's row in the table.
    pub fn spec(self) -> &'static Spec {
        // The table is in declaration order, which a test holds.
        &CODES[self as usize]
    }
}

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
                "The events after this cursor are not kept any more, or it is of a database that was \
                 replaced by an older one. Read everybody's access \
                 (GET /access, all pages), then follow the feed from snapshot_cursor."
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_codes() {
        for (place, row) in CODES.iter().enumerate() {
            assert_eq!(row.code as usize, place, "{}", row.name);
        }
    }
}
