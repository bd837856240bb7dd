//! The HTTP side as a client sees it: status and whole body, over the store in memory.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod abuse;
mod api_access;
mod api_errors;
mod api_feed;
mod api_grants;
mod api_groups;
mod api_keys;
mod api_kinds;
mod api_log;
mod api_once;
mod api_orgs;
mod api_overview;
mod api_places;
mod api_plans;
mod api_settings;
mod api_tags;
mod api_time;
mod api_users;
mod auth;
mod conditions;
mod discovery;
mod faults;
mod groups;
mod limits;
mod lists;
mod logs;
mod mounts;
mod ops;
mod parity;
mod projection;
mod replay;
mod routes;
mod searches;
mod users;
mod world;
