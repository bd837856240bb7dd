//! Label Studio's settings as a mapping, so that whoever leaves it can bring the file along
//! (its SCIM guide: `roles_groups`, `workspaces_groups`, `projects_groups`).

use app::error::FieldError;
use domain::{
    Mapping, ProjectPath, Slug,
    mapping::{OrganizationEntry, ProjectEntry, WorkspaceEntry},
};
use serde_json::Value;

use super::document::{SECTIONS, fault};

const ROLES: &str = "roles_groups";
const WORKSPACES: &str = "workspaces_groups";
const PROJECTS: &str = "projects_groups";

/// States that an older page of its documentation let a rule name.
const STATES: &[&str] = &["Not Activated", "Deactivated"];

/// How the file names the parts of the mapping that was made of it.
#[derive(Debug)]
pub(super) struct Names {
    /// `project_id` or `project`, of each entry.
    projects: Vec<&'static str>,
}

/// Whether a document has any of the lists.
pub(super) fn is_shape(value: &Value) -> bool {
    [ROLES, WORKSPACES, PROJECTS]
        .iter()
        .any(|name| value.get(name).is_some())
}

/// The mapping document that says the same. Entries keep their places; other fields of the
/// settings are no mapping and are left aside.
///
/// # Errors
/// Everything that cannot be said, at once.
pub(super) fn convert(value: &Value) -> Result<(Mapping, Names), Vec<FieldError>> {
    let mut faults = Vec::new();
    for section in SECTIONS {
        if value.get(section.name).is_some() {
            let detail = format!(
                "is rolecall's own list, beside Label Studio's {ROLES}, {WORKSPACES} or \
                 {PROJECTS}; use one shape in a file"
            );
            faults.push(fault(section.name, detail));
        }
    }
    let roles = each(value, ROLES, &mut faults, role);
    let workspaces = each(value, WORKSPACES, &mut faults, workspace);
    let projects = each(value, PROJECTS, &mut faults, project);
    if !faults.is_empty() {
        return Err(faults);
    }
    let (projects, names) = projects.into_iter().unzip();
    let mapping = Mapping {
        organization: roles,
        workspaces,
        projects,
    };
    Ok((mapping, Names { projects: names }))
}

/// The entries of a list that could be read; the others are told.
fn each<T>(
    value: &Value,
    name: &str,
    faults: &mut Vec<FieldError>,
    read: fn(&str, &Value) -> Result<T, Vec<FieldError>>,
) -> Vec<T> {
    let empty = Vec::new();
    let entries = match value.get(name) {
        None | Some(Value::Null) => &empty,
        Some(Value::Array(entries)) => entries,
        Some(_) => {
            faults.push(fault(name, "must be a list"));
            &empty
        }
    };
    let mut found = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        match read(&format!("{name}[{index}]"), entry) {
            Ok(entry) => found.push(entry),
            Err(wrong) => faults.extend(wrong),
        }
    }
    found
}

fn pair<'a>(at: &str, entry: &'a Value, what: &str) -> Result<(&'a str, &'a str), Vec<FieldError>> {
    match entry.as_array().map(Vec::as_slice) {
        Some([Value::String(first), Value::String(group)]) => Ok((first, group)),
        _ => Err(vec![fault(
            at,
            format!("must be a pair of texts: [{what}, group]"),
        )]),
    }
}

fn role(at: &str, entry: &Value) -> Result<OrganizationEntry, Vec<FieldError>> {
    let (role, group) = pair(at, entry, "role")?;
    if STATES.iter().any(|state| role.eq_ignore_ascii_case(state)) {
        let detail = format!(
            "{} are states, not roles; remove this entry: the policies default_role and \
             when_unmapped say what people without a rule have",
            STATES.join(" and ")
        );
        return Err(vec![fault(format!("{at}[0]"), detail)]);
    }
    Ok(OrganizationEntry {
        group: group.to_owned(),
        role: role.to_owned(),
        group_id: None,
    })
}

fn workspace(at: &str, entry: &Value) -> Result<WorkspaceEntry, Vec<FieldError>> {
    let (title, group) = pair(at, entry, "workspace title")?;
    let slug = slug(title).ok_or_else(|| {
        let detail = "this title makes no slug: only letters a to z, digits, spaces, - and _ can \
                      be kept, at most 64; write the workspace's slug in its place";
        vec![fault(format!("{at}[0]"), detail)]
    })?;
    Ok(WorkspaceEntry {
        group: group.to_owned(),
        workspace: slug.to_string(),
        group_id: None,
    })
}

/// A title in lower case with `-` for spaces.
fn slug(title: &str) -> Option<Slug> {
    let words: Vec<&str> = title.split_whitespace().collect();
    Slug::new(words.join("-").to_lowercase()).ok()
}

fn project(at: &str, entry: &Value) -> Result<(ProjectEntry, &'static str), Vec<FieldError>> {
    let Some(fields) = entry.as_object() else {
        let detail = "must be an object with project_id, group and role";
        return Err(vec![fault(at, detail)]);
    };
    let mut faults = Vec::new();
    let mut text = |name: &str| {
        let text = fields.get(name).and_then(Value::as_str);
        if text.is_none() {
            faults.push(fault(format!("{at}.{name}"), "must be a text"));
        }
        text.unwrap_or_default().to_owned()
    };
    let (group, role) = (text("group"), text("role"));
    let name = if fields.contains_key("project") {
        "project"
    } else {
        "project_id"
    };
    let path = fields.get(name).and_then(Value::as_str);
    let path: Option<ProjectPath> = path.and_then(|path| path.parse().ok());
    if path.is_none() {
        let detail = "must be workspace/project, both slugs, as in quality-lab/nightly: a number \
                      of Label Studio's names no project here (see `rolecall project list`)";
        faults.push(fault(format!("{at}.{name}"), detail));
    }
    let Some(path) = path.filter(|_| faults.is_empty()) else {
        return Err(faults);
    };
    let inherit = role.eq_ignore_ascii_case("inherit");
    Ok((
        ProjectEntry {
            group,
            project: path.to_string(),
            role: if inherit { "inherit".to_owned() } else { role },
            group_id: None,
        },
        name,
    ))
}

impl Names {
    /// A fault of the mapping, told by the names of the file it was made of.
    pub(super) fn translate(&self, found: &FieldError) -> FieldError {
        let detail = found
            .detail
            .replace("organization[", &format!("{ROLES}["))
            .replace("workspaces[", &format!("{WORKSPACES}["))
            .replace("projects[", &format!("{PROJECTS}["));
        fault(self.field(&found.field), detail)
    }

    fn field(&self, field: &str) -> String {
        let Some((section, rest)) = field.split_once('[') else {
            return field.to_owned();
        };
        let (index, part) = rest.split_once(']').unwrap_or((rest, ""));
        let project = || {
            let place = index.parse::<usize>().ok();
            let name = place.and_then(|place| self.projects.get(place));
            name.copied().unwrap_or("project_id")
        };
        match (section, part) {
            ("organization", ".role") => format!("{ROLES}[{index}][0]"),
            ("organization", ".group") => format!("{ROLES}[{index}][1]"),
            ("organization", _) => format!("{ROLES}[{index}]"),
            ("workspaces", ".workspace") => format!("{WORKSPACES}[{index}][0]"),
            ("workspaces", ".group") => format!("{WORKSPACES}[{index}][1]"),
            ("workspaces", _) => format!("{WORKSPACES}[{index}]"),
            ("projects", ".project") => format!("{PROJECTS}[{index}].{}", project()),
            ("projects", _) => format!("{PROJECTS}[{index}]{part}"),
            _ => field.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests;
