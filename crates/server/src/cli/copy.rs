//! `rolecall copy`: a whole database into an empty other.

use std::path::{Path, PathBuf};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::{Map, json};
use storage::{
    Config,
    copy::{self, CopyError, Step},
};

use super::progress;
use crate::{
    failure::{Failure, causes},
    out::Out,
    settings::read_secret,
    wiring,
};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rolecall copy --from sqlite:///var/lib/rolecall/rolecall.db --to postgres://rolecall@db/rolecall
  rolecall copy --from sqlite://rolecall.db --to-file /run/secrets/database-url
  rolecall copy --from-file /run/secrets/database-url --to sqlite://rolecall.db

Stop the servers of the source first: what is written after the beginning is not in the copy. A source
that somebody has open is refused, as far as that is seen: every process on a file of SQLite, which
nobody can open until the copy ends; on PostgreSQL the sessions that are there when it begins and are
called rolecall or are of the same role. --force copies what is there at this moment. A URL
on the command line is seen by whoever lists the machine's processes; one with a password belongs
into a file. The target has to be empty. Until everything in it was read back and found equal to the
source no server opens it; where the copy was interrupted, empty it and copy again.")]
pub(super) struct Command {
    /// URL of the database to read.
    #[arg(long, value_name = "URL", required_unless_present = "from_file")]
    from: Option<String>,
    /// A file that holds it.
    #[arg(long, value_name = "FILE", conflicts_with = "from")]
    from_file: Option<PathBuf>,
    /// URL of the empty database to write.
    #[arg(long, value_name = "URL", required_unless_present = "to_file")]
    to: Option<String>,
    /// A file that holds it.
    #[arg(long, value_name = "FILE", conflicts_with = "to")]
    to_file: Option<PathBuf>,
    /// Copy what is there at this moment, although a server may go on writing to the source.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(out: Out, command: &Command) -> Result<(), Failure> {
    let from = url(
        "--from",
        command.from.as_ref(),
        command.from_file.as_deref(),
    )?;
    let to = url("--to", command.to.as_ref(), command.to_file.as_deref())?;
    wiring::exists_at(&from, "--from")?;
    let mut bar = Bar(None);
    let (from, to) = (Config::new(from), Config::new(to));
    let copied = copy::run(&from, &to, command.force, |step| bar.tell(step));
    drop(bar);
    let copied = copied.map_err(|error| failed(&error))?;
    let rows: u64 = copied.tables.iter().map(|(_, rows)| rows).sum();
    let (orgs, users) = (copied.rows("orgs"), copied.rows("users"));
    let mut text = format!(
        "The copy is whole: {rows} rows of {} tables were read back and are equal, among them {} \
         and {} with their documents and their access. Point database.url of every server to it.",
        copied.tables.len(),
        super::table::count(orgs, "organization"),
        super::table::count(users, "user"),
    );
    if copied.in_use {
        text.push_str(
            " Somebody had the source open, though: what was written to it since the beginning is not \
             in the copy.",
        );
    }
    let tables = copied.tables.iter();
    let tables: Map<_, _> = tables
        .map(|(name, rows)| ((*name).to_owned(), json!(rows)))
        .collect();
    out.answer(
        &text,
        &json!({
            "copied": true, "rows": rows, "tables": tables, "source_in_use": copied.in_use,
        }),
    )
}

/// The URL that an argument or its file gives.
fn url(argument: &str, given: Option<&String>, file: Option<&Path>) -> Result<String, Failure> {
    match (given, file) {
        (Some(url), _) => Ok(url.clone()),
        (None, Some(file)) => {
            read_secret(file).map_err(|detail| Failure::other(format!("{argument}-file: {detail}")))
        }
        (None, None) => Err(Failure::other(format!("{argument} is missing"))),
    }
}

/// What went wrong, without a URL, which may hold a password.
fn failed(error: &CopyError) -> Failure {
    // What the database said is said once.
    let why = match error {
        CopyError::Source(error) | CopyError::Target(error) => wiring::why(error),
        error => causes(error),
    };
    Failure::other(format!("nothing was put in place: {error}{why}"))
}

/// How far it is.
struct Bar(Option<ProgressBar>);

impl Bar {
    fn tell(&mut self, step: Step) {
        match step {
            Step::Begun(rows) => self.show("copying", rows),
            Step::Checking(rows) => self.show("reading back", rows),
            Step::Written(rows) | Step::Checked(rows) => {
                if let Some(bar) = &self.0 {
                    bar.inc(rows);
                }
            }
        }
    }

    fn show(&mut self, what: &'static str, rows: u64) {
        // The one before goes from the terminal first.
        self.0 = None;
        let rows = usize::try_from(rows).unwrap_or(usize::MAX);
        self.0 = Some(progress::steps(what, rows));
    }
}
