//! `rolecall restore`: a copy in the place of the SQLite database.
//!
//! The copy is proved and brought up to date beside the database before anything is replaced; then
//! it takes the name in one step. What was there is kept.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use storage::backup;

use super::{
    Context,
    backup::{POSTGRES, durable, make, proved},
};
use crate::{
    failure::Failure,
    wiring::{self, file_of},
};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rolecall restore /var/backups/rolecall-2026-11-01.db
  rolecall restore --force /var/backups/rolecall-2026-11-01.db")]
pub(super) struct Command {
    /// The backup.
    file: PathBuf,
    /// Replace the database that is there. It is kept beside the new one.
    #[arg(long)]
    force: bool,
}

pub(super) fn run(context: &Context, command: &Command) -> Result<(), Failure> {
    let Some(target) = file_of(&context.settings.database.url) else {
        return Err(Failure::other(POSTGRES));
    };
    let file = &command.file;
    if !file.is_file() {
        let shown = file.display();
        return Err(Failure::other(format!("there is no file {shown}")));
    }
    proved(file)?;
    let there = target.exists();
    if there && !command.force {
        return Err(Failure::other(format!(
            "there is a database at {} already (setting database.url); stop its server and add \
             --force to replace it",
            target.display()
        )));
    }
    if there && !backup::fold(target).map_err(|error| wiring::failed(&error))? {
        return Err(Failure::other(format!(
            "{} is in use: stop the server first",
            target.display()
        )));
    }
    let ripe = beside(target, "-restoring");
    let done = ripened(file, &ripe).and_then(|()| put(&ripe, target, there));
    if done.is_err() {
        // Made here, and of no use.
        let _ = fs::remove_file(&ripe);
    }
    let kept = done?;
    let mut text = format!("The backup is in place at {}.", target.display());
    if let Some(kept) = &kept {
        text = format!(
            "{text} What was there is kept as {}; delete it when you no longer need it.",
            kept.display()
        );
    }
    let value = json!({"restored": target, "kept": kept});
    context.out.answer(&text, &value)
}

/// A copy of the backup that this binary can open.
fn ripened(file: &Path, ripe: &Path) -> Result<(), Failure> {
    let fails = |error: std::io::Error| {
        Failure::other(format!("{} cannot be written: {error}", ripe.display()))
    };
    // One that a restore left behind which was killed.
    let _ = fs::remove_file(ripe);
    let mut to = make(ripe).map_err(fails)?;
    let mut from = fs::File::open(file).map_err(fails)?;
    std::io::copy(&mut from, &mut to).map_err(fails)?;
    drop(to);
    backup::ripen(ripe).map_err(|error| wiring::failed(&error))?;
    durable(ripe).map_err(fails)
}

/// Gives the copy its name; where the database before it is kept.
fn put(ripe: &Path, target: &Path, there: bool) -> Result<Option<PathBuf>, Failure> {
    let fails = |error: std::io::Error| {
        Failure::other(format!("{} cannot be replaced: {error}", target.display()))
    };
    let kept = there.then(|| free_name(target));
    if let Some(kept) = &kept {
        // A second name for it, so that the one is never missing.
        fs::hard_link(target, kept).map_err(fails)?;
    }
    fs::rename(ripe, target).map_err(fails)?;
    durable(target).map_err(fails)?;
    Ok(kept)
}

fn free_name(target: &Path) -> PathBuf {
    // One for each restore that nobody cleaned up after.
    (1_u32..10_000)
        .map(|number| beside(target, &format!("-replaced-{number}")))
        .find(|path| !path.exists())
        .unwrap_or_else(|| beside(target, "-replaced"))
}

fn beside(target: &Path, end: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(end);
    name.into()
}
