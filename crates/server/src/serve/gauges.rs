//! The figures of the database and of the workers as metrics. Each is a line in
//! `docs/observability.md`.

use std::{fs, path::PathBuf, sync::Arc};

use app::App;
use http::{Figure, Gauge, Gauges};
use storage::{Contents, Database, Figures};

use crate::{settings::Settings, wiring::file_of};

/// Looks anew each time. Holds neither the database nor the application open.
pub(super) fn of(settings: &Settings, database: &Arc<Database>, app: &Arc<App>) -> Gauges {
    let (near, far, app) = (
        Arc::downgrade(database),
        Arc::downgrade(database),
        Arc::downgrade(app),
    );
    let file = file_of(&settings.database.url).map(PathBuf::from);
    let here = move || {
        let mut all = Vec::new();
        if let Some(database) = near.upgrade() {
            all.extend(connections(&database.figures()));
        }
        all.extend(sizes(file.as_ref()));
        if let Some(app) = app.upgrade() {
            all.extend(workers(&app));
        }
        all
    };
    let asked = move || Some(contents(far.upgrade()?.contents()?).to_vec());
    Gauges {
        here: Arc::new(here),
        asked: Arc::new(asked),
    }
}

fn gauge(name: &'static str, help: &'static str, value: u64) -> Gauge {
    Gauge {
        name,
        help,
        counter: false,
        label: None,
        value: value.into(),
    }
}

fn counter(name: &'static str, help: &'static str, value: impl Into<Figure>) -> Gauge {
    Gauge {
        name,
        help,
        counter: true,
        label: None,
        value: value.into(),
    }
}

fn connections(figures: &Figures) -> [Gauge; 12] {
    let waited = Figure::Millis(figures.waited_us / 1_000);
    [
        counter(
            "db_statements_total",
            "Statements sent to the database.",
            figures.statements,
        ),
        gauge(
            "db_connections",
            "Connections in the pool.",
            figures.connections,
        ),
        gauge(
            "db_connections_idle",
            "Connections in the pool that do nothing.",
            figures.idle,
        ),
        counter(
            "db_checkouts_total",
            "How often a connection was taken out of the pool.",
            figures.taken,
        ),
        counter(
            "db_checkout_seconds_total",
            "How long connections were waited for in all.",
            waited,
        ),
        counter(
            "db_checkout_timeouts_total",
            "How often no connection came in time.",
            figures.timeouts,
        ),
        gauge(
            "db_replica_fresh",
            "Whether reads go to the replica at this moment, 1 or 0.",
            u64::from(figures.replica_fresh),
        ),
        counter(
            "db_replica_reads_total",
            "Reads that the replica answered.",
            figures.replica_reads,
        ),
        counter(
            "db_replica_fallbacks_total",
            "Reads that were tried at the replica and left to the primary.",
            figures.replica_fallbacks,
        ),
        gauge(
            "writer_queue",
            "Units of work that wait for the writer of SQLite.",
            figures.queued,
        ),
        counter(
            "writer_units_total",
            "Units of work that the writer of SQLite took.",
            figures.units,
        ),
        counter(
            "writer_batches_total",
            "Batches that the writer of SQLite took them in.",
            figures.batches,
        ),
    ]
}

fn contents(contents: Contents) -> [Gauge; 4] {
    [
        gauge(
            "stale_users",
            "Users whose access is still to be worked out.",
            contents.stale_users,
        ),
        gauge(
            "jobs_unfinished",
            "Jobs that are not finished.",
            contents.unfinished_jobs,
        ),
        counter(
            "events_total",
            "Events in the feeds of all organizations since their beginning.",
            contents.events,
        ),
        gauge(
            "events_unnumbered",
            "Committed events that the feeds do not show yet.",
            contents.unnumbered_events,
        ),
    ]
}

/// Bytes of the database's file and of its log; 0 where the database is a server.
fn sizes(file: Option<&PathBuf>) -> [Gauge; 2] {
    let bytes = |end: &str| {
        let size = |file: &PathBuf| {
            let mut name = file.as_os_str().to_owned();
            name.push(end);
            fs::metadata(name).map_or(0, |file| file.len())
        };
        file.map_or(0, size)
    };
    [
        gauge(
            "sqlite_file_bytes",
            "Size of the file of SQLite.",
            bytes(""),
        ),
        gauge(
            "sqlite_wal_bytes",
            "Size of the write-ahead log of SQLite.",
            bytes("-wal"),
        ),
    ]
}

fn workers(app: &App) -> Vec<Gauge> {
    let worker = |(name, at): (&'static str, i64)| Gauge {
        name: "worker_last_success_timestamp_seconds",
        help: "When each worker last did its round without a fault, or was started.",
        counter: false,
        label: Some(("worker", name)),
        value: Figure::Millis(at.unsigned_abs()),
    };
    app.pulse.last().into_iter().map(worker).collect()
}
