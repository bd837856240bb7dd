//! Facts for resolution, results, and the marks on what is stale.

use std::collections::HashMap;

use app::port::access::AccessRow;
use app::port::{AccessRows, Stored};
use diesel::sql_types::{Binary, Bool, Nullable, Text};
use domain::{Access, Gives, GroupId, MatchedRule, RoleClaim, RoleKey, RuleId, UserFacts, UserId};
use serde::Serialize;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK};
use crate::sql::{Bind, statements};

statements! {
    UserFactsOf: "SELECT id, active, role_claims FROM users WHERE org = ? AND id {ids} \
         ORDER BY id" => (Binary, Bool, Text) as (Vec<u8>, bool, String);
    RulesOf: "SELECT m.member_id, o.id, o.group_id, o.role \
         FROM members m JOIN organization_rules o ON o.org = m.org AND o.group_id = m.group_id \
         WHERE m.org = ? AND m.member_id {ids} ORDER BY m.member_id, o.position, o.id" =>
        (Binary, Binary, Binary, Text) as (Vec<u8>, Vec<u8>, Vec<u8>, String);
    AccessOf: "SELECT a.user_id, a.state, a.role, a.seat, a.sees_all, s.user_id IS NOT NULL \
         FROM access a LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
         WHERE a.org = ? AND a.user_id {ids} ORDER BY a.user_id" =>
        (Binary, Text, Nullable<Text>, Bool, Bool, Bool)
        as (Vec<u8>, String, Option<String>, bool, bool, bool);
    AccessAfter: "SELECT a.user_id, a.state, a.role, a.seat, a.sees_all, s.user_id IS NOT NULL \
         FROM access a LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
         WHERE a.org = ? AND a.user_id > ? ORDER BY a.user_id LIMIT ?" =>
        (Binary, Text, Nullable<Text>, Bool, Bool, Bool)
        as (Vec<u8>, String, Option<String>, bool, bool, bool);
    SaveAccess: "INSERT INTO access (org, user_id, state, role, seat, sees_all) \
         SELECT ?, {bytes r.u}, r.s, r.r, r.t <> 0, r.a <> 0 \
         FROM {rows u text, s text, r text, t bigint, a bigint} WHERE true \
         ON CONFLICT (org, user_id) DO UPDATE SET state = excluded.state, role = excluded.role, \
         seat = excluded.seat, sees_all = excluded.sees_all";
    MarkStale: "INSERT INTO stale_access (org, user_id) SELECT ?, r.id FROM {each id} \
         WHERE true ON CONFLICT DO NOTHING";
    MarkMembersStale: "INSERT INTO stale_access (org, user_id) \
         SELECT org, member_id FROM members WHERE org = ? AND group_id = ? AND kind = 0 \
         ORDER BY member_id ON CONFLICT DO NOTHING";
    MarkEveryoneStale: "INSERT INTO stale_access (org, user_id) \
         SELECT org, id FROM users WHERE org = ? ORDER BY id ON CONFLICT DO NOTHING";
    /// Candidates only; they are locked and looked at again before anything is done with them.
    StaleAfter: "SELECT user_id FROM stale_access WHERE org = ? ORDER BY user_id LIMIT ?" =>
        (Binary,) as (Vec<u8>,);
    LockUsers: "SELECT id FROM users WHERE org = ? AND id {ids} ORDER BY id {for update}" =>
        (Binary,) as (Vec<u8>,);
    StillStale: "SELECT user_id FROM stale_access WHERE org = ? AND user_id {ids} \
         ORDER BY user_id" => (Binary,) as (Vec<u8>,);
    ClearStale: "DELETE FROM stale_access WHERE org = ? AND user_id {ids}";
    AnyStale: "SELECT user_id FROM stale_access WHERE org = ? LIMIT 1" =>
        (Binary,) as (Vec<u8>,);
}

type Columns = (Vec<u8>, String, Option<String>, bool, bool, bool);

fn access((user, state, role, takes_seat, sees_all, marked): Columns) -> Option<AccessRow> {
    let role = match role {
        Some(role) => Some(RoleKey::new(role).ok()?),
        None => None,
    };
    let access = Access {
        state: state.parse().ok()?,
        role,
        seat: takes_seat,
        sees_all,
        ..Access::nothing()
    };
    Some(AccessRow {
        user: UserId(row::uuid(&user)?),
        access,
        stale: marked,
    })
}

fn matched(rule: &[u8], group: &[u8], key: String) -> Option<MatchedRule> {
    Some(MatchedRule {
        rule: RuleId(row::uuid(rule)?),
        group: GroupId(row::uuid(group)?),
        via: Vec::new(),
        gives: Gives::Organization(RoleKey::new(key).ok()?),
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
}

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

impl Transaction<'_> {
    fn access_rows(&mut self, rows: Vec<Columns>) -> Stored<Vec<AccessRow>> {
        let rows: Option<Vec<_>> = rows.into_iter().map(access).collect();
        rows.ok_or_else(|| self.unreadable("access of a user"))
    }

    fn user_ids(&mut self, rows: Vec<(Vec<u8>,)>) -> Stored<Vec<UserId>> {
        let ids = row::uuids(rows).ok_or_else(|| self.unreadable("id of a user"))?;
        Ok(ids.into_iter().map(UserId).collect())
    }

    fn facts_of_chunk(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, UserFacts)>> {
        let ids = list(users);
        let binds = [self.scope(), Bind::Text(&ids)];
        let mut rules: HashMap<Vec<u8>, Vec<MatchedRule>> = HashMap::new();
        let rows = UserFactsOf::rows(self.session, &binds)?;
        for (user, rule, group, role) in RulesOf::rows(self.session, &binds)? {
            let rule = matched(&rule, &group, role).ok_or_else(|| self.unreadable("rule"))?;
            rules.entry(user).or_default().push(rule);
        }
        let facts: Option<Vec<_>> = rows
            .into_iter()
            .map(|(id, active, claims)| {
                let role_claims: Vec<RoleClaim> = serde_json::from_str(&claims).ok()?;
                let rules = rules.remove(&id).unwrap_or_default();
                let facts = UserFacts {
                    active,
                    role_claims,
                    rules,
                    ..UserFacts::default()
                };
                Some((UserId(row::uuid(&id)?), facts))
            })
            .collect();
        facts.ok_or_else(|| self.unreadable("facts of a user"))
    }

    /// Users whose marks are still there after their rows were locked. On SQLite nobody else
    /// writes, so the candidates are it.
    fn lock_stale(&mut self, candidates: Vec<UserId>) -> Stored<Vec<UserId>> {
        if candidates.is_empty() || self.session.is_sqlite() {
            return Ok(candidates);
        }
        let ids = list(&candidates);
        let binds = [self.scope(), Bind::Text(&ids)];
        LockUsers::rows(self.session, &binds)?;
        let rows = StillStale::rows(self.session, &binds)?;
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

    fn access(&mut self, users: &[UserId]) -> Stored<Vec<AccessRow>> {
        let mut found = Vec::with_capacity(users.len());
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = list(chunk);
            let rows = AccessOf::rows(self.session, &[self.scope(), Bind::Text(&ids)])?;
            found.extend(self.access_rows(rows)?);
        }
        Ok(found)
    }

    fn access_page(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<AccessRow>> {
        // No bytes at all come before every id.
        let after = after.map_or_else(Vec::new, |user| user.0.as_bytes().to_vec());
        let binds = [self.scope(), Bind::Bytes(&after), Bind::count(limit)];
        let rows = AccessAfter::rows(self.session, &binds)?;
        self.access_rows(rows)
    }

    fn save_access(&mut self, results: &[(UserId, Access)]) -> Stored<()> {
        let last: std::collections::BTreeMap<_, _> = results
            .iter()
            .map(|(user, access)| (*user, access))
            .collect();
        let rows: Vec<_> = last
            .iter()
            .map(|(user, access)| Saved {
                u: json::id(user.0),
                s: access.state.as_str(),
                r: access.role.as_ref().map(RoleKey::as_str),
                t: access.seat.into(),
                a: access.sees_all.into(),
            })
            .collect();
        for chunk in rows.chunks(CHUNK) {
            let rows = json::rows(chunk).map_err(|_| self.unreadable("access of a user"))?;
            SaveAccess::run(self.session, &[self.scope(), Bind::Text(&rows)])?;
        }
        Ok(())
    }

    fn mark_stale(&mut self, users: &[UserId]) -> Stored<()> {
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = list(chunk);
            MarkStale::run(self.session, &[self.scope(), Bind::Text(&ids)])?;
        }
        Ok(())
    }

    fn mark_members_stale(&mut self, group: GroupId) -> Stored<()> {
        let binds = [self.scope(), Bind::Bytes(group.0.as_bytes())];
        MarkMembersStale::run(self.session, &binds)?;
        Ok(())
    }

    fn mark_everyone_stale(&mut self) -> Stored<()> {
        MarkEveryoneStale::run(self.session, &[self.scope()])?;
        Ok(())
    }

    fn stale_users(&mut self, limit: u64) -> Stored<Vec<UserId>> {
        let rows = StaleAfter::rows(self.session, &[self.scope(), Bind::count(limit)])?;
        let candidates = self.user_ids(rows)?;
        self.lock_stale(candidates)
    }

    fn clear_stale(&mut self, users: &[UserId]) -> Stored<()> {
        for chunk in sorted(users).chunks(CHUNK) {
            let ids = list(chunk);
            ClearStale::run(self.session, &[self.scope(), Bind::Text(&ids)])?;
        }
        Ok(())
    }

    fn anyone_stale(&mut self) -> Stored<bool> {
        Ok(AnyStale::row(self.session, &[self.scope()])?.is_some())
    }
}
