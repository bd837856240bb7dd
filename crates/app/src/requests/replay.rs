//! Sending a refused request again, as its body was kept: after its cause was mended, where the
//! identity provider would come again late or never.

mod wanted;

use domain::{Action, Cause, CauseKind};
use scim::{Kind, Mode, Patch, Registry, json};
use serde_json::{Value, json};
use uuid::Uuid;

use self::wanted::Wanted;
use super::{body, log, read};
use crate::{
    App, Error, Result, Scope, Work, audit,
    change::Change,
    error::Code,
    port::{
        Lock, Tx,
        org::OrgSettings,
        requests::{KeptBody, RequestRow},
    },
    schemas,
};

/// A replay as it is asked for.
#[derive(Clone, Debug)]
pub struct Replay {
    /// The refused request.
    pub request: Uuid,
    /// The id of the one that it becomes, UUIDv7.
    pub id: Uuid,
    /// The id of the user or group that it makes, if it makes one, UUIDv7.
    pub made: Uuid,
    /// When, and which administrator asks for it.
    pub change: Change,
}

/// Does what a refused request wanted, as if it came from the identity provider now; its row of the
/// log, which names the refused one. Blocks; call it where that is allowed.
///
/// # Errors
/// Not found; [`Code::NotReplayable`] where it was not refused, or is not known whole;
/// [`Code::TargetChanged`] where the user or group was changed since; whatever the request would be
/// refused with now.
pub fn replay(app: &App, org: &OrgSettings, replay: &Replay) -> Result<RequestRow> {
    let (scope, request) = (Scope::operator(org.id), replay.request);
    let work = Work::new(&scope, Lock::Read, move |tx| {
        Ok((read(tx, request)?, tx.body(request)?))
    });
    let (row, kept) = work.wait(&*app.store)?;
    let kept = may_be_replayed(&row, kept)?;
    let declared = app.schemas(org)?;
    let mode = if org.connection.strict {
        Mode::Strict
    } else {
        Mode::Lenient
    };
    let wanted = wanted(&row, &kept, &declared.registry, mode)?;
    let replay = replay.clone();
    let work = Work::new(&scope, Lock::Exclusive, move |tx| {
        schemas::unchanged(tx, declared.version)?;
        again(tx, &row, &wanted, &replay)
    });
    let done = work.wait(&*app.store)?;
    app.nudge.raise();
    Ok(done)
}

fn may_be_replayed(row: &RequestRow, kept: Option<KeptBody>) -> Result<KeptBody> {
    let refuse = |detail: &str| Err(Error::new(Code::NotReplayable, detail));
    if row.status < 400 {
        return refuse("The request was not refused: it did what it should.");
    }
    if row.status == 412 {
        return refuse(
            "The request was meant for another version of the resource, so that it may undo what \
             came between. Let the identity provider send it anew.",
        );
    }
    let Some(kept) = kept else {
        return refuse(
            "The body of the request is not kept. Bodies are kept from when \
             connection.log_bodies is true, of single requests that change users or groups, up to \
             64 KiB of JSON.",
        );
    };
    if !body::is_whole(&kept) {
        return refuse(
            "The body is not known whole, because a secret was taken out of it. Let the identity \
             provider send it anew.",
        );
    }
    Ok(kept)
}

fn wanted(row: &RequestRow, kept: &KeptBody, registry: &Registry, mode: Mode) -> Result<Wanted> {
    let other = || {
        let detail =
            "Only requests that make, replace or change one user or group can be replayed.";
        Error::new(Code::NotReplayable, detail)
    };
    let (kind, id) = target(&row.path).ok_or_else(other)?;
    let body = json::parse(kept.json.as_bytes())?;
    let incoming = |body: Value| scim::resource::read(registry, kind, mode, body);
    match (row.method.as_str(), id) {
        ("POST", None) => Ok(Wanted::Create(incoming(body)?)),
        ("PUT", Some(id)) => Ok(Wanted::Put(id, incoming(body)?)),
        ("PATCH", Some(id)) => {
            let patch = Patch::parse(registry, kind, mode, body)?;
            Ok(Wanted::Patch(kind, id, patch))
        }
        _ => Err(other()),
    }
}

/// The type and id that a path names.
fn target(path: &str) -> Option<(Kind, Option<Uuid>)> {
    let kinds = [Kind::User, Kind::Group].into_iter();
    let mut found = kinds.filter_map(|kind| Some((kind, path.strip_prefix(kind.endpoint())?)));
    let (kind, rest) = found.next()?;
    match rest.strip_prefix('/') {
        None => rest.is_empty().then_some((kind, None)),
        Some(id) => Some((kind, Some(id.parse().ok()?))),
    }
}

/// One unit of work: the change, its row of the log and its row of the audit.
fn again(
    tx: &mut dyn Tx,
    refused: &RequestRow,
    wanted: &Wanted,
    replay: &Replay,
) -> Result<RequestRow> {
    // The change is the identity provider's; the administrator's part is told by the audit.
    let change = Change {
        cause: Cause {
            kind: CauseKind::Provisioning,
            by: refused.key.clone(),
            request: Some(replay.id.to_string()),
        },
        ..replay.change.clone()
    };
    let (status, mut notes) = wanted.change(tx, replay.made, change, refused.at)?;
    notes.replay_of = Some(refused.id);
    let row = RequestRow {
        id: replay.id,
        at: replay.change.at,
        key: replay.change.cause.by.clone(),
        method: refused.method.clone(),
        path: refused.path.clone(),
        status,
        notes: notes.clone(),
        ..RequestRow::default()
    };
    log(tx, &row, status, notes)?;
    let entry = audit::Entry {
        action: Action::RequestReplayed,
        subject: refused.id.to_string(),
        before: Value::Null,
        after: json!({ "request": row.id, "changed": row.notes.changed }),
    };
    audit::record(tx, &replay.change, entry)?;
    Ok(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_target() {
        let id = "01900000-0000-7000-8000-000000000001";
        let check = |path: &str, expected: Option<(Kind, Option<&str>)>| {
            let found = target(path);
            let found = found.map(|(kind, id)| (kind, id.map(|id| id.to_string())));
            let expected = expected.map(|(kind, id)| (kind, id.map(str::to_owned)));
            assert_eq!(found, expected, "{path}");
        };
        check("/Users", Some((Kind::User, None)));
        check(&format!("/Users/{id}"), Some((Kind::User, Some(id))));
        check(&format!("/Groups/{id}"), Some((Kind::Group, Some(id))));
        for path in ["", "/", "/Bulk", "/Users/{id}", "/Users/", "/Users2"] {
            check(path, None);
        }
    }
}
