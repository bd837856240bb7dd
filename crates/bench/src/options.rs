//! The command line.

use std::path::PathBuf;

use clap::Parser;

/// Measures a rolecall that it starts itself.
#[derive(Debug, Parser)]
#[command(name = "rolecall-bench")]
pub(crate) struct Options {
    /// The built server.
    #[arg(long, default_value = "target/release/rolecall")]
    pub(crate) rolecall: PathBuf,
    /// How many users there are before anything else is measured.
    #[arg(long, default_value_t = 100_000)]
    pub(crate) users: usize,
    /// Runs only workloads whose key has this in it; users are made all the same.
    #[arg(long)]
    pub(crate) only: Option<String>,
    /// An empty PostgreSQL database to use instead of a SQLite file.
    #[arg(long, requires = "postgres_pid")]
    pub(crate) postgres: Option<String>,
    /// The process of that PostgreSQL, whose CPU time counts.
    #[arg(long)]
    pub(crate) postgres_pid: Option<u32>,
    /// A library to preload that slows fsync by 2 ms; without it those rows are left out.
    #[arg(long)]
    pub(crate) slow_fsync: Option<PathBuf>,
    /// Also starts with a database of a million users, which takes minutes to make.
    #[arg(long)]
    pub(crate) million: bool,
    /// Instead of measuring: keeps a large database busy for so many minutes and fails where memory,
    /// open files or the log of SQLite grow.
    #[arg(long, value_name = "MINUTES")]
    pub(crate) soak: Option<f64>,
    /// Groups in that database.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) groups: usize,
    /// Members of its largest group but one.
    #[arg(long, default_value_t = 200_000)]
    pub(crate) large: usize,
    /// Be the bare web server to compare with.
    #[arg(long, hide = true)]
    pub(crate) bare: bool,
}

impl Options {
    /// Whether a workload is asked for.
    pub(crate) fn wants(&self, key: &str) -> bool {
        self.only.as_deref().is_none_or(|part| key.contains(part))
    }
}

/// Reads it; ends the process where it is wrong.
pub(crate) fn read() -> Options {
    Options::parse()
}
