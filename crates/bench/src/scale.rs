//! What this machine gives at best: a bare web server and a bare SQLite in the same run.

use std::io::{BufRead, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use actix_web::{App, HttpResponse, HttpServer, web};
use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::drive::{Target, drive};
use crate::people;
use crate::process::Processes;
use crate::table::Figures;
use crate::{Fault, print};

const REQUESTS: usize = 100_000;
const ROWS: usize = 20_000;

/// Is the bare web server: one answer of a kilobyte, two workers. Ends when it is killed.
pub(crate) fn serve_bare() -> Result<(), Fault> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    print(
        &listener
            .local_addr()
            .map_err(|error| error.to_string())?
            .to_string(),
    );
    // Made once: what is measured is the server, not the making of a body.
    let body = web::Bytes::from(people::user("bare", 1));
    let service = HttpServer::new(move || {
        let body = body.clone();
        let answer = move || {
            let mut response = HttpResponse::Ok();
            let response = response.content_type("application/json").body(body.clone());
            async move { response }
        };
        App::new().route("/", web::get().to(answer))
    });
    let served = actix_web::rt::System::new()
        .block_on(async { service.workers(2).listen(listener)?.run().await });
    served.map_err(|error| error.to_string())
}

/// Ends a process when it is dropped.
struct Ending(Child);

impl Drop for Ending {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Measures the bare web server.
pub(crate) fn web_server(figures: &mut Figures) -> Result<(), Fault> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    let child = Command::new(own)
        .arg("--bare")
        .stdout(Stdio::piped())
        .spawn();
    let mut child = Ending(child.map_err(|error| error.to_string())?);
    let mut line = String::new();
    if let Some(out) = child.0.stdout.take() {
        BufReader::new(out)
            .read_line(&mut line)
            .map_err(|error| error.to_string())?;
    }
    let address: SocketAddr = line
        .trim()
        .parse()
        .map_err(|_| "no bare server".to_owned())?;
    let target = Target {
        address,
        prefix: String::new(),
        token: "none".to_owned(),
        processes: Processes(vec![child.0.id()]),
    };
    let cost = drive(&target, 8, REQUESTS, |client, _| {
        client.get("/")?.expect(&[200], "bare").map(drop)
    })?;
    figures.put("bare_get", cost.per_cpu());
    Ok(())
}

diesel::table! {
    rows (id) {
        id -> Binary,
        name -> Text,
        external -> Text,
        modified -> BigInt,
        document -> Text,
    }
}

/// Measures bare SQLite: a row of 1.3 kB with three indexes in a transaction of its own.
pub(crate) fn database(figures: &mut Figures, folder: &Path) -> Result<(), Fault> {
    let path = folder.join("bare.db");
    let fault = |error: diesel::result::Error| error.to_string();
    let mut connection =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| error.to_string())?;
    connection
        .batch_execute(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
             PRAGMA wal_autocheckpoint = 4000; \
             CREATE TABLE rows (id BLOB PRIMARY KEY, name TEXT, external TEXT, modified INTEGER, \
             document TEXT); \
             CREATE UNIQUE INDEX rows_name ON rows (name); \
             CREATE INDEX rows_external ON rows (external); \
             CREATE INDEX rows_modified ON rows (modified);",
        )
        .map_err(fault)?;
    let own = Processes(vec![std::process::id()]);
    let cpu = own.cpu_seconds();
    for n in 0..ROWS {
        let row = (
            rows::id.eq((n as u128).to_be_bytes().to_vec()),
            rows::name.eq(people::user_name("bare", n)),
            rows::external.eq(people::mixed(n).to_string()),
            rows::modified.eq(i64::try_from(n).unwrap_or_default()),
            rows::document.eq(people::user("bare", n)),
        );
        diesel::insert_into(rows::table)
            .values(row)
            .execute(&mut connection)
            .map_err(fault)?;
    }
    let cost = own.cpu_seconds() - cpu;
    figures.put("sqlite_insert", ROWS as f64 / cost.max(0.01));
    Ok(())
}

/// Folds the log of a SQLite file into it, as the server does by itself from time to time: of few
/// users the log is as large as what they are stored in.
pub(crate) fn fold_log(path: &Path) -> Result<(), Fault> {
    let mut connection =
        SqliteConnection::establish(&path.to_string_lossy()).map_err(|error| error.to_string())?;
    connection
        .batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE);")
        .map_err(|error| error.to_string())
}
