//! Telling that a key ends: 30, 7 and 1 days before, once each.

use domain::{Detail, EventKind, OrgId, Subject};

use super::{DAY, manage, state::SOON_DAYS};
use crate::{
    App, Result, Work,
    change::Change,
    each::each,
    events,
    port::{Lock, Millis, Tx, keys::KeyRow},
    representation::time,
};

/// How many days before its end a key is announced; most first.
const DAYS: [u32; 3] = [SOON_DAYS, 7, 1];

/// The announcement that is due: the least number of [`DAYS`] that the time left lies within.
pub(super) fn due(expires: Option<Millis>, now: Millis) -> Option<u32> {
    let left = expires? - now;
    DAYS.into_iter()
        .filter(|days| left <= Millis::from(*days) * DAY)
        .min()
}

/// Announces every key that has one due: an event in its organization's feed, a line in the log for
/// owner keys as well. How many there were. What fails for one key keeps nothing from the others.
///
/// # Errors
/// The store is away.
pub(super) fn announce(app: &App) -> Result<u64> {
    let change = Change::by_worker(app);
    let soon = change.at + Millis::from(DAYS[0]) * DAY + 1;
    let rows = app.store.instance().keys_ending(change.at, soon)?;
    let new = rows.into_iter().filter(|row| is_new(row, change.at));
    let new = new.map(|row| (row.org.unwrap_or(OrgId::INSTANCE), row));
    let mut announced = 0;
    each("that a key ends is told later", new, |row| {
        let (id, change_) = (row.id.clone(), change.clone());
        let work = Work::new(&manage::scope_of(&row), Lock::Shared, move |tx| {
            tell(tx, &id, &change_)
        });
        if let Some(days) = work.wait(&*app.store)? {
            tracing::warn!(key = %row.id, kind = %row.kind, days, "a key ends soon; rotate it");
            announced += 1;
        }
        Ok(())
    });
    Ok(announced)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_number_that_holds_is_due() {
        let check = |left: Millis, expected: Option<u32>| {
            assert_eq!(due(Some(5 + left), 5), expected, "{left}");
        };
        check(31 * DAY, None);
        check(30 * DAY + 1, None);
        check(30 * DAY, Some(30));
        check(7 * DAY + 1, Some(30));
        check(7 * DAY, Some(7));
        check(DAY + 1, Some(7));
        check(DAY, Some(1));
        check(1, Some(1));
        assert_eq!(due(None, 5), None);
    }
}
