//! Results, and the marks on what is stale. Facts are in [`super::facts`].

use std::collections::BTreeMap;

use app::port::access::{AccessOfUser, AccessRow, AccessWrite};
use app::port::{AccessRows, Stored};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use domain::{Access, GroupId, RoleKey, Standing, State, UserFacts, UserId};
use serde::Serialize;

use super::{Transaction, reach, row};
use crate::session::Session;
use crate::sql::json::{self, CHUNK};
use crate::sql::{Bind, statements};

statements! {
    AccessOf or AccessOfOne: "SELECT a.user_id, a.state, a.role, a.seat, a.sees_all, a.reach, \
             s.user_id IS NOT NULL, s.left_group IS TRUE \
         FROM access a LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
         WHERE a.org = ? AND a.user_id {ids} ORDER BY a.user_id" =>
        (Binary, Text, Nullable<Text>, Bool, Bool, Nullable<Text>, Bool, Bool)
        as (Vec<u8>, String, Option<String>, bool, bool, Option<String>, bool, bool);
    /// One user, the stored access, and what the settings are known by.
    OneAccess: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document, g.revision, \
             a.state, a.role, coalesce(a.seat, false), coalesce(a.sees_all, false), a.reach, \
             s.user_id IS NOT NULL, s.left_group IS TRUE \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         JOIN org_gates g ON g.org = u.org AND g.gate = 0 \
         LEFT JOIN access a ON a.org = u.org AND a.user_id = u.id \
         LEFT JOIN stale_access s ON s.org = u.org AND s.user_id = u.id \
         WHERE u.org = ? AND u.id = ?" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text, BigInt, Nullable<Text>, Nullable<Text>, Bool,
            Bool, Nullable<Text>, Bool, Bool)
        as (Vec<u8>, i64, i64, i64, bool, String, i64, Option<String>, Option<String>, bool, bool,
            Option<String>, bool, bool);
    /// A page of at most 1,000: a literal limit, because a bound one is prepared at every call.
    AccessAfter: "SELECT a.user_id, a.state, a.role, a.seat, a.sees_all, a.reach, \
             s.user_id IS NOT NULL, s.left_group IS TRUE \
         FROM access a LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
         WHERE a.org = ? AND a.user_id > ? ORDER BY a.user_id LIMIT 1000" =>
        (Binary, Text, Nullable<Text>, Bool, Bool, Nullable<Text>, Bool, Bool)
        as (Vec<u8>, String, Option<String>, bool, bool, Option<String>, bool, bool);
    SaveAccess: "INSERT INTO access (org, user_id, state, role, seat, sees_all, reach) \
         SELECT ?, {bytes r.u}, r.s, r.r, r.t <> 0, r.a <> 0, r.e \
         FROM {rows u text, s text, r text, t bigint, a bigint, e text} WHERE true \
         ON CONFLICT (org, user_id) DO UPDATE SET state = excluded.state, role = excluded.role, \
         seat = excluded.seat, sees_all = excluded.sees_all, reach = excluded.reach";
    /// [`SaveAccess`] of one user.
    SaveOneAccess: "INSERT INTO access (org, user_id, state, role, seat, sees_all, reach) \
         VALUES (?, ?, ?, ?, ?, ?, ?) \
         ON CONFLICT (org, user_id) DO UPDATE SET state = excluded.state, role = excluded.role, \
         seat = excluded.seat, sees_all = excluded.sees_all, reach = excluded.reach";
    /// [`SaveStanding`] of one user.
    SaveOneStanding: "UPDATE users SET left_mapped = ?, awaiting_activation = ? \
         WHERE org = ? AND id = ?";
    SaveStanding: "UPDATE users SET left_mapped = r.l <> 0, awaiting_activation = r.w <> 0 \
         FROM {rows i text, l bigint, w bigint} \
         WHERE users.org = ? AND users.id = {bytes r.i}";
    /// Whoever has left the last mapped group before is marked as if that were just so (see
    /// [`AccessRows::users_who_left`]).
    MarkStale: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT ?, r.id, l.id IS NOT NULL FROM {each id} \
         LEFT JOIN users l {sqlite INDEXED BY users_left_mapped} \
         ON l.org = ? AND l.id = r.id AND l.left_mapped \
         WHERE true ON CONFLICT DO NOTHING";
    /// Adds to a mark that is there, and writes none that says so already.
    MarkLeft: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT ?, r.id, true FROM {each id} WHERE true \
         ON CONFLICT (org, user_id) DO UPDATE SET left_group = true \
         WHERE NOT stale_access.left_group";
    MarkMembersStale: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT m.org, m.member_id, l.id IS NOT NULL FROM members m \
         LEFT JOIN users l {sqlite INDEXED BY users_left_mapped} \
         ON l.org = m.org AND l.id = m.member_id AND l.left_mapped \
         WHERE m.org = ? AND m.group_id = ? AND m.kind = 0 \
         ORDER BY m.member_id ON CONFLICT DO NOTHING";
    MarkMembersLeft: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT org, member_id, true FROM members \
         WHERE org = ? AND group_id = ? AND kind = 0 ORDER BY member_id \
         ON CONFLICT (org, user_id) DO UPDATE SET left_group = true \
         WHERE NOT stale_access.left_group";
    MarkEveryoneStale: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT org, id, left_mapped FROM users WHERE org = ? ORDER BY id \
         ON CONFLICT DO NOTHING";
    /// Candidates only; they are locked and looked at again before anything is done with them.
    StaleFirst: "SELECT user_id FROM stale_access WHERE org = ? ORDER BY user_id LIMIT 500" =>
        (Binary,) as (Vec<u8>,);
    LeftFirst: "SELECT user_id FROM stale_access {sqlite INDEXED BY stale_access_left_group} \
         WHERE org = ? AND left_group ORDER BY user_id LIMIT 500" => (Binary,) as (Vec<u8>,);
    StalePage: "SELECT user_id FROM stale_access WHERE org = ? AND user_id > ? \
         ORDER BY user_id LIMIT ?" => (Binary,) as (Vec<u8>,);
    /// Those that nobody else is at: another worker resolves what it has locked.
    LockFree: "SELECT id FROM users WHERE org = ? AND id {ids} \
         ORDER BY id {for update skip locked}" =>
        (Binary,) as (Vec<u8>,);
    StillStale: "SELECT user_id FROM stale_access WHERE org = ? AND user_id {ids} \
         ORDER BY user_id" => (Binary,) as (Vec<u8>,);
    StillLeft: "SELECT user_id FROM stale_access WHERE org = ? AND user_id {ids} AND left_group \
         ORDER BY user_id" => (Binary,) as (Vec<u8>,);
    ClearStale or ClearStaleOne: "DELETE FROM stale_access WHERE org = ? AND user_id {ids}";
    AnyStale: "SELECT user_id FROM stale_access WHERE org = ? LIMIT 1" =>
        (Binary,) as (Vec<u8>,);
}

/// A stored access as selected.
pub(super) type Columns = (
    Vec<u8>,
    String,
    Option<String>,
    bool,
    bool,
    Option<String>,
    bool,
    bool,
);

fn access(columns: Columns) -> Option<AccessRow> {
    let (user, state, role, seat, sees_all, reach, marked, left_group) = columns;
    let role = match role {
        Some(role) => Some(RoleKey::new(role).ok()?),
        None => None,
    };
    let access = Access {
        state: state.parse().ok()?,
        role,
        seat,
        sees_all,
        ..Access::nothing()
    };
    Some(AccessRow {
        user: UserId(row::uuid(&user)?),
        access: reach::read(reach.as_deref(), access)?,
        stale: marked,
        left_group,
    })
}

/// A result as a row of JSON.
#[derive(Serialize)]
struct Saved<'a> {
    u: String,
    s: &'static str,
    r: Option<&'a str>,
    t: u8,
    a: u8,
    e: Option<String>,
}

fn saved(user: UserId, access: &Access) -> Result<Saved<'_>, serde_json::Error> {
    Ok(Saved {
        u: json::id(user.0),
        s: access.state.as_str(),
        r: access.role.as_ref().map(RoleKey::as_str),
        t: access.seat.into(),
        a: access.sees_all.into(),
        e: reach::write(access)?,
    })
}

/// What a user's history has left behind, as a row of JSON.
#[derive(Serialize)]
struct Left {
    i: String,
    l: u8,
    w: u8,
}

/// A statement that answers ids.
type AskIds = fn(&mut Session, &[Bind<'_>]) -> Stored<Vec<(Vec<u8>,)>>;

/// In order and without doubles: what is locked or written in a batch.
fn sorted(users: &[UserId]) -> Vec<UserId> {
    let mut users = users.to_vec();
    users.sort_unstable();
    users.dedup();
    users
}

fn list(users: &[UserId]) -> String {
    json::ids(users.iter().map(|user| user.0))
}

/// How many seats it takes.
fn seats(access: &Access) -> i64 {
    (access.seat && access.state == State::Active).into()
}

impl Transaction<'_> {
    pub(super) fn access_rows(&mut self, rows: Vec<Columns>) -> Stored<Vec<AccessRow>> {
        let rows: Option<Vec<_>> = rows.into_iter().map(access).collect();
        rows.ok_or_else(|| self.unreadable("access of a user"))
    }

    pub(super) fn user_ids(&mut self, rows: Vec<(Vec<u8>,)>) -> Stored<Vec<UserId>> {
        let ids = row::uuids(rows).ok_or_else(|| self.unreadable("id of a user"))?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    fn save_one(&mut self, user: UserId, access: &Access) -> Stored<()> {
        let reach = reach::write(access).map_err(|_| self.unreadable("access of a user"))?;
        let binds = [
            self.scope(),
            Bind::Bytes(user.0.as_bytes()),
            Bind::Text(access.state.as_str()),
            Bind::MaybeText(access.role.as_ref().map(RoleKey::as_str)),
            Bind::Bool(access.seat),
            Bind::Bool(access.sees_all),
            Bind::MaybeText(reach.as_deref()),
        ];
        SaveOneAccess::later(self.session, &binds)
    }

    /// Users whose marks are still there after their rows were locked. On SQLite nobody else
    /// writes, so the candidates are it.
    fn lock_stale(
        &mut self,
        candidates: Vec<(Vec<u8>,)>,
        limit: u64,
        still: AskIds,
    ) -> Stored<Vec<UserId>> {
        let mut candidates = self.user_ids(candidates)?;
        candidates.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        if candidates.is_empty() || self.session.is_sqlite() {
            return Ok(candidates);
        }
        let ids = list(&candidates);
        let locked = LockFree::rows(self.session, &[self.scope(), Bind::Text(&ids)])?;
        let ids = list(&self.user_ids(locked)?);
        let rows = still(self.session, &[self.scope(), Bind::Text(&ids)])?;
        self.user_ids(rows)
    }
}

impl AccessRows for Transaction<'_> {
    fn user_facts(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, UserFacts)>> {
        let mut facts = Vec::with_capacity(users.len());
        for chunk in sorted(users).chunks(CHUNK) {
            facts.extend(self.facts_of_chunk(chunk)?);
        }
        Ok(facts)
    }

    fn access_of_user(&mut self, user: UserId) -> Stored<Option<AccessOfUser>> {
        let binds = [self.scope(), Bind::Bytes(user.0.as_bytes())];
        let Some(columns) = OneAccess::row(self.session, &binds)? else {
            return Ok(None);
        };
        let (
            id,
            version,
            created,
            modified,
            by_hand,
            document,
            revision,
            state,
            role,
            seat,
            sees_all,
            reach,
            marked,
            left_group,
        ) = columns;
        // What settings and places are known by, so that they need no statement of their own.
        self.revision.get_or_insert(revision);
        let stored = state.map(|state| {
            (
                id.clone(),
                state,
                role,
                seat,
                sees_all,
                reach,
                marked,
                left_group,
            )
        });
        let row = row::user((id, version, created, modified, by_hand, document));
        let row = row.ok_or_else(|| self.unreadable("id of a user"))?;
        let access = self.access_rows(stored.into_iter().collect())?.pop();
        Ok(Some(AccessOfUser { row, access }))
    }

    fn access(&mut self, users: &[UserId]) -> Stored<Vec<AccessRow>> {
        let mut found = Vec::with_capacity(users.len());
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = json::Ids::of(chunk.iter().map(|user| user.0));
            let rows = AccessOf::rows(self.session, &[self.scope(), ids.bind()])?;
            found.extend(self.access_rows(rows)?);
        }
        Ok(found)
    }

    fn access_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<AccessRow>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let mut after = after.map_or_else(Vec::new, |user| user.0.as_bytes().to_vec());
        let mut page = Vec::new();
        while page.len() < limit {
            let rows = AccessAfter::rows(self.session, &[self.scope(), Bind::Bytes(&after)])?;
            let whole = rows.len() == 1_000;
            page.extend(self.access_rows(rows)?);
            match page.last() {
                Some(last) if whole => after = last.user.0.as_bytes().to_vec(),
                _ => break,
            }
        }
        page.truncate(limit);
        Ok(page)
    }

    fn save_access(&mut self, results: &[AccessWrite]) -> Stored<()> {
        // From the first before to the last after, where a user is in it twice.
        let mut changes: BTreeMap<UserId, (Option<&Access>, &Access)> = BTreeMap::new();
        for result in results {
            let before = (result.before.as_ref(), &result.after);
            changes.entry(result.user).or_insert(before).1 = &result.after;
        }
        changes.retain(|_, (before, after)| *before != Some(*after));
        let mut difference = reach::Difference::default();
        let mut more = 0;
        for (user, (before, after)) in &changes {
            difference.note(*user, *before, after);
            more += seats(after) - before.map_or(0, seats);
        }
        self.move_seats(more)?;
        if let (1, Some((user, (_, after)))) = (changes.len(), changes.iter().next()) {
            self.save_one(*user, after)?;
            return self.save_reached(&difference);
        }
        let rows = changes.iter().map(|(user, (_, after))| saved(*user, after));
        let rows: Result<Vec<_>, _> = rows.collect();
        let rows = rows.map_err(|_| self.unreadable("access of a user"))?;
        for chunk in rows.chunks(CHUNK) {
            let rows = json::rows(chunk).map_err(|_| self.unreadable("access of a user"))?;
            SaveAccess::later(self.session, &[self.scope(), Bind::Text(&rows)])?;
        }
        self.save_reached(&difference)
    }

    fn save_standing(&mut self, standing: &[(UserId, Standing)]) -> Stored<()> {
        if let [(user, standing)] = standing {
            let binds = [
                Bind::Bool(standing.left_mapped),
                Bind::Bool(standing.awaiting_activation),
                self.scope(),
                Bind::Bytes(user.0.as_bytes()),
            ];
            return SaveOneStanding::later(self.session, &binds);
        }
        let last: BTreeMap<UserId, Standing> = standing.iter().copied().collect();
        let rows: Vec<_> = last
            .iter()
            .map(|(user, standing)| Left {
                i: json::id(user.0),
                l: standing.left_mapped.into(),
                w: standing.awaiting_activation.into(),
            })
            .collect();
        for chunk in rows.chunks(CHUNK) {
            let rows = json::rows(chunk).map_err(|_| self.unreadable("standing of a user"))?;
            SaveStanding::later(self.session, &[Bind::Text(&rows), self.scope()])?;
        }
        Ok(())
    }

    fn mark_stale(&mut self, users: &[UserId], left_group: bool) -> Stored<()> {
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = list(chunk);
            let binds = [self.scope(), Bind::Text(&ids), self.scope()];
            if left_group {
                MarkLeft::run(self.session, &binds[..2])?;
            } else {
                MarkStale::run(self.session, &binds)?;
            }
        }
        Ok(())
    }

    fn mark_members_stale(&mut self, group: GroupId, left_group: bool) -> Stored<()> {
        let binds = [self.scope(), Bind::Bytes(group.0.as_bytes())];
        // A million rows take longer than any other statement, and would each time it is tried.
        self.session.without_deadline()?;
        let mark = if left_group {
            MarkMembersLeft::run
        } else {
            MarkMembersStale::run
        };
        mark(self.session, &binds)?;
        Ok(())
    }

    fn mark_everyone_stale(&mut self) -> Stored<()> {
        self.session.without_deadline()?;
        MarkEveryoneStale::run(self.session, &[self.scope()])?;
        Ok(())
    }

    fn stale_users(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        let candidates = StaleFirst::rows(self.session, &[self.scope()])?;
        self.lock_stale(candidates, limit, StillStale::rows)
    }

    fn users_who_left(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        let candidates = LeftFirst::rows(self.session, &[self.scope()])?;
        self.lock_stale(candidates, limit, StillLeft::rows)
    }

    fn stale_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>> {
        let after = after.map(|user| user.0);
        let binds = [self.scope(), row::after(after.as_ref()), row::limit(limit)];
        let rows = StalePage::rows(self.session, &binds)?;
        self.user_ids(rows)
    }

    fn clear_stale(&mut self, users: &[UserId]) -> Stored<()> {
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = json::Ids::of(chunk.iter().map(|user| user.0));
            ClearStale::run(self.session, &[self.scope(), ids.bind()])?;
        }
        Ok(())
    }

    fn anyone_stale(&mut self) -> Stored<bool> {
        Ok(AnyStale::row(self.session, &[self.scope()])?.is_some())
    }
}
