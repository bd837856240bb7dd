//! The list of groups.

use std::time::Instant;

use app::port::Stored;
use app::port::groups::{GroupRow, Members};
use app::port::search::Search;
use app::representation::group_for_filter;
use diesel::sql_types::{BigInt, Binary, Text};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{Listed, Transaction, in_time};
use crate::filter::{Column, Kind};
use crate::sql::{Bind, Made, statements};
use crate::tx::row::{self, GroupColumns, GroupTypes};

statements! {
    /// `displayName eq`: one probe of the unique index.
    GroupByName: "SELECT g.id, g.display_name, g.version, g.created, g.modified, d.document \
         FROM groups g JOIN group_documents d ON d.org = g.org AND d.id = g.id \
         WHERE g.org = ? AND g.name_key = ?" =>
        (Binary, Text, BigInt, BigInt, BigInt, Text) as (Vec<u8>, String, i64, i64, i64, String);
    /// `externalId eq`: rarely more than one; where it is, the page is made in the general way.
    GroupsByExternalId: "SELECT g.id, g.display_name, g.version, g.created, g.modified, \
         d.document FROM groups g JOIN group_documents d ON d.org = g.org AND d.id = g.id \
         WHERE g.org = ? AND g.external_id = ? LIMIT 2" =>
        (Binary, Text, BigInt, BigInt, BigInt, Text) as (Vec<u8>, String, i64, i64, i64, String);
}

/// Groups.
pub(in crate::tx) struct Groups;

fn read(tx: &mut Transaction<'_>, rows: Vec<GroupColumns>) -> Stored<Vec<GroupRow>> {
    let rows: Option<Vec<_>> = rows.into_iter().map(row::group).collect();
    rows.ok_or_else(|| tx.unreadable("id of a group"))
}

impl Listed for Groups {
    const KIND: Kind = Kind::Group;
    const COLUMNS: &'static str = "t.display_name, t.version, t.created, t.modified";
    type Row = GroupRow;

    fn rows(tx: &mut Transaction<'_>, text: &str, binds: &[Bind<'_>]) -> Stored<Vec<GroupRow>> {
        let query = Made::<GroupTypes>::new(text, binds);
        let rows = tx
            .session
            .ask(|conn| diesel::RunQueryDsl::load(query, conn))?;
        read(tx, rows)
    }

    fn id(row: &GroupRow) -> Uuid {
        row.id.0
    }

    fn probed(
        tx: &mut Transaction<'_>,
        column: Column,
        value: &str,
    ) -> Stored<Option<Vec<GroupRow>>> {
        let binds = [tx.scope(), Bind::Text(value)];
        let rows = match column {
            Column::Key(_) => GroupByName::rows(tx.session, &binds)?,
            Column::Exact(_) => GroupsByExternalId::rows(tx.session, &binds)?,
            _ => return Ok(None),
        };
        read(tx, rows).map(Some)
    }

    fn visit(
        tx: &mut Transaction<'_>,
        rows: Vec<GroupRow>,
        search: &Search,
        deadline: Instant,
        each: &mut dyn FnMut(GroupRow, &Json),
    ) -> Stored<()> {
        let with_members = search.mentions("members");
        for row in rows {
            in_time(tx, deadline)?;
            let members = if with_members {
                tx.members(row.id)?
            } else {
                Vec::new()
            };
            let document = group_for_filter(&row, &members);
            each(row, &document);
        }
        Ok(())
    }
}
