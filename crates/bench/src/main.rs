//! What rolecall costs: `scripts/bench` builds the server and runs this beside it.
//!
//! The map:
//!
//! - `options`: the command line. `run`: the order of everything. `table`: every row that is
//!   measured, what it must and should be, and how it is printed.
//! - `server`: the rolecall that is measured, with its organization and keys. `process`: what
//!   `/proc` says of it.
//! - `client`: a small HTTP client. `people`: the made-up users. `idp`: the requests an identity
//!   provider makes. `drive`: many of them at once, timed.
//! - `soak`: a large database kept busy for long, for `scripts/soak`.
//! - `work`: the workloads. `scale`: a bare web server and a bare database, for comparison.
//!
//! Wall-clock times move by a factor of two on a shared machine; requests per CPU second of the
//! server (and its database) by a tenth or two. Everything that can be is therefore told per CPU
//! second. Every workload is bounded in count, and everything talks to loopback only.

#![expect(
    clippy::disallowed_methods,
    reason = "it measures time, waits for processes and passes on its environment"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "figures are rounded anyway, and all are small and positive"
)]

use std::process::ExitCode;

/// The server's own, so that the bare server differs from it in nothing but the work.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

mod client;
mod drive;
mod idp;
mod options;
mod people;
mod process;
mod run;
mod scale;
mod server;
mod soak;
mod table;
mod work;

/// Why a run ended early, in one sentence.
type Fault = String;

fn main() -> ExitCode {
    let options = options::read();
    let done = match options.soak {
        _ if options.bare => scale::serve_bare(),
        Some(minutes) => soak::run(&options, minutes),
        None => run::all(&options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            tell(&format!("the run ended early: {fault}"));
            ExitCode::FAILURE
        }
    }
}

/// Progress, beside the table.
#[expect(clippy::print_stderr, reason = "a tool for the terminal")]
fn tell(text: &str) {
    eprintln!("{text}");
}

/// The table itself.
#[expect(clippy::print_stdout, reason = "a tool for the terminal")]
fn print(text: &str) {
    println!("{text}");
}
