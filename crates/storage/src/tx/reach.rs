//! Explicit workspaces and projects of an access: a text beside the row, and `reached`, which has
//! them by place.

use std::collections::{BTreeMap, BTreeSet};

use app::port::Stored;
use diesel::sql_types::{Nullable, Text};
use domain::{Access, ProjectId, ProjectRole, UserId, WorkspaceId, WorkspaceVia};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Transaction;
use crate::sql::json::{self, CHUNK, FEW};
use crate::sql::{Bind, statements};

statements! {
    InsertReached: "INSERT INTO reached (org, place, user_id) \
         SELECT ?, {bytes r.p}, {bytes r.u} FROM {rows p text, u text} WHERE true \
         ON CONFLICT DO NOTHING";
    InsertOneReached: "INSERT INTO reached (org, place, user_id) VALUES (?, ?, ?) \
         ON CONFLICT DO NOTHING";
    DeleteOneReached: "DELETE FROM reached WHERE org = ? AND place = ? AND user_id = ?";
    DeleteReached: "DELETE FROM reached WHERE org = ? AND (place, user_id) IN \
         (SELECT {bytes r.p}, {bytes r.u} FROM {rows p text, u text})";
    ReachOf: "SELECT reach FROM access WHERE org = ? AND user_id = ?" =>
        (Nullable<Text>,) as (Option<String>,);
}

/// As stored. Short names: there is one for each user with rows.
#[derive(Default, Deserialize)]
struct Kept {
    #[serde(default)]
    w: BTreeMap<WorkspaceId, WorkspaceVia>,
    #[serde(default)]
    p: BTreeMap<ProjectId, ProjectRole>,
}

#[derive(Serialize)]
struct Written<'a> {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    w: &'a BTreeMap<WorkspaceId, WorkspaceVia>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    p: &'a BTreeMap<ProjectId, ProjectRole>,
}

/// The text of an access; none where it has no explicit rows.
///
/// # Errors
/// Something that is no JSON, which the types used here never are.
pub(super) fn write(access: &Access) -> Result<Option<String>, serde_json::Error> {
    if access.workspaces.is_empty() && access.projects.is_empty() {
        return Ok(None);
    }
    let written = Written {
        w: &access.workspaces,
        p: &access.projects,
    };
    serde_json::to_string(&written).map(Some)
}

/// Puts what is stored into an access.
pub(super) fn read(text: Option<&str>, access: Access) -> Option<Access> {
    let Some(text) = text else {
        return Some(access);
    };
    let stored: Kept = serde_json::from_str(text).ok()?;
    Some(Access {
        workspaces: stored.w,
        projects: stored.p,
        ..access
    })
}

fn places(access: &Access) -> BTreeSet<Uuid> {
    let workspaces = access.workspaces.keys().map(|id| id.0);
    workspaces
        .chain(access.projects.keys().map(|id| id.0))
        .collect()
}

/// A row of `reached` as a row of JSON. Ordered as its key, which is the order of locks.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pair {
    #[serde(serialize_with = "json::as_id")]
    p: Uuid,
    #[serde(serialize_with = "json::as_id")]
    u: Uuid,
}

/// Rows of `reached` to add and to take.
#[derive(Default)]
pub(super) struct Difference {
    added: BTreeSet<Pair>,
    gone: BTreeSet<Pair>,
}

impl Difference {
    /// Notes what differs for one user.
    pub(super) fn note(&mut self, user: UserId, before: Option<&Access>, after: &Access) {
        let before = before.map(places).unwrap_or_default();
        let after = places(after);
        let pair = |place: &Uuid| Pair {
            p: *place,
            u: user.0,
        };
        self.added.extend(after.difference(&before).map(pair));
        self.gone.extend(before.difference(&after).map(pair));
    }
}

impl Transaction<'_> {
    /// Writes what differs; nothing where nothing does.
    pub(super) fn save_reached(&mut self, difference: &Difference) -> Stored<()> {
        let few = if self.session.is_sqlite() { FEW } else { 1 };
        if difference.added.len() + difference.gone.len() <= few {
            return self.save_few_reached(difference);
        }
        for rows in self.pairs(&difference.gone)? {
            DeleteReached::later(self.session, &[self.scope(), Bind::Text(&rows)])?;
        }
        for rows in self.pairs(&difference.added)? {
            InsertReached::later(self.session, &[self.scope(), Bind::Text(&rows)])?;
        }
        Ok(())
    }

    fn save_few_reached(&mut self, difference: &Difference) -> Stored<()> {
        for Pair { p, u } in &difference.gone {
            let binds = [
                self.scope(),
                Bind::Bytes(p.as_bytes()),
                Bind::Bytes(u.as_bytes()),
            ];
            DeleteOneReached::later(self.session, &binds)?;
        }
        for Pair { p, u } in &difference.added {
            let binds = [
                self.scope(),
                Bind::Bytes(p.as_bytes()),
                Bind::Bytes(u.as_bytes()),
            ];
            InsertOneReached::later(self.session, &binds)?;
        }
        Ok(())
    }

    fn pairs(&mut self, pairs: &BTreeSet<Pair>) -> Stored<Vec<String>> {
        let pairs: Vec<&Pair> = pairs.iter().collect();
        let texts: Result<Vec<_>, _> = pairs.chunks(CHUNK).map(json::rows).collect();
        texts.map_err(|_| self.unreadable("reach of a user"))
    }

    /// Takes a user out of every place; the stored access, which goes with it, says out of which.
    pub(super) fn delete_reached_of(&mut self, user: UserId) -> Stored<()> {
        let binds = [self.scope(), Bind::Bytes(user.0.as_bytes())];
        let Some((Some(text),)) = ReachOf::row(self.session, &binds)? else {
            return Ok(());
        };
        let before = read(Some(&text), Access::nothing());
        let before = before.ok_or_else(|| self.unreadable("reach of a user"))?;
        let mut difference = Difference::default();
        difference.note(user, Some(&before), &Access::nothing());
        self.save_reached(&difference)
    }
}
