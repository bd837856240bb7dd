//! The organization's own row: its settings, under its lock.

use std::sync::Arc;

use app::port::org::OrgSettings;
use app::port::{Lock, Org, StoreError, Stored};
use diesel::sql_types::{BigInt, Text};
use domain::OrgId;

use super::Transaction;
use crate::error::Reason;
use crate::gates::{self, Held};
use crate::session::Session;
use crate::settings;
use crate::sql::{Bind, statements};

statements! {
    /// In place of a revision, for what belongs to no organization.
    Instance: "SELECT fold_version FROM instance" => (BigInt,) as (i64,);
    /// The same, by who changes it. Nobody has to be alone there.
    InstanceShared: "SELECT fold_version FROM instance {for share}" => (BigInt,) as (i64,);
    /// The whole row.
    OrgById: "SELECT id, slug, settings, version, mapping_version FROM orgs WHERE id = ?" =>
        (BigInt, Text, Text, BigInt, BigInt) as (i64, String, String, i64, i64);
    /// All of it but the id.
    SaveOrg: "UPDATE orgs SET slug = ?, settings = ?, version = ?, mapping_version = ? WHERE id = ?";
}

/// Takes the organization's lock; none where it is not there.
pub(super) fn lock(session: &mut Session, org: OrgId, lock: Lock) -> Stored<Option<Held>> {
    if org != OrgId::INSTANCE {
        return gates::lock(session, org, lock);
    }
    let row = InstanceShared::row(session, &[])?;
    Ok(row.map(|(revision,)| Held::of_instance(revision)))
}

/// The settings' revision; none where the organization is not there.
fn revision(session: &mut Session, org: OrgId) -> Stored<Option<i64>> {
    if org != OrgId::INSTANCE {
        return gates::revision(session, org);
    }
    let row = Instance::row(session, &[])?;
    Ok(row.map(|(revision,)| revision))
}

impl Transaction<'_> {
    pub(super) fn seen_revision(&mut self) -> Stored<i64> {
        if let Some(revision) = self.revision {
            return Ok(revision);
        }
        let revision = revision(self.session, self.org)?;
        let revision =
            revision.ok_or_else(|| self.session.fail(Reason::NoOrganization.broken()))?;
        self.revision = Some(revision);
        Ok(revision)
    }

    /// What is remembered of settings and places is known by it; the unit is alone.
    pub(super) fn move_revision(&mut self) -> Stored<()> {
        gates::move_revision(self.session, self.org)?;
        self.settings_written = true;
        self.revision = None;
        self.settings = None;
        Ok(())
    }

    /// So many more seats are taken in this unit, or given back.
    pub(super) fn move_seats(&mut self, more: i64) -> Stored<()> {
        match self.held {
            Some(held) => gates::move_seats(self.session, self.org, held, more),
            None => Ok(()),
        }
    }

    fn read_settings(&mut self) -> Stored<Arc<OrgSettings>> {
        let row = OrgById::row(self.session, &[self.scope()])?;
        let row = row.ok_or_else(|| self.session.fail(Reason::NoOrganization.broken()))?;
        let settings = settings::read(row).map_err(|error| self.session.fail(error))?;
        Ok(Arc::new(settings))
    }
}

impl Org for Transaction<'_> {
    fn revision(&mut self) -> Stored<i64> {
        self.seen_revision()
    }

    fn settings(&mut self) -> Stored<Arc<OrgSettings>> {
        if let Some(settings) = &self.settings {
            return Ok(Arc::clone(settings));
        }
        let revision = self.seen_revision()?;
        let settings = match self.shared.cache.get(self.org, revision) {
            Some(settings) if !self.settings_written => settings,
            _ => self.read_settings()?,
        };
        if !self.settings_written {
            self.shared.cache.keep(revision, &settings);
        }
        self.settings = Some(Arc::clone(&settings));
        Ok(settings)
    }

    fn save_settings(&mut self, settings: &OrgSettings) -> Stored<()> {
        self.need_exclusive()?;
        let limit_before = self.settings()?.seat_limit;
        let text = settings::write(settings).map_err(|error| self.session.fail(error))?;
        let binds = [
            Bind::Text(settings.slug.as_str()),
            Bind::Text(&text),
            Bind::Int(settings.version),
            Bind::Int(settings.mapping_version),
            self.scope(),
        ];
        SaveOrg::run(self.session, &binds)?;
        if let Some(held) = &mut self.held
            && limit_before != settings.seat_limit
        {
            gates::keep_seats(self.session, self.org, held, settings.seat_limit.is_some())?;
        }
        self.move_revision()
    }

    fn need_exclusive(&mut self) -> Stored<()> {
        // SQLite's writer is alone anyway, whatever the unit asked for.
        if self.lock == Lock::Exclusive || (self.lock == Lock::Shared && self.session.is_sqlite()) {
            Ok(())
        } else {
            Err(self.session.fail(StoreError::NeedsLock(Lock::Exclusive)))
        }
    }
}
