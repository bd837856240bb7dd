//! The ordered feed of committed events: reading it, and numbering events where the database could
//! not do so inside the transaction.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde_json::{Map, Value};

use crate::{
    App, Error, Result,
    port::{
        Tx,
        outbox::{FeedEvent, FeedPage},
        places::Atlas,
    },
};

/// How long to rest when there was nothing to number.
const REST: Duration = Duration::from_millis(200);

/// When there was, which may go on. Looking again at once would cost more than it finds: PostgreSQL
/// goes through the index entries of what was numbered just before.
const BREATH: Duration = Duration::from_millis(50);

/// So many were numbered: more are waiting.
const MANY: usize = 1_000;

/// Events after a number, at most `limit`, and fewer where they are large. Only in one snapshot:
/// events and head belong together.
///
/// # Errors
/// [`Error::EventsGone`] where the next event after that number is not kept any more, and where the
/// number was not given out yet: the database is older than whoever read it, restored from a
/// backup. The store is away.
pub fn read(tx: &mut dyn Tx, after: i64, limit: u64) -> Result<FeedPage> {
    let mut page = tx.feed(after, limit)?;
    if follow(&page.events, after) {
        name_places(tx, &mut page.events)?;
        return Ok(page);
    }
    let head = tx.feed_head()?;
    if after == head {
        return Ok(FeedPage {
            events: Vec::new(),
            full: false,
        });
    }
    Err(Error::EventsGone {
        snapshot_cursor: head,
    })
}

/// Adds to what is about a workspace or project the slug by which paths name it, as the access
/// answer has it; null where it is gone. Slugs never change, so that an event reads the same for as
/// long as its place is there.
fn name_places(tx: &mut dyn Tx, events: &mut [FeedEvent]) -> Result<()> {
    let subjects = events
        .iter_mut()
        .filter_map(|event| event.body.get_mut("subject")?.as_object_mut());
    let about_places: Vec<_> = subjects
        .filter(|subject| subject.contains_key("workspace") || subject.contains_key("project"))
        .collect();
    if about_places.is_empty() {
        return Ok(());
    }
    let atlas = tx.places()?;
    for subject in about_places {
        let slug = slug(&atlas, subject);
        subject.insert("slug".to_owned(), slug.into());
    }
    Ok(())
}

/// `quality`, or `quality/nightly`.
fn slug(atlas: &Atlas, subject: &Map<String, Value>) -> Option<String> {
    let id = |name| subject.get(name).and_then(Value::as_str);
    if let Some(workspace) = id("workspace") {
        let workspace = atlas.workspace_by_id(workspace.parse().ok()?)?;
        return Some(workspace.slug.to_string());
    }
    let project = atlas.project_by_id(id("project")?.parse().ok()?)?;
    atlas.path(project).map(|path| path.to_string())
}

/// Whether the feed goes on right after the number.
fn follow(events: &[FeedEvent], after: i64) -> bool {
    events.first().is_some_and(|event| event.seq - 1 == after)
}

/// Whether there is anything to do: a store with one writer numbers events by itself.
pub fn needed(app: &App) -> bool {
    !app.store.placement().queued_writes
}

/// Numbers events until told to stop. Any number of processes may do so at once. Returns at once
/// where it is not [`needed`].
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    if !needed(app) {
        return;
    }
    while !stop.load(Ordering::Acquire) {
        match app.store.number_events() {
            Ok(numbered) => {
                app.pulse.beat("feed", app.clock.now());
                match numbered {
                    0 => crate::nudge::rest(REST),
                    1..MANY => crate::nudge::rest(BREATH),
                    _ => {}
                }
            }
            Err(error) => {
                tracing::warn!(%error, "events wait for their numbers: the store is away");
                crate::nudge::rest(REST * 5);
            }
        }
    }
}
