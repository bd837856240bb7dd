//! Turns changes into rows of the outbox. What happened is named by `domain::event`'s table; what
//! an event carries beyond it is decided here.

use domain::{
    Access, Detail, Event, EventKind, GroupId, Subject, UserId, access_events, removal_events,
};
use scim::Resource;
use serde_json::{Value, json};

use crate::{
    Result,
    change::Change,
    groups::MemberChange,
    port::{Outbox, groups::GroupRow, outbox::OutboxEvent, rules::RuleRow},
};

/// A member event lists ids up to this many; of more it tells the numbers.
const MOST_IDS: usize = 1_000;

/// What a user's access was and is; nothing where nothing differs.
pub(crate) fn access(
    outbox: &mut (impl Outbox + ?Sized),
    user: UserId,
    before: Option<&Access>,
    after: &Access,
    change: &Change,
) -> Result<()> {
    append(
        outbox,
        access_events(user, before, after, &change.cause),
        change,
    )
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
    group: GroupId,
    change: &Change,
) -> Result<()> {
    let after = Some(Detail::Group {
        group,
        name: rule.group_name.clone(),
    });
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

/// The group of a rule has another name, and the rule stays bound to it.
pub(crate) fn rule_group_renamed(
    outbox: &mut (impl Outbox + ?Sized),
    rule: &RuleRow,
    before: &GroupRow,
    after: &GroupRow,
    change: &Change,
) -> Result<()> {
    let [before, after] = [before, after].map(|row| Some(group_detail(row)));
    let kind = EventKind::RuleGroupRenamed;
    append(
        outbox,
        vec![rule_event(kind, rule, before, after, change)],
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

fn ids(set: &std::collections::BTreeSet<uuid::Uuid>) -> Value {
    if set.len() > MOST_IDS {
        json!({ "count": set.len() })
    } else {
        json!(set)
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
