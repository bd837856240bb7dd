//! `rolecall config`: what the settings are, and whether they are right.

use clap::Subcommand;
use serde_json::{Value, json};

use super::json_of;
use crate::{
    failure::Failure,
    out::Out,
    settings::{Settings, Sources},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say whether these settings are right, exit code 78 where they are not. Neither the database nor
    /// the port is tried.
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
    let text = "The configuration is right. It was not tried whether the database answers (`rolecall \
                doctor` does) nor whether the address is free.";
    out.answer(
        text,
        &json!({"valid": true, "not_tried": ["database.url", "http.bind"]}),
    )
}

fn show(out: Out, sources: &Sources, origin: bool) -> Result<(), Failure> {
    let all = Settings::shown(sources);
    let text = |value: &Value| match value {
        Value::String(text) => format!("{text:?}"),
        other => other.to_string(),
    };
    // As TOML, so that lines can be copied into a file.
    let lines: Vec<String> = all
        .iter()
        .map(|one| {
            let line = format!("{} = {}", one.key, text(&one.value));
            if origin {
                format!("{line}  # {}", one.origin)
            } else {
                line
            }
        })
        .collect();
    let words = lines.join("\n");
    out.answer(&words, &json!({"items": json_of(&all)?}))?;
    // Shown first, so that what is wrong can be seen; then told, with its exit code.
    Settings::load(sources)
        .map(|_| ())
        .map_err(Failure::Settings)
}
