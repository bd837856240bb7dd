//! Groups: a narrow row and a document. Members are in [`super::members`].

use app::port::groups::{GroupRow, GroupWrite};
use app::port::users::{Page, Search};
use app::port::{Groups, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Text};
use domain::GroupId;

use super::{Transaction, row};
use crate::sql::{Bind, statements};

statements! {
    /// One group.
    GroupById: "SELECT g.id, g.display_name, g.version, g.created, g.modified, d.document \
         FROM groups g JOIN group_documents d ON d.org = g.org AND d.id = g.id \
         WHERE g.org = ? AND g.id = ?" =>
        (Binary, Text, BigInt, BigInt, BigInt, Text) as (Vec<u8>, String, i64, i64, i64, String);
    /// The group of this name.
    GroupByName: "SELECT g.id, g.display_name, g.version, g.created, g.modified, d.document \
         FROM groups g JOIN group_documents d ON d.org = g.org AND d.id = g.id \
         WHERE g.org = ? AND g.name_key = ?" =>
        (Binary, Text, BigInt, BigInt, BigInt, Text) as (Vec<u8>, String, i64, i64, i64, String);
    /// One group, to be changed; both rows are locked, see `UserForUpdate`.
    GroupForUpdate: "SELECT g.id, g.display_name, g.version, g.created, g.modified, d.document \
         FROM groups g JOIN group_documents d ON d.org = g.org AND d.id = g.id \
         WHERE g.org = ? AND g.id = ? {for update}" =>
        (Binary, Text, BigInt, BigInt, BigInt, Text) as (Vec<u8>, String, i64, i64, i64, String);
    InsertGroup: "INSERT INTO groups (org, id, display_name, name_key, external_id, version, \
         created, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    UpdateGroup: "UPDATE groups SET display_name = ?, name_key = ?, external_id = ?, \
         version = ?, created = ?, modified = ? WHERE org = ? AND id = ?";
    TouchGroup: "UPDATE groups SET version = ?, modified = ? WHERE org = ? AND id = ?";
    InsertGroupDocument: "INSERT INTO group_documents (org, id, document) VALUES (?, ?, ?)";
    UpdateGroupDocument: "UPDATE group_documents SET document = ? WHERE org = ? AND id = ?";
    DeleteGroup: "DELETE FROM groups WHERE org = ? AND id = ?";
    DeleteGroupDocument: "DELETE FROM group_documents WHERE org = ? AND id = ?";
    DeleteMembers: "DELETE FROM members WHERE org = ? AND group_id = ?";
    DeleteMemberships: "DELETE FROM members WHERE org = ? AND member_id = ?";
}

impl Transaction<'_> {
    fn one_group(&mut self, columns: Option<row::GroupColumns>) -> Stored<Option<GroupRow>> {
        let Some(columns) = columns else {
            return Ok(None);
        };
        row::group(columns)
            .map(Some)
            .ok_or_else(|| self.unreadable("id of a group"))
    }
}

impl Groups for Transaction<'_> {
    fn group(&mut self, id: GroupId) -> Stored<Option<GroupRow>> {
        let columns = GroupById::row(self.session, &[self.scope(), Bind::Bytes(id.0.as_bytes())])?;
        self.one_group(columns)
    }

    fn group_for_update(&mut self, id: GroupId) -> Stored<Option<GroupRow>> {
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        let columns = GroupForUpdate::row(self.session, &binds)?;
        self.one_group(columns)
    }

    fn group_by_name(&mut self, name_key: &str) -> Stored<Option<GroupRow>> {
        let columns = GroupByName::row(self.session, &[self.scope(), Bind::Text(name_key)])?;
        self.one_group(columns)
    }

    fn search_groups(&mut self, search: &Search) -> Stored<Page<GroupRow>> {
        super::search::page::<super::search::Groups>(self, search)
    }

    fn insert_group(&mut self, group: &GroupWrite) -> Stored<()> {
        let row = &group.row;
        let id = Bind::Bytes(row.id.0.as_bytes());
        let binds = [
            self.scope(),
            id,
            Bind::Text(&row.display_name),
            Bind::Text(&group.name_key),
            Bind::MaybeText(group.external_id.as_deref()),
            Bind::Int(row.version),
            Bind::Int(row.created),
            Bind::Int(row.modified),
        ];
        InsertGroup::run(self.session, &binds)?;
        let binds = [self.scope(), id, Bind::Text(&row.document)];
        InsertGroupDocument::later(self.session, &binds)
    }

    fn update_group(&mut self, group: &GroupWrite) -> Stored<()> {
        let row = &group.row;
        let id = Bind::Bytes(row.id.0.as_bytes());
        let binds = [
            Bind::Text(&row.display_name),
            Bind::Text(&group.name_key),
            Bind::MaybeText(group.external_id.as_deref()),
            Bind::Int(row.version),
            Bind::Int(row.created),
            Bind::Int(row.modified),
            self.scope(),
            id,
        ];
        if UpdateGroup::run(self.session, &binds)? == 0 {
            return Err(self.unreadable("group, which was not read for update,"));
        }
        let binds = [Bind::Text(&row.document), self.scope(), id];
        UpdateGroupDocument::later(self.session, &binds)
    }

    fn touch_group(&mut self, id: GroupId, version: i64, modified: Millis) -> Stored<()> {
        let id = Bind::Bytes(id.0.as_bytes());
        let binds = [Bind::Int(version), Bind::Int(modified), self.scope(), id];
        TouchGroup::run(self.session, &binds)?;
        Ok(())
    }

    fn delete_group(&mut self, id: GroupId) -> Stored<bool> {
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        if DeleteGroup::run(self.session, &binds)? == 0 {
            return Ok(false);
        }
        DeleteGroupDocument::run(self.session, &binds)?;
        DeleteMembers::run(self.session, &binds)?;
        DeleteMemberships::run(self.session, &binds)?;
        Ok(true)
    }
}
