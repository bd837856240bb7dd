//! Events, numbered as they are appended.

use std::sync::Arc;

use app::port::outbox::{FeedEvent, FeedPage, OutboxEvent, PAGE_BYTES};
use app::port::{Millis, Outbox, StoreError, Stored};

use super::unit::MemoryTx;

impl Outbox for MemoryTx {
    fn append(&mut self, events: Vec<OutboxEvent>) -> Stored<()> {
        self.may_write()?;
        let stored = Arc::make_mut(&mut self.org.events);
        for event in events {
            let body = serde_json::from_str(&event.body)
                .map_err(|error| StoreError::Broken(Arc::new(error)))?;
            self.org.feed_head += 1;
            let seq = self.org.feed_head;
            stored.push(Arc::new(FeedEvent {
                seq,
                kind: event.kind.to_owned(),
                subject: event.subject,
                at: event.at,
                body,
            }));
        }
        Ok(())
    }

    fn feed(&mut self, after: i64, limit: u64) -> Stored<FeedPage> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let later = self.org.events.iter().filter(|event| event.seq > after);
        let mut bytes = 0;
        let mut events = Vec::new();
        for event in later.take(limit) {
            bytes += event.body.to_string().len();
            events.push(event.as_ref().clone());
            if bytes >= PAGE_BYTES {
                break;
            }
        }
        let full = events.len() >= limit || bytes >= PAGE_BYTES;
        Ok(FeedPage { events, full })
    }

    fn feed_head(&mut self) -> Stored<i64> {
        Ok(self.org.feed_head)
    }

    fn forget_events(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.may_write()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let events = Arc::make_mut(&mut self.org.events);
        let old = events.iter().take(limit);
        let old = old.take_while(|event| event.at < before).count();
        events.drain(..old);
        Ok(old as u64)
    }
}
