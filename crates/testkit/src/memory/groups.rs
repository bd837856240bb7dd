//! Groups.

use std::sync::Arc;

use app::port::groups::{GroupRow, GroupWrite};
use app::port::store::Unique;
use app::port::users::{Page, Search};
use app::port::{Groups, Members, Millis, StoreError, Stored};
use app::representation::group_for_filter;
use domain::GroupId;

use super::documents::page;
use super::unit::{MemoryTx, broken};

impl MemoryTx {
    fn name_is_free(&self, group: &GroupWrite) -> Stored<()> {
        let taken = |other: &Arc<GroupWrite>| {
            other.name_key == group.name_key && other.row.id != group.row.id
        };
        if self.org.groups.values().any(taken) {
            return Err(StoreError::Conflict(Unique::GroupName));
        }
        Ok(())
    }

    fn put_group(&mut self, group: GroupWrite) {
        Arc::make_mut(&mut self.org.groups).insert(group.row.id, Arc::new(group));
    }

    /// The stored group, read for update before.
    fn held_group(&self, id: GroupId) -> Stored<Arc<GroupWrite>> {
        self.may_write()?;
        self.must_hold(id.0)?;
        let stored = self.org.groups.get(&id).map(Arc::clone);
        stored.ok_or_else(|| broken("a group is changed that is not there"))
    }
}

impl Groups for MemoryTx {
    fn group(&mut self, id: GroupId) -> Stored<Option<GroupRow>> {
        Ok(self.org.groups.get(&id).map(|group| group.row.clone()))
    }

    fn group_for_update(&mut self, id: GroupId) -> Stored<Option<GroupRow>> {
        self.may_write()?;
        self.hold(id.0);
        self.group(id)
    }

    fn group_by_name(&mut self, name_key: &str) -> Stored<Option<GroupRow>> {
        let found = self
            .org
            .groups
            .values()
            .find(|group| group.name_key == name_key);
        Ok(found.map(|group| group.row.clone()))
    }

    fn search_groups(&mut self, search: &Search) -> Stored<Page<GroupRow>> {
        let rows: Vec<GroupRow> = self
            .org
            .groups
            .values()
            .map(|group| group.row.clone())
            .collect();
        page(
            rows,
            search,
            |row| row.id.0,
            |row| Ok(group_for_filter(row, &self.members(row.id)?)),
        )
    }

    fn insert_group(&mut self, group: &GroupWrite) -> Stored<()> {
        self.may_write_alone()?;
        if self.org.groups.contains_key(&group.row.id) {
            return Err(StoreError::Conflict(Unique::Id));
        }
        self.name_is_free(group)?;
        self.hold(group.row.id.0);
        self.put_group(group.clone());
        Ok(())
    }

    fn update_group(&mut self, group: &GroupWrite) -> Stored<()> {
        if self.held_group(group.row.id)?.name_key != group.name_key {
            self.may_write_alone()?;
        }
        self.name_is_free(group)?;
        self.put_group(group.clone());
        Ok(())
    }

    fn touch_group(&mut self, id: GroupId, version: i64, modified: Millis) -> Stored<()> {
        let mut group = self.held_group(id)?.as_ref().clone();
        group.row.version = version;
        group.row.modified = modified;
        self.put_group(group);
        Ok(())
    }

    fn delete_group(&mut self, id: GroupId) -> Stored<bool> {
        self.may_write_alone()?;
        if Arc::make_mut(&mut self.org.groups).remove(&id).is_none() {
            return Ok(false);
        }
        let of_it = |group: GroupId, member| group == id || member == id.0;
        Arc::make_mut(&mut self.org.members).retain(|(group, member), _| !of_it(*group, *member));
        Ok(true)
    }
}
