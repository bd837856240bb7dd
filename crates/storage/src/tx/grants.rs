//! What was granted by hand, and what is held.

use app::port::grants::{GrantScope, HoldRow};
use app::port::{Grants, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use domain::{Grant, RoleKey, UserId};

use super::{Transaction, gives, row};
use crate::sql::{Bind, statements};

statements! {
    GrantsOfUser: "SELECT kind, place, role, strength, granted_by, at FROM grants \
         WHERE org = ? AND user_id = ? ORDER BY place" =>
        (Text, Binary, Nullable<Text>, Text, Text, BigInt)
        as (String, Vec<u8>, Option<String>, String, String, i64);
    PutGrant: "INSERT INTO grants (org, user_id, place, kind, role, strength, granted_by, at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (org, user_id, place) DO UPDATE SET \
         kind = excluded.kind, role = excluded.role, strength = excluded.strength, \
         granted_by = excluded.granted_by, at = excluded.at";
    DeleteGrant: "DELETE FROM grants WHERE org = ? AND user_id = ? AND place = ?";
    DeleteGrantsOfUser: "DELETE FROM grants WHERE org = ? AND user_id = ?";
    DeleteHoldsOfUser: "DELETE FROM holds WHERE org = ? AND user_id = ?";
    GrantedRoles: "SELECT DISTINCT role FROM grants WHERE org = ? AND role IS NOT NULL \
         AND role <> 'inherit' ORDER BY role" => (Text,) as (String,);
    UsersWithGrants: "SELECT count(DISTINCT user_id) FROM grants WHERE org = ?" =>
        (BigInt,) as (i64,);
    AllHolds: "SELECT user_id, role, since FROM holds WHERE org = ? ORDER BY user_id, role" =>
        (Binary, Text, BigInt) as (Vec<u8>, String, i64);
    PlaceHold: "INSERT INTO holds (org, user_id, role, since) VALUES (?, ?, ?, ?) \
         ON CONFLICT DO NOTHING";
    ReleaseHold: "DELETE FROM holds WHERE org = ? AND user_id = ? AND role = ?";
}

/// A grant as selected: kind, place, role, strength, granted_by, at.
pub(super) type Columns = (String, Vec<u8>, Option<String>, String, String, i64);

/// A grant.
pub(super) fn read((kind, place, role, strength, by, at_ms): Columns) -> Option<Grant> {
    Some(Grant {
        target: gives::read(&kind, &place, role)?,
        kind: strength.parse().ok()?,
        by,
        at_ms,
    })
}

fn hold((user, role, since): (Vec<u8>, String, i64)) -> Option<HoldRow> {
    Some(HoldRow {
        user: UserId(row::uuid(&user)?),
        role: RoleKey::new(role).ok()?,
        since,
    })
}

impl Transaction<'_> {
    /// Takes everything given to or held for a user by hand.
    pub(super) fn delete_grants_of(&mut self, user: UserId) -> Stored<()> {
        let binds = [self.scope(), Bind::Bytes(user.0.as_bytes())];
        DeleteGrantsOfUser::run(self.session, &binds)?;
        DeleteHoldsOfUser::run(self.session, &binds)?;
        Ok(())
    }
}

impl Grants for Transaction<'_> {
    fn grants(&mut self, user: UserId) -> Stored<Vec<Grant>> {
        let binds = [self.scope(), Bind::Bytes(user.0.as_bytes())];
        let rows = GrantsOfUser::rows(self.session, &binds)?;
        let grants: Option<Vec<_>> = rows.into_iter().map(read).collect();
        grants.ok_or_else(|| self.unreadable("grant"))
    }

    fn put_grant(&mut self, user: UserId, grant: &Grant) -> Stored<()> {
        let columns = gives::columns(&grant.target);
        let binds = [
            self.scope(),
            Bind::Bytes(user.0.as_bytes()),
            Bind::Bytes(columns.place()),
            Bind::Text(columns.kind),
            Bind::MaybeText(columns.role),
            Bind::Text(grant.kind.as_str()),
            Bind::Text(&grant.by),
            Bind::Int(grant.at_ms),
        ];
        PutGrant::run(self.session, &binds)?;
        Ok(())
    }

    fn delete_grant(&mut self, user: UserId, scope: GrantScope) -> Stored<bool> {
        let binds = [
            self.scope(),
            Bind::Bytes(user.0.as_bytes()),
            Bind::Bytes(gives::place_of(&scope)),
        ];
        Ok(DeleteGrant::run(self.session, &binds)? > 0)
    }

    fn granted_roles(&mut self) -> Stored<Vec<RoleKey>> {
        let rows = GrantedRoles::rows(self.session, &[self.scope()])?;
        let roles: Result<Vec<_>, _> = rows.into_iter().map(|(role,)| RoleKey::new(role)).collect();
        roles.map_err(|_| self.unreadable("role of a grant"))
    }

    fn users_with_grants(&mut self) -> Stored<u64> {
        let row = UsersWithGrants::row(self.session, &[self.scope()])?;
        Ok(row.map_or(0, |(count,)| count.unsigned_abs()))
    }

    fn holds(&mut self) -> Stored<Vec<HoldRow>> {
        let rows = AllHolds::rows(self.session, &[self.scope()])?;
        let holds: Option<Vec<_>> = rows.into_iter().map(hold).collect();
        holds.ok_or_else(|| self.unreadable("hold"))
    }

    fn place_hold(&mut self, row: &HoldRow) -> Stored<()> {
        let binds = [
            self.scope(),
            Bind::Bytes(row.user.0.as_bytes()),
            Bind::Text(row.role.as_str()),
            Bind::Int(row.since),
        ];
        PlaceHold::run(self.session, &binds)?;
        Ok(())
    }

    fn release_hold(&mut self, user: UserId, role: &RoleKey) -> Stored<()> {
        let binds = [
            self.scope(),
            Bind::Bytes(user.0.as_bytes()),
            Bind::Text(role.as_str()),
        ];
        ReleaseHold::run(self.session, &binds)?;
        Ok(())
    }
}
