//! Writes of users and groups, the same for a request of its own and for an operation of a Bulk:
//! one unit of work with its events, its access and its row of the provisioning log.

use actix_web::http::StatusCode;
use app::{
    Error, Result,
    groups::{self, DeleteGroup, NewGroup, PatchGroup, PutGroup},
    list::Entry,
    port::{Lock, Tx, requests::RequestNotes},
    requests::notes,
    users::{self, DeleteUser, NewUser, PatchUser, PutUser},
};
use domain::{GroupId, UniqueIdentifier, UserId};
use scim::{Incoming, Kind, Patch, etag::Preconditions};
use uuid::Uuid;

use super::{Context, input, read};

type Run<T> = Box<dyn FnMut(&mut dyn Tx) -> Result<T> + Send>;

/// The resource that a write is about, and what the client knows of its version.
pub(crate) struct Target {
    pub kind: Kind,
    pub id: Uuid,
    pub conditions: Preconditions,
}

/// A resource as a path names it, before anything is known of it.
pub(crate) struct Named {
    pub kind: Kind,
    pub id: Uuid,
}

impl Named {
    /// # Errors
    /// 404 for everything that is no id of ours.
    pub(crate) fn new(kind: Kind, name: &str) -> Result<Named> {
        let id = input::id(name, kind)?;
        Ok(Named { kind, id })
    }

    /// The target and what was prepared. Where the request is wrong in itself, a resource that is
    /// not there and a version that does not fit still come first (D40).
    ///
    /// # Errors
    /// 404, 412, then what is wrong with the conditions and with what was prepared.
    pub(crate) async fn ready<T>(
        self,
        context: &Context<'_>,
        conditions: Result<Preconditions>,
        prepared: Result<T>,
    ) -> Result<(Target, T)> {
        let Named { kind, id } = self;
        match (conditions, prepared) {
            (Ok(conditions), Ok(prepared)) => {
                let target = Target {
                    kind,
                    id,
                    conditions,
                };
                Ok((target, prepared))
            }
            (conditions, prepared) => {
                let found = read::find(context, kind, id).await?;
                conditions?.check_match(read::version(&found))?;
                Err(prepared
                    .err()
                    .unwrap_or_else(|| Error::not_found("resource")))
            }
        }
    }
}

/// Makes a resource.
///
/// # Errors
/// As [`users::create`] and [`groups::create`].
pub(crate) async fn create(
    context: &Context<'_>,
    body: Incoming,
    show_members: bool,
) -> Result<Entry> {
    let notes = notes::of_body(&context.org, &body);
    let kind = body.resource.kind;
    let (resource, members) = body.for_create();
    let (id, change) = (Uuid::now_v7(), context.change());
    let (lock, run): (Lock, Run<Entry>) = match kind {
        Kind::User => {
            let id = UserId(id);
            let command = NewUser {
                id,
                change,
                resource,
            };
            // Telling users apart by e-mail needs it; asking for it at once saves a second start.
            let lock = match context.org.connection.unique_identifier {
                UniqueIdentifier::Email => Lock::Exclusive,
                UniqueIdentifier::UserName => Lock::Shared,
            };
            let run = move |tx: &mut dyn Tx| users::create(tx, &command).map(Entry::User);
            (lock, Box::new(run))
        }
        Kind::Group => {
            let command = NewGroup {
                id: GroupId(id),
                change,
                resource,
                members,
                show_members,
            };
            let run = move |tx: &mut dyn Tx| groups::create(tx, &command).map(Entry::Group);
            (Lock::Exclusive, Box::new(run))
        }
    };
    let work = context.change_work(lock, StatusCode::CREATED, notes, run, notes::changed);
    finish(context, kind, context.state.hop.run(work).await)
}

/// Replaces a resource.
///
/// # Errors
/// As [`users::put`] and [`groups::put`].
pub(crate) async fn put(
    context: &Context<'_>,
    target: Target,
    body: Incoming,
    show_members: bool,
) -> Result<Entry> {
    let Target {
        kind,
        id,
        conditions,
    } = target;
    let notes = notes::of_body(&context.org, &body);
    let change = context.change();
    let run: Run<Entry> = match kind {
        Kind::User => {
            let command = PutUser {
                id: UserId(id),
                change,
                conditions,
                body,
            };
            Box::new(move |tx| users::put(tx, &command).map(Entry::User))
        }
        Kind::Group => {
            let command = PutGroup {
                id: GroupId(id),
                change,
                conditions,
                body,
                show_members,
            };
            Box::new(move |tx| groups::put(tx, &command).map(Entry::Group))
        }
    };
    let work = context.change_work(Lock::Shared, StatusCode::OK, notes, run, notes::changed);
    finish(context, kind, context.state.hop.run(work).await)
}

/// Changes a resource; `status` is what the answer will have.
///
/// # Errors
/// As [`users::patch`] and [`groups::patch`].
pub(crate) async fn patch(
    context: &Context<'_>,
    target: Target,
    patch: Patch,
    status: StatusCode,
    show_members: bool,
) -> Result<Entry> {
    let Target {
        kind,
        id,
        conditions,
    } = target;
    let notes = notes::of_patch(&patch);
    let change = context.change();
    let roles = notes::writes_roles(&notes).then(|| context.org.clone());
    let run: Run<Entry> = match kind {
        Kind::User => {
            let command = PatchUser {
                id: UserId(id),
                change,
                conditions,
                patch,
            };
            Box::new(move |tx| users::patch(tx, &command).map(Entry::User))
        }
        Kind::Group => {
            let command = PatchGroup {
                id: GroupId(id),
                change,
                conditions,
                patch,
                show_members,
            };
            Box::new(move |tx| groups::patch(tx, &command).map(Entry::Group))
        }
    };
    let tell = move |reply: &Entry, notes: &mut RequestNotes| {
        notes::changed(reply, notes);
        if let (Some(org), Entry::User(user)) = (&roles, reply) {
            notes.unknown_roles = notes::unknown_roles_of(org, user);
        }
    };
    let work = context.change_work(Lock::Shared, status, notes, run, tell);
    finish(context, kind, context.state.hop.run(work).await)
}

/// Removes a resource.
///
/// # Errors
/// 404, 412.
pub(crate) async fn delete(context: &Context<'_>, target: Target) -> Result<()> {
    let Target {
        kind,
        id,
        conditions,
    } = target;
    let change = context.change();
    let run: Run<()> = match kind {
        Kind::User => {
            let command = DeleteUser {
                id: UserId(id),
                change,
                conditions,
            };
            Box::new(move |tx| users::delete(tx, &command))
        }
        Kind::Group => {
            let command = DeleteGroup {
                id: GroupId(id),
                change,
                conditions,
            };
            Box::new(move |tx| groups::delete(tx, &command))
        }
    };
    let work = context.change_work(
        Lock::Exclusive,
        StatusCode::NO_CONTENT,
        RequestNotes::default(),
        run,
        move |(), notes| notes.changed.push(id.to_string()),
    );
    context.state.hop.run(work).await?;
    context.state.app.nudge.raise();
    Ok(())
}

/// Members of a group may have been left to the worker, which is told.
fn finish(context: &Context<'_>, kind: Kind, reply: Result<Entry>) -> Result<Entry> {
    if kind == Kind::Group && reply.is_ok() {
        context.state.app.nudge.raise();
    }
    reply
}
