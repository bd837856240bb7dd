//! The use cases on the store in memory. What every store has to do is the contract of `testkit`;
//! here is what the decisions say, whatever the store.

#![expect(clippy::unwrap_used, reason = "tests")]

mod errors;
mod examples;
mod identity;
mod lifecycle;
mod mapping;
mod presets;
mod rotation;
mod rules;
mod script;
mod settings;
mod workers;
