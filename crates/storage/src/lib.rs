//! The store on SQLite and PostgreSQL: diesel and r2d2 behind the application's port.
//!
//! The map:
//!
//! - `config`, `url`, `open`: where the database is, and why it cannot be opened.
//! - `database`: the store. On SQLite `writer` commits what has queued together; on
//!   PostgreSQL `direct` runs a unit where it was called. Both end it by `unit`.
//!   `replica` answers reads that may be some seconds old.
//! - `tx`: the port's capabilities as statements, a module for each; `filter` turns a filter
//!   into a condition.
//! - `gates`: who may work in an organization beside whom; `instance`, `removal`, `feed`, `settings`,
//!   `atlas`: what is not scoped to one transaction.
//! - `sql`: one text of a statement for both databases; `session`: a connection in use;
//!   `connection`, `pool`, `migrate`: how it gets there; `lookout`: what ends a call that PostgreSQL
//!   never answers.
//! - [`backup`]: a copy of a SQLite file, and what a copy has to be before it takes a file's place;
//!   [`copy`]: a whole database into another; `checkup`: what an operator asks of a database;
//!   `figures`: what metrics ask of an open one.
//! - `error`: what the databases' errors mean.

mod atlas;
mod audit;
pub mod backup;
mod calm;
mod checkup;
mod config;
mod connection;
pub mod copy;
mod database;
mod direct;
mod error;
mod feed;
mod figures;
mod filter;
mod gates;
mod instance;
mod keys;
mod lookout;
mod migrate;
mod open;
mod pool;
mod removal;
mod replica;
mod session;
mod settings;
mod sql;
mod tx;
mod unit;
mod url;
mod writer;

pub use checkup::Checkup;
pub use config::Config;
pub use database::Database;
pub use error::Reason;
pub use figures::{Contents, Figures};
pub use open::{OpenError, Unreachable};
pub use url::check_url;
