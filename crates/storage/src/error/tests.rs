//! Every error that the databases are known to give, and what becomes of it.

use app::port::StoreError;
use app::port::store::Unique;
use diesel::result::{DatabaseErrorKind, Error};

use super::{Fault, fault, stored};

fn check(kind: DatabaseErrorKind, message: &str, expected: (&str, Fault)) {
    let make = |kind| Error::DatabaseError(kind, Box::new(message.to_owned()));
    let read = fault(&make(match &kind {
        DatabaseErrorKind::UniqueViolation => DatabaseErrorKind::UniqueViolation,
        DatabaseErrorKind::SerializationFailure => DatabaseErrorKind::SerializationFailure,
        DatabaseErrorKind::ClosedConnection => DatabaseErrorKind::ClosedConnection,
        DatabaseErrorKind::NotNullViolation => DatabaseErrorKind::NotNullViolation,
        _ => DatabaseErrorKind::Unknown,
    }));
    let told = match stored(make(kind)) {
        StoreError::Conflict(unique) => format!("conflict {unique:?}"),
        StoreError::NeedsLock(lock) => format!("lock {lock:?}"),
        StoreError::Unavailable(_) => "unavailable".to_owned(),
        StoreError::Broken(_) => "broken".to_owned(),
    };
    assert_eq!((told.as_str(), read), expected, "{message}");
}

#[test]
fn errors_become_what_the_port_knows() {
    use DatabaseErrorKind::{
        ClosedConnection, NotNullViolation, SerializationFailure, UniqueViolation, Unknown,
    };
    let unique = |unique: Unique| format!("conflict {unique:?}");
    check(
        UniqueViolation,
        "UNIQUE constraint failed: users.org, users.user_name",
        (&unique(Unique::UserName), Fault::Known),
    );
    check(
        UniqueViolation,
        "UNIQUE constraint failed: groups.org, groups.name_key",
        (&unique(Unique::GroupName), Fault::Known),
    );
    check(
        UniqueViolation,
        "UNIQUE constraint failed: orgs.slug",
        (&unique(Unique::OrgSlug), Fault::Known),
    );
    check(
        UniqueViolation,
        "UNIQUE constraint failed: users.org, users.id",
        (&unique(Unique::Id), Fault::Known),
    );
    check(
        UniqueViolation,
        "UNIQUE constraint failed: x.y",
        ("broken", Fault::Known),
    );
    check(
        NotNullViolation,
        "NOT NULL constraint failed",
        ("broken", Fault::Known),
    );
    check(
        SerializationFailure,
        "could not serialize",
        ("unavailable", Fault::Passing),
    );
    check(ClosedConnection, "gone", ("unavailable", Fault::Lost));
    check(
        Unknown,
        "database is locked",
        ("unavailable", Fault::Passing),
    );
    check(
        Unknown,
        "database or disk is full",
        ("unavailable", Fault::Lost),
    );
    check(Unknown, "disk I/O error", ("unavailable", Fault::Lost));
    check(
        Unknown,
        "deadlock detected",
        ("unavailable", Fault::Passing),
    );
    check(
        Unknown,
        "canceling statement due to statement timeout",
        ("unavailable", Fault::Known),
    );
    check(
        Unknown,
        "near \"SELEC\": syntax error",
        ("broken", Fault::Unknown),
    );
}
