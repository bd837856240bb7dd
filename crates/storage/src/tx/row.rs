//! Columns to values.

use app::port::groups::{GroupRef, GroupRow, MemberKind};
use app::port::users::{UserFound, UserRow};
use domain::{GroupId, ManagedBy, UserId};
use uuid::Uuid;

use crate::sql::Bind;

/// SQL types of [`UserColumns`]: id, version, created, modified, by_hand, document.
pub(super) type UserTypes = (
    diesel::sql_types::Binary,
    diesel::sql_types::BigInt,
    diesel::sql_types::BigInt,
    diesel::sql_types::BigInt,
    diesel::sql_types::Bool,
    diesel::sql_types::Text,
);

/// A user as selected.
pub(super) type UserColumns = (Vec<u8>, i64, i64, i64, bool, String);

/// SQL types of [`GroupColumns`]: id, display_name, version, created, modified, document.
pub(super) type GroupTypes = (
    diesel::sql_types::Binary,
    diesel::sql_types::Text,
    diesel::sql_types::BigInt,
    diesel::sql_types::BigInt,
    diesel::sql_types::BigInt,
    diesel::sql_types::Text,
);

/// A group as selected.
pub(super) type GroupColumns = (Vec<u8>, String, i64, i64, i64, String);

/// An id's bytes. None where the column does not hold sixteen.
pub(super) fn uuid(bytes: &[u8]) -> Option<Uuid> {
    Uuid::from_slice(bytes).ok()
}

/// Where a page begins: after this id, or at the beginning.
pub(super) fn after(id: Option<&Uuid>) -> Bind<'_> {
    Bind::Bytes(id.map_or(&[], |id| id.as_bytes()))
}

/// How long a page is at most.
pub(super) fn limit(limit: u64) -> Bind<'static> {
    Bind::Int(i64::try_from(limit).unwrap_or(i64::MAX))
}

/// A number as the databases hold it; what is beyond theirs is the greatest.
pub(super) fn int(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A list of ids in order; those columns hold nothing but ids.
pub(super) fn uuids(rows: Vec<(Vec<u8>,)>) -> Option<Vec<Uuid>> {
    let ids: Option<Vec<Uuid>> = rows.iter().map(|(bytes,)| uuid(bytes)).collect();
    ids.map(|mut ids| {
        ids.sort_unstable();
        ids
    })
}

/// A user.
pub(super) fn user(columns: UserColumns) -> Option<UserRow> {
    let (id, version, created, modified, by_hand, document) = columns;
    Some(UserRow {
        id: UserId(uuid(&id)?),
        version,
        created,
        modified,
        managed_by: if by_hand {
            ManagedBy::Admin
        } else {
            ManagedBy::Scim
        },
        document,
    })
}

/// A user as selected, with its groups as JSON; none where it is in none.
pub(super) type UserFoundColumns = (Vec<u8>, i64, i64, i64, bool, String, Option<String>);

/// A user with its groups.
pub(super) fn user_found(columns: UserFoundColumns) -> Option<UserFound> {
    let (id, version, created, modified, by_hand, document, groups) = columns;
    let groups: Vec<(Uuid, String)> = match &groups {
        Some(groups) => serde_json::from_str(groups).ok()?,
        None => Vec::new(),
    };
    let groups = groups.into_iter().map(|(id, display_name)| GroupRef {
        id: GroupId(id),
        display_name,
    });
    let mut groups: Vec<GroupRef> = groups.collect();
    groups.sort_unstable_by_key(|group| group.id);
    let row = user((id, version, created, modified, by_hand, document))?;
    Some(UserFound { row, groups })
}

/// The column that says who manages a user.
pub(super) fn by_hand(user: &UserRow) -> Bind<'static> {
    Bind::Bool(user.managed_by == ManagedBy::Admin)
}

/// A group.
pub(super) fn group(columns: GroupColumns) -> Option<GroupRow> {
    let (id, display_name, version, created, modified, document) = columns;
    let id = GroupId(uuid(&id)?);
    Some(GroupRow {
        id,
        display_name,
        version,
        created,
        modified,
        document,
    })
}

/// The number by which a member's kind is stored.
pub(super) fn kind_number(kind: MemberKind) -> i64 {
    match kind {
        MemberKind::User => 0,
        MemberKind::Group => 1,
    }
}

/// A member's kind.
pub(super) fn kind(number: i64) -> Option<MemberKind> {
    match number {
        0 => Some(MemberKind::User),
        1 => Some(MemberKind::Group),
        _ => None,
    }
}
