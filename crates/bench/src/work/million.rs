//! Starting with a database of a million users.

use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};

use crate::Fault;
use crate::options::Options;
use crate::server::{Place, Server};
use crate::table::Figures;

const USERS: usize = 1_000_000;

/// Copies the users of a file that no server has open until there are a million, and starts on it.
pub(crate) fn start(options: &Options, file: &Path, figures: &mut Figures) -> Result<(), Fault> {
    crate::tell("a million users");
    let mut connection =
        SqliteConnection::establish(&file.to_string_lossy()).map_err(|error| error.to_string())?;
    let copies = USERS.div_ceil(options.users);
    connection
        .batch_execute(&format!(
            "PRAGMA synchronous = OFF; BEGIN;
             CREATE TEMP TABLE made AS
                 WITH RECURSIVE copy(n) AS (SELECT 2 UNION ALL SELECT n + 1 FROM copy WHERE n < {copies})
                 SELECT u.org, u.id AS old, randomblob(16) AS id, copy.n FROM users u, copy;
             INSERT INTO users (org, id, user_name, external_id, active, left_mapped,
                     awaiting_activation, role_claims, by_hand, version, created, modified)
                 SELECT u.org, m.id, m.n || u.user_name, m.n || u.external_id, u.active,
                     u.left_mapped, u.awaiting_activation, u.role_claims, u.by_hand, u.version,
                     u.created, u.modified
                 FROM made m JOIN users u ON u.org = m.org AND u.id = m.old;
             INSERT INTO user_documents (org, id, document) SELECT m.org, m.id, d.document
                 FROM made m JOIN user_documents d ON d.org = m.org AND d.id = m.old;
             INSERT INTO access (org, user_id, state, role, seat, sees_all, reach)
                 SELECT m.org, m.id, a.state, a.role, a.seat, a.sees_all, a.reach
                 FROM made m JOIN access a ON a.org = m.org AND a.user_id = m.old;
             COMMIT;"
        ))
        .map_err(|error| error.to_string())?;
    drop(connection);
    let server = Server::start(&Place::file(options, file))?;
    figures.put("start_million", server.started_in);
    server.stop();
    Ok(())
}
