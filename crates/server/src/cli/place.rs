//! What `rolecall workspace` and `rolecall project` have in common.

use app::{
    Error,
    error::Code,
    places::{self, Place, PutPlace, RemovePlace},
    port::places::Atlas,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    advice::{advised, common},
    table::table,
    target::Target,
};
use crate::failure::Failure;

/// Its slug; of a project with its workspace's before it.
pub(super) fn shown(place: &Place) -> String {
    match place {
        Place::Workspace(slug) => slug.to_string(),
        Place::Project(path) => path.to_string(),
    }
}

/// Makes a place and says what to do next.
///
/// # Errors
/// The slug is taken; the workspace of a project is not there; the name is not right.
pub(super) fn create(target: &Target, place: &Place, name: Option<String>) -> Result<(), Failure> {
    let command = PutPlace {
        place: place.clone(),
        name,
        create: true,
        id: Uuid::now_v7(),
        change: target.change(),
    };
    let done = target.write(move |tx| places::put(tx, &command));
    let atlas = done.map_err(|error| not_made(target, place, error))?;
    let (kind, slug) = (place.kind(), shown(place));
    let text = format!("{kind} {slug} is made.\n\n{}", next(target, place));
    let name = name_of(&atlas, place);
    let value = json!({"slug": slug, "name": name});
    target.context.out.answer(&capital(&text), &value)
}

fn next(target: &Target, place: &Place) -> String {
    let slug = shown(place);
    match place {
        Place::Workspace(_) => format!(
            "Next, make a project in it, or name it in the mapping:\n  {}\n  {}",
            target.command("project create", &format!("{slug}/PROJECT")),
            target.command("mapping export", ""),
        ),
        Place::Project(_) => format!(
            "Next, name it in the mapping:\n  {}",
            target.command("mapping export", ""),
        ),
    }
}

fn name_of<'a>(atlas: &'a Atlas, place: &Place) -> Option<&'a str> {
    match place {
        Place::Workspace(slug) => atlas.workspace(slug.as_str()).map(|row| &*row.name),
        Place::Project(path) => atlas
            .project(path.workspace.as_str(), path.project.as_str())
            .map(|row| &*row.name),
    }
}

fn not_made(target: &Target, place: &Place, error: Error) -> Failure {
    match (error.code(), place) {
        (Code::Taken, _) => {
            let list = target.command(&format!("{} list", place.kind()), "");
            advised(error, &format!("See which there are: {list}"))
        }
        (Code::NotFound, Place::Project(path)) => {
            let make = target.command("workspace create", path.workspace.as_str());
            advised(error, &format!("Make the workspace first: {make}"))
        }
        _ => common(target, error),
    }
}

/// Removes a place.
///
/// # Errors
/// Not there; mapping rules name it, unless `force`.
pub(super) fn delete(target: &Target, place: &Place, force: bool) -> Result<(), Failure> {
    let command = RemovePlace {
        place: place.clone(),
        force,
        change: target.change(),
    };
    let done = target.write(move |tx| places::remove(tx, &command));
    done.map_err(|error| not_removed(target, place, error))?;
    let (kind, slug) = (place.kind(), shown(place));
    let with = match place {
        Place::Workspace(_) => "its projects and ",
        Place::Project(_) => "",
    };
    let text = format!("{kind} {slug} is removed, with {with}what was granted there by hand.");
    let value = json!({"slug": slug, "deleted": true});
    target.context.out.answer(&capital(&text), &value)
}

fn not_removed(target: &Target, place: &Place, error: Error) -> Failure {
    let kind = place.kind();
    match error {
        Error::Coded {
            code: Code::InUse,
            fields,
            ..
        } => {
            let export = target.command("mapping export", "");
            let rules: Vec<&str> = fields.iter().map(|field| &*field.detail).collect();
            let detail = format!(
                "Mapping rules name this {kind}. Take them out of the mapping first ({export}), or \
                 add --force to remove them with it. {}",
                rules.join(" ")
            );
            Failure::Refused(Error::new(Code::InUse, detail))
        }
        error if error.code() == Code::NotFound => {
            let list = target.command(&format!("{kind} list"), "");
            advised(error, &format!("See which there are: {list}"))
        }
        error => common(target, error),
    }
}

/// Prints rows of slug and name.
///
/// # Errors
/// Standard output is closed.
pub(super) fn list(target: &Target, kind: &str, rows: &[[String; 2]]) -> Result<(), Failure> {
    let items: Vec<Value> = rows
        .iter()
        .map(|[slug, name]| json!({"slug": slug, "name": name}))
        .collect();
    let text = if rows.is_empty() {
        let slug = if kind == "project" {
            "WORKSPACE/PROJECT"
        } else {
            "SLUG"
        };
        let create = target.command(&format!("{kind} create"), slug);
        format!("There is no {kind} yet. Make one:\n  {create}")
    } else {
        table(["SLUG", "NAME"], rows)
    };
    target.context.out.answer(&text, &json!({"items": items}))
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}
