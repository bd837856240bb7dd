//! A server for one test alone, which may be frozen.

use std::process::Command;

use super::cluster::Cluster;
use super::programs::Programs;
use super::url;

/// A PostgreSQL that nobody else uses. It is thawed, stopped and removed when it is dropped.
pub struct OwnServer {
    cluster: Cluster,
    /// The URL of a new, empty database on it.
    pub url: String,
}

impl OwnServer {
    /// Starts one, also where `TEST_POSTGRES_URL` names another; none where PostgreSQL's programs
    /// are missing, which is said as loudly as by [`super::fresh_database`].
    ///
    /// # Panics
    /// As [`super::fresh_database`].
    pub fn start() -> Option<OwnServer> {
        let programs = match Programs::server() {
            Ok(programs) => programs,
            Err(missing) => {
                missing.report();
                return None;
            }
        };
        let made = Cluster::start(&programs).and_then(|cluster| {
            programs.psql(cluster.url(), "CREATE DATABASE rolecall_test")?;
            let url = url::with_database(cluster.url(), "rolecall_test")?;
            Ok(OwnServer { cluster, url })
        });
        match made {
            Ok(server) => Some(server),
            Err(why) => panic!("PostgreSQL is installed but a server could not be started: {why}"),
        }
    }

    /// Stops all its processes where they are: its connections stay open, and nothing is answered.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Lets them go on.
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let Some(postmaster) = self.cluster.postmaster() else {
            return;
        };
        // The one that starts others first, so that none comes in between.
        let first = Command::new("kill")
            .args([signal, &postmaster.to_string()])
            .status();
        assert!(
            first.is_ok_and(|sent| sent.success()),
            "the server could not be sent {signal}"
        );
        // Some of them may end by themselves in this moment.
        let _ = Command::new("kill")
            .arg(signal)
            .args(children(postmaster))
            .stderr(std::process::Stdio::null())
            .status();
    }
}

/// The processes that were started by one.
fn children(of: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let parent = |name: &str| {
        let stat = std::fs::read_to_string(format!("/proc/{name}/stat")).ok()?;
        // After the name, which may hold anything: the state, then the parent.
        let parent = stat.rsplit(')').next()?.split_whitespace().nth(1)?;
        parent.parse::<u32>().ok()
    };
    entries
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.parse::<u32>().is_ok() && parent(name) == Some(of))
        .collect()
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        // A frozen server could not be stopped.
        self.thaw();
    }
}
