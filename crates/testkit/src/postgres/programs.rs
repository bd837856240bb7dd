//! Finding PostgreSQL's programs and running them as somebody they accept.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Missing;

/// A statement for each table, then each of them run.
const ROWS: &str = "SELECT format('SELECT t::text FROM %I.%I t', schemaname, tablename) \
    FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') \\gexec\n";

/// Where the programs are, and what to put before those that refuse to run as root.
pub(super) struct Programs {
    folder: PathBuf,
    as_user: Vec<String>,
    owner: Option<String>,
}

impl Programs {
    /// Programs that start a cluster, and a user that may.
    pub(super) fn server() -> Result<Self, Missing> {
        let folder = find("initdb").ok_or(Missing(
            "initdb was not found by pg_config, under /usr/lib/postgresql or in PATH; install \
             PostgreSQL or set TEST_POSTGRES_URL",
        ))?;
        let plain = Self {
            folder,
            as_user: Vec::new(),
            owner: None,
        };
        if answer("id", &["-u"]).as_deref() != Some("0") {
            return Ok(plain);
        }
        let (owner, as_user) = other_user().ok_or(Missing(
            "PostgreSQL refuses to run as root, and neither runuser nor setpriv with a user \
             'postgres' or 'nobody' is there; run as another user or set TEST_POSTGRES_URL",
        ))?;
        Ok(Self {
            as_user,
            owner: Some(owner),
            ..plain
        })
    }

    /// The programs that talk to a server.
    pub(super) fn client() -> Result<Self, Missing> {
        let folder = find("psql").ok_or(Missing(
            "psql was not found by pg_config, under /usr/lib/postgresql or in PATH; install \
             PostgreSQL's client programs",
        ))?;
        Ok(Self {
            folder,
            as_user: Vec::new(),
            owner: None,
        })
    }

    /// Runs one statement as whoever we are.
    pub(super) fn psql(&self, url: &str, statement: &str) -> Result<(), String> {
        let mut command = Command::new(self.folder.join("psql"));
        command.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            url,
            "-c",
            statement,
        ]);
        run(&mut command)
    }

    /// Everything in the tables of a database: each row as a text.
    pub(super) fn rows(&self, url: &str) -> Result<Vec<u8>, String> {
        let mut command = Command::new(self.folder.join("psql"));
        command.args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let failed = |error: std::io::Error| format!("psql: {error}");
        let mut child = command.spawn().map_err(failed)?;
        if let Some(mut stdin) = child.stdin.take() {
            stdin.write_all(ROWS.as_bytes()).map_err(failed)?;
        }
        let output = child.wait_with_output().map_err(failed)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        Err(format!("psql: {}", output.status))
    }

    /// Runs a server's program as the user it accepts.
    pub(super) fn run<S: AsRef<OsStr>>(
        &self,
        program: &str,
        arguments: &[S],
    ) -> Result<(), String> {
        let line = self.command_line(program);
        let mut command = Command::new(&line[0]);
        run(command.args(&line[1..]).args(arguments))
    }

    /// The words that start this program, the change of user included.
    pub(super) fn command_line(&self, program: &str) -> Vec<String> {
        let mut line = self.as_user.clone();
        line.push(self.folder.join(program).to_string_lossy().into_owned());
        line
    }

    /// Gives a folder to the user that the server's programs run as.
    pub(super) fn give(&self, folder: &Path) -> Result<(), String> {
        match &self.owner {
            None => Ok(()),
            Some(owner) => run(Command::new("chown").arg("-R").arg(owner).arg(folder)),
        }
    }
}

/// Runs a command to its end. Its output is kept for the error only, in no pipe that a server
/// started by it could hold open.
fn run(command: &mut Command) -> Result<(), String> {
    let name = Path::new(command.get_program())
        .file_name()
        .unwrap_or_default()
        .to_owned();
    let failed = |why: String| format!("{}: {why}", name.to_string_lossy());
    let mut kept = tempfile::tempfile().map_err(|error| failed(error.to_string()))?;
    let handle = || kept.try_clone().map_err(|error| failed(error.to_string()));
    command
        .stdin(Stdio::null())
        .stdout(handle()?)
        .stderr(handle()?)
        .current_dir("/");
    let status = command
        .status()
        .map_err(|error| failed(error.to_string()))?;
    if status.success() {
        return Ok(());
    }
    let mut said = String::new();
    let read = std::io::Seek::rewind(&mut kept)
        .and_then(|()| std::io::Read::read_to_string(&mut kept, &mut said));
    Err(failed(format!(
        "{status}: {}",
        read.map_or("no output", |_| said.trim())
    )))
}

/// The first line that a small program answers.
fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}

/// The folder that holds this program.
fn find(program: &str) -> Option<PathBuf> {
    let asked = answer("pg_config", &["--bindir"]).map(PathBuf::from);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let listed: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut folders = asked.into_iter().chain(installed()).chain(listed);
    folders.find(|folder| folder.join(program).is_file())
}

/// Debian's folders, newest version first.
fn installed() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path())))
        .collect();
    versions.sort();
    versions
        .into_iter()
        .rev()
        .map(|(_, path)| path.join("bin"))
        .collect()
}

/// A user other than root, and the words that run a program as that user.
fn other_user() -> Option<(String, Vec<String>)> {
    let user = ["postgres", "nobody"]
        .into_iter()
        .find(|user| answer("id", &["-u", user]).is_some())?;
    let runuser = ["runuser", "-u", user, "--"].map(str::to_owned).to_vec();
    let group = answer("id", &["-g", user])?;
    let (user_id, group_id) = (format!("--reuid={user}"), format!("--regid={group}"));
    let setpriv = ["setpriv", &user_id, &group_id, "--clear-groups", "--"]
        .map(str::to_owned)
        .to_vec();
    let usable = |words: &Vec<String>| {
        let status = Command::new(&words[0])
            .args(&words[1..])
            .arg("true")
            .status();
        status.is_ok_and(|status| status.success())
    };
    let words = [runuser, setpriv].into_iter().find(usable)?;
    Some((user.to_owned(), words))
}
