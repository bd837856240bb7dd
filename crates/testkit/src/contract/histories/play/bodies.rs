//! Requests as JSON, and what they mean as facts.

use domain::mapping::{OrganizationEntry, ProjectEntry, WorkspaceEntry};
use domain::{Catalog, Mapping, Role, RoleClaim};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::model::{Target, Wanted, key};
use super::super::op::{Claim, What};

pub(super) fn members(ids: &[Uuid]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

/// The name is written in capitals every other time: it is the same name.
pub(super) fn user_body(slot: usize, active: Option<bool>, claims: &[Claim]) -> Value {
    let name = if active.is_none() { "user" } else { "USER" };
    let mut body = json!({"userName": format!("{name}{slot}"), "roles": roles(claims)});
    if let Some(active) = active {
        body["active"] = active.into();
    }
    body
}

pub(super) fn roles(claims: &[Claim]) -> Value {
    let one = |claim: &Claim| {
        if claim.primary {
            json!({"value": claim.value, "primary": true})
        } else {
            json!({"value": claim.value})
        }
    };
    claims.iter().map(one).collect()
}

pub(super) fn claims_patch(claims: &[Claim]) -> Value {
    if claims.is_empty() {
        return json!([{"op": "remove", "path": "roles"}]);
    }
    json!([{"op": "replace", "path": "roles", "value": roles(claims)}])
}

pub(super) fn facts(claims: &[Claim]) -> Vec<RoleClaim> {
    let one = |claim: &Claim| RoleClaim {
        value: claim.value.to_owned(),
        display: None,
        primary: claim.primary,
    };
    claims.iter().map(one).collect()
}

pub(super) fn target(what: What) -> Target {
    match what {
        What::Role(role) => Target::Organization(role.to_owned()),
        What::Membership(slug) => Target::Workspace(slug.to_owned()),
        What::InProject(path, role) => project(path, role),
    }
}

fn project(path: &str, role: &str) -> Target {
    let (workspace, project) = path.split_once('/').unwrap_or((path, ""));
    Target::Project(workspace.to_owned(), project.to_owned(), role.to_owned())
}

/// The entries in the order of a document.
pub(super) fn told(document: Mapping) -> Vec<Wanted> {
    let organization = document.organization.into_iter().map(|entry| Wanted {
        name: entry.group,
        target: Target::Organization(entry.role),
        group: entry.group_id,
    });
    let workspaces = document.workspaces.into_iter().map(|entry| Wanted {
        name: entry.group,
        target: Target::Workspace(entry.workspace),
        group: entry.group_id,
    });
    let projects = document.projects.into_iter().map(|entry| Wanted {
        name: entry.group,
        target: project(&entry.project, &entry.role),
        group: entry.group_id,
    });
    organization.chain(workspaces).chain(projects).collect()
}

pub(super) fn document(wanted: &[Wanted]) -> Mapping {
    let mut document = Mapping::default();
    for Wanted {
        name,
        target,
        group: group_id,
    } in wanted.iter().cloned()
    {
        let group = name;
        match target {
            Target::Organization(role) => document.organization.push(OrganizationEntry {
                group,
                role,
                group_id,
            }),
            Target::Workspace(workspace) => document.workspaces.push(WorkspaceEntry {
                group,
                workspace,
                group_id,
            }),
            Target::Project(workspace, project, role) => document.projects.push(ProjectEntry {
                group,
                project: format!("{workspace}/{project}"),
                role,
                group_id,
            }),
        }
    }
    document
}

/// Catalogs with more roles, fewer, in another order, and with other flags.
pub(super) fn catalog(which: usize) -> Catalog {
    let rows: &[(&str, &str)] = match which {
        0 => &[("admin", "PAJ"), ("member", "J")],
        1 => &[("admin", "PAJ"), ("editor", "J"), ("member", "")],
        2 => &[("editor", "FJ"), ("admin", "PJ"), ("member", "AJ")],
        3 => &[
            ("owner", "NPAJ"),
            ("admin", "A"),
            ("editor", "PJ"),
            ("member", "FJ"),
        ],
        _ => &[("member", "J"), ("editor", "A"), ("admin", "NJ")],
    };
    let role = |(name, flags): &(&str, &str)| Role {
        key: key(name),
        name: name[..1].to_uppercase() + &name[1..],
        takes_seat: !flags.contains('F'),
        sees_all_workspaces: flags.contains('A'),
        mappable: !flags.contains('N'),
        protected: flags.contains('P'),
        project_assignable: flags.contains('J'),
    };
    Catalog::new(rows.iter().map(role).collect()).expect("catalogs of histories are right")
}
