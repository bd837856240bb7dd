//! Rules that concern the crate together with its documents.

#![expect(clippy::unwrap_used, reason = "tests")]

mod conformance;
