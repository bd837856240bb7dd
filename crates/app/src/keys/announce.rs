//! Telling that a key ends: 30, 7 and 1 days before, once each.

use domain::{Detail, EventKind, OrgId, Subject};

use super::manage;
use crate::{
    App, Result, Round, Work,
    change::Change,
    each::each,
    ending::{self, DAY, SOON_DAYS},
    events,
    port::{Lock, Millis, Tx, keys::KeyRow},
    representation::time,
};

/// The announcement that is due for a key; none without an end.
pub(super) fn due(expires: Option<Millis>, now: Millis) -> Option<u32> {
    ending::due(expires?, now)
}

/// Announces every key that has one due: an event in its organization's feed, a line in the log for
/// owner keys as well. What fails for one key keeps nothing from the others.
///
/// # Errors
/// The store is away.
pub(super) fn announce(app: &App) -> Result<Round> {
    let change = Change::by_worker(app);
    let soon = change.at + Millis::from(SOON_DAYS) * DAY + 1;
    let rows = app.store.instance().keys_ending(change.at, soon)?;
    let new = rows.into_iter().filter(|row| is_new(row, change.at));
    let new = new.map(|row| (row.org.unwrap_or(OrgId::INSTANCE), row));
    let mut done = 0;
    let whole = each("that a key ends is told later", new, |row| {
        let (id, change_) = (row.id.clone(), change.clone());
        let work = Work::new(&manage::scope_of(&row), Lock::Shared, move |tx| {
            tell(tx, &id, &change_)
        });
        if let Some(days) = work.wait(&*app.store)? {
            tracing::warn!(key = %row.id, kind = %row.kind, days, "a key ends soon; rotate it");
            done += 1;
        }
        Ok(())
    });
    Ok(Round { done, whole })
}

fn is_new(row: &KeyRow, now: Millis) -> bool {
    let due = due(row.expires, now);
    due.is_some_and(|days| row.warned.is_none_or(|warned| days < warned))
}

/// Tells it and remembers that it did; none where another process was quicker.
fn tell(tx: &mut dyn Tx, id: &str, change: &Change) -> Result<Option<u32>> {
    let Some(row) = tx.key(id)?.filter(|row| row.revoked.is_none()) else {
        return Ok(None);
    };
    let (Some(end), Some(days)) = (row.expires, due(row.expires, change.at)) else {
        return Ok(None);
    };
    if !is_new(&row, change.at) {
        return Ok(None);
    }
    if row.org.is_some() {
        let detail = Detail::Key {
            name: row.name.clone(),
            expires_at: time(end),
            days,
        };
        let subject = Subject::Key {
            key: row.id.clone(),
        };
        events::about(
            tx,
            EventKind::KeyExpiring,
            subject,
            None,
            Some(detail),
            change,
        )?;
    }
    tx.save_key(&KeyRow {
        warned: Some(days),
        ..row
    })?;
    Ok(Some(days))
}
