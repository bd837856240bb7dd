//! The SCIM error and its message (RFC 7644 section 3.12, RFC 9865 section 2).

#[cfg(test)]
mod tests;

use serde_json::{Value, json};

/// URI of the error message.
pub const ERROR_URN: &str = "urn:ietf:params:scim:api:messages:2.0:Error";

/// A refused request: HTTP status, the RFC's keyword where it has one, and a sentence that names
/// the attribute or field and says what would be right. The sentence never repeats raw input.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {detail}")]
pub struct Error {
    /// HTTP status.
    pub status: u16,
    /// The keyword for clients; only some statuses have one.
    pub scim_type: Option<ScimType>,
    /// For a person to read.
    pub detail: String,
}

/// Error keywords: RFC 7644 table 9, and the cursor ones of RFC 9865.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ScimType {
    /// The filter does not parse, or names an unknown attribute.
    InvalidFilter,
    /// The filter yields more than the server is willing to work on.
    TooMany,
    /// A value that must be unique is taken.
    Uniqueness,
    /// The attribute may not be changed in this way.
    Mutability,
    /// The body is not what the endpoint reads.
    InvalidSyntax,
    /// A PATCH path does not parse or names nothing.
    InvalidPath,
    /// A PATCH path selects nothing.
    NoTarget,
    /// A required value is missing, or a value has the wrong type.
    InvalidValue,
    /// The protocol version is not supported.
    InvalidVers,
    /// The request would put personal data into the URL.
    Sensitive,
    /// The cursor is not one of ours, or belongs to another query.
    InvalidCursor,
    /// The cursor has expired.
    ExpiredCursor,
    /// The page size is not a number, or not the one the cursor was made for.
    InvalidCount,
}

impl ScimType {
    /// Every keyword, in the order of the RFCs.
    pub const ALL: [ScimType; 13] = [
        ScimType::InvalidFilter,
        ScimType::TooMany,
        ScimType::Uniqueness,
        ScimType::Mutability,
        ScimType::InvalidSyntax,
        ScimType::InvalidPath,
        ScimType::NoTarget,
        ScimType::InvalidValue,
        ScimType::InvalidVers,
        ScimType::Sensitive,
        ScimType::InvalidCursor,
        ScimType::ExpiredCursor,
        ScimType::InvalidCount,
    ];

    /// The keyword as it stands in `scimType`.
    pub fn as_str(self) -> &'static str {
        match self {
            ScimType::InvalidFilter => "invalidFilter",
            ScimType::TooMany => "tooMany",
            ScimType::Uniqueness => "uniqueness",
            ScimType::Mutability => "mutability",
            ScimType::InvalidSyntax => "invalidSyntax",
            ScimType::InvalidPath => "invalidPath",
            ScimType::NoTarget => "noTarget",
            ScimType::InvalidValue => "invalidValue",
            ScimType::InvalidVers => "invalidVers",
            ScimType::Sensitive => "sensitive",
            ScimType::InvalidCursor => "invalidCursor",
            ScimType::ExpiredCursor => "expiredCursor",
            ScimType::InvalidCount => "invalidCount",
        }
    }
}

impl Error {
    /// An error without keyword.
    pub fn new(status: u16, detail: impl Into<String>) -> Error {
        Error {
            status,
            scim_type: None,
            detail: detail.into(),
        }
    }

    /// 400 `invalidFilter`.
    pub fn invalid_filter(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidFilter, detail)
    }

    /// 400 `tooMany`: a query that is too expensive to answer.
    pub fn too_many(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::TooMany, detail)
    }

    /// 409 `uniqueness`.
    pub fn uniqueness(detail: impl Into<String>) -> Error {
        Error::typed(409, ScimType::Uniqueness, detail)
    }

    /// 400 `mutability`.
    pub fn mutability(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::Mutability, detail)
    }

    /// 400 `invalidSyntax`.
    pub fn invalid_syntax(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidSyntax, detail)
    }

    /// 400 `invalidPath`.
    pub fn invalid_path(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidPath, detail)
    }

    /// 400 `noTarget`.
    pub fn no_target(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::NoTarget, detail)
    }

    /// 400 `invalidValue`.
    pub fn invalid_value(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidValue, detail)
    }

    /// 400 `invalidCursor` (RFC 9865).
    pub fn invalid_cursor(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidCursor, detail)
    }

    /// 400 `expiredCursor` (RFC 9865).
    pub fn expired_cursor(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::ExpiredCursor, detail)
    }

    /// 400 `invalidCount` (RFC 9865).
    pub fn invalid_count(detail: impl Into<String>) -> Error {
        Error::typed(400, ScimType::InvalidCount, detail)
    }

    /// 401: who asks is not known.
    pub fn unauthorized(detail: impl Into<String>) -> Error {
        Error::new(401, detail)
    }

    /// 403: who asks is known, and may not.
    pub fn forbidden(detail: impl Into<String>) -> Error {
        Error::new(403, detail)
    }

    /// 404: no such resource, or no such path.
    pub fn not_found(detail: impl Into<String>) -> Error {
        Error::new(404, detail)
    }

    /// 412: the resource is not at the version that the client named.
    pub fn precondition_failed(detail: impl Into<String>) -> Error {
        Error::new(412, detail)
    }

    /// 413, which has no keyword: `detail` names the limit and its value.
    pub fn too_large(detail: impl Into<String>) -> Error {
        Error::new(413, detail)
    }

    /// 501: the protocol has it, this server does not.
    pub fn not_implemented(detail: impl Into<String>) -> Error {
        Error::new(501, detail)
    }

    /// The message to send. `status` is text in it, as RFC 7644 section 3.12 wants.
    pub fn body(&self) -> Value {
        let mut body = json!({ "schemas": [ERROR_URN], "status": self.status.to_string() });
        if let Some(kind) = self.scim_type {
            body["scimType"] = Value::from(kind.as_str());
        }
        body["detail"] = Value::from(self.detail.as_str());
        body
    }

    fn typed(status: u16, scim_type: ScimType, detail: impl Into<String>) -> Error {
        Error {
            status,
            scim_type: Some(scim_type),
            detail: detail.into(),
        }
    }
}
