//! Why a mapping was refused, told by the names of its file, with the commands that mend it.

use std::{collections::BTreeSet, path::Path};

use app::{
    Error,
    error::{Code, FieldError},
    port::places::Atlas,
};
use domain::{ProjectPath, Slug};

use super::{file, file::Read};
use crate::{
    cli::{
        advice::{advised, common},
        context::quoted,
        target::Target,
    },
    failure::Failure,
};

/// The refusal of a plan or of applying it.
pub(super) fn explained(target: &Target, path: &Path, read: &Read, error: Error) -> Failure {
    let at = quoted(&path.to_string_lossy());
    match error {
        Error::Coded {
            code: Code::InvalidField,
            fields,
            ..
        } => faults(target, path, read, &fields),
        error if error.code() == Code::PlanChanged => {
            let plan = target.command("mapping plan", &at);
            advised(error, &format!("See it: {plan}"))
        }
        error => common(target, error),
    }
}

fn faults(target: &Target, path: &Path, read: &Read, fields: &[FieldError]) -> Failure {
    let told = match &read.label_studio {
        Some(names) => fields.iter().map(|field| names.translate(field)).collect(),
        None => fields.to_vec(),
    };
    let error = file::named(path, Error::fields(told));
    let missing = missing(read, fields);
    if missing.workspaces.is_empty() && missing.projects.is_empty() {
        return error.into();
    }
    let atlas = match target.read(|tx| Ok(tx.places()?)) {
        Ok(atlas) => atlas,
        Err(error) => return error.into(),
    };
    let commands = missing.commands(target, &atlas);
    advised(
        error,
        &format!("Mend the names, or make what is missing: {commands}"),
    )
}

/// Places that a mapping names and that are not there.
#[derive(Debug, Default)]
struct Missing {
    workspaces: BTreeSet<Slug>,
    projects: BTreeSet<ProjectPath>,
}

/// Most commands that are shown.
const MOST: usize = 10;

impl Missing {
    fn commands(mut self, target: &Target, atlas: &Atlas) -> String {
        for path in &self.projects {
            if atlas.workspace(path.workspace.as_str()).is_none() {
                self.workspaces.insert(path.workspace.clone());
            }
        }
        let workspaces = self
            .workspaces
            .iter()
            .map(|slug| target.command("workspace create", slug.as_str()));
        let projects = self
            .projects
            .iter()
            .map(|path| target.command("project create", &path.to_string()));
        let all: Vec<String> = workspaces.chain(projects).collect();
        let more = all.len().saturating_sub(MOST);
        let shown = all[..all.len() - more].join(" && ");
        match more {
            0 => shown,
            more => format!("{shown} (and {more} more)"),
        }
    }
}

/// What the faults say is not there, as far as it is well formed: only that may be repeated. Where
/// they suggest another name it is a typing error, and making it would only spread that.
fn missing(read: &Read, fields: &[FieldError]) -> Missing {
    let mut missing = Missing::default();
    let is_missing = |field: &&FieldError| {
        field.detail.starts_with("no such ") && !field.detail.contains("did you mean")
    };
    for field in fields.iter().filter(is_missing) {
        let Some((section, index, part)) = place(&field.field) else {
            continue;
        };
        match (section, part) {
            ("workspaces", "workspace") => {
                let entry = read.document.workspaces.get(index);
                let slug = entry.and_then(|entry| entry.workspace.parse().ok());
                missing.workspaces.extend(slug);
            }
            ("projects", "project") => {
                let entry = read.document.projects.get(index);
                let path = entry.and_then(|entry| entry.project.parse().ok());
                missing.projects.extend(path);
            }
            _ => {}
        }
    }
    missing
}

/// `projects[3].role` in its parts.
fn place(field: &str) -> Option<(&str, usize, &str)> {
    let (section, rest) = field.split_once('[')?;
    let (index, part) = rest.split_once("].")?;
    Some((section, index.parse().ok()?, part))
}
