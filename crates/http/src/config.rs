//! What the HTTP side can be told. The binary fills it from its configuration.

use std::{thread, time::Duration};

use crate::client::Proxies;

/// Where the SCIM surface is mounted by default, so that an application made in an identity
/// provider for one of the systems that rolecall stands in for can be pointed here unchanged.
pub const DEFAULT_MOUNTS: &[&str] = &[
    "/scim/v2",
    "/scim",
    "/orgs/{org}/scim/v2",
    "/api/teams/{org}/scim/v2",
    "/gms/openapi/scim/v2",
    "/api/v1/auth/scim",
    "/api/v2/scim",
];

/// Settings and limits of the HTTP side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpConfig {
    /// What comes before the path in `meta.location`, `$ref` and `Location`: scheme and authority
    /// and perhaps a path, as clients see them. `Host` is never used.
    pub public_url: String,
    /// Paths of the SCIM surface; `{org}` stands for an organization's slug.
    pub mounts: Vec<String>,
    /// Threads that serve connections; 0 means one for each core.
    pub workers: usize,
    /// Open connections for each worker.
    pub max_connections: usize,
    /// Largest body in bytes.
    pub body_limit: usize,
    /// How long a body may take to arrive.
    pub body_timeout: Duration,
    /// How long a Bulk may go on before what is left of it is turned away.
    pub bulk_timeout: Duration,
    /// How long the head of a request may take to arrive.
    pub request_timeout: Duration,
    /// How long an idle connection is kept.
    pub keep_alive: Duration,
    /// How long a closing connection may take.
    pub disconnect_timeout: Duration,
    /// How long running requests may take once the server stops.
    pub shutdown_timeout: Duration,
    /// Requests a second of one key, and as many at once; 0 means no limit.
    pub requests_per_key: u32,
    /// The same from one address, or one /64 network of IPv6, whatever keys it shows.
    pub requests_per_address: u32,
    /// Who is believed what it says of the client's address.
    pub proxies: Proxies,
    /// How many units of slow work (lists, large bodies, argon2, PostgreSQL) run at once.
    pub blocking: usize,
    /// How many connections to a database across the network they share. Changes take no more than
    /// three quarters of them, those of one organization no more than half.
    pub connections: usize,
    /// How many more of them may wait before the answer is 503.
    pub waiting: usize,
}

impl Default for HttpConfig {
    fn default() -> Self {
        HttpConfig {
            public_url: "http://127.0.0.1:8080".to_owned(),
            mounts: DEFAULT_MOUNTS
                .iter()
                .map(|mount| (*mount).to_owned())
                .collect(),
            workers: 0,
            max_connections: 25_000,
            body_limit: 32 * 1024 * 1024,
            body_timeout: Duration::from_mins(1),
            bulk_timeout: Duration::from_secs(30),
            request_timeout: Duration::from_secs(10),
            keep_alive: Duration::from_secs(75),
            disconnect_timeout: Duration::from_secs(5),
            shutdown_timeout: Duration::from_secs(20),
            requests_per_key: 50_000,
            requests_per_address: 50_000,
            proxies: Proxies::default(),
            blocking: (cores() * 4).max(8),
            connections: (cores() * 4).max(8),
            waiting: 1_024,
        }
    }
}

impl HttpConfig {
    /// Threads that serve connections.
    pub fn worker_threads(&self) -> usize {
        if self.workers == 0 {
            cores()
        } else {
            self.workers
        }
    }

    /// The public URL without a final slash.
    ///
    /// # Errors
    /// It is not an `http` or `https` URL, or has a query, a fragment or a space in it.
    pub fn base(&self) -> Result<String, ConfigFault> {
        let url = self.public_url.trim_end_matches('/');
        let rest = url
            .strip_prefix("https://")
            .or_else(|| url.strip_prefix("http://"));
        let good = rest.is_some_and(|rest| {
            !rest.starts_with('/')
                && !rest.is_empty()
                && rest
                    .bytes()
                    .all(|byte| byte.is_ascii_graphic() && !b"?#\"<>\\".contains(&byte))
        });
        if good {
            return Ok(url.to_owned());
        }
        Err(ConfigFault::new(
            "http.public_url",
            "must be an http:// or https:// URL without query, such as https://scim.example.com",
        ))
    }
}

fn cores() -> usize {
    thread::available_parallelism().map_or(1, usize::from)
}

/// A setting that is not right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {detail}")]
pub struct ConfigFault {
    /// The key in the configuration.
    pub key: String,
    /// What would be right.
    pub detail: String,
}

impl ConfigFault {
    pub(crate) fn new(key: impl Into<String>, detail: impl Into<String>) -> ConfigFault {
        ConfigFault {
            key: key.into(),
            detail: detail.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(public_url: &str, base: Option<&str>) {
        let config = HttpConfig {
            public_url: public_url.to_owned(),
            ..HttpConfig::default()
        };
        assert_eq!(config.base().ok().as_deref(), base, "{public_url}");
    }

    #[test]
    fn public_urls() {
        check("https://scim.example.com", Some("https://scim.example.com"));
        check("http://127.0.0.1:8080/", Some("http://127.0.0.1:8080"));
        check(
            "https://example.com/rolecall/",
            Some("https://example.com/rolecall"),
        );
        for wrong in [
            "",
            "scim.example.com",
            "ftp://x",
            "https://",
            "https:///x",
            "https://x?y",
            "https://x y",
        ] {
            check(wrong, None);
        }
    }
}
