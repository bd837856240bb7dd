//! Logs: to standard error, pretty on a terminal and JSON elsewhere.

use std::io::{self, IsTerminal};

use tracing_subscriber::{EnvFilter, fmt, prelude::*};

use crate::settings::Settings;

/// Starts logging. Called once; what was logged before is lost.
pub(crate) fn start(settings: &Settings) {
    let terminal = io::stderr().is_terminal();
    let json = settings.log_json.unwrap_or(!terminal);
    // What the HTTP server says of its own threads is of use to its developers only; whoever wants
    // it names it in the setting. The directives were checked with the settings.
    let directives = format!("actix_server=warn,{}", settings.log_level);
    let filter = EnvFilter::try_new(directives).unwrap_or_else(|_| EnvFilter::new("info"));
    let layer = if json {
        fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(io::stderr)
            .boxed()
    } else {
        fmt::layer()
            .compact()
            .with_ansi(terminal)
            .with_writer(io::stderr)
            .boxed()
    };
    // Only the first call sets it, and there is no other.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .try_init();
}
