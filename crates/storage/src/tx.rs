//! One open transaction, scoped to one organization: the port's capabilities as statements.
//!
//! | module | capability |
//! | --- | --- |
//! | [`org`] | the organization's lock and settings |
//! | [`users`], [`groups`], [`members`] | resources |
//! | [`places`] | workspaces, projects, and who is in them |
//! | [`rules`], [`grants`] | the mapping, what was given by hand, what is held |
//! | [`facts`], [`access`], [`reach`] | facts, results and their explicit rows, stale marks |
//! | [`history`], [`counts`] | access at a past moment, numbers |
//! | [`outbox`], [`jobs`], [`requests`], [`reads`] | events, long work, the provisioning log |
//! | [`answers`] | answers kept for requests that are sent again |
//! | [`schemas`] | declared extension schemas |
//! | [`keys`], [`audit`] | API keys, what administrators did |
//! | [`search`] | lists |
//! | [`row`], [`gives`] | columns to values |

use app::port::org::OrgSettings;
use app::port::outbox::OutboxEvent;
use app::port::{Lock, Stored};
use domain::OrgId;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::atlas::Atlases;
use crate::error::Reason;
use crate::gates::Held;
use crate::session::Session;
use crate::settings::Cache;
use crate::sql::Bind;

mod access;
pub(crate) mod answers;
mod audit;
mod counts;
mod facts;
mod gives;
mod grants;
mod groups;
mod history;
mod jobs;
mod keys;
mod members;
mod org;
mod outbox;
mod places;
mod reach;
mod reads;
mod requests;
mod roster;
mod row;
mod rules;
mod schemas;
mod search;
mod users;

/// What all transactions of a database share.
pub(crate) struct Shared {
    /// Settings as last read.
    pub(crate) cache: Cache,
    /// Workspaces and projects as last read.
    pub(crate) atlases: Atlases,
    /// Longest time that all lists of a unit of work may take together.
    pub(crate) filter_timeout: Duration,
}

impl Shared {
    /// Forgets what units have read that were then rolled back together: one of them may have read
    /// what its neighbor had written.
    pub(crate) fn forget_all(&self) {
        self.cache.clear();
        self.atlases.clear();
    }
}

/// A transaction that has begun.
pub(crate) struct Transaction<'a> {
    session: &'a mut Session,
    shared: &'a Shared,
    org: OrgId,
    lock: Lock,
    /// What it holds of the organization; nothing where it only reads.
    held: Option<Held>,
    /// The settings' revision as this transaction sees it.
    revision: Option<i64>,
    settings: Option<Arc<OrgSettings>>,
    /// This transaction has written settings; what it reads may never be committed.
    settings_written: bool,
    /// Events that are still to be written.
    appended: Vec<OutboxEvent>,
    has_written_events: bool,
    /// When lists have taken all the time that a unit of work has for them; from the first one on.
    lists_until: Option<Instant>,
}

impl<'a> Transaction<'a> {
    /// For a snapshot: reads nothing by itself.
    pub(crate) fn reading(session: &'a mut Session, shared: &'a Shared, org: OrgId) -> Self {
        Transaction {
            session,
            shared,
            org,
            lock: Lock::Read,
            held: None,
            revision: None,
            settings: None,
            settings_written: false,
            appended: Vec::new(),
            has_written_events: false,
            lists_until: None,
        }
    }

    /// For a change: takes the organization's lock first, which also shows that it exists.
    ///
    /// # Errors
    /// `Broken` where the organization is gone; what the database says.
    pub(crate) fn writing(
        session: &'a mut Session,
        shared: &'a Shared,
        org: OrgId,
        lock: Lock,
    ) -> Stored<Self> {
        let Some(held) = org::lock(session, org, lock)? else {
            return Err(session.fail(Reason::NoOrganization.broken()));
        };
        let mut tx = Self::reading(session, shared, org);
        tx.lock = lock;
        tx.held = Some(held);
        tx.revision = Some(held.revision);
        Ok(tx)
    }

    /// The organization as the first value of every statement.
    fn scope(&self) -> Bind<'static> {
        Bind::Int(self.org.0)
    }

    /// Ends the unit for a row that does not read back.
    fn unreadable(&mut self, what: &'static str) -> app::port::StoreError {
        self.session.fail(Reason::Unreadable(what).broken())
    }
}

#[cfg(test)]
mod tests;
