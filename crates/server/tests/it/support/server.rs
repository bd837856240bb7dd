use std::{
    fs::File,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

use super::{
    Client, Db,
    command::{command, rolecall},
};

/// A running server; killed with its test.
pub(crate) struct Server {
    /// Scheme and authority.
    pub(crate) url: String,
    /// The same of the operator's own listener, where there is one.
    pub(crate) metrics: Option<String>,
    child: Child,
    log: PathBuf,
    /// As in the setting `database.url`.
    database: String,
    /// Held so that the server can go on printing.
    _stdout: BufReader<ChildStdout>,
}

impl Server {
    /// Starts one on a free port and waits until it says where it listens.
    pub(crate) fn start(database: &Db) -> Server {
        Server::start_with(database, &[])
    }

    /// The same with settings of its own.
    pub(crate) fn start_with(database: &Db, environment: &[(&str, &str)]) -> Server {
        let mut command = command(database);
        command.args(["serve", "--json"]);
        Server::run(database, command, environment)
    }

    /// The same by a command line of its own that ends in `rolecall serve --json`.
    pub(crate) fn run(database: &Db, mut command: Command, environment: &[(&str, &str)]) -> Server {
        let log = database.folder.path().join("server.log");
        let mut child = command
            .env("ROLECALL__HTTP__BIND", "127.0.0.1:0")
            // Everything that it could say: nothing of it may be a secret.
            .env("ROLECALL__LOG__LEVEL", "trace")
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(
                File::options()
                    .append(true)
                    .create(true)
                    .open(&log)
                    .unwrap(),
            )
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let greeting: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
            let _ = child.wait();
            panic!(
                "the server did not start: {}",
                std::fs::read_to_string(&log).unwrap()
            )
        });
        let url = greeting["listening"].as_str().unwrap().to_owned();
        Server {
            url,
            metrics: greeting["metrics"].as_str().map(str::to_owned),
            child,
            log,
            database: database.url.clone(),
            _stdout: stdout,
        }
    }

    /// A client with a key, below a path.
    pub(crate) fn client(&self, path: &str, token: &str) -> Client {
        Client::new(&format!("{}{path}", self.url), token)
    }

    /// Tells it to stop and asserts that it ends well.
    pub(crate) fn stop(self) {
        self.stop_by("TERM");
    }

    pub(crate) fn stop_by(self, signal: &str) {
        self.signal(signal);
        assert_eq!(self.wait(), Some(0), "{signal}");
    }

    /// Of its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let pid = self.pid().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{signal}"), &pid])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// The code that it ends with, which takes two minutes at the most.
    pub(crate) fn wait(mut self) -> Option<i32> {
        for _ in 0..24_000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            #[expect(clippy::disallowed_methods, reason = "another process is waited for")]
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("it has not ended: {}", self.log());
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    /// Kills it in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            self.has_no_secret();
        }
    }
}

impl Server {
    /// Abuse 62, in every test that starts a server: no secret that was used is in the log or in
    /// the database.
    fn has_no_secret(&self) {
        let log = self.log();
        assert!(!log.is_empty(), "there is no log to search");
        let mut all = vec![("server.log", log.into_bytes())];
        all.extend(super::database::contents(&self.database));
        for (what, bytes) in all {
            let found = testkit::secrets::find(&bytes);
            assert_eq!(found, None, "a secret is in {what}");
        }
    }
}

/// A new organization and a key of a kind.
pub(crate) fn org_with_key(database: &Db, slug: &str, preset: &str, kind: &str) -> String {
    migrate(database);
    let made = rolecall(
        database,
        &[
            "org", "create", slug, "--preset", preset, "--key", kind, "--json",
        ],
    );
    made.json()["key"]["token"].as_str().unwrap().to_owned()
}

/// Makes the tables, as the first start of a server does.
pub(crate) fn migrate(database: &Db) {
    rolecall(database, &["migrate", "--json"]).json();
}

/// A further key.
pub(crate) fn key(database: &Db, slug: &str, kind: &str) -> String {
    let made = rolecall(
        database,
        &["key", "create", "--org", slug, "--kind", kind, "--json"],
    );
    made.json()["token"].as_str().unwrap().to_owned()
}
