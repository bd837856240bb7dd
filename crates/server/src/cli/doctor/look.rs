//! What the doctor looks at.

mod keys;
mod network;

use std::{fs, path::Path, time::UNIX_EPOCH};

use app::port::Millis;
use storage::{Checkup, OpenError};

use super::{Finding, Health};
use crate::{
    cli::Context,
    clock, disk,
    failure::Failure,
    settings::Settings,
    wiring::{self, file_of},
};

/// Clocks that differ by more make keys end and events come at the wrong time.
const SKEW_MS: u64 = 5_000;
/// Less than this on the database's disk is little.
const LITTLE: u64 = 512 * MEBIBYTE;
const MEBIBYTE: u64 = 1_024 * 1_024;

/// All findings, in the order in which they would keep a server from working.
pub(super) fn all(context: &Context) -> Vec<Finding> {
    let settings = &context.settings;
    let mut found = network::all(settings);
    if let Err(failure) = wiring::exists(&settings.database.url) {
        found.push(Finding::new("database", Health::Bad, sentence(&failure)));
        return found;
    }
    found.extend(disk_room(settings));
    found.extend(reserve(settings));
    match Checkup::of(&settings.database) {
        Ok(checkup) => {
            found.push(Finding::new(
                "database",
                Health::Good,
                format!("{} answers", checkup.version),
            ));
            found.push(time(settings, checkup.time));
            let schema = schema(context);
            // To open an older one would bring it up to date, and this changes nothing.
            let current = schema.health == Health::Good;
            found.push(schema);
            found.extend(current.then(|| keys::all(context)).flatten());
        }
        Err(error) => found.push(no_database(&error)),
    }
    found
}

fn disk_room(settings: &Settings) -> Option<Finding> {
    let database = file_of(&settings.database.url)?;
    let free = match disk::free(database) {
        Ok(free) => free,
        Err(error) => {
            let detail = format!("the system does not say how much is free: {error}");
            return Some(Finding::new("disk", Health::Warning, detail));
        }
    };
    let mebibytes = free / MEBIBYTE;
    let (health, more) = match free {
        _ if free < settings.reserve.max(1) => (Health::Bad, format!(": {}", disk::mend(database))),
        _ if free < LITTLE => (Health::Warning, ", which is little".to_owned()),
        _ => (Health::Good, String::new()),
    };
    let detail = format!("{mebibytes} MiB free beside the database{more}");
    Some(Finding::new("disk", health, detail))
}

/// The file that is given up when the disk is full. The server makes it, if there is room.
fn reserve(settings: &Settings) -> Option<Finding> {
    let database = file_of(&settings.database.url)?;
    let file = disk::reserve_of(database);
    let (health, detail) = if settings.reserve == 0 {
        let detail = "no file is kept for a full disk, because database.reserve_mib is 0";
        (Health::Good, detail.to_owned())
    } else if file.exists() {
        let detail = format!("{} may be deleted when the disk is full", file.display());
        (Health::Good, detail)
    } else if disk::free(database).is_ok_and(|free| free < disk::needed(settings.reserve)) {
        let detail = format!(
            "there is no file to delete when the disk is full: the server makes it as soon as {} \
             MiB are free beside the database",
            disk::needed(settings.reserve) / MEBIBYTE
        );
        (Health::Warning, detail)
    } else {
        let detail = "a running server makes a file that may be deleted when the disk is full";
        (Health::Good, detail.to_owned())
    };
    Some(Finding::new("reserve", health, detail))
}

/// Compared with the database server's clock; for a file with when it was written last.
fn time(settings: &Settings, theirs: Option<Millis>) -> Finding {
    match (theirs, file_of(&settings.database.url)) {
        (Some(theirs), _) => skew(theirs),
        (None, Some(file)) => set_back(file),
        (None, None) => Finding::new(
            "clock",
            Health::Warning,
            "the database does not tell its time",
        ),
    }
}

fn skew(theirs: Millis) -> Finding {
    let skew = clock::now().abs_diff(theirs);
    if skew <= SKEW_MS {
        let detail = "this machine and the database server agree on the time";
        return Finding::new("clock", Health::Good, detail);
    }
    let detail = format!(
        "this machine and the database server differ by {} seconds: let both follow a time server",
        skew / 1_000
    );
    Finding::new("clock", Health::Warning, detail)
}

fn set_back(file: &Path) -> Finding {
    let written = fs::metadata(file).and_then(|file| file.modified()).ok();
    let since = written.and_then(|written| written.duration_since(UNIX_EPOCH).ok());
    let written = since.map_or(0, |since| since.as_secs());
    let now = clock::now().unsigned_abs() / 1_000;
    let ahead = written.saturating_sub(now);
    if ahead * 1_000 <= SKEW_MS {
        let detail = "the database was not written in the future";
        return Finding::new("clock", Health::Good, detail);
    }
    let detail = format!(
        "the database was written last {ahead} seconds in the future: this machine's clock was set \
         back; let it follow a time server"
    );
    Finding::new("clock", Health::Warning, detail)
}

fn schema(context: &Context) -> Finding {
    match Checkup::pending(&context.settings.database) {
        Ok(0) => Finding::new("schema", Health::Good, "is that of this version"),
        Ok(missing) => {
            let is = if missing == Checkup::migrations() {
                "is not there yet, the database is empty"
            } else {
                "is older than this version"
            };
            let command = context.command("migrate");
            let detail = format!("{is}: `{command}` or the next start brings it up to date");
            Finding::new("schema", Health::Warning, detail)
        }
        Err(error) => Finding::new("schema", Health::Bad, error.to_string()),
    }
}

fn no_database(error: &OpenError) -> Finding {
    let detail = format!("database.url: {error}{}", wiring::why(error));
    Finding::new("database", Health::Bad, one_line(&detail))
}

/// A failure in one line, without what is said before every failure.
fn sentence(failure: &Failure) -> String {
    let text = failure.text();
    let bare = text.strip_prefix("rolecall: ").unwrap_or(&text);
    one_line(
        bare.strip_prefix("a setting is not right\n")
            .unwrap_or(bare),
    )
}

/// Lines as sentences behind each other.
fn one_line(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    lines.join(" ")
}
