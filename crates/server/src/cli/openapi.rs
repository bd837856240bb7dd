//! `rolecall openapi`: the description of the admin API, for generators and gateways.

use crate::{failure::Failure, out::Out};

/// Prints the document. Needs no database and no configuration.
///
/// # Errors
/// It cannot be written, which never was seen.
pub(super) fn run(out: Out) -> Result<(), Failure> {
    let unwritten = |error| Failure::other(format!("the document cannot be written: {error}"));
    let document = serde_json::to_value(http::openapi::document()).map_err(unwritten)?;
    let text = http::openapi::text().map_err(unwritten)?;
    out.answer(text.trim_end(), &document)
}
