//! Users.

use std::sync::Arc;

use app::port::store::Unique;
use app::port::users::{Page, Search, UserFound, UserKeys, UserRow, UserWrite};
use app::port::{Members, StoreError, Stored, Users};
use app::representation::user_for_filter;
use domain::{Standing, UserId};

use super::documents::page;
use super::unit::{MemoryTx, broken};

impl MemoryTx {
    fn user_name_is_free(&self, user: &UserWrite) -> Stored<()> {
        let taken = |other: &Arc<UserWrite>| {
            other.keys.user_name == user.keys.user_name && other.row.id != user.row.id
        };
        if self.org.users.values().any(taken) {
            return Err(StoreError::Conflict(Unique::UserName));
        }
        Ok(())
    }

    fn put_user(&mut self, user: &UserWrite) {
        Arc::make_mut(&mut self.org.users).insert(user.row.id, Arc::new(user.clone()));
    }
}

impl Users for MemoryTx {
    fn user(&mut self, id: UserId) -> Stored<Option<UserRow>> {
        Ok(self.org.users.get(&id).map(|user| user.row.clone()))
    }

    fn user_with_groups(&mut self, id: UserId) -> Stored<Option<UserFound>> {
        let rows: Vec<UserRow> = self.user(id)?.into_iter().collect();
        let groups = self.groups_of(&[id])?;
        Ok(UserFound::join(rows, &groups).pop())
    }

    fn users(&mut self, ids: &[UserId]) -> Stored<Vec<UserRow>> {
        let wanted = self
            .org
            .users
            .values()
            .filter(|user| ids.contains(&user.row.id));
        Ok(wanted.map(|user| user.row.clone()).collect())
    }

    fn user_for_update(&mut self, id: UserId) -> Stored<Option<UserRow>> {
        self.may_write()?;
        self.hold(id.0);
        self.user(id)
    }

    fn user_by_primary_email(&mut self, key: &str) -> Stored<Option<UserId>> {
        let has = |user: &&Arc<UserWrite>| {
            user.keys
                .emails
                .iter()
                .any(|email| email.primary && email.key == key)
        };
        Ok(self.org.users.values().find(has).map(|user| user.row.id))
    }

    fn search_users(&mut self, search: &Search) -> Stored<Page<UserRow>> {
        let rows: Vec<UserRow> = self
            .org
            .users
            .values()
            .map(|user| user.row.clone())
            .collect();
        page(
            rows,
            search,
            |row| row.id.0,
            |row| {
                let groups = self
                    .groups_of(&[row.id])?
                    .into_iter()
                    .map(|(_, group)| group);
                Ok(user_for_filter(row, &groups.collect::<Vec<_>>()))
            },
        )
    }

    fn list_users(&mut self, search: &Search) -> Stored<Page<UserFound>> {
        let Page { total, items } = self.search_users(search)?;
        let ids: Vec<UserId> = items.iter().map(|row| row.id).collect();
        let groups = self.groups_of(&ids)?;
        let items = UserFound::join(items, &groups);
        Ok(Page { total, items })
    }

    fn insert_user(&mut self, user: &UserWrite, standing: Standing) -> Stored<()> {
        self.may_write()?;
        if self.org.users.contains_key(&user.row.id) {
            return Err(StoreError::Conflict(Unique::Id));
        }
        self.user_name_is_free(user)?;
        self.hold(user.row.id.0);
        self.put_user(user);
        Arc::make_mut(&mut self.org.standing).insert(user.row.id, standing);
        Ok(())
    }

    fn update_user(&mut self, user: &UserWrite, before: &UserKeys) -> Stored<()> {
        self.may_write()?;
        self.must_hold(user.row.id.0)?;
        let Some(stored) = self.org.users.get(&user.row.id) else {
            return Err(broken("a user is replaced that is not there"));
        };
        if stored.keys != *before {
            return Err(broken("the keys given as replaced are not the stored ones"));
        }
        self.user_name_is_free(user)?;
        self.put_user(user);
        Ok(())
    }

    fn delete_user(&mut self, id: UserId) -> Stored<bool> {
        self.may_write_alone()?;
        if Arc::make_mut(&mut self.org.users).remove(&id).is_none() {
            return Ok(false);
        }
        Arc::make_mut(&mut self.org.members).retain(|(_, member), _| *member != id.0);
        Arc::make_mut(&mut self.org.standing).remove(&id);
        self.delete_grants_of(id);
        Arc::make_mut(&mut self.org.access).remove(&id);
        Arc::make_mut(&mut self.org.stale).remove(&id);
        Ok(true)
    }
}
