//! `rolecall mapping`: which group means which role, as a file.

use std::path::{Path, PathBuf};

use app::{
    App, Scope, Work,
    change::Change,
    mapping::{self, MappingReply, PutMapping},
    port::Lock,
};
use clap::{Subcommand, ValueEnum};
use domain::{RuleId, mapping::Mapping};
use serde_json::json;
use uuid::Uuid;

use super::Context;
use crate::{failure::Failure, out::document, wiring::Missing};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Write the mapping to a file or to standard output.
    #[command(after_help = "\
Examples:
  rolecall mapping export --org acme mapping.toml
  rolecall mapping export --org acme --format json | jq .")]
    Export {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// Where to write; standard output if left out.
        file: Option<PathBuf>,
        /// The form; by the file's ending if left out, else TOML.
        #[arg(long)]
        format: Option<Format>,
    },
    /// Replace the mapping by that of a file (.toml or .json), and resolve everybody's access.
    #[command(after_help = "\
Example file:
  [[organization]]
  group = \"Administrator\"
  role = \"admin\"

Example:
  rolecall mapping apply --org acme mapping.toml")]
    Apply {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        org: String,
        /// What to read.
        file: PathBuf,
    },
}

/// How a mapping is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// TOML.
    Toml,
    /// JSON.
    Json,
}

impl Format {
    fn of(file: &Path) -> Option<Format> {
        match file.extension()?.to_str()? {
            "toml" => Some(Format::Toml),
            "json" => Some(Format::Json),
            _ => None,
        }
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Export { org, file, format } => export(context, &org, file.as_deref(), format),
        Command::Apply { org, file } => apply(context, &org, &file),
    }
}

fn export(
    context: &Context,
    slug: &str,
    file: Option<&Path>,
    format: Option<Format>,
) -> Result<(), Failure> {
    let app = context.open(Missing::Refuse)?;
    let org = app.org_by_slug(slug)?;
    let work = Work::new(&Scope::operator(org.id), Lock::Read, mapping::read);
    let reply = work.wait(&*app.store)?;
    let by_ending = file.and_then(Format::of);
    let usual = if context.out.is_json() {
        Format::Json
    } else {
        Format::Toml
    };
    let text = write(&reply.document, format.or(by_ending).unwrap_or(usual))?;
    let Some(file) = file else {
        return document(&text);
    };
    std::fs::write(file, text)
        .map_err(|error| Failure::other(format!("the file cannot be written: {error}")))?;
    let command = context.command(&format!("mapping apply --org {slug} {}", file.display()));
    let answer = format!(
        "{} rules are written. After changing the file:\n  {command}",
        rules(&reply.document)
    );
    let value = json!({"org": slug, "rules": rules(&reply.document), "version": reply.version});
    context.out.answer(&answer, &value)
}

fn apply(context: &Context, slug: &str, file: &Path) -> Result<(), Failure> {
    let document = read(file)?;
    let app = context.open(Missing::Refuse)?;
    let org = app.org_by_slug(slug)?;
    let ids = std::iter::repeat_with(|| RuleId(Uuid::now_v7())).take(document.organization.len());
    let command = PutMapping {
        ids: ids.collect(),
        document,
        if_version: None,
        change: Change::by_operator(&app),
    };
    let scope = Scope::operator(org.id);
    let work = Work::new(&scope, Lock::Exclusive, move |tx| {
        mapping::replace(tx, &command)
    });
    let reply = work.wait(&*app.store)?;
    settle(&app)?;
    let MappingReply { document, version } = reply;
    let text = format!("The mapping of {slug} has {} rules now.", rules(&document));
    context.out.answer(
        &text,
        &json!({"org": slug, "rules": rules(&document), "version": version, "mapping": document}),
    )
}

/// Resolves here what the change left marked, for there may be no server to do it.
fn settle(app: &App) -> Result<(), Failure> {
    app::access::worker::drain(app)?;
    Ok(())
}

fn rules(document: &Mapping) -> usize {
    document.organization.len()
}

fn write(document: &Mapping, format: Format) -> Result<String, Failure> {
    match format {
        Format::Toml => {
            toml::to_string(document).map_err(|error| Failure::other(error.to_string()))
        }
        Format::Json => serde_json::to_string_pretty(document)
            .map(|text| text + "\n")
            .map_err(|error| Failure::other(error.to_string())),
    }
}

fn read(file: &Path) -> Result<Mapping, Failure> {
    let shown = file.display();
    let Some(format) = Format::of(file) else {
        return Err(Failure::other(format!(
            "{shown}: the name must end in .toml or .json"
        )));
    };
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::other(format!("{shown} cannot be read: {error}")))?;
    let parsed = match format {
        Format::Toml => toml::from_str(&text).map_err(|error| error.to_string()),
        Format::Json => serde_json::from_str(&text).map_err(|error| error.to_string()),
    };
    parsed.map_err(|error| Failure::other(format!("{shown}: {error}")))
}
