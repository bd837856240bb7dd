//! `rolecall mapping`: which group means which role, workspace and project role, as a file.

mod document;
mod file;
mod label_studio;
mod refusal;

use std::path::{Path, PathBuf};

use app::{
    mapping::{self, MappingReply, PutMapping},
    preview::{Proposal, preview},
};
use clap::{Args, Subcommand};
use domain::Mapping;
use serde_json::json;

use super::{
    Context,
    context::quoted,
    json_of, plan, progress,
    table::count,
    target::{OfOrg, Target},
};
use crate::{failure::Failure, out};
pub(super) use file::named;
use file::{Format, Read};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the mapping to a file or to standard output.
    #[command(after_help = "\
Examples:
  rolecall mapping export --org acme mapping.toml
  rolecall mapping export --org acme --format json | jq .")]
    Export {
        #[command(flatten)]
        org: OfOrg,
        /// Where to write; standard output if left out. It must not be there yet.
        file: Option<PathBuf>,
        /// Overwrite the file where it is there.
        #[arg(long, requires = "file")]
        force: bool,
        /// The form; by the file's ending if left out, else TOML.
        #[arg(long)]
        format: Option<Format>,
    },
    /// Say who would gain, lose and move by the mapping of a file; change nothing.
    #[command(after_help = FORMS)]
    Plan(Of),
    /// Replace the mapping by that of a file, and resolve everybody's access.
    #[command(after_help = FORMS)]
    Apply {
        #[command(flatten)]
        of: Of,
        /// Only if it still does exactly what the plan with this fingerprint said.
        #[arg(long, value_name = "FINGERPRINT")]
        plan: Option<String>,
    },
}

/// `--org` and the file.
#[derive(Debug, Args)]
pub(super) struct Of {
    #[command(flatten)]
    org: OfOrg,
    /// What to read: .toml or .json.
    file: PathBuf,
}

const FORMS: &str = "\
Example file (TOML, with comments; JSON has the same three lists):
  [[organization]]                # a role in the organization
  group = \"Administrator\"
  role = \"admin\"

  [[workspaces]]                  # membership in a workspace
  group = \"QA\"
  workspace = \"quality\"

  [[projects]]                    # a role in a project, or inherit
  group = \"QA\"
  project = \"quality/nightly\"
  role = \"reviewer\"

Label Studio's settings are read as they are, other fields of them are left aside:
  {\"roles_groups\": [[\"Administrator\", \"Admins\"]],
   \"workspaces_groups\": [[\"Quality Lab\", \"QA\"]],
   \"projects_groups\": [{\"project_id\": \"quality-lab/nightly\", \"group\": \"QA\", \"role\": \"Inherit\"}]}
  A workspace's title becomes its slug (Quality Lab is quality-lab).

Examples:
  rolecall mapping plan --org acme mapping.toml
  rolecall mapping apply --org acme mapping.toml --plan FINGERPRINT";

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Export {
            org,
            file,
            force,
            format,
        } => export(
            context,
            &org,
            file.as_deref().map(|file| (file, force)),
            format,
        ),
        Command::Plan(of) => show_plan(context, &of),
        Command::Apply { of, plan } => apply(context, &of, plan),
    }
}

fn export(
    context: &Context,
    org: &OfOrg,
    to: Option<(&Path, bool)>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let reply = target.read(mapping::read)?;
    let by_ending = to.and_then(|(file, _)| Format::of(file));
    let usual = if context.out.is_json() {
        Format::Json
    } else {
        Format::Toml
    };
    let text = file::write(&reply.document, format.or(by_ending).unwrap_or(usual))?;
    let Some((file, force)) = to else {
        return out::document(&text);
    };
    file::save(file, &text, force)?;
    let next = target.command("mapping plan", &quoted(&file.to_string_lossy()));
    let rules = rules(&reply.document);
    let answer = format!(
        "{} in {}. After changing it, see what it would do:\n  {next}",
        count(rules, "rule"),
        file.display()
    );
    let value = json!({"org": target.slug(), "rules": rules, "version": reply.version});
    context.out.answer(&answer, &value)
}

fn show_plan(context: &Context, of: &Of) -> Result<(), Failure> {
    let read = file::read(&of.file)?;
    let target = Target::open(context, &of.org)?;
    let proposal = Proposal::Mapping(read.document.clone());
    let at = target.app.clock.now();
    let resolving = progress::waiting("working out what would change");
    let done = target.read(move |tx| preview(tx, &proposal, at));
    drop(resolving);
    let view = done.map_err(|error| refusal::explained(&target, &of.file, &read, error))?;
    let file = quoted(&of.file.to_string_lossy());
    let text = plan::text(&target, "mapping apply", &file, &view);
    context.out.answer(&text, &json_of(&view)?)
}

fn apply(context: &Context, of: &Of, fingerprint: Option<String>) -> Result<(), Failure> {
    let read = file::read(&of.file)?;
    let target = Target::open(context, &of.org)?;
    let reply = put(&target, &read, fingerprint)
        .map_err(|error| refusal::explained(&target, &of.file, &read, error))?;
    let MappingReply { document, version } = reply;
    let (slug, rules) = (target.slug(), rules(&document));
    let waiting = target.read(|tx| {
        let rules = tx.rules()?;
        Ok(rules.iter().filter(|rule| rule.group.is_none()).count() as u64)
    })?;
    let text = format!(
        "The mapping of {slug} has {} now, and everybody's access follows it.\n\n{}",
        count(rules, "rule"),
        waiting_for(&target, waiting)
    );
    let value = json!({
        "org": slug, "rules": rules, "waiting": waiting, "version": version, "mapping": document,
    });
    context.out.answer(&text, &value)
}

/// How many rules have no group yet, and where they are listed.
fn waiting_for(target: &Target, waiting: u64) -> String {
    if waiting == 0 {
        return "Every rule has found its group.".to_owned();
    }
    let verb = if waiting == 1 { "waits" } else { "wait" };
    format!(
        "{} still {verb} for a group of that name, and will be bound when the identity provider \
         sends it. Which:\n  {}",
        count(waiting, "rule"),
        target.command("report", "")
    )
}

fn put(target: &Target, read: &Read, fingerprint: Option<String>) -> app::Result<MappingReply> {
    let mut command = PutMapping::new(read.document.clone(), target.change());
    command.if_plan = fingerprint;
    let _resolving = progress::waiting("replacing the mapping and resolving access");
    target.write(move |tx| mapping::replace(tx, &command))
}

fn rules(document: &Mapping) -> u64 {
    let Mapping {
        organization,
        workspaces,
        projects,
    } = document;
    (organization.len() + workspaces.len() + projects.len()) as u64
}
