//! Events, numbered as they are appended.

use std::sync::Arc;

use app::port::outbox::{FeedEvent, OutboxEvent};
use app::port::{Outbox, Stored};

use super::unit::MemoryTx;

impl Outbox for MemoryTx {
    fn append(&mut self, events: &[OutboxEvent]) -> Stored<()> {
        self.may_write()?;
        let stored = Arc::make_mut(&mut self.org.events);
        for event in events {
            let seq = stored.last().map_or(0, |last| last.seq) + 1;
            stored.push(Arc::new(FeedEvent {
                seq,
                kind: event.kind.to_owned(),
                subject: event.subject.clone(),
                at: event.at,
                body: event.body.clone(),
            }));
        }
        Ok(())
    }

    fn feed(&mut self, after: i64, limit: u64) -> Stored<Vec<FeedEvent>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let later = self.org.events.iter().filter(|event| event.seq > after);
        Ok(later
            .take(limit)
            .map(|event| event.as_ref().clone())
            .collect())
    }
}
