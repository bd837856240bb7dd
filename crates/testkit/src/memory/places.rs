//! Workspaces and projects, and who is in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::port::places::{Atlas, ProjectRow, WorkspaceRow};
use app::port::store::Unique;
use app::port::{Places, StoreError, Stored};
use domain::{Access, ProjectId, UserId, WorkspaceId};
use uuid::Uuid;

use super::unit::MemoryTx;

/// Whether the access has an explicit row in this place.
fn reaches(access: &Access, place: Uuid) -> bool {
    access.workspaces.contains_key(&WorkspaceId(place))
        || access.projects.contains_key(&ProjectId(place))
}

impl MemoryTx {
    fn change_places(&mut self) -> Stored<&mut Atlas> {
        self.may_write_alone()?;
        self.org.revision += 1;
        Ok(Arc::make_mut(&mut self.org.places))
    }

    fn delete_grants_at(&mut self, places: &BTreeSet<Uuid>) {
        Arc::make_mut(&mut self.org.grants).retain(|(_, scope), _| {
            super::grants::place_of(*scope).is_none_or(|at| !places.contains(&at))
        });
    }

    fn users_where(&self, wanted: impl Fn(&Access) -> bool) -> impl Iterator<Item = UserId> {
        let rows = self.org.access.iter();
        rows.filter(move |(_, access)| wanted(access))
            .map(|(user, _)| *user)
    }
}

/// By workspace's slug, then the project's own.
fn sort(atlas: &mut Atlas) {
    atlas.workspaces.sort_by(|a, b| a.slug.cmp(&b.slug));
    let workspaces = atlas.workspaces.clone();
    let place = |project: &ProjectRow| {
        let of = workspaces
            .iter()
            .position(|row| row.id == project.workspace);
        (of, project.slug.clone())
    };
    atlas.projects.sort_by_key(place);
}

impl Places for MemoryTx {
    fn places(&mut self) -> Stored<Arc<Atlas>> {
        Ok(Arc::clone(&self.org.places))
    }

    fn save_workspace(&mut self, workspace: &WorkspaceRow) -> Stored<()> {
        let atlas = self.change_places()?;
        let taken = |other: &WorkspaceRow| other.slug == workspace.slug && other.id != workspace.id;
        if atlas.workspaces.iter().any(taken) {
            return Err(StoreError::Conflict(Unique::Place));
        }
        match atlas
            .workspaces
            .iter_mut()
            .find(|row| row.id == workspace.id)
        {
            Some(row) => {
                row.slug = workspace.slug.clone();
                row.name.clone_from(&workspace.name);
            }
            None => atlas.workspaces.push(workspace.clone()),
        }
        sort(atlas);
        Ok(())
    }

    fn delete_workspace(&mut self, id: WorkspaceId) -> Stored<()> {
        let atlas = self.change_places()?;
        let inside = atlas.projects.iter().filter(|row| row.workspace == id);
        let mut gone: BTreeSet<Uuid> = inside.map(|row| row.id.0).collect();
        gone.insert(id.0);
        atlas.projects.retain(|row| row.workspace != id);
        atlas.workspaces.retain(|row| row.id != id);
        self.delete_grants_at(&gone);
        Ok(())
    }

    fn save_project(&mut self, project: &ProjectRow) -> Stored<()> {
        let atlas = self.change_places()?;
        let taken = |other: &ProjectRow| {
            (other.workspace, &other.slug) == (project.workspace, &project.slug)
                && other.id != project.id
        };
        if atlas.projects.iter().any(taken) {
            return Err(StoreError::Conflict(Unique::Place));
        }
        match atlas.projects.iter_mut().find(|row| row.id == project.id) {
            Some(row) => {
                row.slug = project.slug.clone();
                row.name.clone_from(&project.name);
            }
            None => atlas.projects.push(project.clone()),
        }
        sort(atlas);
        Ok(())
    }

    fn delete_project(&mut self, id: ProjectId) -> Stored<()> {
        self.change_places()?.projects.retain(|row| row.id != id);
        self.delete_grants_at(&BTreeSet::from([id.0]));
        Ok(())
    }

    fn mark_members_of_place_stale(&mut self, place: Uuid) -> Stored<()> {
        let users: Vec<UserId> = self.users_where(|access| reaches(access, place)).collect();
        self.mark(users, false)
    }

    fn users_at_place(
        &mut self,
        place: Uuid,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<UserId>> {
        let limit = usize::try_from(limit.min(1_000)).unwrap_or(usize::MAX);
        let users = self.users_where(|access| access.sees_all || reaches(access, place));
        Ok(users
            .filter(|user| after.is_none_or(|after| *user > after))
            .take(limit)
            .collect())
    }
}
