//! Memberships: every change is one statement for a set, whatever the size of the group.

use std::collections::HashMap;

use app::port::groups::{GroupRef, Member, MemberKind, NewMember, RemovedMember};
use app::port::users::UserRow;
use app::port::{Members, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use domain::{GroupId, UserId};
use serde::Serialize;
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK, Ids};
use crate::sql::{Bind, statements};

statements! {
    /// Groups before users: the order of locks.
    GroupsAmong or GroupIsThere: "SELECT id FROM groups WHERE org = ? AND id {ids} ORDER BY id {for share}" =>
        (Binary,) as (Vec<u8>,);
    UsersAmong or UserIsThere: "SELECT id FROM users WHERE org = ? AND id {ids} ORDER BY id {for update}" =>
        (Binary,) as (Vec<u8>,);
    /// A group's members with what a member is called (BEHAVIOUR D39): the client's text, or else a
    /// name, which for users is in their documents. Taken out there, so that a large group does not
    /// bring all its documents along.
    MembersOf: "SELECT m.member_id, m.kind, \
             coalesce(m.display, nullif({json d.document displayName}, ''), \
                 {json d.document userName}, g.display_name, '') \
         FROM members m \
         LEFT JOIN user_documents d \
             ON m.display IS NULL AND m.kind = 0 AND d.org = m.org AND d.id = m.member_id \
         LEFT JOIN groups g \
             ON m.display IS NULL AND m.kind = 1 AND g.org = m.org AND g.id = m.member_id \
         WHERE m.org = ? AND m.group_id = ? ORDER BY m.member_id" =>
        (Binary, BigInt, Text) as (Vec<u8>, i64, String);
    MemberIds: "SELECT member_id FROM members WHERE org = ? AND group_id = ? \
         ORDER BY member_id" => (Binary,) as (Vec<u8>,);
    AddMembers: "INSERT INTO members (org, group_id, member_id, kind, display) \
         SELECT ?, ?, {bytes r.i}, r.k, r.d FROM {rows i text, k bigint, d text} WHERE true \
         ON CONFLICT DO NOTHING RETURNING member_id" => (Binary,) as (Vec<u8>,);
    /// The same of one.
    AddMember: "INSERT INTO members (org, group_id, member_id, kind, display) \
         VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
    RemoveMembers or RemoveMember: "DELETE FROM members WHERE org = ? AND group_id = ? AND member_id {ids} \
         RETURNING member_id, kind, display" => (Binary, BigInt, Nullable<Text>)
        as (Vec<u8>, i64, Option<String>);
    GroupsOf: "SELECT m.member_id, g.id, g.display_name \
         FROM members m JOIN groups g ON g.org = m.org AND g.id = m.group_id \
         WHERE m.org = ? AND m.member_id {ids}" =>
        (Binary, Binary, Text) as (Vec<u8>, Vec<u8>, String);
    /// The same of one user: every answer with a user in it asks this.
    GroupsOfOne: "SELECT g.id, g.display_name \
         FROM members m JOIN groups g ON g.org = m.org AND g.id = m.group_id \
         WHERE m.org = ? AND m.member_id = ? ORDER BY g.id" =>
        (Binary, Text) as (Vec<u8>, String);
    /// The same of users who stand together in id order, without names: a walk along the index.
    GroupsBetween: "SELECT member_id, group_id FROM members \
         WHERE org = ? AND member_id >= ? AND member_id <= ? ORDER BY member_id, group_id" =>
        (Binary, Binary) as (Vec<u8>, Vec<u8>);
    NamesOfGroups or NameOfGroup: "SELECT id, display_name FROM groups WHERE org = ? AND id {ids}" =>
        (Binary, Text) as (Vec<u8>, String);
    GroupIdsOf: "SELECT group_id FROM members WHERE org = ? AND member_id = ? \
         ORDER BY group_id" => (Binary,) as (Vec<u8>,);
    ParentsOf or ParentsOfGroup: "SELECT member_id, group_id FROM members WHERE org = ? AND member_id {ids} \
         ORDER BY member_id, group_id" => (Binary, Binary) as (Vec<u8>, Vec<u8>);
    GroupsIn: "SELECT DISTINCT member_id FROM members {sqlite INDEXED BY members_nested} \
         WHERE org = ? AND group_id {ids} AND kind = 1 ORDER BY member_id" =>
        (Binary,) as (Vec<u8>,);
    TouchGroupsOf: "UPDATE groups SET version = version + 1, \
             modified = CASE WHEN modified > ? THEN modified ELSE ? END \
         WHERE org = ? AND id IN (SELECT m.group_id FROM members m \
             WHERE m.org = ? AND m.member_id = ?)";
}

/// A membership as a row of JSON.
#[derive(Serialize)]
struct Added<'a> {
    i: String,
    k: i64,
    d: Option<&'a str>,
}

/// Without doubles and in order: locks are taken in this order, and a batch names a row once.
fn sorted(ids: &[Uuid]) -> Vec<Uuid> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn group_uuids(groups: &[GroupId]) -> Vec<Uuid> {
    groups.iter().map(|group| group.0).collect()
}

impl Transaction<'_> {
    fn id_list(&mut self, rows: Vec<(Vec<u8>,)>) -> Stored<Vec<Uuid>> {
        row::uuids(rows).ok_or_else(|| self.unreadable("id of a member"))
    }

    fn groups_of_one(&mut self, user: UserId) -> Stored<Vec<(UserId, GroupRef)>> {
        let binds = [self.scope(), Bind::Bytes(user.0.as_bytes())];
        let rows = GroupsOfOne::rows(self.session, &binds)?.into_iter();
        let groups = rows.map(|(group, name)| Some((user, group_ref(&group, name)?)));
        let groups: Option<Vec<_>> = groups.collect();
        groups.ok_or_else(|| self.unreadable("membership"))
    }

    /// The groups of users of whom none in id order is missing: names are read once for each group,
    /// and most users are in the same few.
    pub(super) fn groups_between(&mut self, users: &[UserRow]) -> Stored<Vec<(UserId, GroupRef)>> {
        let (Some(first), Some(last)) = (users.first(), users.last()) else {
            return Ok(Vec::new());
        };
        let (first, last) = (first.id.0, last.id.0);
        let binds = [
            self.scope(),
            Bind::Bytes(first.as_bytes()),
            Bind::Bytes(last.as_bytes()),
        ];
        let pairs = GroupsBetween::rows(self.session, &binds)?;
        let mut names: HashMap<Vec<u8>, Option<GroupRef>> = HashMap::new();
        for (_, group) in &pairs {
            if !names.contains_key(group) {
                names.insert(group.clone(), None);
            }
        }
        let ids: Option<Vec<Uuid>> = names.keys().map(|group| row::uuid(group)).collect();
        let ids = ids.ok_or_else(|| self.unreadable("membership"))?;
        for chunk in sorted(&ids).chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            for (group, name) in NamesOfGroups::rows(self.session, &[self.scope(), ids.bind()])? {
                let found = group_ref(&group, name);
                names.insert(group, found);
            }
        }
        let of = |user: Vec<u8>, group: Vec<u8>| {
            let user = UserId(row::uuid(&user)?);
            Some((user, names.get(&group)?.clone()?))
        };
        // A group and its memberships are written and removed together.
        let found: Option<Vec<_>> = pairs
            .into_iter()
            .map(|(user, group)| of(user, group))
            .collect();
        found.ok_or_else(|| self.unreadable("membership"))
    }

    fn add_chunk(&mut self, group: Bind<'_>, members: &[NewMember]) -> Stored<Vec<Uuid>> {
        if let [member] = members {
            let binds = [
                self.scope(),
                group,
                Bind::Bytes(member.id.as_bytes()),
                Bind::Int(row::kind_number(member.kind)),
                Bind::MaybeText(member.display.as_deref()),
            ];
            let added = AddMember::run(self.session, &binds)? > 0;
            return Ok(added.then_some(member.id).into_iter().collect());
        }
        let rows: Vec<_> = members
            .iter()
            .map(|member| Added {
                i: json::id(member.id),
                k: row::kind_number(member.kind),
                d: member.display.as_deref(),
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("display of a member"))?;
        let added = AddMembers::rows(self.session, &[self.scope(), group, Bind::Text(&rows)])?;
        self.id_list(added)
    }
}

fn group_ref(id: &[u8], display_name: String) -> Option<GroupRef> {
    let id = GroupId(row::uuid(id)?);
    Some(GroupRef { id, display_name })
}

impl Members for Transaction<'_> {
    fn lock_members(&mut self, ids: &[Uuid]) -> Stored<Vec<(Uuid, MemberKind)>> {
        let ids = sorted(ids);
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            let groups = GroupsAmong::rows(self.session, &[self.scope(), ids.bind()])?;
            let groups = self.id_list(groups)?;
            found.extend(groups.into_iter().map(|id| (id, MemberKind::Group)));
        }
        for chunk in ids.chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            let users = UsersAmong::rows(self.session, &[self.scope(), ids.bind()])?;
            let users = self.id_list(users)?;
            found.extend(users.into_iter().map(|id| (id, MemberKind::User)));
        }
        found.sort_unstable();
        Ok(found)
    }

    fn hold_users(&mut self, users: &[UserId]) -> Stored<()> {
        // There is one writer.
        if self.session.is_sqlite() {
            return Ok(());
        }
        let ids: Vec<Uuid> = users.iter().map(|user| user.0).collect();
        for chunk in sorted(&ids).chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            UsersAmong::rows(self.session, &[self.scope(), ids.bind()])?;
        }
        Ok(())
    }

    fn members(&mut self, group: GroupId) -> Stored<Vec<Member>> {
        let binds = [self.scope(), Bind::Bytes(group.0.as_bytes())];
        let rows = MembersOf::rows(self.session, &binds)?;
        let members: Option<Vec<Member>> = rows
            .into_iter()
            .map(|(id, kind, display)| {
                Some(Member {
                    id: row::uuid(&id)?,
                    kind: row::kind(kind)?,
                    display,
                })
            })
            .collect();
        members.ok_or_else(|| self.unreadable("member of a group"))
    }

    fn member_ids(&mut self, group: GroupId) -> Stored<Vec<Uuid>> {
        let binds = [self.scope(), Bind::Bytes(group.0.as_bytes())];
        let rows = MemberIds::rows(self.session, &binds)?;
        self.id_list(rows)
    }

    fn add_members(&mut self, group: GroupId, members: &[NewMember]) -> Stored<Vec<Uuid>> {
        let mut members: Vec<&NewMember> = members.iter().collect();
        members.sort_by_key(|member| member.id);
        members.dedup_by_key(|member| member.id);
        let members: Vec<NewMember> = members.into_iter().cloned().collect();
        let mut added = Vec::with_capacity(members.len());
        for chunk in members.chunks(CHUNK) {
            added.extend(self.add_chunk(Bind::Bytes(group.0.as_bytes()), chunk)?);
        }
        Ok(added)
    }

    fn touch_groups_of(&mut self, member: Uuid, modified: Millis) -> Stored<()> {
        let (modified, member) = (Bind::Int(modified), Bind::Bytes(member.as_bytes()));
        let binds = [modified, modified, self.scope(), self.scope(), member];
        TouchGroupsOf::run(self.session, &binds)?;
        Ok(())
    }

    fn remove_members(&mut self, group: GroupId, ids: &[Uuid]) -> Stored<Vec<RemovedMember>> {
        let mut removed = Vec::with_capacity(ids.len());
        for chunk in sorted(ids).chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            let binds = [self.scope(), Bind::Bytes(group.0.as_bytes()), ids.bind()];
            let rows = RemoveMembers::rows(self.session, &binds)?;
            for (id, kind, display) in rows {
                let member = row::uuid(&id).zip(row::kind(kind));
                let (id, kind) = member.ok_or_else(|| self.unreadable("member of a group"))?;
                removed.push(RemovedMember { id, kind, display });
            }
        }
        removed.sort_unstable_by_key(|member| member.id);
        Ok(removed)
    }

    fn groups_of(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, GroupRef)>> {
        if let [user] = users {
            return self.groups_of_one(*user);
        }
        let ids: Vec<Uuid> = users.iter().map(|user| user.0).collect();
        let mut found = Vec::new();
        for chunk in sorted(&ids).chunks(CHUNK) {
            let list = json::ids(chunk.iter().copied());
            let rows = GroupsOf::rows(self.session, &[self.scope(), Bind::Text(&list)])?;
            for (user, group, display_name) in rows {
                let pair = row::uuid(&user).zip(group_ref(&group, display_name));
                let (user, group) = pair.ok_or_else(|| self.unreadable("membership"))?;
                found.push((UserId(user), group));
            }
        }
        // Here it is cheaper than in the database.
        found.sort_unstable_by_key(|(user, group)| (*user, group.id));
        Ok(found)
    }

    fn parents_of(&mut self, groups: &[GroupId]) -> Stored<Vec<(GroupId, GroupId)>> {
        let mut pairs = Vec::new();
        for chunk in sorted(&group_uuids(groups)).chunks(CHUNK) {
            let ids = Ids::of(chunk.iter().copied());
            let rows = ParentsOf::rows(self.session, &[self.scope(), ids.bind()])?;
            for (member, parent) in rows {
                let pair = row::uuid(&member).zip(row::uuid(&parent));
                let (member, parent) = pair.ok_or_else(|| self.unreadable("membership"))?;
                pairs.push((GroupId(member), GroupId(parent)));
            }
        }
        Ok(pairs)
    }

    fn groups_in(&mut self, groups: &[GroupId]) -> Stored<Vec<GroupId>> {
        let mut inner = std::collections::BTreeSet::new();
        for chunk in sorted(&group_uuids(groups)).chunks(CHUNK) {
            let list = json::ids(chunk.iter().copied());
            let rows = GroupsIn::rows(self.session, &[self.scope(), Bind::Text(&list)])?;
            inner.extend(self.id_list(rows)?.into_iter().map(GroupId));
        }
        Ok(inner.into_iter().collect())
    }

    fn group_ids_of(&mut self, member: Uuid) -> Stored<Vec<GroupId>> {
        let binds = [self.scope(), Bind::Bytes(member.as_bytes())];
        let rows = GroupIdsOf::rows(self.session, &binds)?;
        let ids = self.id_list(rows)?;
        Ok(ids.into_iter().map(GroupId).collect())
    }
}
