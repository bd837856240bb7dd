//! The configuration: `config/default.toml` inside the binary, under a file, under the
//! environment, under flags.
//!
//! That file is the one table of settings: which keys there are, of which type, and their
//! defaults. [`Written`] holds what was written, [`Settings`] what it means once every check has
//! passed. All faults are reported at once, each with its key and the layer it came from.

mod bounds;
mod check;
mod fault;
mod layers;
mod network;
mod shown;
mod values;
mod written;

#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, net::SocketAddr, path::PathBuf, time::Duration};

pub(crate) use fault::{Fault, Origin};
pub(crate) use layers::{process_environment, read_secret};
pub(crate) use network::{TlsFiles, loopback_of};
pub(crate) use shown::Shown;
pub(crate) use written::Written;

/// The table of settings.
pub(crate) const DEFAULTS: &str = include_str!("../../../config/default.toml");

/// Where settings come from, lowest first; the defaults lie under all of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sources {
    /// A TOML file.
    pub(crate) file: Option<PathBuf>,
    /// Names and values of the process's environment.
    pub(crate) environment: Vec<(String, String)>,
    /// Keys and values of `--set`.
    pub(crate) flags: Vec<(String, String)>,
}

/// How rolecall is to run. Every value has passed its checks.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Where to listen.
    pub(crate) bind: SocketAddr,
    /// Scheme and authority for links, without a final slash; none derives it from the address.
    pub(crate) public_url: Option<String>,
    /// Threads that serve requests; none means one for each core.
    pub(crate) workers: Option<usize>,
    /// Connections open at once.
    pub(crate) max_connections: usize,
    /// How long requests in flight may take when rolecall is told to stop.
    pub(crate) shutdown: Duration,
    /// Whether others can reach the bind address and nothing encrypts.
    pub(crate) plain_in_public: bool,
    /// Certificate and key, where rolecall itself speaks TLS.
    pub(crate) tls: Option<TlsFiles>,
    /// Proxies that are believed what they say of the client's address.
    pub(crate) proxies: http::Proxies,
    /// Where metrics are answered without a key.
    pub(crate) metrics_bind: Option<SocketAddr>,
    /// Bytes of the file that is given up when the disk is full; SQLite only.
    pub(crate) reserve: u64,
    /// Where the database is. The URL may hold a password.
    pub(crate) database: storage::Config,
    /// Paths of the SCIM surface.
    pub(crate) mounts: Vec<String>,
    /// Requests a second of one key; 0 means no limit.
    pub(crate) requests_per_key: u32,
    /// Requests a second from one address; 0 means no limit.
    pub(crate) requests_per_address: u32,
    /// A proxy stands in front, so that all requests come from its address.
    pub(crate) behind_tls_proxy: bool,
    /// For how many days what is kept.
    pub(crate) keep: app::retention::Keep,
    /// The URL of the collector that traces are sent to, without a final slash.
    #[cfg_attr(
        not(feature = "otlp"),
        expect(dead_code, reason = "refused where it is set")
    )]
    pub(crate) collector: Option<String>,
    /// Whether to log JSON; none decides by the terminal.
    pub(crate) log_json: Option<bool>,
    /// Directives for the log's filter.
    pub(crate) log_level: String,
    /// Where the value of each key came from.
    origins: BTreeMap<String, Origin>,
}

impl Settings {
    /// Puts the layers together and checks the whole.
    ///
    /// # Errors
    /// Everything that is not right, all at once.
    pub(crate) fn load(sources: &Sources) -> Result<Settings, Vec<Fault>> {
        let mut faults = Vec::new();
        let values = layers::merge(sources, &mut faults);
        match values.written() {
            Ok(written) => check::check(&written, &values, faults),
            Err(fault) => {
                faults.push(fault);
                Err(faults)
            }
        }
    }

    /// Every key with its value and the layer it came from; secrets are masked. What is not right
    /// has the value that lies below it.
    pub(crate) fn shown(sources: &Sources) -> Vec<Shown> {
        shown::all(&layers::merge(sources, &mut Vec::new()))
    }

    /// A fault of a setting that shows only when its value is used, such as a file that is not right.
    pub(crate) fn fault(&self, key: &str, detail: impl Into<String>) -> Fault {
        Fault::new(key, self.origin(key), detail)
    }

    /// Where the value of a key came from.
    pub(crate) fn origin(&self, key: &str) -> &Origin {
        self.origins.get(key).unwrap_or(&Origin::Default)
    }

    /// Scheme and authority for links, where the server listens at `address`.
    pub(crate) fn public_url(&self, address: SocketAddr) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| self.url_of(address))
    }

    /// The URL of a server that listens at `address`, as this machine reaches it.
    pub(crate) fn url_of(&self, address: SocketAddr) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", loopback_of(address))
    }
}
