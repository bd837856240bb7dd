//! Plays conversations of identity providers against a server:
//! `replay BASE_URL TOKEN FILE...`, where the base URL is what an administrator would paste.
//!
//! Prints failed steps; the last line counts steps. The status is 0 where none failed, 2 for a
//! wrong command line.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program for people and scripts"
)]

use std::{path::Path, process::ExitCode};

use rolecall_testkit::replay::{HttpTransport, Report, Scenario};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, token, files @ ..] = arguments.as_slice() else {
        return wrong("too few arguments");
    };
    if files.is_empty() {
        return wrong("name at least one file");
    }
    let transport = match HttpTransport::new(base) {
        Ok(transport) => transport,
        Err(error) => return wrong(&error.to_string()),
    };
    let (mut passed, mut failed) = (0, 0);
    for file in files {
        let scenario = match load(Path::new(file)) {
            Ok(scenario) => scenario,
            Err(why) => return wrong(&format!("{file}: {why}")),
        };
        let report = scenario.play(&transport, base, token);
        let failures = report.failures().count();
        failed += failures;
        passed += report.steps.len() - failures;
        show(&report);
    }
    println!("passed {passed} failed {failed} skipped 0");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn load(file: &Path) -> Result<Scenario, String> {
    let text = std::fs::read_to_string(file).map_err(|error| error.to_string())?;
    let scenario = Scenario::load(&text).map_err(|error| error.why)?;
    let name = file
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    Ok(Scenario {
        file: name,
        ..scenario
    })
}

fn show(report: &Report) {
    if !report.passed() {
        println!("{report}");
    }
    for step in &report.steps {
        if let Some(slow) = &step.slow {
            println!("  slow: {} step {}: {slow}", report.file, step.number);
        }
    }
}

fn wrong(why: &str) -> ExitCode {
    eprintln!("{why}\nusage: replay BASE_URL TOKEN FILE...");
    ExitCode::from(2)
}
