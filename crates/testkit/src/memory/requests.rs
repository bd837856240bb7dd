//! The provisioning log.

use std::ops::Bound;
use std::sync::Arc;

use app::port::requests::RequestRow;
use app::port::store::Unique;
use app::port::{Requests, StoreError, Stored};
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
}
