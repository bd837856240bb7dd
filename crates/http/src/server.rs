//! Building the service and the server around it. Tests build the service in the same way.

use std::{io, net::TcpListener};

use actix_web::{
    App, HttpServer,
    dev::Server,
    http::KeepAlive,
    web::{self, Data, ServiceConfig},
};

use crate::{entry::entry, ops::answer_operator, state::State, tls::Tls};

/// Adds the one service, which answers every path, to an actix application.
pub fn configure(service: &mut ServiceConfig, state: Data<State>) {
    service.app_data(state).default_service(web::to(entry));
}

/// A server on this listener, to be awaited; with TLS where there is a certificate. It does not
/// handle signals: whoever awaits it stops it through its handle, which lets running requests end
/// first.
///
/// # Errors
/// The listener cannot be used.
pub fn serve(state: Data<State>, listener: TcpListener, tls: Option<&Tls>) -> io::Result<Server> {
    let config = state.config.clone();
    let server = HttpServer::new(move || {
        let state = state.clone();
        App::new().configure(move |service| configure(service, state))
    });
    let server = server
        .workers(config.worker_threads())
        .max_connections(config.max_connections)
        .keep_alive(KeepAlive::Timeout(config.keep_alive))
        .client_request_timeout(config.request_timeout)
        .client_disconnect_timeout(config.disconnect_timeout)
        .shutdown_timeout(config.shutdown_timeout.as_secs())
        // How much may run at once is bounded by the hop, for the whole process.
        .worker_max_blocking_threads(config.blocking.max(1))
        .tcp_nodelay(true)
        .disable_signals();
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls.config())?,
        None => server.listen(listener)?,
    };
    Ok(server.run())
}

/// A server that answers the probes and metrics and nothing else, without a key: for a listener
/// that only the operator reaches. Stopped as [`serve`]'s.
///
/// # Errors
/// The listener cannot be used.
pub fn serve_operator(state: Data<State>, listener: TcpListener) -> io::Result<Server> {
    let server = HttpServer::new(move || {
        App::new()
            .app_data(state.clone())
            .default_service(web::to(answer_operator))
    });
    Ok(server.workers(1).disable_signals().listen(listener)?.run())
}
