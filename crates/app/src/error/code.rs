//! The one table of error codes. A code is stable: programs may match on it.

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
    /// A secret that was used lately would end before the time that was promised.
    OldSecretInUse,
    /// The request was not refused, or is not known whole.
    NotReplayable,
    /// What the refused request would change was changed since.
    TargetChanged,
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
        Code::OldSecretInUse,
        "old_secret_in_use",
        409,
        "The old secret is still in use",
    ),
    spec(
        Code::NotReplayable,
        "not_replayable",
        409,
        "The request cannot be replayed",
    ),
    spec(
        Code::TargetChanged,
        "target_changed",
        409,
        "The user or group was changed since",
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
