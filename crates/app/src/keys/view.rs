//! A key as administrators see it: the same on the admin API and on the command line.

use domain::{address::Range, key::Kind};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    port::{
        Millis,
        keys::{KeyRow, Previous},
    },
    representation::time,
};

/// A key without anything secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Key)]
pub struct KeyView {
    /// Its public id.
    pub id: String,
    /// What it opens.
    #[schema(value_type = String)]
    pub kind: Kind,
    /// What people call it.
    pub name: String,
    /// The id of the key that made it, or `operator`.
    pub made_by: String,
    /// When.
    pub created_at: String,
    /// When it ends; null means never.
    #[schema(required = true)]
    pub expires_at: Option<String>,
    /// When it was revoked.
    #[schema(required = true)]
    pub revoked_at: Option<String>,
    /// From where it may be used; empty means from anywhere.
    #[schema(value_type = Vec<String>)]
    pub allowed_from: Vec<Range>,
    /// When it was used last.
    #[schema(required = true)]
    pub last_used: Option<UseView>,
    /// The rotation that goes on; null once the secret before is good no more.
    #[schema(required = true)]
    pub rotation: Option<RotationView>,
}

/// A use of a key, to the minute.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = KeyUse)]
pub struct UseView {
    /// When.
    pub at: String,
    /// The client's address.
    #[schema(required = true)]
    pub from: Option<String>,
    /// The client's `User-Agent`.
    #[schema(required = true)]
    pub user_agent: Option<String>,
}

/// A rotation that goes on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = KeyRotation)]
pub struct RotationView {
    /// Until when the old secret is good.
    pub old_good_until: String,
    /// When the old secret was used last since the rotation: somebody still has to be given the new
    /// one.
    #[schema(required = true)]
    pub old_last_used_at: Option<String>,
    /// When the new secret was used first.
    #[schema(required = true)]
    pub new_first_used_at: Option<String>,
}

/// A secret that a rotation ended before its time.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = EndedSecret)]
pub struct EndedView {
    /// Until when it would have been good.
    pub was_good_until: String,
    /// When it was used last since it was replaced.
    #[schema(required = true)]
    pub last_used_at: Option<String>,
}

impl EndedView {
    /// The view of what ended.
    pub fn new(ended: &Previous) -> EndedView {
        EndedView {
            was_good_until: time(ended.until),
            last_used_at: ended.used.map(time),
        }
    }
}

impl KeyView {
    /// The view of a row at a moment.
    pub fn new(row: &KeyRow, now: Millis) -> KeyView {
        KeyView {
            id: row.id.clone(),
            kind: row.kind,
            name: row.name.clone(),
            made_by: row.made_by.clone(),
            created_at: time(row.created),
            expires_at: row.expires.map(time),
            revoked_at: row.revoked.map(time),
            allowed_from: row.ranges.clone(),
            last_used: row.used.as_ref().map(|used| UseView {
                at: time(used.at),
                from: used.from.clone(),
                user_agent: used.agent.clone(),
            }),
            rotation: row.old_secret(now).map(|previous| RotationView {
                old_good_until: time(previous.until),
                old_last_used_at: previous.used.map(time),
                new_first_used_at: row.confirmed.map(time),
            }),
        }
    }
}
