//! The provisioning log.

use std::ops::Bound;
use std::sync::Arc;

use app::port::requests::{KeptBody, RequestRow};
use app::port::store::Unique;
use app::port::{Millis, Requests, StoreError, Stored};
use uuid::Uuid;

use super::unit::MemoryTx;

impl Requests for MemoryTx {
    fn log_request(&mut self, row: &RequestRow) -> Stored<()> {
        self.may_write()?;
        let log = Arc::make_mut(&mut self.org.requests);
        match log.insert(row.id, Arc::new(row.clone())) {
            None => Ok(()),
            Some(_) => Err(StoreError::Conflict(Unique::Id)),
        }
    }

    fn time_requests(&mut self, took: &[(Uuid, u64)]) -> Stored<()> {
        self.may_write()?;
        let log = Arc::make_mut(&mut self.org.requests);
        for (id, took) in took {
            if let Some(row) = log.get_mut(id) {
                Arc::make_mut(row).duration = Some(*took);
            }
        }
        Ok(())
    }

    fn forget_requests(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.may_write()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let oldest = self.org.requests.values().take(limit);
        let old = oldest.filter(|row| row.at < before);
        let gone: Vec<Uuid> = old.map(|row| row.id).collect();
        let log = Arc::make_mut(&mut self.org.requests);
        for id in &gone {
            log.remove(id);
        }
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }

    fn requests(&mut self, before: Option<Uuid>, limit: u64) -> Stored<Vec<RequestRow>> {
        let limit = usize::try_from(limit.min(1_000)).unwrap_or(usize::MAX);
        let until = before.map_or(Bound::Unbounded, Bound::Excluded);
        let rows = self.org.requests.range((Bound::Unbounded, until)).rev();
        Ok(rows
            .take(limit)
            .map(|(_, row)| row.as_ref().clone())
            .collect())
    }

    fn request(&mut self, id: Uuid) -> Stored<Option<RequestRow>> {
        Ok(self.org.requests.get(&id).map(|row| row.as_ref().clone()))
    }

    fn keep_body(&mut self, id: Uuid, at: Millis, body: &KeptBody) -> Stored<()> {
        self.may_write()?;
        let bodies = Arc::make_mut(&mut self.org.bodies);
        match bodies.insert(id, (at, body.clone())) {
            None => Ok(()),
            Some(_) => Err(StoreError::Conflict(Unique::Id)),
        }
    }

    fn body(&mut self, id: Uuid) -> Stored<Option<KeptBody>> {
        Ok(self.org.bodies.get(&id).map(|(_, body)| body.clone()))
    }

    fn forget_bodies(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.may_write()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let bodies = Arc::make_mut(&mut self.org.bodies);
        let oldest = bodies.iter().take(limit);
        let old = oldest.filter(|(_, (at, _))| *at < before);
        let gone: Vec<Uuid> = old.map(|(id, _)| *id).collect();
        for id in &gone {
            bodies.remove(id);
        }
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }
}
