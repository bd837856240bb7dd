//! The binary `rolecall`: configuration, command line, telemetry, and the wiring of all parts.
//!
//! The map:
//!
//! - [`settings`]: the configuration and its layers; [`telemetry`]: logs; [`clock`]: the time.
//! - [`cli`]: one file for each command; [`out`]: the only place that prints; [`failure`]: why a
//!   command failed, and its exit code.
//! - [`wiring`]: from settings to a running application; [`serve`]: the server from start to stop.

mod cli;
mod clock;
mod failure;
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
