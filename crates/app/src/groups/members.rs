//! Changing who is in a group. Unknown, deleted and foreign ids, and the group itself, are dropped
//! (D7): a provider that pushes one stale id must not lose the whole push.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{GroupId, UserId};
use scim::{filter::Filter, patch::MemberOp, resource::MemberRef};
use serde_json::json;
use uuid::Uuid;

use crate::{
    Result,
    access::{Unit, mark_below, rules_through, settle_members, settle_stale},
    port::{
        Tx,
        groups::{MemberKind, NewMember, RemovedMember},
    },
};

/// What really changed.
#[derive(Clone, Debug, Default)]
pub(crate) struct MemberChange {
    pub added: BTreeMap<Uuid, MemberKind>,
    pub removed: BTreeMap<Uuid, MemberKind>,
    /// Who stays, but with another text of the client's.
    relabeled: BTreeSet<Uuid>,
    /// The texts of those who were taken out, as they were before the request.
    texts: HashMap<Uuid, Option<String>>,
    /// Ids of the request that are nobody here, or the group itself.
    dropped: BTreeSet<String>,
}

impl MemberChange {
    /// Nobody joined or left.
    pub(crate) fn is_nothing(&self) -> bool {
        self.added.is_empty() && self.removed.is_empty()
    }

    /// Whether the group reads the same as before.
    pub(crate) fn reads_the_same(&self) -> bool {
        self.is_nothing() && self.relabeled.is_empty()
    }

    /// Ids of the request that are nobody here.
    pub(crate) fn unknown(&self) -> Vec<String> {
        self.dropped.iter().take(MOST_UNKNOWN).cloned().collect()
    }
}

/// How many unknown ids are told.
const MOST_UNKNOWN: usize = 100;

fn users(members: &BTreeMap<Uuid, MemberKind>) -> Vec<UserId> {
    of_kind(members, MemberKind::User).map(UserId).collect()
}

fn groups(members: &BTreeMap<Uuid, MemberKind>) -> Vec<GroupId> {
    of_kind(members, MemberKind::Group).map(GroupId).collect()
}

fn of_kind(
    members: &BTreeMap<Uuid, MemberKind>,
    kind: MemberKind,
) -> impl Iterator<Item = Uuid> + '_ {
    members
        .iter()
        .filter(move |(_, is)| **is == kind)
        .map(|(id, _)| *id)
}

/// Resolves those whom the change concerns.
pub(crate) fn settle(
    tx: &mut dyn Tx,
    unit: Unit<'_>,
    group: GroupId,
    change: &MemberChange,
) -> Result<()> {
    settle_members(
        tx,
        unit,
        group,
        &users(&change.added),
        &users(&change.removed),
    )?;
    let (joined, left) = (groups(&change.added), groups(&change.removed));
    if joined.len() + left.len() == 0 || !unit.org.facts.policies.nested_groups {
        return Ok(());
    }
    // Facts of everybody below come through this group; nothing around it may move meanwhile.
    tx.need_exclusive()?;
    let rules = rules_through(tx, unit, group)?;
    if !rules.is_empty() {
        mark_below(tx, unit, &joined, &rules, false)?;
        mark_below(tx, unit, &left, &rules, true)?;
        settle_stale(tx, unit)?;
    }
    Ok(())
}

/// Carries out the operations in their order.
pub(crate) fn apply(tx: &mut dyn Tx, group: GroupId, ops: &[MemberOp]) -> Result<MemberChange> {
    let mut change = MemberChange::default();
    let (known, mut current) = look_up(tx, group, ops, &mut change)?;
    for op in ops {
        // Only the first operation finds the members as they were.
        let current = current.take();
        match op {
            MemberOp::Add(refs) => add(tx, group, refs, &known, &mut change)?,
            MemberOp::Remove(ids) => {
                let ids: Vec<Uuid> = ids.iter().filter_map(|id| parse(id)).collect();
                remove(tx, group, &ids, &mut change)?;
            }
            MemberOp::RemoveMatching(filter) => {
                let ids = matching(tx, group, filter)?;
                remove(tx, group, &ids, &mut change)?;
            }
            MemberOp::Replace(refs) => {
                let wanted: BTreeSet<Uuid> = refs
                    .iter()
                    .filter_map(|member| parse(&member.value))
                    .collect();
                let mut gone = present(tx, group, current)?;
                gone.retain(|id| !wanted.contains(id));
                remove(tx, group, &gone, &mut change)?;
                add(tx, group, refs, &known, &mut change)?;
            }
            MemberOp::Clear => {
                let gone = present(tx, group, current)?;
                remove(tx, group, &gone, &mut change)?;
            }
        }
    }
    Ok(change)
}

fn present(tx: &mut dyn Tx, group: GroupId, read: Option<Vec<Uuid>>) -> Result<Vec<Uuid>> {
    match read {
        Some(ids) => Ok(ids),
        None => Ok(tx.member_ids(group)?),
    }
}

fn matching(tx: &mut dyn Tx, group: GroupId, filter: &Filter) -> Result<Vec<Uuid>> {
    let hit = tx.members(group)?.into_iter().filter(|member| {
        let kind = if member.kind == MemberKind::User {
            "User"
        } else {
            "Group"
        };
        filter.matches(&json!({
            "value": member.id, "type": kind, "display": member.display,
        }))
    });
    Ok(hit.map(|member| member.id).collect())
}

/// Which ids are users or groups of the organization.
type Known = HashMap<Uuid, MemberKind>;

/// Looks all ids of the request up at once, and those whom it takes out without naming them: that
/// locks the users among them, in one order. Two orders, one after the other, would cross those of
/// a request that does the opposite. With them all members, where they had to be read.
fn look_up(
    tx: &mut dyn Tx,
    group: GroupId,
    ops: &[MemberOp],
    change: &mut MemberChange,
) -> Result<(Known, Option<Vec<Uuid>>)> {
    let (mut ids, mut current) = (BTreeSet::new(), None);
    let mut to_add = BTreeSet::new();
    for op in ops {
        if matches!(op, MemberOp::Replace(_) | MemberOp::Clear) && current.is_none() {
            current = Some(tx.member_ids(group)?);
        }
        match op {
            MemberOp::Add(refs) | MemberOp::Replace(refs) => {
                for member in refs {
                    match parse(&member.value) {
                        Some(id) if id != group.0 => {
                            ids.insert(id);
                            to_add.insert(id);
                        }
                        _ => {
                            change.dropped.insert(member.value.clone());
                        }
                    }
                }
            }
            MemberOp::Remove(values) => ids.extend(values.iter().filter_map(|id| parse(id))),
            MemberOp::RemoveMatching(filter) => ids.extend(matching(tx, group, filter)?),
            MemberOp::Clear => {}
        }
    }
    ids.extend(current.iter().flatten());
    if ids.is_empty() {
        return Ok((HashMap::new(), current));
    }
    let ids: Vec<Uuid> = ids.into_iter().collect();
    let known: Known = tx.lock_members(&ids)?.into_iter().collect();
    for id in to_add.iter().filter(|id| !known.contains_key(id)) {
        change.dropped.insert(id.to_string());
    }
    Ok((known, current))
}

fn add(
    tx: &mut dyn Tx,
    group: GroupId,
    refs: &[MemberRef],
    known: &Known,
    change: &mut MemberChange,
) -> Result<()> {
    let mut seen = BTreeSet::new();
    let members: Vec<NewMember> = refs
        .iter()
        .filter_map(|member| {
            let id = parse(&member.value).filter(|id| seen.insert(*id))?;
            let kind = *known.get(&id).filter(|_| id != group.0)?;
            Some(NewMember {
                id,
                kind,
                display: member.display.clone(),
            })
        })
        .collect();
    if members.is_empty() {
        return Ok(());
    }
    for id in tx.add_members(group, &members)? {
        if change.removed.remove(&id).is_some() {
            change.relabeled.insert(id);
        } else if let Some(kind) = known.get(&id) {
            change.added.insert(id, *kind);
        }
    }
    // Who is back as they were is not another one.
    let back = |member: &NewMember| change.texts.get(&member.id) == Some(&member.display);
    for member in members.iter().filter(|member| back(member)) {
        change.relabeled.remove(&member.id);
    }
    Ok(())
}

fn remove(tx: &mut dyn Tx, group: GroupId, ids: &[Uuid], change: &mut MemberChange) -> Result<()> {
    if ids.is_empty() {
        return Ok(());
    }
    for RemovedMember { id, kind, display } in tx.remove_members(group, ids)? {
        if change.added.remove(&id).is_none() {
            change.removed.insert(id, kind);
            // Not what the request itself made of it.
            change.texts.entry(id).or_insert(display);
        }
    }
    Ok(())
}

fn parse(id: &str) -> Option<Uuid> {
    Uuid::try_parse(id).ok()
}
