//! Facts for resolution: one query for each kind of fact that one of the users has, whatever their
//! number.

use std::collections::HashMap;

use app::port::Stored;
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use domain::{Grant, GroupId, MatchedRule, RoleClaim, RoleKey, RuleId, UserFacts, UserId};

use super::{Transaction, gives, grants, row};
use crate::sql::{Bind, json, statements};

statements! {
    /// And whether there are grants and holds, which most users have none of. (For EXISTS PostgreSQL
    /// would read all of them once, where they were few when it made its plan.)
    FlagsOf or FlagsOfOne: "SELECT u.id, u.active, u.left_mapped, u.awaiting_activation, u.role_claims, \
             (SELECT 1 FROM grants g WHERE g.org = u.org AND g.user_id = u.id LIMIT 1) IS NOT NULL, \
             (SELECT 1 FROM holds h WHERE h.org = u.org AND h.user_id = u.id LIMIT 1) IS NOT NULL \
         FROM users u WHERE u.org = ? AND u.id {ids} ORDER BY u.id" =>
        (Binary, Bool, Bool, Bool, Text, Bool, Bool)
        as (Vec<u8>, bool, bool, bool, String, bool, bool);
    RulesOf or RulesOfOne: "SELECT m.member_id, o.id, o.group_id, o.kind, o.place, o.role \
         FROM members m JOIN rules o ON o.org = m.org AND o.group_id = m.group_id \
         WHERE m.org = ? AND m.member_id {ids} ORDER BY m.member_id, o.position, o.id" =>
        (Binary, Binary, Binary, Text, Binary, Nullable<Text>)
        as (Vec<u8>, Vec<u8>, Vec<u8>, String, Vec<u8>, Option<String>);
    GrantsOf or GrantsOfOne: "SELECT user_id, kind, place, role, strength, granted_by, at FROM grants \
         WHERE org = ? AND user_id {ids} ORDER BY user_id, place" =>
        (Binary, Text, Binary, Nullable<Text>, Text, Text, BigInt)
        as (Vec<u8>, String, Vec<u8>, Option<String>, String, String, i64);
    HoldsOf or HoldsOfOne: "SELECT user_id, role FROM holds WHERE org = ? AND user_id {ids} \
         ORDER BY user_id, role" => (Binary, Text) as (Vec<u8>, String);
}

/// Facts by the bytes of the user's id.
type By<T> = HashMap<Vec<u8>, Vec<T>>;

type RuleColumns = (Vec<u8>, Vec<u8>, Vec<u8>, String, Vec<u8>, Option<String>);

fn by_user<T>(facts: impl Iterator<Item = Option<(Vec<u8>, T)>>) -> Option<By<T>> {
    let mut by = HashMap::new();
    for fact in facts {
        let (user, fact) = fact?;
        by.entry(user).or_insert_with(Vec::new).push(fact);
    }
    Some(by)
}

fn matched(columns: RuleColumns) -> Option<(Vec<u8>, MatchedRule)> {
    let (user, rule, group, kind, place, key) = columns;
    let rule = MatchedRule {
        rule: RuleId(row::uuid(&rule)?),
        group: GroupId(row::uuid(&group)?),
        via: Vec::new(),
        gives: gives::read(&kind, &place, key)?,
    };
    Some((user, rule))
}

impl Transaction<'_> {
    /// The facts of at most a chunk of users, in id order.
    pub(super) fn facts_of_chunk(&mut self, users: &[UserId]) -> Stored<Vec<(UserId, UserFacts)>> {
        let ids = json::Ids::of(users.iter().map(|user| user.0));
        let binds = [self.scope(), ids.bind()];
        let flags = FlagsOf::rows(self.session, &binds)?;
        let mut rules = self.rules_by_user(&binds)?;
        let mut grants = if flags.iter().any(|flags| flags.5) {
            self.grants_by_user(&binds)?
        } else {
            By::new()
        };
        let mut holds = if flags.iter().any(|flags| flags.6) {
            self.holds_by_user(&binds)?
        } else {
            By::new()
        };
        let facts: Option<Vec<_>> = flags
            .into_iter()
            .map(
                |(id, active, left_mapped, awaiting_activation, claims, _, _)| {
                    let role_claims: Vec<RoleClaim> = serde_json::from_str(&claims).ok()?;
                    let facts = UserFacts {
                        active,
                        left_mapped,
                        awaiting_activation,
                        role_claims,
                        rules: rules.remove(&id).unwrap_or_default(),
                        grants: grants.remove(&id).unwrap_or_default(),
                        holds: holds.remove(&id).unwrap_or_default(),
                    };
                    Some((UserId(row::uuid(&id)?), facts))
                },
            )
            .collect();
        facts.ok_or_else(|| self.unreadable("facts of a user"))
    }

    fn rules_by_user(&mut self, binds: &[Bind<'_>]) -> Stored<By<MatchedRule>> {
        let rows = RulesOf::rows(self.session, binds)?;
        by_user(rows.into_iter().map(matched)).ok_or_else(|| self.unreadable("rule"))
    }

    fn grants_by_user(&mut self, binds: &[Bind<'_>]) -> Stored<By<Grant>> {
        let rows = GrantsOf::rows(self.session, binds)?.into_iter();
        let grants = rows.map(|(user, kind, place, role, strength, by, at)| {
            Some((user, grants::read((kind, place, role, strength, by, at))?))
        });
        by_user(grants).ok_or_else(|| self.unreadable("grant"))
    }

    fn holds_by_user(&mut self, binds: &[Bind<'_>]) -> Stored<By<RoleKey>> {
        let rows = HoldsOf::rows(self.session, binds)?.into_iter();
        let holds = rows.map(|(user, role)| Some((user, RoleKey::new(role).ok()?)));
        by_user(holds).ok_or_else(|| self.unreadable("hold"))
    }
}
