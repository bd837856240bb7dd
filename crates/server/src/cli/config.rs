//! `rolecall config`: what the settings are, and whether they are right.

use clap::Subcommand;
use serde_json::{Value, json};

use super::{json_of, table::table};
use crate::{
    failure::Failure,
    out::Out,
    settings::{Settings, Sources},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say whether the server would start with these settings; exit code 78 where it would not.
    #[command(
        after_help = "Example:\n  rolecall --config /etc/rolecall/rolecall.toml config check"
    )]
    Check,
    /// Show every setting; secrets are masked.
    #[command(after_help = "Examples:\n  rolecall config show\n  rolecall config show --origin")]
    Show {
        /// Show where each value came from.
        #[arg(long)]
        origin: bool,
    },
}

pub(super) fn run(out: Out, sources: &Sources, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Check => check(out, sources),
        Command::Show { origin } => show(out, sources, *origin),
    }
}

fn check(out: Out, sources: &Sources) -> Result<(), Failure> {
    let settings = Settings::load(sources).map_err(Failure::Settings)?;
    crate::serve::tls_of(&settings)?;
    out.answer("The configuration is right.", &json!({"valid": true}))
}

fn show(out: Out, sources: &Sources, origin: bool) -> Result<(), Failure> {
    let all = Settings::shown(sources);
    let text = |value: &Value| match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    let words = if origin {
        let rows: Vec<[String; 3]> = all
            .iter()
            .map(|one| [one.key.clone(), text(&one.value), one.origin.clone()])
            .collect();
        table(["SETTING", "VALUE", "FROM"], &rows)
    } else {
        let rows: Vec<[String; 2]> = all
            .iter()
            .map(|one| [one.key.clone(), text(&one.value)])
            .collect();
        table(["SETTING", "VALUE"], &rows)
    };
    out.answer(&words, &json!({"items": json_of(&all)?}))?;
    // Shown first, so that what is wrong can be seen; then told, with its exit code.
    Settings::load(sources)
        .map(|_| ())
        .map_err(Failure::Settings)
}
