//! Who asks, and which organization a unit of work may touch.

use domain::{OrgId, key::Kind};

use crate::{
    error::{Code, Error, Result},
    port::{Lock, Unit},
};

/// A verified API key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The key's public id.
    pub key: String,
    /// What it may open.
    pub kind: Kind,
    /// Its organization; none for an owner key.
    pub org: Option<OrgId>,
}

/// Who is behind a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A key, by its public id.
    Key(String),
    /// A person on the machine, or rolecall's own work.
    Operator,
}

/// Permission to work on one organization. Built from a verified key or by the operator on the
/// machine, so that no call can name a row outside its organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    org: OrgId,
    actor: Actor,
}

impl Scope {
    /// The scope of a key in an organization.
    ///
    /// # Errors
    /// Not found, as for any foreign name, where the key belongs to another organization.
    pub fn of_key(caller: &Caller, org: OrgId) -> Result<Scope> {
        let open = match caller.kind {
            Kind::Owner => true,
            _ => caller.org == Some(org),
        };
        if !open {
            return Err(Error::not_found("organization"));
        }
        Ok(Scope {
            org,
            actor: Actor::Key(caller.key.clone()),
        })
    }

    /// The scope of the command line and of rolecall's own workers.
    pub fn operator(org: OrgId) -> Scope {
        Scope {
            org,
            actor: Actor::Operator,
        }
    }

    /// The organization.
    pub fn org(&self) -> OrgId {
        self.org
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    pub(crate) fn unit(&self, lock: Lock) -> Unit {
        Unit {
            org: self.org,
            lock,
        }
    }
}

impl Caller {
    /// Refuses a key of the wrong kind.
    ///
    /// # Errors
    /// [`Code::WrongKind`], naming the kinds that are right.
    pub fn must_be(&self, kinds: &[Kind]) -> Result<()> {
        if kinds.contains(&self.kind) {
            return Ok(());
        }
        let right: Vec<&str> = kinds.iter().map(|kind| kind.as_str()).collect();
        Err(Error::new(
            Code::WrongKind,
            format!("This needs a key of kind {}.", right.join(" or ")),
        ))
    }
}
