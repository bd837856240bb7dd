//! Making a workspace or project, or giving it another name for people.

use domain::{Action, ProjectId, WorkspaceId};
use uuid::Uuid;

use super::Place;
use crate::{
    Error, Result, audit,
    change::Change,
    error::Code,
    port::{
        Tx,
        org::OrgSettings,
        places::{Atlas, ProjectRow, WorkspaceRow},
    },
};

/// Longest name of a place, in characters.
const LONGEST_NAME: usize = 200;

/// A workspace or project to be there. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutPlace {
    /// Which.
    pub place: Place,
    /// Name for people; the slug for a new one where it is left out.
    pub name: Option<String>,
    /// Refuse where it is there already (POST), or where it is not (false, PUT).
    pub create: bool,
    /// Drawn before.
    pub id: Uuid,
    /// When, and through whom.
    pub change: Change,
}

/// Makes or renames a place. Nobody's explicit access changes by it; who sees all workspaces
/// reaches a new one at once.
///
/// # Errors
/// The workspace of a project is not there; the slug is taken; the name is not right.
pub fn put(tx: &mut dyn Tx, command: &PutPlace) -> Result<std::sync::Arc<Atlas>> {
    let org = tx.settings()?;
    let atlas = tx.places()?;
    check_name(command.name.as_deref())?;
    let there = command.place.find(&atlas);
    match (&there, command.create) {
        (Ok(_), true) => {
            let detail = format!("slug: there is a {} with this slug.", command.place.kind());
            return Err(Error::new(Code::Taken, detail));
        }
        (Err(_), false) => return Err(Error::not_found(command.place.kind())),
        _ => {}
    }
    let id = there.unwrap_or(command.id);
    save(tx, &atlas, command, id)?;
    let mut changed = OrgSettings::clone(&org);
    changed.version += 1;
    tx.save_settings(&changed)?;
    let saved = tx.places()?;
    let entry = audit::Entry {
        action: if command.create {
            Action::PlaceCreated
        } else {
            Action::PlaceChanged
        },
        subject: command.place.path(),
        before: command.place.told(&atlas),
        after: command.place.told(&saved),
    };
    audit::record(tx, &command.change, entry)?;
    Ok(saved)
}

fn save(tx: &mut dyn Tx, atlas: &Atlas, command: &PutPlace, id: Uuid) -> Result<()> {
    let created = command.change.at;
    match &command.place {
        Place::Workspace(slug) => {
            let old = atlas.workspace(slug.as_str());
            let name = name(command, old.map(|row| &row.name), slug.as_str());
            let created = old.map_or(created, |row| row.created);
            tx.save_workspace(&WorkspaceRow {
                id: WorkspaceId(id),
                slug: slug.clone(),
                name,
                created,
            })?;
        }
        Place::Project(path) => {
            let workspace = atlas.workspace(path.workspace.as_str());
            let workspace = workspace.ok_or_else(|| Error::not_found("workspace"))?.id;
            let old = atlas.project(path.workspace.as_str(), path.project.as_str());
            let name = name(command, old.map(|row| &row.name), path.project.as_str());
            let created = old.map_or(created, |row| row.created);
            tx.save_project(&ProjectRow {
                id: ProjectId(id),
                workspace,
                slug: path.project.clone(),
                name,
                created,
            })?;
        }
    }
    Ok(())
}

fn name(command: &PutPlace, old: Option<&String>, slug: &str) -> String {
    command
        .name
        .clone()
        .or_else(|| old.cloned())
        .unwrap_or_else(|| slug.to_owned())
}

fn check_name(name: Option<&str>) -> Result<()> {
    let good = |name: &str| !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME;
    if name.is_none_or(good) {
        return Ok(());
    }
    Err(Error::field(
        "name",
        format!("Must be 1 to {LONGEST_NAME} characters."),
    ))
}
