//! The rolecall that is measured: started on a free port of loopback, with one organization, and
//! stopped when it is dropped.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use crate::Fault;
use crate::client::Client;
use crate::drive::Target;
use crate::options::Options;
use crate::process::Processes;

/// The organization's slug.
pub(crate) const ORG: &str = "bench";

/// Where the data is and how the server is started.
pub(crate) struct Place {
    rolecall: PathBuf,
    url: String,
    preload: Option<PathBuf>,
    database: Option<u32>,
}

impl Place {
    /// A SQLite file.
    pub(crate) fn file(options: &Options, path: &Path) -> Place {
        Place {
            rolecall: options.rolecall.clone(),
            url: format!("sqlite://{}", path.display()),
            preload: None,
            database: None,
        }
    }

    /// The PostgreSQL that was named.
    pub(crate) fn postgres(options: &Options, url: &str) -> Place {
        Place {
            rolecall: options.rolecall.clone(),
            url: url.to_owned(),
            preload: None,
            database: options.postgres_pid,
        }
    }

    /// The same with a library loaded first.
    pub(crate) fn with(self, preload: &Path) -> Place {
        Place {
            preload: Some(preload.to_owned()),
            ..self
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.rolecall);
        command
            .args(arguments)
            .env("ROLECALL__DATABASE__URL", &self.url)
            .env("ROLECALL__HTTP__BIND", "127.0.0.1:0")
            // The log of refused requests is not what is measured, and nobody reads it here.
            .env("ROLECALL__LOG__LEVEL", "warn");
        if let Some(library) = &self.preload {
            command.env("LD_PRELOAD", library);
        }
        command
    }

    /// What a command answers with `--json`.
    fn ask(&self, arguments: &[&str]) -> Result<Value, Fault> {
        let output = self.command(arguments).arg("--json").output();
        let output = output.map_err(|error| format!("rolecall does not start: {error}"))?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).into_owned());
        }
        serde_json::from_slice(&output.stdout).map_err(|error| error.to_string())
    }

    fn key(&self, kind: &str) -> Result<String, Fault> {
        let made = self.ask(&["key", "create", "--org", ORG, "--kind", kind])?;
        let token = made["token"].as_str().map(ToOwned::to_owned);
        token.ok_or_else(|| "key create told no token".to_owned())
    }

    /// Makes the organization, its workspace and its keys.
    pub(crate) fn organization(&self) -> Result<Keys, Fault> {
        self.ask(&["migrate"])?;
        self.ask(&["org", "create", ORG, "--preset", "plain"])?;
        self.ask(&["workspace", "create", "--org", ORG, "quality"])?;
        Ok(Keys {
            scim: self.key("scim")?,
            read: self.key("read")?,
            admin: self.key("admin")?,
        })
    }
}

/// The organization's keys.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    scim: String,
    read: String,
    admin: String,
}

/// A running server.
pub(crate) struct Server {
    child: Child,
    address: SocketAddr,
    database: Option<u32>,
    /// From its start to its first answer, in seconds.
    pub(crate) started_in: f64,
}

impl Server {
    /// Starts it and waits until it answers.
    pub(crate) fn start(place: &Place) -> Result<Server, Fault> {
        let start = Instant::now();
        let mut child = place
            .command(&["serve", "--json"])
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("rolecall does not start: {error}"))?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out)
                .read_line(&mut line)
                .map_err(|error| error.to_string())?;
        }
        let greeting: Value = serde_json::from_str(&line).unwrap_or_default();
        let url = greeting["listening"].as_str().unwrap_or_default();
        let address = url
            .trim_start_matches("http://")
            .trim_end_matches('/')
            .parse();
        let Ok(address) = address else {
            // It has said why on standard error.
            let _ = child.wait();
            return Err("the server did not say where it listens".to_owned());
        };
        let mut server = Server {
            child,
            address,
            database: place.database,
            started_in: 0.0,
        };
        Client::new(address, "", "")
            .get("/readyz")?
            .expect(&[200], "readyz")?;
        server.started_in = start.elapsed().as_secs_f64();
        Ok(server)
    }

    /// The server and its database.
    pub(crate) fn processes(&self) -> Processes {
        Processes([self.child.id()].into_iter().chain(self.database).collect())
    }

    /// The server alone.
    pub(crate) fn itself(&self) -> Processes {
        Processes(vec![self.child.id()])
    }

    fn target(&self, prefix: String, token: &str) -> Target {
        let (address, token, processes) = (self.address, token.to_owned(), self.processes());
        Target {
            address,
            prefix,
            token,
            processes,
        }
    }

    /// As the identity provider.
    pub(crate) fn scim(&self, keys: &Keys) -> Target {
        self.target("/scim/v2".to_owned(), &keys.scim)
    }

    /// As the application.
    pub(crate) fn read(&self, keys: &Keys) -> Target {
        self.target(format!("/api/v1/orgs/{ORG}"), &keys.read)
    }

    /// As the administrator.
    pub(crate) fn admin(&self, keys: &Keys) -> Target {
        self.target(format!("/api/v1/orgs/{ORG}"), &keys.admin)
    }

    /// Stops it and waits until the database is closed.
    pub(crate) fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        // The standard library only knows SIGKILL, and the log is to be folded in.
        let told = Command::new("kill")
            .arg(self.child.id().to_string())
            .status();
        if !told.is_ok_and(|status| status.success()) {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end();
        }
    }
}

/// Puts a mapping in place: everybody in `staff` is a member; `workspaces` names groups whose
/// members are in the workspace.
pub(crate) fn map(admin: &Target, workspaces: &[&str]) -> Result<(), Fault> {
    let workspaces: Vec<Value> = workspaces
        .iter()
        .map(|group| json!({"group": group, "workspace": "quality"}))
        .collect();
    let mapping = json!({
        "organization": [{"group": "staff", "role": "member"}],
        "workspaces": workspaces,
    });
    let reply = admin
        .client()
        .post("PUT", "/mapping", &mapping.to_string())?;
    reply.expect(&[200], "mapping").map(drop)
}
