//! What the values have to be like, and what they mean.

use std::time::Duration;

use tracing_subscriber::EnvFilter;

use super::{Fault, Settings, Written, network, values::Values};

const FORMATS: &[&str] = &["auto", "pretty", "json"];

/// Checks every value.
///
/// # Errors
/// The faults found before and those found here.
pub(super) fn check(
    written: &Written,
    values: &Values,
    faults: Vec<Fault>,
) -> Result<Settings, Vec<Fault>> {
    let mut checks = Checks { values, faults };
    let http = &written.http;
    let bind = checks.take("http.bind", network::address(&http.bind));
    let public_url = checks.take("http.public_url", network::public_url(&http.public_url));
    let tls = checks.take("http.tls_key", network::tls(written));
    let trusted = checks.take(
        "http.trusted_proxies",
        network::ranges(&http.trusted_proxies),
    );
    let header = checks.take(
        "http.forwarded_header",
        network::header(&http.forwarded_header),
    );
    let metrics_bind = checks.take("metrics.bind", network::maybe(&written.metrics.bind));
    if let Some(Some(bind)) = metrics_bind {
        checks.take("metrics.bind", network::operators_own(bind, written));
    }
    let collector = checks.take("otlp.endpoint", network::collector(&written.otlp.endpoint));
    checks.take("scim.mounts", mounts(&written.scim.mounts));
    let log_json = checks.take("log.format", log_format(&written.log.format));
    checks.take("log.level", log_level(&written.log.level));
    checks.take("database.url", database_url(&written.database.url));
    checks.take("database.read_url", read_url(&written.database));
    if let (Some(bind), Some(url)) = (bind, &public_url) {
        checks.take("http.bind", network::reachable(bind, written));
        let url = url.as_deref();
        checks.take("http.public_url", network::fits(url, written));
    }
    let (Some(bind), Some(public_url), Some(log_json), Some(tls)) =
        (bind, public_url, log_json, tls)
    else {
        return Err(checks.faults);
    };
    let (Some(trusted), Some(header), Some(metrics_bind), Some(collector)) =
        (trusted, header, metrics_bind, collector)
    else {
        return Err(checks.faults);
    };
    if !checks.faults.is_empty() {
        return Err(checks.faults);
    }
    Ok(Settings {
        bind,
        public_url,
        workers: Some(http.workers).filter(|workers| *workers > 0),
        max_connections: http.max_connections,
        shutdown: Duration::from_secs(http.shutdown_seconds),
        plain_in_public: !bind.ip().is_loopback() && !http.behind_tls_proxy && tls.is_none(),
        tls,
        proxies: http::Proxies::new(trusted, header),
        metrics_bind,
        reserve: written.database.reserve_mib * 1_024 * 1_024,
        database: database(written),
        mounts: written.scim.mounts.clone(),
        requests_per_key: written.limits.requests_per_key,
        requests_per_address: written.limits.requests_per_address,
        behind_tls_proxy: written.http.behind_tls_proxy,
        keep: app::retention::Keep {
            history_days: written.history.keep_days,
            event_days: written.events.keep_days,
            request_days: written.requests.keep_days,
            body_days: written.requests.keep_body_days,
            job_days: written.jobs.keep_days,
        },
        collector,
        log_json,
        log_level: written.log.level.clone(),
        origins: values.origins(),
    })
}

/// Collects faults with the origin of the key they belong to.
struct Checks<'a> {
    values: &'a Values,
    faults: Vec<Fault>,
}

impl Checks<'_> {
    fn take<T>(&mut self, key: &str, result: Result<T, String>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(detail) => {
                self.faults
                    .push(Fault::new(key, &self.values.origin(key), detail));
                None
            }
        }
    }
}

fn mounts(mounts: &[String]) -> Result<(), String> {
    http::check_mounts(mounts).map_err(|fault| fault.detail)
}

fn log_format(text: &str) -> Result<Option<bool>, String> {
    match text {
        "auto" => Ok(None),
        "json" => Ok(Some(true)),
        "pretty" => Ok(Some(false)),
        _ => Err(format!("must be one of: {}", FORMATS.join(", "))),
    }
}

fn log_level(text: &str) -> Result<(), String> {
    let good = !text.trim().is_empty() && EnvFilter::try_new(text).is_ok();
    let words = ["error", "warn", "info", "debug", "trace", "off"];
    // A bare word that is no level would be taken for a module's name, and nothing logged.
    let bare = |part: &str| part.contains(['=', '[']) || words.contains(&part.trim());
    if good && text.split(',').all(bare) {
        return Ok(());
    }
    Err(
        "must be error, warn, info, debug, trace or off, or also by module: info,rolecall_storage=debug"
            .to_owned(),
    )
}

fn database_url(text: &str) -> Result<(), String> {
    storage::check_url(text).map_err(str::to_owned)
}

/// A replica is one of PostgreSQL.
fn read_url(database: &super::written::Database) -> Result<(), String> {
    let is_server = |url: &str| url.starts_with("postgres://") || url.starts_with("postgresql://");
    let read_url = database.read_url.as_str();
    if read_url.is_empty() {
        return Ok(());
    }
    if !is_server(read_url) {
        return Err("must be postgres://USER:PASSWORD@HOST/NAME of a replica, or empty".to_owned());
    }
    database_url(read_url)?;
    if !is_server(&database.url) {
        return Err("needs a database.url of PostgreSQL: SQLite has no replicas".to_owned());
    }
    Ok(())
}

fn database(written: &Written) -> storage::Config {
    let database = &written.database;
    storage::Config {
        url: database.url.clone(),
        read_url: Some(database.read_url.clone()).filter(|url| !url.is_empty()),
        connections: u32::try_from(database.connections).unwrap_or(u32::MAX),
        queue: database.queue,
        wait: Duration::from_millis(database.wait_ms),
        connect_timeout: Duration::from_secs(database.connect_timeout_seconds),
        statement_timeout: Duration::from_millis(database.statement_timeout_ms),
        silence: Duration::from_millis(database.silence_ms),
        filter_timeout: Duration::from_millis(database.filter_timeout_ms),
    }
}
