//! `rolecall restore`: a copy in the place of the SQLite database.
//!
//! The copy is proved and brought up to date beside the database before anything is replaced; then
//! it takes the name in one step. What was there is kept.

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use storage::backup;

use super::{
    Context,
    backup::{POSTGRES, durable, make, proved},
    progress,
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
            wiring::whole(target)
        )));
    }
    let url = &context.settings.database.url;
    let free = || is_free(url, target);
    if there {
        free()?;
    }
    let ripe = beside(target, "-restoring");
    let done = ripened(file, &ripe)
        // Once more: somebody may have started a server meanwhile.
        .and_then(|()| if there { free() } else { Ok(()) })
        .and_then(|()| put(&ripe, target));
    if done.is_err() {
        // Made here, and of no use.
        remove(&ripe);
    }
    let kept = done?;
    let mut text = format!("The backup is in place at {}.", wiring::whole(target));
    if let Some(kept) = &kept {
        text = format!(
            "{text} What was there is kept as {}; delete it when you no longer need it.",
            kept.display()
        );
    }
    let value = json!({"restored": target, "kept": kept});
    context.out.answer(&text, &value)
}

/// Refuses where a server has the database open.
fn is_free(url: &str, target: &Path) -> Result<(), Failure> {
    if backup::fold(target).map_err(|error| wiring::failed(url, &error))? {
        return Ok(());
    }
    Err(Failure::other(format!(
        "{} is in use: stop the server first",
        wiring::whole(target)
    )))
}

/// What SQLite keeps beside a database. A database that comes to lie beside the log of another one
/// takes what is in it for its own.
const SIDES: [&str; 3] = ["-wal", "-shm", "-journal"];

/// A database and what SQLite keeps beside it.
fn with_sides(database: &Path) -> impl Iterator<Item = PathBuf> {
    let ends = std::iter::once("").chain(SIDES);
    ends.map(|end| beside(database, end))
}

/// Removes a database and what lies beside it.
pub(super) fn remove(database: &Path) {
    for path in with_sides(database) {
        // Most of them are not there.
        let _ = fs::remove_file(path);
    }
}

/// A copy of the backup that this binary can open.
fn ripened(file: &Path, ripe: &Path) -> Result<(), Failure> {
    let fails = |error: std::io::Error| {
        Failure::other(format!("{} cannot be written: {error}", ripe.display()))
    };
    // One that a restore left behind which was killed.
    remove(ripe);
    let mut to = make(ripe).map_err(fails)?;
    let mut from = fs::File::open(file).map_err(fails)?;
    let length = from.metadata().map_err(fails)?.len();
    let copying = progress::bytes("copying the backup", length);
    std::io::copy(&mut copying.wrap_read(&mut from), &mut to).map_err(fails)?;
    drop((copying, to));
    let _ripening = progress::waiting("bringing the copy up to date");
    backup::ripen(ripe).map_err(|error| {
        let url = format!("sqlite://{}", ripe.display());
        wiring::failed(&url, &error)
    })?;
    proved(ripe)?;
    durable(ripe).map_err(fails)
}

/// Gives the copy its name and the owner of what was there; where that is kept, with what lies beside
/// it.
fn put(ripe: &Path, target: &Path) -> Result<Option<PathBuf>, Failure> {
    let fails = |error: std::io::Error| {
        Failure::other(format!("{} cannot be replaced: {error}", target.display()))
    };
    give_away(ripe, target);
    let kept = free_name(target);
    let there = target.exists();
    if there {
        // A second name for it, so that the one is never missing.
        fs::hard_link(target, &kept).map_err(fails)?;
    }
    for end in SIDES {
        let side = beside(target, end);
        if side.exists() {
            fs::rename(side, beside(&kept, end)).map_err(fails)?;
        }
    }
    fs::rename(ripe, target).map_err(fails)?;
    durable(target).map_err(fails)?;
    Ok(there.then_some(kept))
}

/// To whom the database before belonged, or else the folder: it is often root who restores, and
/// somebody else who serves.
fn give_away(ripe: &Path, target: &Path) {
    let folder = target.parent().filter(|folder| *folder != Path::new(""));
    let like = fs::metadata(target).or_else(|_| fs::metadata(folder.unwrap_or(Path::new("."))));
    if let Ok(like) = like {
        // Only root may, and only root has to.
        let _ = std::os::unix::fs::chown(ripe, Some(like.uid()), Some(like.gid()));
    }
}

fn free_name(target: &Path) -> PathBuf {
    // One for each restore that nobody cleaned up after.
    (1_u32..10_000)
        .map(|number| beside(target, &format!("-replaced-{number}")))
        .find(|path| !with_sides(path).any(|path| path.exists()))
        .unwrap_or_else(|| beside(target, "-replaced"))
}

/// The name of what lies beside a file.
pub(super) fn beside(target: &Path, end: &str) -> PathBuf {
    let mut name = target.as_os_str().to_owned();
    name.push(end);
    name.into()
}
