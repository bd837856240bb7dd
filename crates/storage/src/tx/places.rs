//! Workspaces and projects, and who is in them.

use std::collections::BTreeSet;
use std::sync::Arc;

use app::port::places::{Atlas, ProjectRow, WorkspaceRow};
use app::port::{Org, Places, Stored};
use diesel::sql_types::{BigInt, Binary, Text};
use domain::{ProjectId, Slug, UserId, WorkspaceId};
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::{Bind, statements};

statements! {
    AllWorkspaces: "SELECT id, slug, name, created FROM workspaces WHERE org = ? ORDER BY slug" =>
        (Binary, Text, Text, BigInt) as (Vec<u8>, String, String, i64);
    AllProjects: "SELECT p.id, p.workspace, p.slug, p.name, p.created FROM projects p \
         JOIN workspaces w ON w.org = p.org AND w.id = p.workspace \
         WHERE p.org = ? ORDER BY w.slug, p.slug" =>
        (Binary, Binary, Text, Text, BigInt) as (Vec<u8>, Vec<u8>, String, String, i64);
    SaveWorkspace: "INSERT INTO workspaces (org, id, slug, name, created) \
         VALUES (?, ?, ?, ?, ?) ON CONFLICT (org, id) DO UPDATE SET slug = excluded.slug, \
         name = excluded.name";
    SaveProject: "INSERT INTO projects (org, id, workspace, slug, name, created) \
         VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (org, id) DO UPDATE SET slug = excluded.slug, \
         name = excluded.name";
    DeleteGrantsAtProjects: "DELETE FROM grants WHERE org = ? AND place IN \
         (SELECT p.id FROM projects p WHERE p.org = ? AND p.workspace = ?)";
    DeleteGrantsAt: "DELETE FROM grants WHERE org = ? AND place = ?";
    DeleteProjectsOf: "DELETE FROM projects WHERE org = ? AND workspace = ?";
    DeleteWorkspace: "DELETE FROM workspaces WHERE org = ? AND id = ?";
    DeleteProject: "DELETE FROM projects WHERE org = ? AND id = ?";
    MarkReached: "INSERT INTO stale_access (org, user_id, left_group) \
         SELECT p.org, p.user_id, l.id IS NOT NULL FROM reached p \
         LEFT JOIN users l {sqlite INDEXED BY users_left_mapped} \
         ON l.org = p.org AND l.id = p.user_id AND l.left_mapped \
         WHERE p.org = ? AND p.place = ? ORDER BY p.user_id ON CONFLICT DO NOTHING";
    ReachedAfter: "SELECT user_id FROM reached WHERE org = ? AND place = ? AND user_id > ? \
         ORDER BY user_id LIMIT ?" => (Binary,) as (Vec<u8>,);
    SeesAllAfter: "SELECT user_id FROM access {sqlite INDEXED BY access_sees_all} \
         WHERE org = ? AND sees_all AND user_id > ? ORDER BY user_id LIMIT ?" =>
        (Binary,) as (Vec<u8>,);
}

/// The most users of one page.
const PAGE: u64 = 1_000;

fn workspace((id, slug, name, created): (Vec<u8>, String, String, i64)) -> Option<WorkspaceRow> {
    Some(WorkspaceRow {
        id: WorkspaceId(row::uuid(&id)?),
        slug: Slug::new(slug).ok()?,
        name,
        created,
    })
}

fn project(columns: (Vec<u8>, Vec<u8>, String, String, i64)) -> Option<ProjectRow> {
    let (id, workspace, slug, name, created) = columns;
    Some(ProjectRow {
        id: ProjectId(row::uuid(&id)?),
        workspace: WorkspaceId(row::uuid(&workspace)?),
        slug: Slug::new(slug).ok()?,
        name,
        created,
    })
}

impl Transaction<'_> {
    fn read_places(&mut self) -> Stored<Arc<Atlas>> {
        let workspaces = AllWorkspaces::rows(self.session, &[self.scope()])?;
        let workspaces: Option<Vec<_>> = workspaces.into_iter().map(workspace).collect();
        let projects = AllProjects::rows(self.session, &[self.scope()])?;
        let projects: Option<Vec<_>> = projects.into_iter().map(project).collect();
        match (workspaces, projects) {
            (Some(workspaces), Some(projects)) => Ok(Arc::new(Atlas {
                workspaces,
                projects,
            })),
            _ => Err(self.unreadable("workspace or project")),
        }
    }

    /// Before anything is written: the lock, and the end of what is remembered.
    fn change_places(&mut self) -> Stored<()> {
        self.need_exclusive()?;
        self.move_revision()
    }
}

impl Places for Transaction<'_> {
    fn places(&mut self) -> Stored<Arc<Atlas>> {
        // What this transaction has written may never be committed, and nobody else sees it.
        if self.settings_written {
            return self.read_places();
        }
        let revision = self.seen_revision()?;
        if let Some(atlas) = self.shared.atlases.get(self.org, revision) {
            return Ok(atlas);
        }
        let atlas = self.read_places()?;
        self.shared.atlases.keep(self.org, revision, &atlas);
        Ok(atlas)
    }

    fn save_workspace(&mut self, workspace: &WorkspaceRow) -> Stored<()> {
        self.change_places()?;
        let binds = [
            self.scope(),
            Bind::Bytes(workspace.id.0.as_bytes()),
            Bind::Text(workspace.slug.as_str()),
            Bind::Text(&workspace.name),
            Bind::Int(workspace.created),
        ];
        SaveWorkspace::run(self.session, &binds)?;
        Ok(())
    }

    fn delete_workspace(&mut self, id: WorkspaceId) -> Stored<()> {
        self.change_places()?;
        let id = Bind::Bytes(id.0.as_bytes());
        DeleteGrantsAtProjects::run(self.session, &[self.scope(), self.scope(), id])?;
        let binds = [self.scope(), id];
        DeleteGrantsAt::run(self.session, &binds)?;
        DeleteProjectsOf::run(self.session, &binds)?;
        DeleteWorkspace::run(self.session, &binds)?;
        Ok(())
    }

    fn save_project(&mut self, project: &ProjectRow) -> Stored<()> {
        self.change_places()?;
        let binds = [
            self.scope(),
            Bind::Bytes(project.id.0.as_bytes()),
            Bind::Bytes(project.workspace.0.as_bytes()),
            Bind::Text(project.slug.as_str()),
            Bind::Text(&project.name),
            Bind::Int(project.created),
        ];
        SaveProject::run(self.session, &binds)?;
        Ok(())
    }

    fn delete_project(&mut self, id: ProjectId) -> Stored<()> {
        self.change_places()?;
        let binds = [self.scope(), Bind::Bytes(id.0.as_bytes())];
        DeleteGrantsAt::run(self.session, &binds)?;
        DeleteProject::run(self.session, &binds)?;
        Ok(())
    }

    fn mark_members_of_place_stale(&mut self, place: Uuid) -> Stored<()> {
        let binds = [self.scope(), Bind::Bytes(place.as_bytes())];
        MarkReached::run(self.session, &binds)?;
        Ok(())
    }

    fn users_at_place(
        &mut self,
        place: Uuid,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<UserId>> {
        let limit = limit.min(PAGE);
        let after = after.map(|user| user.0);
        let (from, most) = (row::after(after.as_ref()), row::limit(limit));
        let binds = [self.scope(), Bind::Bytes(place.as_bytes()), from, most];
        let reached = ReachedAfter::rows(self.session, &binds)?;
        let everywhere = SeesAllAfter::rows(self.session, &[self.scope(), from, most])?;
        // The first of both lists are the first of their union.
        let reached = self.user_ids(reached)?;
        let all: BTreeSet<UserId> = self
            .user_ids(everywhere)?
            .into_iter()
            .chain(reached)
            .collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(all.into_iter().take(limit).collect())
    }
}
