//! `rolecall serve`: the server from start to stop.
//!
//! The order of stopping is that of trust: first nobody comes in any more and requests in flight
//! end, then the workers, then the database writes what has queued and closes.

mod workers;

use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use actix_web::{
    rt::{
        System,
        signal::unix::{SignalKind, signal},
    },
    web::Data,
};
use app::App;
use http::{ConfigFault, HttpConfig, State};
use serde_json::json;

use crate::{
    cli::Context,
    failure::Failure,
    settings::{Fault, Origin, Settings, url_of},
    telemetry,
    wiring::{self, Missing},
};
use workers::Workers;

/// Serves until SIGTERM or SIGINT.
///
/// # Errors
/// What keeps it from starting, in one clear sentence; a listener that fails later.
pub(crate) fn run(context: &Context) -> Result<(), Failure> {
    let settings = &context.settings;
    telemetry::start(settings);
    let (listener, address) = listen(settings.bind)?;
    let database = wiring::database(settings, Missing::Create)?;
    let app = wiring::application(settings, &database)?;
    let config = http_config(settings, address);
    let state = State::new(Arc::clone(&app), config).map_err(|fault| not_right(&fault))?;
    let workers = Workers::start(&app)?;
    greet(context, &app, address)?;
    let served = System::new().block_on(until_told(state, listener));
    workers.stop(&app);
    drop(app);
    drop(database);
    tracing::info!("stopped");
    served.map_err(|error| Failure::other(format!("the server ended: {error}")))
}

/// Takes the address before anything else, so that a second server does not touch the database.
fn listen(bind: SocketAddr) -> Result<(TcpListener, SocketAddr), Failure> {
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
            "http.bind: {bind} cannot be listened on: {error}{mend}"
        ))
    };
    let listener = TcpListener::bind(bind).map_err(taken)?;
    let address = listener.local_addr().map_err(taken)?;
    Ok((listener, address))
}

fn http_config(settings: &Settings, address: SocketAddr) -> HttpConfig {
    let mut config = HttpConfig {
        public_url: settings.public_url(address),
        mounts: settings.mounts.clone(),
        workers: settings.workers.unwrap_or(0),
        shutdown_timeout: settings.shutdown,
        requests_per_key: settings.requests_per_key,
        requests_per_address: settings.requests_per_address,
        ..HttpConfig::default()
    };
    // The setting is for the whole process, the server's is for each of its threads.
    config.max_connections = settings.max_connections.div_ceil(config.worker_threads());
    // Fewer threads than connections would leave some of them idle for ever.
    let connections = usize::try_from(settings.database.connections).unwrap_or(usize::MAX);
    config.blocking = config.blocking.max(connections);
    config
}

fn not_right(fault: &ConfigFault) -> Failure {
    Failure::Settings(vec![Fault::new(
        &fault.key,
        &Origin::Default,
        fault.detail.clone(),
    )])
}

/// Says where it listens, and what to type next where nothing has been set up yet.
fn greet(context: &Context, app: &App, address: SocketAddr) -> Result<(), Failure> {
    let settings = &context.settings;
    let orgs = app.store.instance().orgs().map_err(app::Error::from)?.len();
    let url = url_of(address);
    tracing::info!(%address, organizations = orgs, version = env!("CARGO_PKG_VERSION"), "listening");
    if settings.plain_in_public {
        tracing::warn!(
            "others can reach {address} and nothing encrypts (http.insecure_plain_http): keys and \
             personal data can be read on the way"
        );
    }
    let usual = HttpConfig::default().requests_per_address;
    if settings.behind_tls_proxy && (1..usual).contains(&settings.requests_per_address) {
        tracing::warn!(
            "limits.requests_per_address is lowered, and all requests come from the address of the \
             proxy (http.behind_tls_proxy): it limits all clients together; limit addresses in the \
             proxy, and lower limits.requests_per_key here"
        );
    }
    let mut text = format!("rolecall listens on {url}");
    if orgs == 0 {
        let command = context.command("org create acme --preset plain --key scim");
        text = format!(
            "{text}\nThere is no organization yet. In another terminal, in this folder:\n  {command}"
        );
    }
    context
        .out
        .answer(&text, &json!({"listening": url, "organizations": orgs}))
}

/// Runs the server until a signal; then lets requests in flight end.
async fn until_told(state: State, listener: TcpListener) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let state = Data::new(state);
    let server = http::serve(state.clone(), listener)?;
    let handle = server.handle();
    actix_web::rt::spawn(async move {
        let name = tokio::select! {
            _ = terminate.recv() => "SIGTERM",
            _ = interrupt.recv() => "SIGINT",
        };
        tracing::info!("{name}: letting requests in flight end");
        state.stop_waiting();
        handle.stop(true).await;
    });
    server.await
}
