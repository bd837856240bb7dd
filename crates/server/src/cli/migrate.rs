//! `rolecall migrate`: the database's schema, before the new version serves.

use serde_json::json;
use storage::Database;

use super::Context;
use crate::{failure::Failure, wiring};

pub(super) fn run(context: &Context) -> Result<(), Failure> {
    Database::migrate(&context.settings.database)
        .map_err(|error| wiring::failed(&context.settings.database.url, &error))?;
    context
        .out
        .answer("The database is up to date.", &json!({"migrated": true}))
}
