//! Mapping rules.

use app::port::rules::RuleRow;
use app::port::{Org, Rules, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use domain::{GroupId, RuleId};
use serde::Serialize;

use super::{Transaction, gives, row};
use crate::sql::{Bind, json, statements};

statements! {
    AllRules: "SELECT id, group_name, group_key, group_id, kind, place, role, position \
         FROM rules WHERE org = ? ORDER BY position, id" =>
        (Binary, Text, Text, Nullable<Binary>, Text, Binary, Nullable<Text>, BigInt)
        as (Vec<u8>, String, String, Option<Vec<u8>>, String, Vec<u8>, Option<String>, i64);
    RulesOfGroups or RulesOfGroup: "SELECT id, group_name, group_key, group_id, kind, place, role, position \
         FROM rules WHERE org = ? AND group_id {ids} ORDER BY position, id" =>
        (Binary, Text, Text, Nullable<Binary>, Text, Binary, Nullable<Text>, BigInt)
        as (Vec<u8>, String, String, Option<Vec<u8>>, String, Vec<u8>, Option<String>, i64);
    WaitingRules: "SELECT id, group_name, group_key, group_id, kind, place, role, position \
         FROM rules WHERE org = ? AND group_key = ? AND group_id IS NULL \
         ORDER BY position, id" =>
        (Binary, Text, Text, Nullable<Binary>, Text, Binary, Nullable<Text>, BigInt)
        as (Vec<u8>, String, String, Option<Vec<u8>>, String, Vec<u8>, Option<String>, i64);
    RenamedRules: "SELECT o.id, o.group_id FROM rules o \
         JOIN groups g ON g.org = o.org AND g.id = o.group_id \
         WHERE o.org = ? AND g.display_name <> o.group_name ORDER BY o.position, o.id" =>
        (Binary, Binary) as (Vec<u8>, Vec<u8>);
    InsertRules: "INSERT INTO rules \
         (org, id, group_name, group_key, group_id, kind, place, role, position) \
         SELECT ?, {bytes r.i}, r.n, r.k, {bytes r.g}, r.d, {bytes r.w}, r.r, r.p \
         FROM {rows i text, n text, k text, g text, d text, w text, r text, p bigint}";
    DeleteRules: "DELETE FROM rules WHERE org = ? AND id {ids}";
    MoveRules: "UPDATE rules SET position = r.p FROM {rows i text, p bigint} \
         WHERE rules.org = ? AND rules.id = {bytes r.i}";
    BindRule: "UPDATE rules SET group_id = ? WHERE org = ? AND id = ?";
}

type Columns = (
    Vec<u8>,
    String,
    String,
    Option<Vec<u8>>,
    String,
    Vec<u8>,
    Option<String>,
    i64,
);

fn rule(columns: Columns) -> Option<RuleRow> {
    let (id, group_name, group_key, group, kind, place, role, position) = columns;
    let group = match group {
        Some(bytes) => Some(GroupId(row::uuid(&bytes)?)),
        None => None,
    };
    Some(RuleRow {
        id: RuleId(row::uuid(&id)?),
        group_name,
        group_key,
        group,
        gives: gives::read(&kind, &place, role)?,
        position,
    })
}

/// A rule as a row of JSON.
#[derive(Serialize)]
struct Written<'a> {
    i: String,
    n: &'a str,
    k: &'a str,
    g: Option<String>,
    d: &'static str,
    w: String,
    r: Option<&'a str>,
    p: i64,
}

/// A rule's place as a row of JSON.
#[derive(Serialize)]
struct Place {
    i: String,
    p: i64,
}

impl Transaction<'_> {
    fn rule_rows(&mut self, rows: Vec<Columns>) -> Stored<Vec<RuleRow>> {
        let rules: Option<Vec<_>> = rows.into_iter().map(rule).collect();
        rules.ok_or_else(|| self.unreadable("rule"))
    }
}

impl Rules for Transaction<'_> {
    fn rules(&mut self) -> Stored<Vec<RuleRow>> {
        let rows = AllRules::rows(self.session, &[self.scope()])?;
        self.rule_rows(rows)
    }

    fn rules_of_groups(&mut self, groups: &[GroupId]) -> Stored<Vec<RuleRow>> {
        let ids = json::Ids::of(groups.iter().map(|group| group.0));
        let rows = RulesOfGroups::rows(self.session, &[self.scope(), ids.bind()])?;
        self.rule_rows(rows)
    }

    fn waiting_rules(&mut self, group_key: &str) -> Stored<Vec<RuleRow>> {
        let rows = WaitingRules::rows(self.session, &[self.scope(), Bind::Text(group_key)])?;
        self.rule_rows(rows)
    }

    fn renamed_rules(&mut self) -> Stored<Vec<(RuleId, GroupId)>> {
        let rows = RenamedRules::rows(self.session, &[self.scope()])?;
        let pair = |(rule, group): (Vec<u8>, Vec<u8>)| {
            Some((RuleId(row::uuid(&rule)?), GroupId(row::uuid(&group)?)))
        };
        let rules: Option<Vec<_>> = rows.into_iter().map(pair).collect();
        rules.ok_or_else(|| self.unreadable("rule"))
    }

    fn insert_rules(&mut self, rules: &[RuleRow]) -> Stored<()> {
        self.need_exclusive()?;
        let rows: Vec<_> = rules
            .iter()
            .map(|rule| {
                let gives = gives::columns(&rule.gives);
                Written {
                    i: json::id(rule.id.0),
                    n: &rule.group_name,
                    k: &rule.group_key,
                    g: rule.group.map(|group| json::id(group.0)),
                    d: gives.kind,
                    w: gives.place_text(),
                    r: gives.role,
                    p: rule.position,
                }
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("rule"))?;
        InsertRules::run(self.session, &[self.scope(), Bind::Text(&rows)])?;
        Ok(())
    }

    fn delete_rules(&mut self, ids: &[RuleId]) -> Stored<()> {
        self.need_exclusive()?;
        let list = json::ids(ids.iter().map(|rule| rule.0));
        DeleteRules::run(self.session, &[self.scope(), Bind::Text(&list)])?;
        Ok(())
    }

    fn move_rules(&mut self, places: &[(RuleId, i64)]) -> Stored<()> {
        self.need_exclusive()?;
        let rows: Vec<_> = places
            .iter()
            .map(|(rule, place)| Place {
                i: json::id(rule.0),
                p: *place,
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("rule"))?;
        MoveRules::run(self.session, &[Bind::Text(&rows), self.scope()])?;
        Ok(())
    }

    fn bind_rule(&mut self, id: RuleId, group: Option<GroupId>) -> Stored<()> {
        self.need_exclusive()?;
        let group = group.map(|group| group.0);
        let binds = [
            Bind::MaybeBytes(group.as_ref().map(|id| &id.as_bytes()[..])),
            self.scope(),
            Bind::Bytes(id.0.as_bytes()),
        ];
        BindRule::run(self.session, &binds)?;
        Ok(())
    }
}
