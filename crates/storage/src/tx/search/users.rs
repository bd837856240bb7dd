//! The list of users.

use std::time::Instant;

use app::port::Stored;
use app::port::groups::{GroupRef, Members};
use app::port::search::Search;
use app::port::users::{UserFound, UserRow};
use app::representation::user_for_filter;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use domain::UserId;
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Listed, Transaction, in_time};
use crate::filter::{Column, Kind};
use crate::sql::{Bind, Made, statements};
use crate::tx::row::{self, UserColumns, UserTypes};

statements! {
    /// `userName eq`: one probe of the unique index.
    UserByName: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.user_name = ?" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text) as (Vec<u8>, i64, i64, i64, bool, String);
    /// `externalId eq`: rarely more than one; where it is, the page is made in the general way.
    UsersByExternalId: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.external_id = ? LIMIT 2" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text) as (Vec<u8>, i64, i64, i64, bool, String);
}

statements! {
    /// [`UserByName`] with the groups.
    FoundByName: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document, \
             (SELECT {pairs g.id g.display_name} \
              FROM members m JOIN groups g ON g.org = m.org AND g.id = m.group_id \
              WHERE m.org = u.org AND m.member_id = u.id) \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.user_name = ?" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text, Nullable<Text>)
        as (Vec<u8>, i64, i64, i64, bool, String, Option<String>);
    /// [`UsersByExternalId`] with the groups.
    FoundByExternalId: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document, \
             (SELECT {pairs g.id g.display_name} \
              FROM members m JOIN groups g ON g.org = m.org AND g.id = m.group_id \
              WHERE m.org = u.org AND m.member_id = u.id) \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.external_id = ? LIMIT 2" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text, Nullable<Text>)
        as (Vec<u8>, i64, i64, i64, bool, String, Option<String>);
}

/// At most two users with this value, with their groups; none where the column is no key.
pub(super) fn found(
    tx: &mut Transaction<'_>,
    column: Column,
    value: &str,
) -> Stored<Option<Vec<UserFound>>> {
    let binds = [tx.scope(), Bind::Text(value)];
    let rows = match column {
        Column::Key(_) => FoundByName::rows(tx.session, &binds)?,
        Column::Exact(_) => FoundByExternalId::rows(tx.session, &binds)?,
        _ => return Ok(None),
    };
    let rows: Option<Vec<_>> = rows.into_iter().map(row::user_found).collect();
    rows.ok_or_else(|| tx.unreadable("groups of a user"))
        .map(Some)
}

/// Users.
pub(in crate::tx) struct Users;

fn read(tx: &mut Transaction<'_>, rows: Vec<UserColumns>) -> Stored<Vec<UserRow>> {
    let rows: Option<Vec<_>> = rows.into_iter().map(row::user).collect();
    rows.ok_or_else(|| tx.unreadable("id of a user"))
}

impl Listed for Users {
    const KIND: Kind = Kind::User;
    const COLUMNS: &'static str = "t.version, t.created, t.modified, t.by_hand";
    type Row = UserRow;

    fn rows(tx: &mut Transaction<'_>, text: &str, binds: &[Bind<'_>]) -> Stored<Vec<UserRow>> {
        let query = Made::<UserTypes>::new(text, binds);
        let rows = tx
            .session
            .ask(|conn| diesel::RunQueryDsl::load(query, conn))?;
        read(tx, rows)
    }

    fn id(row: &UserRow) -> Uuid {
        row.id.0
    }

    fn probed(
        tx: &mut Transaction<'_>,
        column: Column,
        value: &str,
    ) -> Stored<Option<Vec<UserRow>>> {
        let binds = [tx.scope(), Bind::Text(value)];
        let rows = match column {
            Column::Key(_) => UserByName::rows(tx.session, &binds)?,
            Column::Exact(_) => UsersByExternalId::rows(tx.session, &binds)?,
            _ => return Ok(None),
        };
        read(tx, rows).map(Some)
    }

    fn visit(
        tx: &mut Transaction<'_>,
        rows: Vec<UserRow>,
        search: &Search,
        deadline: Instant,
        each: &mut dyn FnMut(UserRow, &Json),
    ) -> Stored<()> {
        in_time(tx, deadline)?;
        let mut memberships: Vec<(UserId, GroupRef)> = Vec::new();
        // The version that is answered tells of the groups as well.
        if search.mentions("groups") || search.mentions("meta") {
            let ids: Vec<UserId> = rows.iter().map(|row| row.id).collect();
            memberships = tx.groups_of(&ids)?;
        }
        for row in rows {
            let from = memberships.partition_point(|(other, _)| *other < row.id);
            let of_user = memberships[from..]
                .iter()
                .take_while(|(other, _)| *other == row.id);
            let groups: Vec<GroupRef> = of_user.map(|(_, group)| group.clone()).collect();
            let document = user_for_filter(&row, &groups);
            each(row, &document);
        }
        Ok(())
    }
}
