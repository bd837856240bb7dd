//! Black box: the built binary, its command line, and HTTP; each on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod audit;
mod backup;
mod commands;
mod configuration;
mod connection;
mod conversations;
mod copies;
mod crash;
mod feed;
mod frozen;
mod full_disk;
mod held;
mod keys;
mod leaks;
mod lifecycle;
mod logs;
mod onboarding;
mod operate;
mod replica;
mod requests;
mod roles;
mod secrets;
mod support;
mod tls;
#[cfg(feature = "otlp")]
mod traces;
mod two;
mod upkeep;
mod wire;
