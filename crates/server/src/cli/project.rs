//! `rolecall project`: the projects in the workspaces of an organization.

use app::places::Place;
use clap::Subcommand;
use domain::{ProjectPath, Slug};

use super::{
    Context, place,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a project in a workspace that is there.
    #[command(after_help = "\
Examples:
  rolecall project create --org acme quality/nightly
  rolecall project create --org acme quality/nightly --name 'Nightly runs'")]
    Create {
        #[command(flatten)]
        org: OfOrg,
        /// The workspace's slug and the project's own.
        #[arg(value_name = "WORKSPACE/PROJECT", value_parser = path)]
        path: ProjectPath,
        /// Name for people; the slug if left out.
        #[arg(long)]
        name: Option<String>,
    },
    /// List the projects of all workspaces, or of one.
    #[command(after_help = "Example:\n  rolecall project list --org acme quality")]
    List {
        #[command(flatten)]
        org: OfOrg,
        /// Only those of this workspace.
        workspace: Option<Slug>,
    },
    /// Remove a project.
    #[command(
        after_help = "Example:\n  rolecall project delete --org acme quality/nightly --force"
    )]
    Delete {
        #[command(flatten)]
        org: OfOrg,
        /// Which.
        #[arg(value_name = "WORKSPACE/PROJECT", value_parser = path)]
        path: ProjectPath,
        /// Remove the mapping rules that name it, too.
        #[arg(long)]
        force: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create { org, path, name } => {
            let target = Target::open(context, &org)?;
            place::create(&target, &Place::Project(path), name)
        }
        Command::List { org, workspace } => list(context, &org, workspace),
        Command::Delete { org, path, force } => {
            let target = Target::open(context, &org)?;
            place::delete(&target, &Place::Project(path), force)
        }
    }
}

fn list(context: &Context, org: &OfOrg, workspace: Option<Slug>) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let atlas = target.read(|tx| Ok(tx.places()?))?;
    let rows: Vec<[String; 2]> = atlas
        .projects
        .iter()
        .filter_map(|row| Some((atlas.path(row)?, &row.name)))
        .filter(|(path, _)| {
            workspace
                .as_ref()
                .is_none_or(|only| path.workspace == *only)
        })
        .map(|(path, name)| [path.to_string(), name.clone()])
        .collect();
    place::list(&target, "project", &rows)
}

fn path(text: &str) -> Result<ProjectPath, String> {
    text.parse().map_err(|error| {
        format!("write WORKSPACE/PROJECT, as in quality/nightly; both are slugs: each {error}")
    })
}
