//! `rolecall backup`: a copy of the SQLite database, made while the server runs.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use clap::Args;
use serde_json::json;
use storage::{OpenError, backup};

use super::{
    Context, progress,
    restore::{beside, remove},
};
use crate::{
    failure::Failure,
    wiring::{self, file_of},
};

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rolecall backup /var/backups/rolecall-$(date +%F).db

The copy holds hashes of keys, the instance's secret and personal data: keep it as safe as the
database. It is readable for its owner alone. Bring it back with `rolecall restore`.")]
pub(super) struct Command {
    /// The file to write; it must not be there yet.
    file: PathBuf,
}

pub(super) fn run(context: &Context, command: &Command) -> Result<(), Failure> {
    let settings = &context.settings;
    if file_of(&settings.database.url).is_none() {
        return Err(Failure::other(POSTGRES));
    }
    wiring::exists(&settings.database.url)?;
    let to = &command.file;
    if to.exists() {
        return Err(cannot(to, &io::ErrorKind::AlreadyExists.into()));
    }
    // Under another name until it is whole: what is killed leaves nothing that looks like a backup.
    let part = &beside(to, "-partial");
    remove(part);
    make(part).map_err(|error| cannot(to, &error))?;
    let copying = progress::waiting("copying the database");
    let copied = backup::copy(&settings.database, part);
    drop(copying);
    let done = copied
        .map_err(|error| match &error {
            OpenError::Copy(_) => {
                let (shown, why) = (to.display(), wiring::why(&error));
                Failure::other(format!("{shown}: {error}{why}"))
            }
            _ => wiring::failed(&settings.database.url, &error),
        })
        .and_then(|()| proved(part))
        .and_then(|()| put(part, to).map_err(|error| cannot(to, &error)));
    if let Err(failure) = done {
        // It was made here, and is no backup.
        remove(part);
        return Err(failure);
    }
    let bytes = fs::metadata(to).map(|file| file.len()).unwrap_or_default();
    let text = format!(
        "The backup is written to {} and proved ({bytes} bytes). Bring it back, with the server \
         stopped:\n  {}",
        to.display(),
        context.command(&format!(
            "restore {}",
            super::context::quoted(&to.to_string_lossy())
        ))
    );
    let value = json!({"file": to, "bytes": bytes});
    context.out.answer(&text, &value)
}

/// The words for PostgreSQL, which has tools of its own.
pub(super) const POSTGRES: &str = "\
database.url names PostgreSQL, which has its own tools. Back up with
  pg_dump --format=custom --file=rolecall.dump \"$DATABASE_URL\"
and restore into an empty database, with the server stopped, with
  pg_restore --no-owner --exit-on-error --dbname=\"$DATABASE_URL\" rolecall.dump";

/// Whether the file is a whole database of rolecall.
///
/// # Errors
/// What is wrong with it.
pub(super) fn proved(path: &Path) -> Result<(), Failure> {
    let _proving = progress::waiting("proving the copy");
    match backup::prove(path) {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(Failure::other(format!(
            "{} is not a backup that can be used: {why}",
            path.display()
        ))),
        Err(_) => Err(Failure::other(format!(
            "{} cannot be opened",
            path.display()
        ))),
    }
}

/// Gives a whole copy its name.
fn put(part: &Path, to: &Path) -> io::Result<()> {
    durable(part)?;
    fs::rename(part, to)?;
    durable(to)
}

/// Makes an empty file for its owner alone.
pub(super) fn make(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path)
}

/// Puts a file and its name on the disk.
pub(super) fn durable(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()?;
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

fn cannot(path: &Path, error: &io::Error) -> Failure {
    let mend = match error.kind() {
        io::ErrorKind::AlreadyExists => "; a backup never overwrites: name another file",
        io::ErrorKind::NotFound => "; its folder has to be there",
        _ => "",
    };
    Failure::other(format!(
        "{} cannot be written: {error}{mend}",
        path.display()
    ))
}
