//! Access at a past moment.

use std::ops::Bound;
use std::sync::Arc;

use app::port::history::{Forgotten, HistoryRow};
use app::port::{History, Millis, Stored};
use domain::UserId;

use super::unit::MemoryTx;

impl MemoryTx {
    /// The last row of a user up to and with this moment.
    fn last_until(&self, user: UserId, at: Millis) -> Option<HistoryRow> {
        let until = self.org.history.range((user, Millis::MIN)..=(user, at));
        until.last().map(|(_, row)| row.clone())
    }
}

impl History for MemoryTx {
    fn record(&mut self, rows: &[HistoryRow]) -> Stored<()> {
        self.may_write()?;
        let placed = rows.iter().map(|row| {
            let newest = self.last_until(row.user, Millis::MAX);
            let newest = newest.map(|newest| newest.at);
            let behind = newest.filter(|newest| *newest > row.at);
            let at = behind.map_or(row.at, |newest| newest + 1);
            ((row.user, at), HistoryRow { at, ..row.clone() })
        });
        let placed: Vec<_> = placed.collect();
        Arc::make_mut(&mut self.org.history).extend(placed);
        Ok(())
    }

    fn access_at(&mut self, user: UserId, at: Millis) -> Stored<Option<HistoryRow>> {
        Ok(self.last_until(user, at))
    }

    fn access_page_at(
        &mut self,
        at: Millis,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Vec<HistoryRow>> {
        let from = after.map_or(Bound::Unbounded, |user| {
            Bound::Excluded((user, Millis::MAX))
        });
        let mut users: Vec<UserId> = self
            .org
            .history
            .range((from, Bound::Unbounded))
            .map(|((user, _), _)| *user)
            .collect();
        users.dedup();
        let rows = users.iter().filter_map(|user| self.last_until(*user, at));
        Ok(rows
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .collect())
    }

    fn forget_before(
        &mut self,
        at: Millis,
        after: Option<UserId>,
        limit: u64,
    ) -> Stored<Forgotten> {
        self.may_write()?;
        let all = self.org.history.keys().copied();
        let mut rows: Vec<_> = all
            .filter(|row| after.is_none_or(|after| row.0 > after))
            .collect();
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let until = rows.get(limit).map(|row| row.0);
        rows.retain(|row| until.is_none_or(|until| row.0 <= until));
        let followed = rows.windows(2).filter_map(|pair| {
            let (row, next) = (pair[0], pair[1]);
            (row.0 == next.0 && next.1 < at).then_some(row)
        });
        let gone: Vec<_> = followed.collect();
        let history = Arc::make_mut(&mut self.org.history);
        for row in &gone {
            history.remove(row);
        }
        let rows = u64::try_from(gone.len()).unwrap_or(u64::MAX);
        Ok(Forgotten { rows, until })
    }
}
