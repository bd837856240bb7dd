//! Who is in a workspace or project, with their roles there.

use domain::UserId;
use uuid::Uuid;

use super::Place;
use crate::{
    Result,
    access::{AccessReply, of_users},
    port::Tx,
};

/// How many users a page holds at most.
const MOST: u64 = 1_000;

/// Candidates of one page; the caller shows those whose access really reaches the place.
#[derive(Clone, Debug)]
pub struct MemberPage {
    /// Users with an explicit row at the place, or at its workspace, or who see all, with their
    /// access as it is now, in id order.
    pub users: Vec<AccessReply>,
    /// Where the next page begins; none at the end.
    pub next: Option<UserId>,
}

/// A page of users who may reach a place. The caller has worked off what is stale before, so that
/// nobody is missing who gained it a moment ago.
///
/// # Errors
/// Not found.
pub fn members(
    tx: &mut dyn Tx,
    place: &Place,
    after: Option<UserId>,
    limit: u64,
) -> Result<MemberPage> {
    let (ids, next) = candidates(tx, place, after, limit)?;
    Ok(MemberPage {
        users: of_users(tx, &ids)?,
        next,
    })
}

/// Users with a stored explicit row at the place, or at its workspace, or who see all, and where
/// the next page of them begins.
///
/// # Errors
/// Not found.
pub(crate) fn candidates(
    tx: &mut dyn Tx,
    place: &Place,
    after: Option<UserId>,
    limit: u64,
) -> Result<(Vec<UserId>, Option<UserId>)> {
    let atlas = tx.places()?;
    let id = place.find(&atlas)?;
    let mut places: Vec<Uuid> = vec![id];
    if let Place::Project(path) = place {
        // Members of the workspace reach its projects, where the policy says so.
        places.extend(atlas.workspace(path.workspace.as_str()).map(|row| row.id.0));
    }
    let limit = limit.min(MOST);
    let mut ids: Vec<UserId> = Vec::new();
    for place in places {
        ids.extend(tx.users_at_place(place, after, limit)?);
    }
    ids.sort_unstable();
    ids.dedup();
    let whole = ids.len() as u64 >= limit;
    ids.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    let next = ids.last().copied().filter(|_| whole);
    Ok((ids, next))
}
