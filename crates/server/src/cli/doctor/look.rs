//! What the doctor looks at.

use app::port::Clock;
use storage::{Checkup, OpenError};

use super::{Finding, Health};
use crate::{
    cli::Context,
    clock::SystemClock,
    disk,
    failure::causes,
    serve,
    settings::Settings,
    wiring::{self, file_of},
};

/// Clocks that differ by more make keys end and events come at the wrong time.
const SKEW_MS: u64 = 5_000;
/// Less than this on the database's disk is little.
const LITTLE: u64 = 512 * 1_024 * 1_024;

/// All findings, in the order in which they would keep a server from working.
pub(super) fn all(context: &Context) -> Vec<Finding> {
    let settings = &context.settings;
    let mut found = vec![url(settings), network(settings)];
    if settings.tls.is_some() {
        found.push(tls(settings));
    }
    if let Err(failure) = wiring::exists(&settings.database.url) {
        let text = failure.text();
        let detail = text.strip_prefix("rolecall: ").unwrap_or(&text).to_owned();
        found.push(Finding::new("database", Health::Bad, detail));
        return found;
    }
    found.extend(disk_room(settings));
    match Checkup::of(&settings.database) {
        Ok(checkup) => {
            found.push(Finding::new(
                "database",
                Health::Good,
                format!("{} answers", checkup.version),
            ));
            found.extend(checkup.time.map(clock));
            found.push(schema(settings));
        }
        Err(error) => found.push(no_database(&error)),
    }
    found
}

fn url(settings: &Settings) -> Finding {
    let url = settings.public_url(settings.bind);
    if settings.public_url.is_some() {
        let detail = format!("clients reach rolecall at {url}");
        return Finding::new("public URL", Health::Good, detail);
    }
    let detail = format!(
        "links begin with {url}, because http.public_url is not set: good enough for trying, but \
         an identity provider needs a name that it can reach"
    );
    Finding::new("public URL", Health::Warning, detail)
}

fn network(settings: &Settings) -> Finding {
    let bind = settings.bind;
    if settings.plain_in_public {
        let detail = format!(
            "others can reach {bind} and nothing encrypts (http.insecure_plain_http): set \
             http.tls_certificate and http.tls_key, or put a proxy in front"
        );
        return Finding::new("network", Health::Warning, detail);
    }
    let how = match (&settings.tls, bind.ip().is_loopback()) {
        (Some(_), _) => "speaks TLS",
        (None, true) => "is reached from this machine only",
        (None, false) => "stands behind a proxy that ends TLS",
    };
    Finding::new("network", Health::Good, format!("{bind} {how}"))
}

fn tls(settings: &Settings) -> Finding {
    match serve::tls_of(settings) {
        Ok(_) => Finding::new("TLS", Health::Good, "certificate and key belong together"),
        Err(failure) => Finding::new("TLS", Health::Bad, failure.text().replace('\n', " ")),
    }
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
    let reserve = disk::reserve_of(database);
    let mebibytes = free / 1_024 / 1_024;
    let (health, more) = match free {
        _ if free < settings.reserve.max(1) => (
            Health::Bad,
            format!(": free some room, or delete {}", reserve.display()),
        ),
        _ if free < LITTLE => (Health::Warning, ", which is little".to_owned()),
        _ => (Health::Good, String::new()),
    };
    let detail = format!("{mebibytes} MiB free beside the database{more}");
    Some(Finding::new("disk", health, detail))
}

fn clock(theirs: app::port::Millis) -> Finding {
    let skew = SystemClock::new().now().abs_diff(theirs);
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

fn schema(settings: &Settings) -> Finding {
    match Checkup::pending(&settings.database) {
        Ok(0) => Finding::new("schema", Health::Good, "is that of this version"),
        Ok(_) => {
            let detail = "is older than this version; `rolecall migrate` or the next start brings \
                          it up to date";
            Finding::new("schema", Health::Warning, detail)
        }
        Err(error) => Finding::new("schema", Health::Bad, error.to_string()),
    }
}

fn no_database(error: &OpenError) -> Finding {
    let detail = format!("database.url: {error}{}", causes(error));
    Finding::new("database", Health::Bad, detail.replace('\n', ";"))
}
