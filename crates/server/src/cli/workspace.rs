//! `rolecall workspace`: the workspaces of an organization.

use app::places::Place;
use clap::Subcommand;
use domain::Slug;

use super::{
    Context, place,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a workspace.
    #[command(after_help = "\
Examples:
  rolecall workspace create --org acme quality
  rolecall workspace create --org acme quality --name 'Quality Assurance'")]
    Create {
        #[command(flatten)]
        org: OfOrg,
        /// Name in URLs and rules: lower-case letters, digits, - and _.
        slug: Slug,
        /// Name for people; the slug if left out.
        #[arg(long)]
        name: Option<String>,
    },
    /// List the workspaces.
    List(OfOrg),
    /// Remove a workspace with its projects.
    #[command(after_help = "Example:\n  rolecall workspace delete --org acme quality --force")]
    Delete {
        #[command(flatten)]
        org: OfOrg,
        /// Which.
        slug: Slug,
        /// Remove the mapping rules that name it, too.
        #[arg(long)]
        force: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create { org, slug, name } => {
            let target = Target::open(context, &org)?;
            place::create(&target, &Place::Workspace(slug), name)
        }
        Command::List(org) => list(context, &org),
        Command::Delete { org, slug, force } => {
            let target = Target::open(context, &org)?;
            place::delete(&target, &Place::Workspace(slug), force)
        }
    }
}

fn list(context: &Context, org: &OfOrg) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let atlas = target.read(|tx| Ok(tx.places()?))?;
    let rows: Vec<[String; 2]> = atlas
        .workspaces
        .iter()
        .map(|row| [row.slug.to_string(), row.name.clone()])
        .collect();
    place::list(&target, "workspace", &rows)
}
