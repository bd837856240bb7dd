//! The binary `rolecall`: configuration, command line, telemetry, and the wiring of all parts.
//!
//! The map:
//!
//! - [`settings`]: the configuration and its layers; [`telemetry`]: logs; [`clock`]: the time.
//! - [`cli`]: one file for each command; [`out`]: the only place that prints; [`failure`]: why a
//!   command failed, and its exit code.
//! - [`disk`]: room on the database's disk, and the file that is kept in reserve; [`notify`]: what
//!   systemd is told.
//! - [`wiring`]: from settings to a running application; [`serve`]: the server from start to stop.

mod cli;
mod clock;
mod disk;
mod failure;
mod notify;
mod out;
mod serve;
mod settings;
mod telemetry;
mod urls;
mod wiring;

use std::process::ExitCode;

/// A request is some hundred small allocations, which cost this one half as much as the system's
/// (figures in `docs/performance.md`).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run()
}
