//! Making, listing and revoking keys.

use std::sync::Arc;

use domain::{Action, OrgId, address::Range, key::Kind};
use serde_json::Value;

use super::{KeyView, announce, maker::Maker};
use crate::{
    App, Error, Result, Scope, Work, audit,
    change::Change,
    ending::DAY,
    port::{
        Lock, Millis,
        hasher::Minted,
        keys::{KeyPlace, KeyRow},
        org::OrgSettings,
    },
    version,
};

/// How long a key is good unless its maker says otherwise: a year.
const GOOD_FOR: Millis = 365 * DAY;
/// Longest name of a key, in characters.
const LONGEST_NAME: usize = 200;
/// Most ranges of addresses of a key.
const MOST_RANGES: usize = 100;

/// When a key ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ends {
    /// After 365 days.
    #[default]
    Usual,
    /// Then.
    At(Millis),
    /// Never, which has to be chosen.
    Never,
}

impl Ends {
    /// The moment.
    ///
    /// # Errors
    /// It is over already.
    pub(super) fn after(self, now: Millis) -> Result<Option<Millis>> {
        match self {
            Ends::Usual => Ok(Some(now + GOOD_FOR)),
            Ends::Never => Ok(None),
            Ends::At(end) if end > now => Ok(Some(end)),
            Ends::At(_) => Err(Error::field(
                "expires_at",
                "Must be a time to come, or null for a key that never ends.",
            )),
        }
    }
}

/// A key as it is asked for.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it opens.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// When it ends.
    pub ends: Ends,
    /// From where it may be used; from anywhere where there is none.
    pub ranges: Vec<Range>,
}

impl NewKey {
    /// A key that is good for a year, from anywhere.
    pub fn usual(kind: Kind, name: impl Into<String>) -> NewKey {
        NewKey {
            kind,
            name: name.into(),
            ends: Ends::Usual,
            ranges: Vec::new(),
        }
    }
}

/// Makes a key: of an organization, or an owner key without one. Takes tens of milliseconds; call
/// it where blocking is allowed. The token is in the answer and nowhere else.
///
/// What an admin key makes ends no later than it does and is good from nowhere else.
///
/// # Errors
/// An owner key with an organization or another key without; a name or ranges that are too long; an
/// end that is over; an end or ranges beyond those of the admin key that asks; the store is away.
pub fn create(
    app: &App,
    org: Option<&OrgSettings>,
    new: &NewKey,
    change: &Change,
) -> Result<(KeyRow, Minted)> {
    check(org, new)?;
    let bounds = Maker::of(app, change)?;
    bounds.bound_ranges(&new.ranges)?;
    let expires = bounds.bound_end(new.ends, new.ends.after(change.at)?)?;
    let minted = app.hasher.mint(new.kind, None)?;
    let row = KeyRow {
        id: minted.id.clone(),
        kind: new.kind,
        org: org.map(|org| org.id),
        name: new.name.clone(),
        phc: minted.phc.clone(),
        epoch: 1,
        made_by: maker(change),
        created: change.at,
        expires,
        revoked: None,
        ranges: new.ranges.clone(),
        warned: announce::due(expires, change.at),
        previous: None,
        confirmed: None,
        used: None,
    };
    let (made, change_) = (row.clone(), change.clone());
    let work = Work::new(&scope_of(&row), Lock::Shared, move |tx| {
        tx.insert_key(&made)?;
        let entry = told(Action::KeyCreated, &made, Value::Null, change_.at);
        audit::record(tx, &change_, entry)
    });
    work.wait(&*app.store)?;
    Ok((row, minted))
}

fn check(org: Option<&OrgSettings>, new: &NewKey) -> Result<()> {
    if (new.kind == Kind::Owner) == org.is_some() {
        let detail = "An owner key belongs to no organization; every other kind to one.";
        return Err(Error::field("kind", detail));
    }
    if new.name.chars().count() > LONGEST_NAME {
        let detail = format!("Must be at most {LONGEST_NAME} characters.");
        return Err(Error::field("name", detail));
    }
    if new.ranges.len() > MOST_RANGES {
        let detail = format!("Must be at most {MOST_RANGES} ranges.");
        return Err(Error::field("allowed_from", detail));
    }
    Ok(())
}

/// What the audit tells of a key: everything but what is secret and what its users are.
pub(super) fn side(row: &KeyRow, at: Millis) -> Value {
    let mut side = audit::value(&KeyView::new(row, at));
    if let Value::Object(members) = &mut side {
        // An address and a user agent: kept with the key, where they are forgotten with it.
        members.remove("last_used");
    }
    side
}

/// The row of the audit that tells of a key.
pub(super) fn told(action: Action, row: &KeyRow, before: Value, at: Millis) -> audit::Entry {
    audit::Entry {
        action,
        subject: row.id.clone(),
        before,
        after: side(row, at),
    }
}

fn maker(change: &Change) -> String {
    let by = change.cause.by.clone();
    by.unwrap_or_else(|| "operator".to_owned())
}

/// Where a key's row is changed: its organization, or the instance.
pub(super) fn scope_of(row: &KeyRow) -> Scope {
    Scope::operator(row.org.unwrap_or(OrgId::INSTANCE))
}

/// The keys of an organization, or the owner keys; revoked and expired ones too, oldest first:
/// those after a place, at most `limit`, and whether there are more. Blocks.
///
/// # Errors
/// The store is away.
pub fn list(
    app: &App,
    org: Option<&OrgSettings>,
    after: Option<KeyPlace>,
    limit: u64,
) -> Result<(Vec<KeyRow>, bool)> {
    let org = org.map_or(OrgId::INSTANCE, |org| org.id);
    let one_more = limit.saturating_add(1);
    let work = Work::new(&Scope::operator(org), Lock::Read, move |tx| {
        Ok(tx.keys(after.as_ref(), one_more)?)
    });
    let mut rows = work.wait(&*app.store)?;
    let more = rows.len() as u64 > limit;
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok((rows, more))
}

/// The entity tag of a key: a hash of what revoking and rotating overwrite. That it is used moves
/// nothing.
pub fn tag(row: &KeyRow) -> String {
    let previous = row.previous.as_ref();
    let previous = previous.map(|previous| (&previous.phc, previous.since, previous.until));
    let state = (row.epoch, row.expires, row.revoked, previous);
    version::of_content(&[&row.phc, &format!("{state:?}")])
}

/// One key. `org` is the one the caller may work on; none for the operator, who may see any key.
///
/// # Errors
/// Not found, also where it is another organization's.
pub fn read(app: &App, org: Option<&OrgSettings>, id: &str) -> Result<KeyRow> {
    let row = app.store.instance().key(id)?;
    row.filter(|row| org.is_none_or(|org| row.org == Some(org.id)))
        .ok_or_else(|| Error::not_found("key"))
}

/// Revokes a key for good, with both of its secrets where it is being rotated; this process refuses
/// it at once, others within seconds. Revoking it again changes nothing. `org` as for [`read`];
/// `seen` is the tag that the caller has seen.
///
/// # Errors
/// Not found, also where it is another organization's; 412.
pub fn revoke(
    app: &App,
    org: Option<&OrgSettings>,
    id: &str,
    seen: Option<String>,
    change: &Change,
) -> Result<()> {
    let row = read(app, org, id)?;
    let (scope, change) = (scope_of(&row), change.clone());
    let id: Arc<str> = row.id.into();
    let named = Arc::clone(&id);
    let work = Work::new(&scope, Lock::Shared, move |tx| {
        let row = tx.key(&named)?.ok_or_else(|| Error::not_found("key"))?;
        version::same_content(seen.as_deref(), &tag(&row))?;
        if row.revoked.is_some() {
            return Ok(());
        }
        let before = side(&row, change.at);
        let revoked = KeyRow {
            revoked: Some(change.at),
            epoch: row.epoch + 1,
            ..row
        };
        tx.save_key(&revoked)?;
        let entry = told(Action::KeyRevoked, &revoked, before, change.at);
        audit::record(tx, &change, entry)
    });
    work.wait(&*app.store)?;
    app.keys.remove(&id.to_string());
    Ok(())
}
