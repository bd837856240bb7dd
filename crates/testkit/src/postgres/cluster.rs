//! A cluster that is thrown away.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use uuid::Uuid;

use super::programs::Programs;
use super::watchdog::Watchdog;

/// The cluster's superuser.
const USER: &str = "rolecall";

/// A free port may be taken by somebody else before the server listens on it.
const TRIES: usize = 5;

/// Nothing here has to survive anything, so nothing waits for the disk.
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=32MB",
    "log_line_prefix='%m [%p] %d '",
];

/// A running cluster; it runs until the process ends.
pub(super) struct Cluster {
    url: String,
    folder: PathBuf,
    _watchdog: Watchdog,
}

impl Cluster {
    /// Makes and starts a cluster.
    pub(super) fn start(programs: &Programs) -> Result<Self, String> {
        let folder = tempfile::Builder::new()
            .prefix("rolecall-postgres-")
            .tempdir();
        let folder = folder
            .map_err(|error| format!("temporary folder: {error}"))?
            .keep();
        let watchdog = Watchdog::start(&folder, &stop_command(programs, &folder))?;
        let password = Uuid::now_v7().simple().to_string();
        init(programs, &folder, &password)?;
        let port = start(programs, &folder)?;
        let url = format!("postgres://{USER}:{password}@127.0.0.1:{port}/postgres");
        Ok(Self {
            url,
            folder,
            _watchdog: watchdog,
        })
    }

    /// The process that started all others of it.
    pub(super) fn postmaster(&self) -> Option<u32> {
        let text = std::fs::read_to_string(data(&self.folder).join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// The superuser's URL.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn words(folder: &Path, rest: &[&str]) -> Vec<String> {
    let data = data(folder).to_string_lossy().into_owned();
    let mut words = vec!["-D".to_owned(), data];
    words.extend(rest.iter().map(|word| (*word).to_owned()));
    words
}

fn stop_command(programs: &Programs, folder: &Path) -> Vec<String> {
    let mut line = programs.command_line("pg_ctl");
    line.extend(words(folder, &["-m", "immediate", "stop"]));
    line
}

/// Makes the files. The order of text is an ordinary language's, not that of bytes, so that a
/// column that forgot its collation is noticed; where that is not built in, the system's.
fn init(programs: &Programs, folder: &Path, password: &str) -> Result<(), String> {
    let secret = folder.join("password");
    std::fs::write(&secret, password).map_err(|error| format!("password file: {error}"))?;
    programs.give(folder)?;
    let file = format!("--pwfile={}", secret.display());
    let plain = words(
        folder,
        &[
            "-U",
            USER,
            "-A",
            "password",
            "-E",
            "UTF8",
            "--no-sync",
            &file,
        ],
    );
    let language = [
        "--locale=C.UTF-8",
        "--locale-provider=icu",
        "--icu-locale=en-US",
    ];
    let ordered = [&plain[..], &language.map(str::to_owned)].concat();
    programs
        .run("initdb", &ordered)
        .or_else(|_| programs.run("initdb", &plain))
}

fn start(programs: &Programs, folder: &Path) -> Result<u16, String> {
    let log = folder.join("log").to_string_lossy().into_owned();
    let mut last = String::new();
    for _ in 0..TRIES {
        let port = free_port().map_err(|error| format!("no free port: {error}"))?;
        let settings: Vec<String> = SETTINGS
            .iter()
            .map(|setting| format!("-c {setting}"))
            .collect();
        let options = format!("-p {port} {}", settings.join(" "));
        let line = words(
            folder,
            &["-w", "-t", "60", "-l", &log, "-o", &options, "start"],
        );
        match programs.run("pg_ctl", &line) {
            Ok(()) => return Ok(port),
            Err(why) => last = why,
        }
    }
    let said = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
    Err(format!("{last}\n{said}"))
}

fn free_port() -> std::io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
