//! What a refused request wanted, and doing that now.

use domain::{GroupId, UserId};
use scim::{Incoming, Kind, Patch, etag::Preconditions};
use uuid::Uuid;

use crate::{
    Error, Result,
    change::Change,
    error::Code,
    groups::{self, NewGroup, PatchGroup, PutGroup},
    list::Entry,
    port::{Millis, Tx, requests::RequestNotes},
    requests::notes,
    users::{self, NewUser, PatchUser, PutUser},
};

/// What the refused request wanted.
#[derive(Clone)]
pub(super) enum Wanted {
    Create(Incoming),
    Put(Uuid, Incoming),
    Patch(Kind, Uuid, Patch),
}

impl Wanted {
    /// Does it; the status that the request would be answered with, and what its row tells.
    ///
    /// # Errors
    /// [`Code::TargetChanged`] where the user or group was changed at this moment or later; whatever
    /// the request would be refused with now.
    pub(super) fn change(
        &self,
        tx: &mut dyn Tx,
        made: Uuid,
        change: Change,
        since: Millis,
    ) -> Result<(u16, RequestNotes)> {
        let org = tx.settings()?;
        let (status, entry, mut notes) = match self.clone() {
            Wanted::Create(body) => {
                let notes = notes::of_body(&org, &body);
                (201, create(tx, made, body, change)?, notes)
            }
            Wanted::Put(id, body) => {
                let notes = notes::of_body(&org, &body);
                unchanged_since(tx, body.resource.kind, id, since)?;
                (200, put(tx, id, body, change)?, notes)
            }
            Wanted::Patch(kind, id, patch) => {
                let notes = notes::of_patch(&patch);
                unchanged_since(tx, kind, id, since)?;
                let status = if kind == Kind::Group { 204 } else { 200 };
                (status, self::patch(tx, (kind, id), patch, change)?, notes)
            }
        };
        if let (Wanted::Patch(..), Entry::User(user)) = (self, &entry)
            && notes::writes_roles(&notes)
        {
            notes.unknown_roles = notes::unknown_roles_of(&org, user);
        }
        notes::changed(&entry, &mut notes);
        Ok((status, notes))
    }
}

fn create(tx: &mut dyn Tx, id: Uuid, body: Incoming, change: Change) -> Result<Entry> {
    let kind = body.resource.kind;
    let (resource, members) = body.for_create();
    match kind {
        Kind::User => {
            let command = NewUser {
                id: UserId(id),
                change,
                resource,
            };
            users::create(tx, &command).map(Entry::User)
        }
        Kind::Group => {
            let command = NewGroup {
                id: GroupId(id),
                change,
                resource,
                members,
                show_members: false,
            };
            groups::create(tx, &command).map(Entry::Group)
        }
    }
}

fn put(tx: &mut dyn Tx, id: Uuid, body: Incoming, change: Change) -> Result<Entry> {
    let conditions = Preconditions::default();
    match body.resource.kind {
        Kind::User => {
            let command = PutUser {
                id: UserId(id),
                change,
                conditions,
                body,
            };
            users::put(tx, &command).map(Entry::User)
        }
        Kind::Group => {
            let command = PutGroup {
                id: GroupId(id),
                change,
                conditions,
                body,
                show_members: false,
            };
            groups::put(tx, &command).map(Entry::Group)
        }
    }
}

fn patch(tx: &mut dyn Tx, (kind, id): (Kind, Uuid), patch: Patch, change: Change) -> Result<Entry> {
    let conditions = Preconditions::default();
    match kind {
        Kind::User => {
            let command = PatchUser {
                id: UserId(id),
                change,
                conditions,
                patch,
            };
            users::patch(tx, &command).map(Entry::User)
        }
        Kind::Group => {
            let command = PatchGroup {
                id: GroupId(id),
                change,
                conditions,
                patch,
                show_members: false,
            };
            groups::patch(tx, &command).map(Entry::Group)
        }
    }
}

/// Refuses to change what was changed after the request came: its identity provider may have seen that
/// it was refused and have sent something else.
fn unchanged_since(tx: &mut dyn Tx, kind: Kind, id: Uuid, at: Millis) -> Result<()> {
    let modified = match kind {
        Kind::User => tx.user_for_update(UserId(id))?.map(|row| row.modified),
        Kind::Group => tx.group_for_update(GroupId(id))?.map(|row| row.modified),
    };
    if modified.is_none_or(|modified| modified < at) {
        return Ok(());
    }
    let detail = "The user or group was changed after this request, so that it might undo what came \
                  later. Let the identity provider send it anew.";
    Err(Error::new(Code::TargetChanged, detail))
}
