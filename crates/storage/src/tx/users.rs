//! Users: a narrow row, a document, e-mail addresses.

use app::port::users::{Page, Search, UserFound, UserKeys, UserRow, UserWrite};
use app::port::{Members, Stored, Users};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};
use domain::{Standing, UserId};
use serde::Serialize;
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::json::{self, CHUNK, FEW};
use crate::sql::{Bind, statements};

statements! {
    /// One user.
    UserById: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.id = ?" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text) as (Vec<u8>, i64, i64, i64, bool, String);
    /// One user with its groups: every answer with a user in it shows them.
    UserWithGroups: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document, \
             (SELECT {pairs g.id g.display_name} \
              FROM members m JOIN groups g ON g.org = m.org AND g.id = m.group_id \
              WHERE m.org = u.org AND m.member_id = u.id) \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.id = ?" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text, Nullable<Text>)
        as (Vec<u8>, i64, i64, i64, bool, String, Option<String>);
    /// Several users.
    UsersByIds: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.id {ids} ORDER BY u.id" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text) as (Vec<u8>, i64, i64, i64, bool, String);
    /// One user, to be changed. On PostgreSQL a row that another transaction changed is read anew
    /// after the wait if it is locked here, and only then: so both are.
    UserForUpdate: "SELECT u.id, u.version, u.created, u.modified, u.by_hand, d.document \
         FROM users u JOIN user_documents d ON d.org = u.org AND d.id = u.id \
         WHERE u.org = ? AND u.id = ? {for update}" =>
        (Binary, BigInt, BigInt, BigInt, Bool, Text) as (Vec<u8>, i64, i64, i64, bool, String);
    /// Who has this address as the primary one.
    UserByPrimaryEmail: "SELECT user_id FROM user_emails \
         WHERE org = ? AND email = ? AND is_primary ORDER BY email, user_id LIMIT 1" =>
        (Binary,) as (Vec<u8>,);
    InsertUser: "INSERT INTO users (org, id, user_name, external_id, active, left_mapped, \
         awaiting_activation, role_claims, by_hand, version, created, modified) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    UpdateUser: "UPDATE users SET user_name = ?, external_id = ?, active = ?, role_claims = ?, \
         by_hand = ?, version = ?, created = ?, modified = ? WHERE org = ? AND id = ?";
    /// The same without the keys, so that their indexes are left alone.
    UpdateUserRow: "UPDATE users SET by_hand = ?, version = ?, created = ?, modified = ? \
         WHERE org = ? AND id = ?";
    InsertUserDocument: "INSERT INTO user_documents (org, id, document) VALUES (?, ?, ?)";
    UpdateUserDocument: "UPDATE user_documents SET document = ? WHERE org = ? AND id = ?";
    InsertEmails: "INSERT INTO user_emails (org, user_id, email, kind, is_primary) \
         SELECT ?, ?, r.e, r.k, r.p <> 0 FROM {rows e text, k text, p bigint}";
    InsertEmail: "INSERT INTO user_emails (org, user_id, email, kind, is_primary) \
         VALUES (?, ?, ?, ?, ?)";
    DeleteEmails: "DELETE FROM user_emails WHERE org = ? AND user_id = ?";
    DeleteUser: "DELETE FROM users WHERE org = ? AND id = ?";
    DeleteUserDocument: "DELETE FROM user_documents WHERE org = ? AND id = ?";
    DeleteMemberships: "DELETE FROM members WHERE org = ? AND member_id = ?";
    /// Whether the user took a seat.
    DeleteAccess: "DELETE FROM access WHERE org = ? AND user_id = ? \
         RETURNING state = 'active' AND seat" => (Bool,) as (bool,);
    DeleteStale: "DELETE FROM stale_access WHERE org = ? AND user_id = ?";
}

/// An e-mail address as a row of JSON.
#[derive(Serialize)]
struct Email<'a> {
    e: &'a str,
    k: &'a str,
    p: u8,
}

impl Transaction<'_> {
    fn claims(&mut self, keys: &UserKeys) -> Stored<String> {
        serde_json::to_string(&keys.role_claims).map_err(|_| self.unreadable("roles of a user"))
    }

    fn insert_emails(&mut self, id: Uuid, keys: &UserKeys) -> Stored<()> {
        if keys.emails.is_empty() {
            return Ok(());
        }
        if keys.emails.len() <= FEW && (self.session.is_sqlite() || keys.emails.len() == 1) {
            return self.insert_few_emails(id, keys);
        }
        let rows: Vec<_> = keys
            .emails
            .iter()
            .map(|email| Email {
                e: &email.key,
                k: &email.kind,
                p: email.primary.into(),
            })
            .collect();
        let rows = json::rows(&rows).map_err(|_| self.unreadable("e-mail of a user"))?;
        let binds = [self.scope(), Bind::Bytes(id.as_bytes()), Bind::Text(&rows)];
        InsertEmails::later(self.session, &binds)
    }

    fn insert_few_emails(&mut self, id: Uuid, keys: &UserKeys) -> Stored<()> {
        for email in &keys.emails {
            let binds = [
                self.scope(),
                Bind::Bytes(id.as_bytes()),
                Bind::Text(&email.key),
                Bind::Text(&email.kind),
                Bind::Bool(email.primary),
            ];
            InsertEmail::later(self.session, &binds)?;
        }
        Ok(())
    }

    fn one_user(&mut self, columns: Option<row::UserColumns>) -> Stored<Option<UserRow>> {
        let Some(columns) = columns else {
            return Ok(None);
        };
        row::user(columns)
            .map(Some)
            .ok_or_else(|| self.unreadable("id of a user"))
    }

    fn update_user_row(&mut self, user: &UserWrite, keys_differ: bool) -> Stored<()> {
        let UserWrite { row, keys } = user;
        let mut binds = vec![
            row::by_hand(row),
            Bind::Int(row.version),
            Bind::Int(row.created),
            Bind::Int(row.modified),
            self.scope(),
            Bind::Bytes(row.id.0.as_bytes()),
        ];
        if !keys_differ {
            return UpdateUserRow::later(self.session, &binds);
        }
        let claims = self.claims(keys)?;
        let keys = [
            Bind::Text(&keys.user_name),
            Bind::MaybeText(keys.external_id.as_deref()),
            Bind::Bool(keys.active),
            Bind::Text(&claims),
        ];
        binds.splice(0..0, keys);
        // At once: its name may be taken.
        UpdateUser::run(self.session, &binds).map(drop)
    }
}

impl Users for Transaction<'_> {
    fn user(&mut self, id: UserId) -> Stored<Option<UserRow>> {
        let columns = UserById::row(self.session, &[self.scope(), Bind::Bytes(id.0.as_bytes())])?;
        self.one_user(columns)
    }

    fn user_with_groups(&mut self, id: UserId) -> Stored<Option<UserFound>> {
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        let columns = UserWithGroups::row(self.session, &binds)?;
        let found = columns.map(row::user_found);
        match found {
            Some(None) => Err(self.unreadable("groups of a user")),
            found => Ok(found.flatten()),
        }
    }

    fn users(&mut self, ids: &[UserId]) -> Stored<Vec<UserRow>> {
        let mut ids: Vec<Uuid> = ids.iter().map(|user| user.0).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = Vec::with_capacity(ids.len());
        for chunk in ids.chunks(CHUNK) {
            let list = json::ids(chunk.iter().copied());
            let rows = UsersByIds::rows(self.session, &[self.scope(), Bind::Text(&list)])?;
            for columns in rows {
                let user = row::user(columns);
                found.push(user.ok_or_else(|| self.unreadable("id of a user"))?);
            }
        }
        Ok(found)
    }

    fn user_for_update(&mut self, id: UserId) -> Stored<Option<UserRow>> {
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        let columns = UserForUpdate::row(self.session, &binds)?;
        self.one_user(columns)
    }

    fn user_by_primary_email(&mut self, key: &str) -> Stored<Option<UserId>> {
        let row = UserByPrimaryEmail::row(self.session, &[self.scope(), Bind::Text(key)])?;
        let Some((id,)) = row else {
            return Ok(None);
        };
        let id = row::uuid(&id).ok_or_else(|| self.unreadable("id of a user"))?;
        Ok(Some(UserId(id)))
    }

    fn search_users(&mut self, search: &Search) -> Stored<Page<UserRow>> {
        super::search::page::<super::search::Users>(self, search)
    }

    fn list_users(&mut self, search: &Search) -> Stored<Page<UserFound>> {
        if let Some(page) = super::search::looked_up(self, search)? {
            return Ok(page);
        }
        let Page { total, items } = self.search_users(search)?;
        let groups = if search.filter.is_none() && search.sort.is_none() {
            self.groups_between(&items)?
        } else {
            let ids: Vec<UserId> = items.iter().map(|row| row.id).collect();
            self.groups_of(&ids)?
        };
        let items = UserFound::join(items, &groups);
        Ok(Page { total, items })
    }

    fn insert_user(&mut self, user: &UserWrite, standing: Standing) -> Stored<()> {
        let UserWrite { row, keys } = user;
        let claims = self.claims(keys)?;
        let id = Bind::Bytes(row.id.0.as_bytes());
        let binds = [
            self.scope(),
            id,
            Bind::Text(&keys.user_name),
            Bind::MaybeText(keys.external_id.as_deref()),
            Bind::Bool(keys.active),
            Bind::Bool(standing.left_mapped),
            Bind::Bool(standing.awaiting_activation),
            Bind::Text(&claims),
            row::by_hand(row),
            Bind::Int(row.version),
            Bind::Int(row.created),
            Bind::Int(row.modified),
        ];
        InsertUser::run(self.session, &binds)?;
        let binds = [self.scope(), id, Bind::Text(&row.document)];
        InsertUserDocument::later(self.session, &binds)?;
        self.insert_emails(row.id.0, keys)
    }

    fn update_user(&mut self, user: &UserWrite, before: &UserKeys) -> Stored<()> {
        let UserWrite { row, keys } = user;
        let differ = (
            &keys.user_name,
            &keys.external_id,
            keys.active,
            &keys.role_claims,
        ) != (
            &before.user_name,
            &before.external_id,
            before.active,
            &before.role_claims,
        );
        self.update_user_row(user, differ)?;
        let id = Bind::Bytes(row.id.0.as_bytes());
        let binds = [Bind::Text(&row.document), self.scope(), id];
        UpdateUserDocument::later(self.session, &binds)?;
        if keys.emails != before.emails {
            DeleteEmails::run(self.session, &[self.scope(), id])?;
            self.insert_emails(row.id.0, keys)?;
        }
        Ok(())
    }

    fn delete_user(&mut self, id: UserId) -> Stored<bool> {
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        if DeleteUser::run(self.session, &binds)? == 0 {
            return Ok(false);
        }
        DeleteUserDocument::run(self.session, &binds)?;
        DeleteEmails::run(self.session, &binds)?;
        DeleteMemberships::run(self.session, &binds)?;
        self.delete_grants_of(id)?;
        self.delete_reached_of(id)?;
        if let Some((true,)) = DeleteAccess::row(self.session, &binds)? {
            self.move_seats(-1)?;
        }
        DeleteStale::run(self.session, &binds)?;
        Ok(true)
    }
}
