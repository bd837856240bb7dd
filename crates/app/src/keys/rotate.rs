//! Rotating a key: another secret under the same id, the one before good for a while beside it.

use domain::{Action, key::KeyId};

use super::{DAY, KeyView, announce, manage};
use crate::{
    App, Error, Result, Work, audit,
    change::Change,
    error::Code,
    keys::Ends,
    port::{
        Lock, Millis,
        hasher::Minted,
        keys::{KeyRow, Previous},
        org::OrgSettings,
    },
};

/// Most days that the secret before stays good.
pub const LONGEST_OVERLAP_DAYS: u32 = 7;
/// Days that it does unless it is said.
pub const USUAL_OVERLAP_DAYS: u32 = 7;

/// A rotation as it is asked for.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The key's public id.
    pub id: String,
    /// For how many days the secret before stays good beside the new one; 0 ends it at once.
    pub overlap_days: u32,
    /// When the key ends now. [`Ends::Usual`] leaves a key without an end without one.
    pub ends: Ends,
}

/// Gives a key another secret. The token is in the answer and nowhere else. `org` as for
/// [`manage::read`]. Takes tens of milliseconds; call it where blocking is allowed.
///
/// While a new secret was never used, rotating again replaces that one and keeps the secret that is
/// in use: a token that got lost on its way to the identity provider costs nothing.
///
/// # Errors
/// Not found; [`Code::KeyEnded`] for a key that is revoked or expired; more than
/// [`LONGEST_OVERLAP_DAYS`]; an end that is over.
pub fn rotate(
    app: &App,
    org: Option<&OrgSettings>,
    rotation: &Rotation,
    change: &Change,
) -> Result<(KeyRow, Minted)> {
    if rotation.overlap_days > LONGEST_OVERLAP_DAYS {
        let detail = format!("Must be a whole number from 0 to {LONGEST_OVERLAP_DAYS}.");
        return Err(Error::field("overlap_days", detail));
    }
    rotation.ends.after(change.at)?;
    let row = manage::read(app, org, &rotation.id)?;
    refuse_ended(&row, change.at)?;
    let id: KeyId = row.id.parse().map_err(|_| Error::not_found("key"))?;
    let minted = app.hasher.mint(row.kind, Some(id))?;
    let (phc, rotation, change) = (minted.phc.clone(), rotation.clone(), change.clone());
    let work = Work::new(&manage::scope_of(&row), Lock::Shared, move |tx| {
        let row = tx
            .key(&rotation.id)?
            .ok_or_else(|| Error::not_found("key"))?;
        refuse_ended(&row, change.at)?;
        let before = audit::value(&KeyView::new(&row, change.at));
        let turned = turned(row, &phc, &rotation, change.at)?;
        tx.save_key(&turned)?;
        let entry = manage::told(Action::KeyRotated, &turned, before, change.at);
        audit::record(tx, &change, entry)?;
        Ok(turned)
    });
    let turned = work.wait(&*app.store)?;
    app.keys.remove(&turned.id);
    Ok((turned, minted))
}

fn refuse_ended(row: &KeyRow, now: Millis) -> Result<()> {
    if row.revoked.is_none() && row.expires.is_none_or(|end| now < end) {
        return Ok(());
    }
    let detail = "The key is revoked or has expired, and stays so. Make a new one.";
    Err(Error::new(Code::KeyEnded, detail))
}

fn turned(row: KeyRow, phc: &str, rotation: &Rotation, now: Millis) -> Result<KeyRow> {
    let expires = match (rotation.ends, row.expires) {
        (Ends::Usual, None) => None,
        (ends, _) => ends.after(now)?,
    };
    let until = now + Millis::from(rotation.overlap_days) * DAY;
    let (old, end) = in_use(&row, now);
    let previous = Previous {
        phc: old,
        until: end.map_or(until, |end| end.min(until)),
        used: None,
    };
    Ok(KeyRow {
        previous: Some(previous).filter(|previous| previous.until > now),
        phc: phc.to_owned(),
        expires,
        warned: announce::due(expires, now),
        confirmed: None,
        ..row
    })
}

/// The secret that stays: the present one, or the one before it while the present one was never
/// used. With it, when it ends anyway.
fn in_use(row: &KeyRow, now: Millis) -> (String, Option<Millis>) {
    let previous = row
        .previous
        .as_ref()
        .filter(|previous| row.confirmed.is_none() && now < previous.until);
    match previous {
        Some(previous) => (previous.phc.clone(), None),
        None => (row.phc.clone(), row.expires),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]

    use domain::key::Kind;

    use super::*;

    const NOW: Millis = 1_000 * DAY;

    fn row() -> KeyRow {
        KeyRow {
            id: "aaaaaaaaaaaa".to_owned(),
            kind: Kind::Scim,
            org: None,
            name: String::new(),
            phc: "first".to_owned(),
            epoch: 1,
            made_by: "operator".to_owned(),
            created: 0,
            expires: Some(NOW + 3 * DAY),
            revoked: None,
            ranges: Vec::new(),
            warned: Some(7),
            previous: None,
            confirmed: None,
            used: None,
        }
    }

    fn after(row: KeyRow, overlap_days: u32, ends: Ends) -> KeyRow {
        let rotation = Rotation {
            id: row.id.clone(),
            overlap_days,
            ends,
        };
        turned(row, "next", &rotation, NOW).unwrap()
    }

    #[track_caller]
    fn check(row: &KeyRow, present: &str, before: Option<(&str, Millis)>) {
        let previous = row.previous.as_ref();
        let found = previous.map(|previous| (previous.phc.as_str(), previous.until));
        assert_eq!((row.phc.as_str(), found), (present, before));
    }

    #[test]
    fn the_secret_before_is_good_for_the_overlap_and_never_beyond_its_own_end() {
        check(&after(row(), 0, Ends::Usual), "next", None);
        check(
            &after(row(), 2, Ends::Usual),
            "next",
            Some(("first", NOW + 2 * DAY)),
        );
        check(
            &after(row(), 7, Ends::Usual),
            "next",
            Some(("first", NOW + 3 * DAY)),
        );
    }

    #[test]
    fn a_new_secret_that_nobody_used_is_the_one_to_go() {
        let once = after(row(), 2, Ends::Usual);
        let lost = KeyRow {
            phc: "lost".to_owned(),
            ..once
        };
        check(
            &after(lost.clone(), 7, Ends::Usual),
            "next",
            Some(("first", NOW + 7 * DAY)),
        );
        let used = KeyRow {
            confirmed: Some(NOW),
            ..lost
        };
        check(
            &after(used, 7, Ends::Usual),
            "next",
            Some(("lost", NOW + 7 * DAY)),
        );
    }

    #[test]
    fn the_end_moves_unless_there_was_none() {
        assert_eq!(after(row(), 1, Ends::Usual).expires, Some(NOW + 365 * DAY));
        assert_eq!(after(row(), 1, Ends::Never).expires, None);
        assert_eq!(after(row(), 1, Ends::At(NOW + 1)).expires, Some(NOW + 1));
        let endless = KeyRow {
            expires: None,
            ..row()
        };
        assert_eq!(after(endless, 1, Ends::Usual).expires, None);
        assert_eq!(after(row(), 1, Ends::Usual).warned, None);
    }
}
