//! A server, a database and a client for each test.

mod client;
mod command;
mod database;
mod server;
mod wait;

pub(crate) use client::{Client, group, patch, user};
pub(crate) use command::{Ran, command, rolecall, run};
pub(crate) use database::{Db, contents};
pub(crate) use server::{Server, key, migrate, org_with_key};
pub(crate) use wait::eventually;

/// Declares a test for each database: `both!(name)` runs the function `name(&Db)`. Where there is
/// no PostgreSQL the test kit says so loudly, and fails where it is required.
macro_rules! both {
    ($($name:ident)+) => {$(
        mod $name {
            #[test]
            fn sqlite() {
                super::$name(&crate::support::Db::sqlite());
            }

            #[test]
            fn postgresql() {
                if let Some(database) = crate::support::Db::postgresql() {
                    super::$name(&database);
                }
            }
        }
    )+};
}
pub(crate) use both;
