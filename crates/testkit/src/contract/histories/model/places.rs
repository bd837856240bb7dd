//! Workspaces and projects, by path.

use std::collections::{BTreeMap, BTreeSet};

use app::Code;
use app::port::grants::GrantScope;
use domain::{ProjectId, WorkspaceId};
use uuid::Uuid;

use super::{Answer, Model, Workspace};

impl Model {
    pub(in super::super) fn make_place(&mut self, path: &str, id: Uuid) -> Answer {
        let Some((workspace, project)) = path.split_once('/') else {
            if self.places.contains_key(path) {
                return Err(Code::Taken);
            }
            let made = Workspace {
                id: WorkspaceId(id),
                projects: BTreeMap::new(),
            };
            self.places.insert(path.to_owned(), made);
            return Ok(());
        };
        let workspace = self.places.get_mut(workspace).ok_or(Code::NotFound)?;
        if workspace.projects.contains_key(project) {
            return Err(Code::Taken);
        }
        workspace.projects.insert(project.to_owned(), ProjectId(id));
        Ok(())
    }

    /// Its grants go with it; its rules only by force.
    pub(in super::super) fn remove_place(&mut self, path: &str, force: bool) -> Answer {
        let scope = self.scope_of(path).ok_or(Code::NotFound)?;
        let mut gone = BTreeSet::from([scope]);
        match path.split_once('/') {
            None => {
                let removed = self.places.remove(path).ok_or(Code::NotFound)?;
                gone.extend(removed.projects.values().copied().map(GrantScope::Project));
            }
            Some((workspace, project)) => {
                if let Some(workspace) = self.places.get_mut(workspace) {
                    workspace.projects.remove(project);
                }
            }
        }
        let before = self.rules.len();
        self.rules
            .retain(|rule| !gone.contains(&GrantScope::of(&rule.gives)));
        if self.rules.len() != before && !force {
            return Err(Code::InUse);
        }
        for user in self.users.values_mut() {
            user.grants.retain(|scope, _| !gone.contains(scope));
        }
        Ok(())
    }

    /// Nothing where there is no such place.
    pub(in super::super) fn scope_of(&self, path: &str) -> Option<GrantScope> {
        Some(match path.split_once('/') {
            None => GrantScope::Workspace(self.places.get(path)?.id),
            Some((workspace, project)) => {
                GrantScope::Project(*self.places.get(workspace)?.projects.get(project)?)
            }
        })
    }
}
