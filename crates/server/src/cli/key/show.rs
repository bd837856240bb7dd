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

/// All keys below each other.
pub(super) fn list(keys: &[KeyRow], now: Millis) -> String {
    if keys.is_empty() {
        return "There is no key yet.".to_owned();
    }
    let rows: Vec<[String; 6]> = keys
        .iter()
        .map(|row| {
            let view = KeyView::new(row, now);
            [
                view.id.clone(),
                view.kind.to_string(),
                row.state(now).as_str().to_owned(),
                view.expires_at
                    .clone()
                    .unwrap_or_else(|| "never".to_owned()),
                last_used(&view),
                view.name.clone(),
            ]
        })
        .collect();
    table(["ID", "KIND", "STATE", "ENDS", "LAST USED", "NAME"], &rows)
}

/// One key, everything about it.
pub(super) fn one(row: &KeyRow, now: Millis) -> String {
    let view = &KeyView::new(row, now);
    let mut text = format!(
        "{} key {} {}: {}\n  made       {} by {}\n  ends       {}\n  last used  {}",
        view.kind,
        view.id,
        printable(&view.name),
        row.state(now).as_str(),
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
    if let Some(end) = row.ends_soon(now) {
        let command = context.command(&format!("key rotate {}", row.id));
        advice.push(format!(
            "Key {} ends at {}. Give it another secret and another year:\n  {command}",
            row.id,
            time(end)
        ));
    }
    if let Some(old) = row.old_secret_in_use(now) {
        advice.push(format!(
            "The old secret of key {} is still in use and ends at {}: put the new one wherever the \
             old one is.",
            row.id,
            time(old.until)
        ));
    }
    advice
}

fn last_used(view: &KeyView) -> String {
    let at = view.last_used.as_ref().map(|used| used.at.clone());
    at.unwrap_or_else(|| "never".to_owned())
}
