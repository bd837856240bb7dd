//! `rolecall serve`: the server from start to stop.
//!
//! The order of stopping is that of trust: first nobody comes in any more and requests in flight
//! end, then the workers, then the database writes what has queued and closes.

mod gauges;
mod watch;
mod workers;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use actix_web::{
    rt::{
        System,
        signal::unix::{Signal, SignalKind, signal},
    },
    web::Data,
};
use app::App;
use http::{ConfigFault, HttpConfig, State, Tls};
use serde_json::json;

use crate::{
    cli::Context,
    clock,
    failure::Failure,
    notify,
    settings::{Settings, loopback_of},
    telemetry, wiring,
};
use watch::Watch;
use workers::Workers;

/// Serves until SIGTERM, SIGINT or SIGHUP.
///
/// # Errors
/// What keeps it from starting, in one clear sentence; a listener that fails later.
pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let settings = &context.settings;
    let telemetry = telemetry::start(settings)?;
    let tls = tls_of(settings)?;
    let (listener, address) = listen("http.bind", settings.bind)?;
    let operator = settings
        .metrics_bind
        .map(|bind| listen("metrics.bind", bind));
    let (operator, operator_at) = operator.transpose()?.unzip();
    let database = wiring::migrated(settings)?;
    let app = wiring::application(settings, &database)?;
    let config = http_config(settings, address);
    let state =
        State::new(Arc::clone(&app), config).map_err(|fault| not_right(settings, &fault))?;
    let state = state.with_gauges(gauges::of(settings, &database, &app));
    let state = state.with_parents(telemetry.adopt());
    let watch = Watch::start(settings, tls.clone())?;
    let workers = Workers::start(&app)?;
    let system = System::new();
    // Before anybody is told that it listens: from then on a signal ends it well.
    let signals = system
        .block_on(async { Signals::new() })
        .map_err(|error| Failure::other(format!("signals cannot be listened to: {error}")))?;
    greet(context, &app, address, operator_at)?;
    let served = system.block_on(until_told(state, listener, operator, tls.as_ref(), signals));
    watch.stop();
    workers.stop(&app);
    drop(app);
    drop(database);
    tracing::info!("stopped");
    served.map_err(|error| Failure::other(format!("the server ended: {error}")))
}

/// Takes the address before anything else, so that a second server does not touch the database.
fn listen(key: &str, bind: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
    let taken = |error: io::Error| {
        let mend = match error.kind() {
            io::ErrorKind::AddrInUse => {
                "; another program has it: stop that one, or set another port"
            }
            io::ErrorKind::AddrNotAvailable => "; no network of this machine has this address",
            io::ErrorKind::PermissionDenied => {
                "; ports below 1024 need a right that this user lacks"
            }
            _ => "",
        };
        Failure::other(format!(
            "{key}: {bind} cannot be listened on: {error}{mend}"
        ))
    };
    let listener = TcpListener::bind(bind).map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    Ok((listener, address))
}

/// The certificate, before anything else is touched.
///
/// # Errors
/// Which file is not right, and why.
pub(crate) fn tls_of(settings: &Settings) -> Result<Option<Tls>, Failure> {
    let Some(files) = &settings.tls else {
        return Ok(None);
    };
    Tls::load(&files.certificate, &files.key, clock::now())
        .map(Some)
        .map_err(|fault| not_right(settings, &fault))
}

fn http_config(settings: &Settings, address: SocketAddr) -> HttpConfig {
    let mut config = HttpConfig {
        public_url: settings.public_url(address),
        mounts: settings.mounts.clone(),
        workers: settings.workers.unwrap_or(0),
        shutdown_timeout: settings.shutdown,
        requests_per_key: settings.requests_per_key,
        requests_per_address: settings.requests_per_address,
        proxies: settings.proxies.clone(),
        ..HttpConfig::default()
    };
    // The setting is for the whole process, the server's is for each of its threads.
    config.max_connections = settings.max_connections.div_ceil(config.worker_threads());
    // Fewer threads than connections would leave some of them idle for ever.
    let connections = usize::try_from(settings.database.connections).unwrap_or(usize::MAX);
    config.blocking = config.blocking.max(connections);
    config.connections = connections;
    config
}

fn not_right(settings: &Settings, fault: &ConfigFault) -> Failure {
    Failure::Settings(vec![settings.fault(&fault.key, fault.detail.clone())])
}

/// Says where it listens, and what to type next where nothing has been set up yet.
fn greet(
    context: &Context,
    app: &App,
    address: SocketAddr,
    operator: Option<SocketAddr>,
) -> Result<(), Failure> {
    let settings = &context.settings;
    let orgs = app.store.instance().orgs().map_err(app::Error::from)?.len();
    let url = settings.url_of(address);
    tracing::info!(%address, organizations = orgs, version = env!("CARGO_PKG_VERSION"), "listening");
    if settings.plain_in_public {
        tracing::warn!(
            "others can reach {address} and nothing encrypts (http.insecure_plain_http): keys and \
             personal data can be read on the way"
        );
    }
    let usual = HttpConfig::default().requests_per_address;
    let nameless = settings.behind_tls_proxy && settings.proxies.is_empty();
    if nameless && (1..usual).contains(&settings.requests_per_address) {
        tracing::warn!(
            "limits.requests_per_address is lowered, and all requests come from the address of the \
             proxy (http.behind_tls_proxy): it limits all clients together; name the proxy in \
             http.trusted_proxies, or limit addresses in the proxy and lower \
             limits.requests_per_key here"
        );
    }
    let mut text = format!("rolecall listens on {url}");
    if orgs == 0 {
        let command = context.command("org create acme --preset plain --key scim");
        let hidden = if context.shows_database() {
            ""
        } else {
            " and with the same database.url"
        };
        text = format!(
            "{text}\nThere is no organization yet. In another terminal, in this folder{hidden}:\n  \
             {command}"
        );
    }
    let mut value = json!({"listening": url, "organizations": orgs});
    if let Some(operator) = operator {
        let url = format!("http://{}", loopback_of(operator));
        text = format!("{text}\nMetrics are at {url}/metrics");
        value["metrics"] = url.into();
    }
    context.out.answer(&text, &value)
}

/// Runs the server until a signal; then lets requests in flight end. A second signal ends at once:
/// what was answered is on the disk, and the rest was not answered.
async fn until_told(
    state: State,
    listener: TcpListener,
    operator: Option<TcpListener>,
    tls: Option<&Tls>,
    mut signals: Signals,
) -> io::Result<()> {
    let state = Data::new(state);
    let server = http::serve(state.clone(), listener, tls)?;
    let handle = server.handle();
    let operator = operator.map(|listener| http::serve_operator(state.clone(), listener));
    let operator = operator.transpose()?;
    let beside = operator.as_ref().map(actix_web::dev::Server::handle);
    notify::tell(notify::READY);
    actix_web::rt::spawn(say_alive());
    actix_web::rt::spawn(async move {
        let name = signals.next().await;
        tracing::info!("{name}: letting requests in flight end");
        notify::tell(notify::STOPPING);
        state.stop_waiting();
        actix_web::rt::spawn(async move {
            // A wrapper may pass on what the terminal has sent to both of them.
            let end = tokio::time::Instant::now() + ECHO;
            while tokio::time::timeout_at(end, signals.next()).await.is_ok() {}
            let name = signals.next().await;
            tracing::warn!("{name} again: ending at once");
            std::process::exit(1);
        });
        handle.stop(true).await;
        if let Some(beside) = beside {
            beside.stop(false).await;
        }
    });
    if let Some(operator) = operator {
        actix_web::rt::spawn(operator);
    }
    server.await
}

/// Signals that come so soon after the first are the same one.
const ECHO: Duration = Duration::from_millis(100);

/// The signals that end the server. They end the process at once until this is made.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// None where whoever started it wants it to outlive its terminal (`nohup`).
    hangup: Option<Signal>,
    /// A file would grow beyond the limit of the process; the write fails where somebody listens.
    too_large: Signal,
}

/// SIGXFSZ, which the library has no name for.
const TOO_LARGE: i32 = 25;

/// Whether this process was started with SIGHUP ignored, as Linux tells it.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & 1 == 1)
}

impl Signals {
    fn new() -> io::Result<Signals> {
        Ok(Signals {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: if ignores_hangup() {
                None
            } else {
                Some(signal(SignalKind::hangup())?)
            },
            too_large: signal(SignalKind::from_raw(TOO_LARGE))?,
        })
    }

    /// Waits for the next one; its name.
    async fn next(&mut self) -> &'static str {
        let Signals {
            terminate,
            interrupt,
            hangup,
            too_large,
        } = self;
        let hangup = async {
            match hangup {
                Some(hangup) => hangup.recv().await,
                None => std::future::pending().await,
            }
        };
        tokio::pin!(hangup);
        loop {
            tokio::select! {
                _ = terminate.recv() => return "SIGTERM",
                _ = interrupt.recv() => return "SIGINT",
                _ = &mut hangup => return "SIGHUP",
                _ = too_large.recv() => tracing::error!(
                    "a file has reached the largest size that this process may write (SIGXFSZ, \
                     LimitFSIZE): raise the limit"
                ),
            }
        }
    }
}

/// Says from the server's own event loop that it still turns.
async fn say_alive() {
    let Some(every) = notify::watchdog() else {
        return;
    };
    let mut ticks = tokio::time::interval(every);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        notify::tell(notify::ALIVE);
    }
}
