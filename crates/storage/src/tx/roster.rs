//! Pages of users by what they have in common.

use app::port::roster::Common;
use app::port::{Roster, Stored};
use diesel::sql_types::Binary;
use domain::{State, UserId};

use super::{Transaction, row};
use crate::sql::{Bind, Made, statements};

statements! {
    ByHand: "SELECT id FROM users {sqlite INDEXED BY users_by_hand} \
         WHERE org = ? AND by_hand AND id > ? ORDER BY id LIMIT ?" => (Binary,) as (Vec<u8>,);
}

/// Where a page is read from, so that it is in id order without sorting the whole.
///
/// | asked for | read from |
/// | --- | --- |
/// | a group | its members, each looked up in `access` where role or state count |
/// | a role in effect, or pending | `access_active`, `access_waiting`: each in id order |
/// | a role | both of them, merged |
/// | a state other than active | `access_idle` |
/// | active ones, or everybody | `access` |
///
/// The texts are few, but statements made at run time are prepared at every call, which a page of
/// users can bear. So the limit may stand in the text: PostgreSQL plans for any bound value, and
/// would take a page for a tenth of all.
fn text(common: &Common, limit: u64) -> String {
    let limit = limit.min(i64::MAX.unsigned_abs());
    format!("{} LIMIT {limit}", in_order(common))
}

fn in_order(common: &Common) -> String {
    if common.group.is_some() {
        return of_group(common);
    }
    match (&common.role, common.state) {
        (Some(_), Some(State::Active)) => format!("{WITH_ROLE} ORDER BY a.user_id"),
        (Some(_), Some(State::NotActivated)) => {
            format!("{AWAITING_ROLE} ORDER BY a.user_id")
        }
        // Who is deactivated has no role.
        (Some(_), Some(State::Deactivated)) => {
            format!("{WITH_ROLE} AND false ORDER BY a.user_id")
        }
        (Some(_), None) => {
            format!("{WITH_ROLE} UNION ALL {AWAITING_ROLE} ORDER BY user_id")
        }
        (None, Some(State::Active) | None) => {
            let state = common.state.map_or("", |_| " AND a.state = 'active'");
            format!(
                "SELECT a.user_id FROM access a \
                 WHERE a.org = ? AND a.user_id > ?{state} ORDER BY a.user_id"
            )
        }
        (None, Some(state)) => format!(
            "SELECT a.user_id FROM access a {{sqlite INDEXED BY access_idle}} \
             WHERE a.org = ? AND a.user_id > ? AND a.state <> 'active' AND a.state = '{state}' \
             ORDER BY a.user_id"
        ),
    }
}

const WITH_ROLE: &str = "SELECT a.user_id FROM access a {sqlite INDEXED BY access_active} \
     WHERE a.org = ? AND a.user_id > ? AND a.role = ? AND a.state = 'active'";
const AWAITING_ROLE: &str = "SELECT a.user_id FROM access a {sqlite INDEXED BY access_waiting} \
     WHERE a.org = ? AND a.user_id > ? AND a.role = ? AND a.state = 'not_activated'";

fn of_group(common: &Common) -> String {
    let role = common.role.as_ref().map_or("", |_| " AND a.role = ?");
    let state = common
        .state
        .map(|state| format!(" AND a.state = '{state}'"))
        .unwrap_or_default();
    format!(
        "SELECT m.member_id FROM members m JOIN access a \
         ON a.org = m.org AND a.user_id = m.member_id \
         WHERE m.org = ? AND m.member_id > ?{role}{state} AND m.group_id = ? AND m.kind = 0 \
         ORDER BY m.member_id"
    )
}

impl Roster for Transaction<'_> {
    fn roster(
        &mut self,
        common: &Common,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<UserId>> {
        let after = after.map(|user| user.0);
        let mut part = vec![self.scope(), row::after(after.as_ref())];
        part.extend(common.role.as_ref().map(|role| Bind::Text(role.as_str())));
        let merged = common.group.is_none() && common.role.is_some() && common.state.is_none();
        let mut binds = part.clone();
        if merged {
            binds.extend(part);
        }
        binds.extend(
            common
                .group
                .as_ref()
                .map(|group| Bind::Bytes(group.0.as_bytes())),
        );
        let text = text(common, limit);
        let query = Made::<(Binary,)>::new(&text, &binds);
        let rows: Vec<(Vec<u8>,)> = self
            .session
            .ask(|conn| diesel::RunQueryDsl::load(query, conn))?;
        self.user_ids(rows)
    }

    fn users_by_hand(&mut self, after: Option<UserId>, limit: u64) -> Stored<Vec<UserId>> {
        let after = after.map(|user| user.0);
        let binds = [self.scope(), row::after(after.as_ref()), row::limit(limit)];
        let rows = ByHand::rows(self.session, &binds)?;
        self.user_ids(rows)
    }
}

/// Every text that there is, for the test of their plans.
#[cfg(test)]
pub(super) fn texts() -> Vec<String> {
    let role = domain::RoleKey::new("admin").ok();
    let states = [
        None,
        Some(State::Active),
        Some(State::NotActivated),
        Some(State::Deactivated),
    ];
    let mut all = Vec::new();
    for group in [None, Some(domain::GroupId(uuid::Uuid::nil()))] {
        for role in [None, role.clone()] {
            for state in states {
                let common = Common {
                    group,
                    role: role.clone(),
                    state,
                };
                all.push(text(&common, 100));
            }
        }
    }
    all
}
