//! Keys in words.

use std::fmt::Write;

use app::{
    keys::KeyView,
    port::{Millis, keys::KeyRow},
    representation::time,
};

use super::super::{
    Context,
    table::{printable, table},
};

const DAY: Millis = 24 * 60 * 60 * 1_000;
/// How long before its end a key is spoken of.
const SOON: Millis = 30 * DAY;

/// All keys below each other.
pub(super) fn list(views: &[KeyView], now: Millis) -> String {
    if views.is_empty() {
        return "There is no key yet.".to_owned();
    }
    let rows: Vec<[String; 6]> = views
        .iter()
        .map(|view| {
            [
                view.id.clone(),
                view.kind.to_string(),
                state(view, now).to_owned(),
                view.expires_at
                    .clone()
                    .unwrap_or_else(|| "never".to_owned()),
                last_used(view),
                view.name.clone(),
            ]
        })
        .collect();
    table(["ID", "KIND", "STATE", "ENDS", "LAST USED", "NAME"], &rows)
}

/// One key, everything about it.
pub(super) fn one(view: &KeyView, now: Millis) -> String {
    let mut text = format!(
        "{} key {} {}: {}\n  made       {} by {}\n  ends       {}\n  last used  {}",
        view.kind,
        view.id,
        printable(&view.name),
        state(view, now),
        view.created_at,
        view.made_by,
        view.expires_at.as_deref().unwrap_or("never"),
        last_used(view),
    );
    if let Some(used) = &view.last_used {
        let from = used.from.as_deref().unwrap_or("an unknown address");
        let agent = used.user_agent.as_deref().unwrap_or("no user agent");
        let _ = write!(text, "\n             from {from}, {}", printable(agent));
    }
    let ranges: Vec<String> = view.allowed_from.iter().map(ToString::to_string).collect();
    if !ranges.is_empty() {
        let _ = write!(text, "\n  only from  {}", ranges.join(", "));
    }
    if let Some(rotation) = &view.rotation {
        let old = rotation.old_last_used_at.as_deref();
        let _ = write!(
            text,
            "\n  rotated    the old secret is good until {} and was {}; the new one was {}",
            rotation.old_good_until,
            old.map_or_else(|| "not used since".to_owned(), |at| format!("used at {at}")),
            rotation.new_first_used_at.as_deref().map_or_else(
                || "not used yet".to_owned(),
                |at| format!("first used at {at}")
            ),
        );
    }
    text
}

/// Until when, in words.
pub(super) fn end(view: &KeyView) -> String {
    match &view.expires_at {
        Some(at) => format!("good until {at}"),
        None => "good for ever".to_owned(),
    }
}

/// What should be done about a key.
pub(super) fn advice(context: &Context, row: &KeyRow, now: Millis) -> Vec<String> {
    let mut advice = Vec::new();
    if row.revoked.is_some() || row.expires.is_some_and(|end| end <= now) {
        return advice;
    }
    if let Some(end) = row.expires.filter(|end| *end - now <= SOON) {
        let command = context.command(&format!("key rotate {}", row.id));
        advice.push(format!(
            "Key {} ends at {}. Give it another secret and another year:\n  {command}",
            row.id,
            time(end)
        ));
    }
    let old = row.previous.as_ref().filter(|old| old.until > now);
    if let Some(old) = old.filter(|old| old.used.is_some()) {
        advice.push(format!(
            "The old secret of key {} is still in use and ends at {}: put the new one wherever the \
             old one is.",
            row.id,
            time(old.until)
        ));
    }
    advice
}

fn state(view: &KeyView, now: Millis) -> &'static str {
    let over = |at: &String| app::representation::parse_time(at).is_some_and(|end| end <= now);
    if view.revoked_at.is_some() {
        "revoked"
    } else if view.expires_at.as_ref().is_some_and(over) {
        "expired"
    } else if view.rotation.is_some() {
        "rotating"
    } else {
        "good"
    }
}

fn last_used(view: &KeyView) -> String {
    let at = view.last_used.as_ref().map(|used| used.at.clone());
    at.unwrap_or_else(|| "never".to_owned())
}
