//! Long work, as administrators see it.

use std::sync::Arc;

use app::port::jobs::JobRow;
use app::port::store::Unique;
use app::port::{Jobs, Millis, StoreError, Stored};

use super::unit::MemoryTx;

impl Jobs for MemoryTx {
    fn start_job(&mut self, job: &JobRow) -> Stored<()> {
        self.may_write()?;
        let jobs = Arc::make_mut(&mut self.org.jobs);
        if jobs.iter().any(|other| other.id == job.id) {
            return Err(StoreError::Conflict(Unique::Id));
        }
        jobs.push(job.clone());
        Ok(())
    }

    fn finish_jobs(&mut self, at: Millis) -> Stored<()> {
        self.may_write()?;
        let jobs = Arc::make_mut(&mut self.org.jobs).iter_mut();
        for job in jobs.filter(|job| job.finished.is_none()) {
            job.finished = Some(at);
        }
        Ok(())
    }

    fn forget_jobs(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.may_write()?;
        let mut old: Vec<_> = self.org.jobs.iter().collect();
        old.retain(|job| job.started < before);
        old.sort_by_key(|job| (job.started, job.id));
        old.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        old.retain(|job| job.finished.is_some());
        let gone: Vec<_> = old.iter().map(|job| job.id).collect();
        Arc::make_mut(&mut self.org.jobs).retain(|job| !gone.contains(&job.id));
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }

    fn jobs(&mut self) -> Stored<Vec<JobRow>> {
        let mut jobs = self.org.jobs.to_vec();
        jobs.sort_by_key(|job| std::cmp::Reverse((job.started, job.id)));
        jobs.truncate(100);
        Ok(jobs)
    }
}
