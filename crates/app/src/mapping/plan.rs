//! From the document to what has to be written. Preview and apply both start here.

use std::collections::{BTreeSet, HashMap};

use domain::{
    Gives, GroupId, Known, Mapping, Policies, ProjectPath, RuleId, RuleSpec, RuleTarget, Slug,
    WorkspaceId, check_mapping, names_group,
};
use scim::fold;
use uuid::Uuid;

use crate::{
    Error, Result,
    error::FieldError,
    port::{
        Millis, Tx,
        org::OrgSettings,
        places::{Atlas, WorkspaceRow},
        rules::RuleRow,
    },
};

/// What a new mapping changes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan {
    /// Workspaces to create first (D20).
    pub workspaces: Vec<WorkspaceRow>,
    pub removed: Vec<RuleRow>,
    pub added: Vec<RuleRow>,
    /// Rules that only stand elsewhere in the document.
    pub moved: Vec<(RuleId, i64)>,
}

impl Plan {
    pub(crate) fn is_nothing(&self) -> bool {
        self.removed.is_empty()
            && self.added.is_empty()
            && self.moved.is_empty()
            && self.workspaces.is_empty()
    }

    /// The groups whose members gain or lose something.
    pub(crate) fn touched(&self) -> BTreeSet<GroupId> {
        self.removed
            .iter()
            .chain(&self.added)
            .filter_map(|rule| rule.group)
            .collect()
    }
}

/// Compares a document with the rules there are. `ids` were drawn before: one per rule and one per
/// workspace of the document suffice.
///
/// # Errors
/// Everything that is not right about the document, at once.
pub(crate) fn plan(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    document: &Mapping,
    ids: &[Uuid],
    at: Millis,
) -> Result<Plan> {
    let atlas = tx.places()?;
    let checked = check_mapping(&org.facts, &known(&atlas), document).map_err(|error| {
        let fault = |fault: &domain::MappingFault| {
            FieldError::new(fault.at.clone(), fault.problem.to_string())
        };
        Error::fields(error.0.iter().map(fault).collect())
    })?;
    let mut ids = ids.iter().copied();
    let mut draw = || ids.next().unwrap_or_else(Uuid::now_v7);
    let workspaces: Vec<WorkspaceRow> = checked
        .create_workspaces
        .into_iter()
        .map(|slug| new_workspace(slug, draw(), at))
        .collect();
    let mut plan = Plan {
        workspaces,
        ..Plan::default()
    };
    let gives: Vec<Option<Gives>> = checked
        .rules
        .iter()
        .map(|spec| gives(&atlas, &plan.workspaces, &spec.target))
        .collect();
    let (kept, rest) = keep(tx.rules()?, &checked.rules, &gives);
    let mut faults = Vec::new();
    for (place, ((spec, gives), kept)) in checked.rules.iter().zip(gives).zip(kept).enumerate() {
        let position = i64::try_from(place).unwrap_or(i64::MAX);
        let Some(gives) = gives else {
            continue;
        };
        let id = RuleId(draw());
        if let Some(row) = kept {
            if row.position != position {
                plan.moved.push((row.id, position));
            }
            continue;
        }
        match bound_to(tx, &org.facts.policies, spec)? {
            Ok(group) => plan.added.push(RuleRow {
                id,
                group_name: spec.group.clone(),
                group_key: fold::key(&spec.group),
                group,
                gives,
                position,
            }),
            Err(detail) => {
                faults.push(FieldError::new(field_of(&checked.rules, place), detail));
            }
        }
    }
    plan.removed.extend(rest);
    plan.removed.sort_by_key(|rule| rule.position);
    if faults.is_empty() {
        Ok(plan)
    } else {
        Err(Error::fields(faults))
    }
}

/// Which of the rules there are stay, one place for each of the document's, and the others.
///
/// It is the same rule as long as it names the same group and gives the same; it keeps its id and
/// its binding, unless the document binds it elsewhere. Rules that the document names with their
/// binding are found first, so that one without takes none of these; of equal ones that which
/// stands at the same place, so that the same document moves nothing.
fn keep(
    rules: Vec<RuleRow>,
    specs: &[RuleSpec],
    gives: &[Option<Gives>],
) -> (Vec<Option<RuleRow>>, Vec<RuleRow>) {
    let mut old: HashMap<String, Vec<RuleRow>> = HashMap::new();
    for rule in rules {
        old.entry(rule.group_name.clone()).or_default().push(rule);
    }
    let mut kept: Vec<Option<RuleRow>> = specs.iter().map(|_| None).collect();
    for with_binding in [true, false] {
        for (place, ((spec, gives), kept)) in specs.iter().zip(gives).zip(&mut kept).enumerate() {
            if spec.group_id.is_some() == with_binding {
                *kept = take(&mut old, spec, gives.as_ref(), place);
            }
        }
    }
    (kept, old.into_values().flatten().collect())
}

fn take(
    old: &mut HashMap<String, Vec<RuleRow>>,
    spec: &RuleSpec,
    gives: Option<&Gives>,
    place: usize,
) -> Option<RuleRow> {
    let rules = old.get_mut(&spec.group)?;
    let same = |rule: &RuleRow| {
        let bound = spec.group_id.is_none() || spec.group_id == rule.group;
        Some(&rule.gives) == gives && bound
    };
    let stays = |rule: &RuleRow| usize::try_from(rule.position) == Ok(place) && same(rule);
    let found = rules
        .iter()
        .position(stays)
        .or_else(|| rules.iter().position(same))?;
    Some(rules.remove(found))
}

fn known(atlas: &Atlas) -> Known {
    Known {
        workspaces: atlas
            .workspaces
            .iter()
            .map(|workspace| workspace.slug.clone())
            .collect(),
        projects: atlas
            .projects
            .iter()
            .filter_map(|project| atlas.path(project))
            .collect(),
    }
}

fn new_workspace(slug: Slug, id: Uuid, at: Millis) -> WorkspaceRow {
    WorkspaceRow {
        id: WorkspaceId(id),
        name: slug.to_string(),
        slug,
        created: at,
    }
}

/// A rule's target by id. None cannot be: the document was checked against the same places.
fn gives(atlas: &Atlas, new: &[WorkspaceRow], target: &RuleTarget) -> Option<Gives> {
    Some(match target {
        RuleTarget::Organization(role) => Gives::Organization(role.clone()),
        RuleTarget::Workspace(slug) => {
            let there = atlas
                .workspaces
                .iter()
                .chain(new)
                .find(|row| row.slug == *slug)?;
            Gives::Workspace(there.id)
        }
        RuleTarget::Project(ProjectPath { workspace, project }, role) => {
            let project = atlas.project(workspace.as_str(), project.as_str())?;
            Gives::Project(project.id, role.clone())
        }
    })
}

/// The field that names a rule's group: rules keep the order that they have in their section.
fn field_of(specs: &[RuleSpec], position: usize) -> String {
    let section = |spec: &RuleSpec| match spec.target {
        RuleTarget::Organization(_) => "organization",
        RuleTarget::Workspace(_) => "workspaces",
        RuleTarget::Project(..) => "projects",
    };
    let name = specs.get(position).map_or("organization", section);
    let before = specs.iter().take(position);
    let index = before.filter(|spec| section(spec) == name).count();
    format!("{name}[{index}].group_id")
}

/// The group a new rule is bound to: the one it names by id, else the one of that very name, else
/// none yet.
fn bound_to(
    tx: &mut dyn Tx,
    policies: &Policies,
    spec: &RuleSpec,
) -> Result<Result<Option<GroupId>, &'static str>> {
    if let Some(id) = spec.group_id {
        return Ok(match tx.group(id)? {
            Some(group) => Ok(Some(group.id)),
            None => Err("There is no group with this id; leave group_id out to bind by name."),
        });
    }
    let group = tx.group_by_name(&fold::key(&spec.group))?;
    let meant = group.filter(|group| names_group(policies, &spec.group, &group.display_name));
    Ok(Ok(meant.map(|group| group.id)))
}
