//! Removing a workspace or project. What a rule names is not removed unless that is asked for.

use std::collections::BTreeSet;

use domain::{Action, Gives, ProjectId, WorkspaceId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Place;
use crate::{
    Error, Result,
    access::{Unit, mark_below, settle_stale},
    audit,
    change::Change,
    error::{Code, FieldError, Part},
    port::{Tx, org::OrgSettings, places::Atlas, rules::RuleRow},
};

/// A DELETE. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct RemovePlace {
    /// Which.
    pub place: Place,
    /// Remove the rules that name it, too.
    pub force: bool,
    /// When, and through whom.
    pub change: Change,
}

/// Removes a place with what was granted there by hand; a workspace with its projects.
///
/// # Errors
/// Not found; 409 with the rules that name it, unless `force`.
pub fn remove(tx: &mut dyn Tx, command: &RemovePlace) -> Result<()> {
    let org = tx.settings()?;
    let atlas = tx.places()?;
    let id = command.place.find(&atlas)?;
    let gone = with_projects(&command.place, &atlas, id);
    let rules: Vec<RuleRow> = tx
        .rules()?
        .into_iter()
        .filter(|rule| names(&rule.gives, &gone))
        .collect();
    if !rules.is_empty() && !command.force {
        return Err(in_use(&command.place, &rules));
    }
    let mut changed = OrgSettings::clone(&org);
    changed.version += 1;
    changed.mapping_version += i64::from(!rules.is_empty());
    let unit = Unit::administered(&changed, &command.change, "place");
    for place in &gone {
        tx.mark_members_of_place_stale(*place)?;
    }
    let groups: BTreeSet<_> = rules.iter().filter_map(|rule| rule.group).collect();
    mark_below(
        tx,
        unit,
        &groups.into_iter().collect::<Vec<_>>(),
        &[],
        false,
    )?;
    let ids: Vec<_> = rules.iter().map(|rule| rule.id).collect();
    tx.delete_rules(&ids)?;
    match command.place {
        Place::Workspace(_) => tx.delete_workspace(WorkspaceId(id))?,
        Place::Project(_) => tx.delete_project(ProjectId(id))?,
    }
    tx.save_settings(&changed)?;
    settle_stale(tx, unit)?;
    let mut before = command.place.told(&atlas);
    let groups: Vec<&str> = rules.iter().map(|rule| rule.group_name.as_str()).collect();
    before["rules_of_groups"] = json!(groups);
    let entry = audit::Entry {
        action: Action::PlaceRemoved,
        subject: command.place.path(),
        before,
        after: Value::Null,
    };
    audit::record(tx, &command.change, entry)
}

fn with_projects(place: &Place, atlas: &Atlas, id: Uuid) -> BTreeSet<Uuid> {
    let mut gone = BTreeSet::from([id]);
    if matches!(place, Place::Workspace(_)) {
        let inside = atlas
            .projects
            .iter()
            .filter(|project| project.workspace.0 == id);
        gone.extend(inside.map(|project| project.id.0));
    }
    gone
}

fn names(gives: &Gives, gone: &BTreeSet<Uuid>) -> bool {
    match gives {
        Gives::Organization(_) => false,
        Gives::Workspace(id) => gone.contains(&id.0),
        Gives::Project(id, _) => gone.contains(&id.0),
    }
}

fn in_use(place: &Place, rules: &[RuleRow]) -> Error {
    let fields = rules
        .iter()
        .map(|rule| {
            let detail = format!("The rule for group \"{}\" names it.", rule.group_name);
            FieldError::new("mapping", detail).of(Part::Stored)
        })
        .collect();
    Error::Coded {
        code: Code::InUse,
        detail: format!(
            "Mapping rules name this {}; remove them first, or send ?force=true to remove them with \
             it.",
            place.kind()
        ),
        fields,
    }
}
