//! The workloads, by what they are about.

pub(crate) mod access;
pub(crate) mod cycles;
pub(crate) mod groups;
pub(crate) mod lists;
pub(crate) mod million;
pub(crate) mod users;
