//! Long work, as administrators see it.

use app::port::jobs::JobRow;
use app::port::{Jobs, Millis, Stored};
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::{Transaction, row};
use crate::sql::{Bind, statements};

statements! {
    StartJob: "INSERT INTO jobs (org, id, kind, started, total, finished) \
         VALUES (?, ?, ?, ?, ?, ?)";
    FinishJobs: "UPDATE jobs SET finished = ? WHERE org = ? AND finished IS NULL";
    ForgetJobs: "DELETE FROM jobs WHERE org = ? AND finished IS NOT NULL AND id IN \
         (SELECT o.id FROM jobs o WHERE o.org = ? AND o.started < ? \
             ORDER BY o.started, o.id LIMIT ?)";
    NewestJobs: "SELECT id, kind, started, total, finished FROM jobs WHERE org = ? \
         ORDER BY started DESC, id DESC LIMIT 100" =>
        (Binary, Text, BigInt, BigInt, Nullable<BigInt>)
        as (Vec<u8>, String, i64, i64, Option<i64>);
}

type Columns = (Vec<u8>, String, i64, i64, Option<i64>);

fn read((id, kind, started, total, finished): Columns) -> Option<JobRow> {
    Some(JobRow {
        id: row::uuid(&id)?,
        kind,
        started,
        total: total.unsigned_abs(),
        finished,
    })
}

impl Jobs for Transaction<'_> {
    fn start_job(&mut self, job: &JobRow) -> Stored<()> {
        let binds = [
            self.scope(),
            Bind::Bytes(job.id.as_bytes()),
            Bind::Text(&job.kind),
            Bind::Int(job.started),
            Bind::Int(i64::try_from(job.total).unwrap_or(i64::MAX)),
            Bind::MaybeInt(job.finished),
        ];
        StartJob::run(self.session, &binds)?;
        Ok(())
    }

    fn finish_jobs(&mut self, at: Millis) -> Stored<()> {
        FinishJobs::run(self.session, &[Bind::Int(at), self.scope()])?;
        Ok(())
    }

    fn forget_jobs(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        let binds = [
            self.scope(),
            self.scope(),
            Bind::Int(before),
            row::limit(limit),
        ];
        let forgotten = ForgetJobs::run(self.session, &binds)?;
        Ok(u64::try_from(forgotten).unwrap_or(u64::MAX))
    }

    fn jobs(&mut self) -> Stored<Vec<JobRow>> {
        let rows = NewestJobs::rows(self.session, &[self.scope()])?;
        let jobs: Option<Vec<_>> = rows.into_iter().map(read).collect();
        jobs.ok_or_else(|| self.unreadable("job"))
    }
}
