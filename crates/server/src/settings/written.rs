//! The settings as they are written: one field for each key of `config/default.toml`, whose
//! comments say what they mean.

use serde::{Deserialize, Serialize};

/// All sections.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Written {
    /// `[http]`
    pub(crate) http: Http,
    /// `[database]`
    pub(crate) database: Database,
    /// `[scim]`
    pub(crate) scim: Scim,
    /// `[limits]`
    pub(crate) limits: Limits,
    /// `[history]`
    pub(crate) history: Kept,
    /// `[events]`
    pub(crate) events: Kept,
    /// `[requests]`
    pub(crate) requests: Requests,
    /// `[jobs]`
    pub(crate) jobs: Kept,
    /// `[metrics]`
    pub(crate) metrics: Metrics,
    /// `[otlp]`
    pub(crate) otlp: Otlp,
    /// `[log]`
    pub(crate) log: Log,
}

/// `[http]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "a field is called as its key")]
pub(crate) struct Http {
    pub(crate) bind: String,
    pub(crate) public_url: String,
    pub(crate) workers: usize,
    pub(crate) max_connections: usize,
    pub(crate) shutdown_seconds: u64,
    pub(crate) behind_tls_proxy: bool,
    pub(crate) insecure_plain_http: bool,
    pub(crate) trusted_proxies: Vec<String>,
    pub(crate) forwarded_header: String,
    pub(crate) tls_certificate: String,
    pub(crate) tls_key: String,
}

/// `[database]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Database {
    pub(crate) url: String,
    pub(crate) read_url: String,
    pub(crate) connections: u64,
    pub(crate) queue: usize,
    pub(crate) wait_ms: u64,
    pub(crate) connect_timeout_seconds: u64,
    pub(crate) statement_timeout_ms: u64,
    pub(crate) silence_ms: u64,
    pub(crate) filter_timeout_ms: u64,
    pub(crate) reserve_mib: u64,
}

/// `[scim]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scim {
    pub(crate) mounts: Vec<String>,
}

/// `[limits]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) requests_per_key: u32,
    pub(crate) requests_per_address: u32,
}

/// `[history]`, `[events]`, `[jobs]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    pub(crate) keep_days: u32,
}

/// `[requests]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Requests {
    pub(crate) keep_days: u32,
    pub(crate) keep_body_days: u32,
}

/// `[metrics]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Metrics {
    pub(crate) bind: String,
    pub(crate) allow_others: bool,
}

/// `[otlp]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Otlp {
    pub(crate) endpoint: String,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log {
    pub(crate) format: String,
    pub(crate) level: String,
}
