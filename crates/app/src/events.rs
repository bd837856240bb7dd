//! Turns changes into rows of the outbox. What happened is named by `domain::event`'s table; what
//! an event carries beyond it is decided here.

use std::collections::BTreeMap;

use domain::{
    Access, Detail, Event, EventKind, GroupId, Subject, UserId, access_events, removal_events,
};
use scim::Resource;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Result,
    change::Change,
    groups::MemberChange,
    port::{
        Outbox,
        groups::{GroupRow, MemberKind},
        outbox::OutboxEvent,
        rules::RuleRow,
    },
};

/// A member event lists ids up to this many; of more it tells the numbers.
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

/// A group was renamed, or its members changed, or both.
pub(crate) fn group_updated(
    outbox: &mut (impl Outbox + ?Sized),
    before: &GroupRow,
    after: &GroupRow,
    members: &MemberChange,
    change: &Change,
) -> Result<()> {
    let event = group_event(
        EventKind::GroupUpdated,
        after.id,
        Some(before),
        Some(after),
        change,
    );
    let mut row = outbox_row(&event, change);
    if !members.is_nothing() {
        row.body["members"] = json!({
            "added": ids(&members.added), "removed": ids(&members.removed),
        });
    }
    outbox.append(&[row])?;
    Ok(())
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

fn ids(members: &BTreeMap<Uuid, MemberKind>) -> Value {
    if members.len() > MOST_IDS {
        return json!({ "count": members.len() });
    }
    members.keys().map(Uuid::to_string).collect()
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
    let rows: Vec<OutboxEvent> = events
        .iter()
        .map(|event| outbox_row(event, change))
        .collect();
    outbox.append(&rows)?;
    Ok(())
}

fn outbox_row(event: &Event, change: &Change) -> OutboxEvent {
    OutboxEvent {
        kind: event.kind.as_str(),
        subject: event.subject.id(),
        at: change.at,
        body: json!({
            "subject": event.subject, "before": event.before, "after": event.after,
            "cause": event.cause,
        }),
    }
}
