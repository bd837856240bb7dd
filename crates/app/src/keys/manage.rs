//! Making, listing and revoking keys.

use domain::key::Kind;

use crate::{
    Actor, App, Error, Result,
    port::{Millis, hasher::Minted, instance::KeyRow, org::OrgSettings},
};

/// How long a key is good unless its maker says otherwise: a year.
const GOOD_FOR: Millis = 365 * 24 * 60 * 60 * 1_000;
/// Longest name of a key, in characters.
const LONGEST_NAME: usize = 200;

/// A key as it is asked for.
#[derive(Clone, Debug)]
pub struct NewKey {
    /// What it opens.
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// Who makes it.
    pub by: Actor,
}

/// Makes a key: of an organization, or an owner key without one. Takes tens of milliseconds; call
/// it where blocking is allowed. The token is in the answer and nowhere else.
///
/// # Errors
/// An owner key with an organization or another key without; the store is away.
pub fn create(app: &App, org: Option<&OrgSettings>, new: &NewKey) -> Result<(KeyRow, Minted)> {
    if (new.kind == Kind::Owner) == org.is_some() {
        let detail = "An owner key belongs to no organization; every other kind to one.";
        return Err(Error::field("kind", detail));
    }
    if new.name.chars().count() > LONGEST_NAME {
        return Err(Error::field(
            "name",
            format!("Must be at most {LONGEST_NAME} characters."),
        ));
    }
    let minted = app.hasher.mint(new.kind)?;
    let now = app.clock.now();
    let row = KeyRow {
        id: minted.id.clone(),
        kind: new.kind,
        org: org.map(|org| org.id),
        name: new.name.clone(),
        phc: minted.phc.clone(),
        epoch: 1,
        made_by: match &new.by {
            Actor::Key(id) => id.clone(),
            Actor::Operator => "operator".to_owned(),
        },
        created: now,
        expires: Some(now + GOOD_FOR),
        revoked: None,
    };
    app.store.instance().insert_key(&row)?;
    Ok((row, minted))
}

/// The keys of an organization, or the owner keys.
///
/// # Errors
/// The store is away.
pub fn list(app: &App, org: Option<&OrgSettings>) -> Result<Vec<KeyRow>> {
    Ok(app.store.instance().keys(org.map(|org| org.id))?)
}

/// Revokes a key; this process refuses it at once, others within seconds. `org` is the one the
/// caller may work on; none for the operator, who may revoke any key.
///
/// # Errors
/// Not found, also where it is another organization's.
pub fn revoke(app: &App, org: Option<&OrgSettings>, id: &str) -> Result<()> {
    let instance = app.store.instance();
    let row = instance
        .key(id)?
        .filter(|row| org.is_none_or(|org| row.org == Some(org.id)));
    let row = row.ok_or_else(|| Error::not_found("key"))?;
    instance.revoke_key(&row.id, app.clock.now())?;
    app.keys.remove(&row.id);
    Ok(())
}
