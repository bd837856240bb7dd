//! Turns changes into rows of the outbox. What happened is named by `domain::event`'s table; what
//! an event carries beyond it is decided here.

use std::sync::Arc;

use domain::{
    Access, Cause, Detail, Event, EventKind, GroupId, Subject, UserId, access_events,
    removal_events,
};
use scim::Resource;
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Result,
    change::Change,
    groups::MemberChange,
    port::{Outbox, StoreError, groups::GroupRow, outbox::OutboxEvent, rules::RuleRow},
};

/// Most ids of members that one event has; a change of more is told by several.
const MOST_IDS: usize = 1_000;

/// What the access of users was and is; nothing where nothing differs. However many they are, they
/// are appended together.
pub(crate) fn access<'a>(
    outbox: &mut (impl Outbox + ?Sized),
    users: impl IntoIterator<Item = (UserId, Option<&'a Access>, &'a Access)>,
    change: &Change,
) -> Result<()> {
    let events = users
        .into_iter()
        .flat_map(|(user, before, after)| access_events(user, before, after, &change.cause));
    append(outbox, events.collect(), change)
}

/// A user is gone, with everything it had.
pub(crate) fn user_removed(
    outbox: &mut (impl Outbox + ?Sized),
    user: UserId,
    before: &Access,
    change: &Change,
) -> Result<()> {
    append(outbox, removal_events(user, before, &change.cause), change)
}

/// Something about the organization as a whole.
pub(crate) fn organization(
    outbox: &mut (impl Outbox + ?Sized),
    kind: EventKind,
    before: Option<Detail>,
    after: Option<Detail>,
    change: &Change,
) -> Result<()> {
    about(outbox, kind, Subject::Organization, before, after, change)
}

/// Anything else, by its kind and subject.
pub(crate) fn about(
    outbox: &mut (impl Outbox + ?Sized),
    kind: EventKind,
    subject: Subject,
    before: Option<Detail>,
    after: Option<Detail>,
    change: &Change,
) -> Result<()> {
    let cause = change.cause.clone();
    append(
        outbox,
        vec![Event {
            kind,
            subject,
            before,
            after,
            cause,
        }],
        change,
    )
}

/// Attributes of a user changed: their names, never their values.
pub(crate) fn user_updated(
    outbox: &mut (impl Outbox + ?Sized),
    user: UserId,
    before: &Resource,
    after: &Resource,
    change: &Change,
) -> Result<()> {
    let attributes = changed_attributes(before, after);
    let event = Event {
        kind: EventKind::UserUpdated,
        subject: Subject::User { user },
        before: None,
        after: Some(Detail::Attributes { attributes }),
        cause: change.cause.clone(),
    };
    append(outbox, vec![event], change)
}

/// A group came, or went.
pub(crate) fn group(
    outbox: &mut (impl Outbox + ?Sized),
    kind: EventKind,
    before: Option<&GroupRow>,
    after: Option<&GroupRow>,
    change: &Change,
) -> Result<()> {
    let Some(row) = after.or(before) else {
        return Ok(());
    };
    let event = group_event(kind, row.id, before, after, change);
    append(outbox, vec![event], change)
}

/// A group was renamed, or its members changed, or both. A change of many members is told in parts,
/// each of which is a change by itself; only the first one tells the name of before.
pub(crate) fn group_updated(
    outbox: &mut (impl Outbox + ?Sized),
    before: &GroupRow,
    after: &GroupRow,
    members: &MemberChange,
    change: &Change,
) -> Result<()> {
    let row = |before, members| {
        let kind = EventKind::GroupUpdated;
        let event = group_event(kind, after.id, Some(before), Some(after), change);
        outbox_row(&event, members, change)
    };
    if members.is_nothing() {
        outbox.append(vec![row(before, None)?])?;
        return Ok(());
    }
    let parts = parts(members);
    let count = parts.len();
    let told = parts.into_iter().zip(1_u64..).map(|(mut told, number)| {
        if count > 1 {
            told["part"] = json!({ "number": number, "of": count });
        }
        row(if number == 1 { before } else { after }, Some(told))
    });
    outbox.append(told.collect::<Result<_>>()?)?;
    Ok(())
}

/// What is told of a change of members, at most [`MOST_IDS`] of them at once; those who left first.
fn parts(members: &MemberChange) -> Vec<Value> {
    let removed = members.removed.keys().map(|id| (false, id));
    let added = members.added.keys().map(|id| (true, id));
    let all: Vec<(bool, &Uuid)> = removed.chain(added).collect();
    let told = |part: &[(bool, &Uuid)]| {
        let ids = |wanted: bool| -> Vec<String> {
            let of = part.iter().filter(|(added, _)| *added == wanted);
            of.map(|(_, id)| id.to_string()).collect()
        };
        json!({ "added": ids(true), "removed": ids(false) })
    };
    all.chunks(MOST_IDS).map(told).collect()
}

/// A rule found its group.
pub(crate) fn rule_bound(
    outbox: &mut (impl Outbox + ?Sized),
    rule: &RuleRow,
    group: &GroupRow,
    change: &Change,
) -> Result<()> {
    let after = Some(group_detail(group));
    append(
        outbox,
        vec![rule_event(EventKind::RuleBound, rule, None, after, change)],
        change,
    )
}

/// A rule waits for its group's name again.
pub(crate) fn rule_unbound(
    outbox: &mut (impl Outbox + ?Sized),
    rule: &RuleRow,
    group: &GroupRow,
    change: &Change,
) -> Result<()> {
    let before = Some(group_detail(group));
    append(
        outbox,
        vec![rule_event(
            EventKind::RuleUnbound,
            rule,
            before,
            None,
            change,
        )],
        change,
    )
}

fn rule_event(
    kind: EventKind,
    rule: &RuleRow,
    before: Option<Detail>,
    after: Option<Detail>,
    change: &Change,
) -> Event {
    let subject = Subject::Rule { rule: rule.id };
    Event {
        kind,
        subject,
        before,
        after,
        cause: change.cause.clone(),
    }
}

fn group_event(
    kind: EventKind,
    group: GroupId,
    before: Option<&GroupRow>,
    after: Option<&GroupRow>,
    change: &Change,
) -> Event {
    Event {
        kind,
        subject: Subject::Group { group },
        before: before.map(group_detail),
        after: after.map(group_detail),
        cause: change.cause.clone(),
    }
}

fn group_detail(row: &GroupRow) -> Detail {
    Detail::Group {
        group: row.id,
        name: row.display_name.clone(),
    }
}

fn changed_attributes(before: &Resource, after: &Resource) -> Vec<String> {
    let (was, is) = (&before.attributes, &after.attributes);
    let gone = was.keys().filter(|name| !is.contains_key(*name));
    let new = is
        .iter()
        .filter(|(name, value)| was.get(*name) != Some(value));
    let mut names: Vec<String> = new.map(|(name, _)| name).chain(gone).cloned().collect();
    names.sort_unstable();
    names
}

fn append(outbox: &mut (impl Outbox + ?Sized), events: Vec<Event>, change: &Change) -> Result<()> {
    if events.is_empty() {
        return Ok(());
    }
    let rows = events.iter().map(|event| outbox_row(event, None, change));
    outbox.append(rows.collect::<Result<_>>()?)?;
    Ok(())
}

/// What an event tells beside its kind and time.
#[derive(Serialize)]
struct Body<'a> {
    subject: &'a Subject,
    before: &'a Option<Detail>,
    after: &'a Option<Detail>,
    cause: &'a Cause,
    /// Of a group whose members changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    members: Option<Value>,
}

fn outbox_row(event: &Event, members: Option<Value>, change: &Change) -> Result<OutboxEvent> {
    let body = Body {
        subject: &event.subject,
        before: &event.before,
        after: &event.after,
        cause: &event.cause,
        members,
    };
    Ok(OutboxEvent {
        kind: event.kind.as_str(),
        subject: event.subject.id(),
        at: change.at,
        body: serde_json::to_string(&body).map_err(|error| StoreError::Broken(Arc::new(error)))?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::groups::MemberKind;

    fn members(from: u128, count: usize) -> std::collections::BTreeMap<Uuid, MemberKind> {
        let ids = (from..).take(count).map(Uuid::from_u128);
        ids.map(|id| (id, MemberKind::User)).collect()
    }

    #[test]
    fn changes_of_many_members_are_told_in_parts() {
        let check = |removed: usize, added: usize, told: &[(usize, usize)]| {
            let mut change = MemberChange::default();
            change.removed = members(0, removed);
            change.added = members(1 << 64, added);
            let parts = parts(&change);
            let count = |part: &Value, name: &str| part[name].as_array().map_or(0, Vec::len);
            let counts: Vec<_> = parts
                .iter()
                .map(|part| (count(part, "removed"), count(part, "added")))
                .collect();
            assert_eq!(counts, told, "{removed} {added}");
            let of = |name: &str| -> Vec<Value> {
                let ids = parts.iter().filter_map(|part| part[name].as_array());
                ids.flatten().cloned().collect()
            };
            let all = |ids: &std::collections::BTreeMap<Uuid, MemberKind>| -> Vec<Value> {
                ids.keys().map(|id| Value::from(id.to_string())).collect()
            };
            assert_eq!(of("removed"), all(&change.removed));
            assert_eq!(of("added"), all(&change.added));
        };
        check(0, 1, &[(0, 1)]);
        check(600, 400, &[(600, 400)]);
        check(600, 401, &[(600, 400), (0, 1)]);
        check(0, 2_000, &[(0, 1_000), (0, 1_000)]);
        check(2_500, 0, &[(1_000, 0), (1_000, 0), (500, 0)]);
    }
}
