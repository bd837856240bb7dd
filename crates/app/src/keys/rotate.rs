//! Rotating a key: another secret under the same id, the one before good for a while beside it.

use domain::{Action, key::KeyId};

use super::{announce, maker::Maker, manage};
use crate::{
    App, Error, Result, Work, audit,
    change::Change,
    ending::DAY,
    error::Code,
    keys::Ends,
    port::{
        Lock, Millis,
        hasher::Minted,
        keys::{KeyRow, Previous},
        org::OrgSettings,
    },
    representation::time,
    version,
};

/// Most days that the secret before stays good.
pub const LONGEST_OVERLAP_DAYS: u32 = 7;
/// Days that it does unless it is said.
pub const USUAL_OVERLAP_DAYS: u32 = 7;

/// How long a new secret that nobody is known to have used may not be replaced. It may be on its way
/// to the provider. Its first use is written at once, or within ten seconds where the store was away.
const SETTLES: Millis = 30_000;

/// A rotation as it is asked for.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The key's public id.
    pub id: String,
    /// For how many days the secret before stays good beside the new one; 0 ends it at once.
    pub overlap_days: u32,
    /// When the key ends now. [`Ends::Usual`] leaves a key without an end without one.
    pub ends: Ends,
    /// Ends a secret of the rotation before although it was used since then.
    pub force: bool,
    /// The key's tag ([`manage::tag`]) that the caller has seen; none where it makes no condition.
    pub seen: Option<String>,
}

/// A key with another secret, which is never logged.
pub struct Rotated {
    /// The key.
    pub row: KeyRow,
    /// The new secret.
    pub minted: Minted,
    /// The secret of the rotation before that one, which was still good and ends now: a key has two at
    /// most.
    pub ended: Option<Previous>,
}

/// Gives a key another secret. The token is in the answer and nowhere else. `org` as for
/// [`manage::read`]. Takes tens of milliseconds; call it where blocking is allowed.
///
/// While a new secret was never used, rotating again replaces that one and keeps the secret that is
/// in use: a token that got lost on its way to the identity provider costs nothing. That one's end
/// does not move, and no secret is good beyond the key's end.
///
/// What an admin key rotates ends no later than it does.
///
/// # Errors
/// Not found; 412; [`Code::KeyEnded`] for a key that is revoked or expired; [`Code::KeyJustRotated`] where
/// it was rotated within 30 s and nobody is known to have used the new secret, and
/// [`Code::OldSecretInUse`] where the one before it was used since and would end early, unless it is
/// forced; neither where all secrets are to end at once; more than [`LONGEST_OVERLAP_DAYS`]; an end that is over, or beyond that of the
/// admin key that asks; ranges that admin key is not within; the store is away.
pub fn rotate(
    app: &App,
    org: Option<&OrgSettings>,
    rotation: &Rotation,
    change: &Change,
) -> Result<Rotated> {
    if rotation.overlap_days > LONGEST_OVERLAP_DAYS {
        let detail = format!("Must be a whole number from 0 to {LONGEST_OVERLAP_DAYS}.");
        return Err(Error::field("overlap_days", detail));
    }
    rotation.ends.after(change.at)?;
    let row = manage::read(app, org, &rotation.id)?;
    refuse_ended(&row, change.at)?;
    let maker = Maker::of(app, change)?;
    maker.bound_ranges(&row.ranges)?;
    // Which secret is in use decides which one stays.
    app.uses.write(app)?;
    let id: KeyId = row.id.parse().map_err(|_| Error::not_found("key"))?;
    let minted = app.hasher.mint(row.kind, Some(id))?;
    let (phc, rotation, change) = (minted.phc.clone(), rotation.clone(), change.clone());
    let work = Work::new(&manage::scope_of(&row), Lock::Shared, move |tx| {
        let row = tx
            .key(&rotation.id)?
            .ok_or_else(|| Error::not_found("key"))?;
        version::same_content(rotation.seen.as_deref(), &manage::tag(&row))?;
        refuse_ended(&row, change.at)?;
        refuse_at_once(&row, &rotation, change.at)?;
        let ended = cut_short(&row, &rotation, change.at);
        refuse_in_use(ended.as_ref(), &rotation)?;
        let before = manage::side(&row, change.at);
        let turned = turned(row, &phc, &rotation, &maker, change.at)?;
        tx.save_key(&turned)?;
        let entry = manage::told(Action::KeyRotated, &turned, before, change.at);
        audit::record(tx, &change, entry)?;
        Ok((turned, ended))
    });
    let (row, ended) = work.wait(&*app.store)?;
    app.keys.remove(&row.id);
    app.uses.begin_again(&row.id);
    Ok(Rotated { row, minted, ended })
}

fn refuse_ended(row: &KeyRow, now: Millis) -> Result<()> {
    if !row.is_over(now) {
        return Ok(());
    }
    let detail = "The key is revoked or has expired, and stays so. Make a new one.";
    Err(Error::new(Code::KeyEnded, detail))
}

/// Whether the new secret is in use is not known yet; dropping it could lock somebody out.
fn refuse_at_once(row: &KeyRow, rotation: &Rotation, now: Millis) -> Result<()> {
    let old = row
        .old_secret(now)
        .filter(|_| row.confirmed.is_none() && rotation.overlap_days > 0);
    let left = old.map_or(0, |old| old.since + SETTLES - now);
    if left <= 0 {
        return Ok(());
    }
    let seconds = left.unsigned_abs().div_ceil(1_000);
    let detail = format!(
        "The key was rotated within the last 30 s, and whether its new secret is in use is not \
         known yet. Try again in {seconds} s; overlap_days 0 ends all its secrets at once."
    );
    Err(Error::new(Code::KeyJustRotated, detail))
}

/// The secret before the present one, where it is still good and would not be any more: the present one
/// is in use and takes its place, or all are to end.
fn cut_short(row: &KeyRow, rotation: &Rotation, now: Millis) -> Option<Previous> {
    let goes = row.confirmed.is_some() || rotation.overlap_days == 0;
    row.old_secret(now).filter(|_| goes).cloned()
}

fn refuse_in_use(ended: Option<&Previous>, rotation: &Rotation) -> Result<()> {
    let spared = rotation.force || rotation.overlap_days == 0;
    let Some((old, used)) = ended
        .filter(|_| !spared)
        .and_then(|old| Some((old, old.used?)))
    else {
        return Ok(());
    };
    let detail = format!(
        "The key is being rotated: its old secret is good until {} and was used after the rotation, \
         last at {}. Another rotation would end it at once. Put the new secret wherever the old one is \
         and rotate later, or rotate with force.",
        time(old.until),
        time(used)
    );
    Err(Error::new(Code::OldSecretInUse, detail))
}

fn turned(
    row: KeyRow,
    phc: &str,
    rotation: &Rotation,
    maker: &Maker,
    now: Millis,
) -> Result<KeyRow> {
    let expires = match (rotation.ends, row.expires) {
        (Ends::Usual, None) => None,
        (ends, _) => ends.after(now)?,
    };
    let expires = maker.bound_end(rotation.ends, expires)?;
    let overlap = now + Millis::from(rotation.overlap_days) * DAY;
    let (old, end) = in_use(&row, now);
    let ends = [end, expires].into_iter().flatten();
    let previous = Previous {
        phc: old,
        since: now,
        until: ends.fold(overlap, Millis::min),
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
    let previous = row.old_secret(now).filter(|_| row.confirmed.is_none());
    match previous {
        Some(previous) => (previous.phc.clone(), Some(previous.until)),
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
            force: false,
            seen: None,
        };
        turned(row, "next", &rotation, &Maker::default(), NOW).unwrap()
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
    fn the_secret_before_ends_with_the_key_at_the_latest() {
        let short = after(row(), 7, Ends::At(NOW + DAY));
        check(&short, "next", Some(("first", NOW + DAY)));
        assert_eq!(short.hashes(NOW + DAY - 1).count(), 2);
        assert_eq!(short.hashes(NOW + DAY).count(), 0);
    }

    #[test]
    fn a_new_secret_has_half_a_minute_to_be_seen_in_use() {
        let once = after(row(), 2, Ends::Usual);
        let check = |row: &KeyRow, overlap_days: u32, later: Millis, refused: bool| {
            let rotation = Rotation {
                id: row.id.clone(),
                overlap_days,
                ends: Ends::Usual,
                force: false,
                seen: None,
            };
            let refusal = refuse_at_once(row, &rotation, NOW + later).err();
            let code = refusal.map(|error| error.code());
            assert_eq!(code, refused.then_some(Code::KeyJustRotated), "{later}");
        };
        check(&row(), 7, 0, false);
        check(&once, 7, 0, true);
        check(&once, 7, SETTLES - 1, true);
        check(&once, 7, SETTLES, false);
        check(&once, 0, 0, false);
        let used = KeyRow {
            confirmed: Some(NOW),
            ..once
        };
        check(&used, 7, 0, false);
    }

    #[test]
    fn a_promised_secret_that_is_in_use_ends_early_by_force_alone() {
        let check = |confirmed: Option<Millis>, used, (days, force): (u32, bool), expected| {
            let mut row = after(row(), 2, Ends::Usual);
            row.confirmed = confirmed;
            row.previous.as_mut().unwrap().used = used;
            let rotation = Rotation {
                id: row.id.clone(),
                overlap_days: days,
                ends: Ends::Usual,
                force,
                seen: None,
            };
            let ended = cut_short(&row, &rotation, NOW + 1);
            let refused = refuse_in_use(ended.as_ref(), &rotation).err();
            let code = refused.map(|error| error.code());
            assert_eq!((ended.is_some(), code), expected, "{rotation:?}");
        };
        let refused = Some(Code::OldSecretInUse);
        check(Some(NOW), Some(NOW), (7, false), (true, refused));
        check(Some(NOW), Some(NOW), (7, true), (true, None));
        check(Some(NOW), Some(NOW), (0, false), (true, None));
        check(Some(NOW), None, (7, false), (true, None));
        // The present one was never used and goes; the one before it stays.
        check(None, Some(NOW), (7, false), (false, None));
        check(None, Some(NOW), (0, false), (true, None));
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
            Some(("first", NOW + 2 * DAY)),
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
