//! The keys of an organization, or, in a unit of work on [`OrgId::INSTANCE`], the owner keys.

use std::net::IpAddr;

use domain::{OrgId, address::Range, key};

use super::{Millis, Stored};

/// An API key's row. The hash is one-way; the key itself is nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// Public part of the key.
    pub id: String,
    /// What it opens.
    pub kind: key::Kind,
    /// Whose it is; none for an owner key.
    pub org: Option<OrgId>,
    /// What people call it.
    pub name: String,
    /// PHC string of the whole key.
    pub phc: String,
    /// Moves whenever what was verified before must be verified again.
    pub epoch: i64,
    /// Who made it: a key's id, or `operator` for the command line.
    pub made_by: String,
    /// When.
    pub created: Millis,
    /// Until when it is good; none means for ever, which has to be chosen.
    pub expires: Option<Millis>,
    /// Since when it is not good any more.
    pub revoked: Option<Millis>,
    /// From where it may be used; from anywhere where there is none.
    pub ranges: Vec<Range>,
    /// How many days before its end that was announced, the last time it was.
    pub warned: Option<u32>,
    /// The secret that the last rotation replaced; good for a while beside the new one.
    pub previous: Option<Previous>,
    /// Since when the present secret is in use; none until it was used.
    pub confirmed: Option<Millis>,
    /// When it was used last, with either secret.
    pub used: Option<KeyUse>,
}

/// Where a key stands in the list of keys.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyPlace {
    /// When it was made.
    pub created: Millis,
    /// Its public id.
    pub id: String,
}

/// A secret that was replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Previous {
    /// PHC string of the key with that secret.
    pub phc: String,
    /// When it was replaced, or a lost successor of it was.
    pub since: Millis,
    /// Until when it is still good; never beyond its own end nor the key's.
    pub until: Millis,
    /// When it was used last since it was replaced.
    pub used: Option<Millis>,
}

/// When, from where and by what a key was used. Times are whole minutes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyUse {
    /// When.
    pub at: Millis,
    /// The client's address.
    pub from: Option<String>,
    /// The client's `User-Agent`, cut at 200 characters.
    pub agent: Option<String>,
}

/// A use of one of a key's secrets, on its way to the key's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretUse {
    /// The key's public id.
    pub id: String,
    /// Which secret: the PHC string that it was verified against.
    pub phc: String,
    /// The use.
    pub used: KeyUse,
}

/// One hash that a key may be verified against.
#[derive(Clone, Copy, Debug)]
pub struct Hash<'a> {
    /// The key's public id.
    pub id: &'a str,
    /// The row's epoch.
    pub epoch: i64,
    /// PHC string.
    pub phc: &'a str,
}

impl KeyRow {
    /// Where it stands in the list of keys.
    pub fn place(&self) -> KeyPlace {
        KeyPlace {
            created: self.created,
            id: self.id.clone(),
        }
    }

    /// The hash of the present secret.
    pub fn hash(&self) -> Hash<'_> {
        self.hash_of(&self.phc)
    }

    /// The hashes of the secrets that are good now: the present one and, for a while after a
    /// rotation, the one before. None where the key ended or was revoked.
    pub fn hashes(&self, now: Millis) -> impl Iterator<Item = Hash<'_>> {
        let previous = self.old_secret(now);
        let present = (!self.is_over(now)).then(|| self.hash());
        present
            .into_iter()
            .chain(previous.map(|previous| self.hash_of(&previous.phc)))
    }

    /// Whether it may be used from an address; what has none is nowhere.
    pub fn allows(&self, from: Option<IpAddr>) -> bool {
        self.ranges.is_empty()
            || from.is_some_and(|from| self.ranges.iter().any(|range| range.contains(from)))
    }

    fn hash_of<'a>(&'a self, phc: &'a str) -> Hash<'a> {
        Hash {
            id: &self.id,
            epoch: self.epoch,
            phc,
        }
    }
}

/// The keys of the unit's organization.
pub trait Keys {
    /// Stores a new key.
    fn insert_key(&mut self, key: &KeyRow) -> Stored<()>;

    /// One key, revoked and expired ones too; locked until the end of a writing unit.
    fn key(&mut self, id: &str) -> Stored<Option<KeyRow>>;

    /// Those after a place in their order, at most `limit`; revoked and expired ones too, oldest
    /// first.
    fn keys(&mut self, after: Option<&KeyPlace>, limit: u64) -> Stored<Vec<KeyRow>>;

    /// Replaces what may change of a key read in this unit: name, hash, epoch, end, revocation,
    /// ranges, warning and rotation. Its uses stay as they are stored.
    fn save_key(&mut self, key: &KeyRow) -> Stored<()>;
}
