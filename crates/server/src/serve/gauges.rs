//! The database's figures as metrics.

use std::sync::Arc;

use http::{Gauge, Gauges};
use storage::{Database, Figures};

/// Asks the database at each look.
pub(super) fn of(database: &Arc<Database>) -> Gauges {
    let database = Arc::downgrade(database);
    Arc::new(move || match database.upgrade() {
        Some(database) => gauges(&database.figures()),
        None => Vec::new(),
    })
}

fn gauges(figures: &Figures) -> Vec<Gauge> {
    let gauge = |name, help, counter, value| Gauge {
        name,
        help,
        counter,
        value,
    };
    vec![
        gauge(
            "db_statements_total",
            "Statements sent to the database.",
            true,
            figures.statements,
        ),
        gauge(
            "db_connections",
            "Connections in the pool.",
            false,
            figures.connections,
        ),
        gauge(
            "db_connections_idle",
            "Connections in the pool that do nothing.",
            false,
            figures.idle,
        ),
        gauge(
            "writer_queue",
            "Units of work that wait for SQLite's writer.",
            false,
            figures.queued,
        ),
        gauge(
            "writer_units_total",
            "Units of work that SQLite's writer took.",
            true,
            figures.units,
        ),
        gauge(
            "writer_batches_total",
            "Batches that SQLite's writer took them in.",
            true,
            figures.batches,
        ),
        gauge(
            "stale_users",
            "Users whose access is still to be worked out.",
            false,
            figures.stale_users,
        ),
    ]
}
