//! Numbers that decisions need. Each is counted in one narrow index, never in the rows.

use app::port::access::AccessRow;
use app::port::counts::Losses;
use app::port::{Counts, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use domain::{RoleKey, UserId};

use super::{Transaction, row};
use crate::gates;
use crate::sql::{Bind, statements};

statements! {
    /// Where there is no limit of seats. Only active users take one, so that their index has them all.
    SeatsUsed: "SELECT count(*) FROM access {sqlite INDEXED BY access_active} \
         WHERE org = ? AND state = 'active' AND seat" => (BigInt,) as (i64,);
    ActiveUsers: "SELECT count(*) FROM (SELECT 1 FROM access {sqlite INDEXED BY access_active} \
         WHERE org = ? AND state = 'active' LIMIT ?) AS counted" => (BigInt,) as (i64,);
    AllUsers: "SELECT count(*) FROM users WHERE org = ?" => (BigInt,) as (i64,);
    StaleCount: "SELECT count(*) FROM stale_access WHERE org = ?" => (BigInt,) as (i64,);
    /// One role at a time: then the index is in id order.
    HoldersOf: "SELECT a.user_id, a.state, a.role, a.seat, a.sees_all, a.reach, \
             s.user_id IS NOT NULL, s.left_group IS TRUE \
         FROM access a {sqlite INDEXED BY access_active} \
         LEFT JOIN stale_access s ON s.org = a.org AND s.user_id = a.user_id \
         WHERE a.org = ? AND a.state = 'active' AND a.role = ? AND a.user_id > ? \
         ORDER BY a.user_id LIMIT 100" =>
        (Binary, Text, Nullable<Text>, Bool, Bool, Nullable<Text>, Bool, Bool)
        as (Vec<u8>, String, Option<String>, bool, bool, Option<String>, bool, bool);
    AddLosses: "INSERT INTO losses (org, minute, users, still_active, alarmed) \
         VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (org, minute) DO UPDATE SET users = losses.users + excluded.users, \
         still_active = losses.still_active + excluded.still_active, \
         alarmed = losses.alarmed OR excluded.alarmed";
    LossesSince: "SELECT CAST(coalesce(sum(users), 0) AS bigint), \
             CAST(coalesce(sum(still_active), 0) AS bigint), \
             CAST(coalesce(max(CASE WHEN alarmed THEN 1 ELSE 0 END), 0) AS bigint) \
         FROM losses WHERE org = ? AND minute > ? AND minute <= ?" =>
        (BigInt, BigInt, BigInt) as (i64, i64, i64);
    /// A day is more than any window.
    ForgetLosses: "DELETE FROM losses WHERE org = ? AND minute < ? - 1440";
}

/// How many a call of [`Counts::holders`] gives.
const HOLDERS: usize = 100;

fn minute(at: Millis) -> i64 {
    at.div_euclid(60_000)
}

fn count(row: Option<(i64,)>) -> u64 {
    row.map_or(0, |(count,)| count.unsigned_abs())
}

impl Transaction<'_> {
    fn note_losses(&mut self, minute: i64, losses: Losses) -> Stored<()> {
        let minute = Bind::Int(minute);
        let binds = [
            self.scope(),
            minute,
            Bind::count(losses.users),
            Bind::count(losses.still_active),
            Bind::Bool(losses.alarmed),
        ];
        AddLosses::run(self.session, &binds)?;
        ForgetLosses::run(self.session, &[self.scope(), minute])?;
        Ok(())
    }
}

impl Counts for Transaction<'_> {
    fn seats_used(&mut self) -> Stored<u64> {
        if let Some(seats) = gates::seats(self.session, self.org)? {
            return Ok(seats.unsigned_abs());
        }
        let row = SeatsUsed::row(self.session, &[self.scope()])?;
        Ok(count(row))
    }

    fn active_users(&mut self, most: u64) -> Stored<u64> {
        let binds = [self.scope(), Bind::count(most)];
        let row = ActiveUsers::row(self.session, &binds)?;
        Ok(count(row))
    }

    fn all_users(&mut self) -> Stored<u64> {
        let row = AllUsers::row(self.session, &[self.scope()])?;
        Ok(count(row))
    }

    fn stale_count(&mut self) -> Stored<u64> {
        let row = StaleCount::row(self.session, &[self.scope()])?;
        Ok(count(row))
    }

    fn holders(&mut self, roles: &[RoleKey], after: Option<UserId>) -> Stored<Vec<AccessRow>> {
        let after = after.map(|user| user.0);
        let roles: std::collections::BTreeSet<&RoleKey> = roles.iter().collect();
        let mut holders = Vec::new();
        for role in roles {
            let role = Bind::Text(role.as_str());
            let binds = [self.scope(), role, row::after(after.as_ref())];
            let rows = HoldersOf::rows(self.session, &binds)?;
            holders.extend(self.access_rows(rows)?);
        }
        holders.sort_by_key(|holder| holder.user);
        holders.truncate(HOLDERS);
        Ok(holders)
    }

    fn add_losses(&mut self, at: Millis, lost: Losses, minutes: u64) -> Stored<Losses> {
        // Writers who took nothing from anybody must not queue on the minute's row.
        if lost.users > 0 {
            let alarmed = false;
            self.note_losses(minute(at), Losses { alarmed, ..lost })?;
        }
        self.losses(at, minutes)
    }

    fn losses(&mut self, at: Millis, minutes: u64) -> Stored<Losses> {
        let now = minute(at);
        let since = now.saturating_sub(i64::try_from(minutes).unwrap_or(i64::MAX));
        let binds = [self.scope(), Bind::Int(since), Bind::Int(now)];
        let row = LossesSince::row(self.session, &binds)?;
        Ok(
            row.map_or_else(Losses::default, |(users, still, alarmed)| Losses {
                users: users.unsigned_abs(),
                still_active: still.unsigned_abs(),
                alarmed: alarmed != 0,
            }),
        )
    }

    fn note_alarm(&mut self, at: Millis) -> Stored<()> {
        let alarm = Losses {
            alarmed: true,
            ..Losses::default()
        };
        self.note_losses(minute(at), alarm)
    }
}
