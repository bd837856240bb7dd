//! A plan as text.

use std::fmt::Write;

use app::preview::{
    PlanView,
    view::{ChangeView, DifferenceView, SeatsView},
};

use super::{
    table::{count, table},
    target::Target,
};

/// Who gains, loses and moves at which scope, the seats, what it is refused for, and how to apply
/// it: `words` and `rest` are the command that applies it.
pub(super) fn text(target: &Target, words: &str, rest: &str, plan: &PlanView) -> String {
    let mut text = changes(plan);
    let _ = write!(text, "\n\nSeats: {}.", seats(&plan.seats));
    let _ = write!(text, "\nFingerprint: {}", plan.fingerprint);
    if plan.refused_for.is_empty() {
        let rest = format!("{rest} --plan {}", plan.fingerprint);
        let apply = target.command(words, &rest);
        let _ = write!(text, "\n\nTo do exactly this:\n  {apply}");
    } else {
        let roles = plan.refused_for.join(", ");
        let grant = target.command(
            "grant put",
            &format!("--user USER --role {}", plan.refused_for[0]),
        );
        let _ = write!(
            text,
            "\n\nIt would be refused: nobody active would have {roles} any more. Leave somebody \
             in it, or give it to somebody by hand first:\n  {grant}"
        );
    }
    text
}

fn changes(plan: &PlanView) -> String {
    if plan.users == 0 {
        return "Nobody's access would change.".to_owned();
    }
    let rows: Vec<[String; 5]> = plan.changes.iter().flat_map(rows).collect();
    let mut text = format!(
        "The access of {} would change.\n\n{}",
        count(plan.users, "user"),
        table(["USER", "SCOPE", "WHAT", "NOW", "THEN"], &rows)
    );
    let more = plan.users.saturating_sub(plan.changes.len() as u64);
    if more > 0 {
        let _ = write!(text, "\n  and {} more", count(more, "user"));
    }
    text
}

fn rows(change: &ChangeView) -> Vec<[String; 5]> {
    let row = |difference: &DifferenceView| {
        let shown = |what: &Option<String>| what.clone().unwrap_or_else(|| "-".to_owned());
        [
            change.user_name.clone(),
            difference.scope.clone(),
            difference.what.to_owned(),
            shown(&difference.before),
            shown(&difference.after),
        ]
    };
    change.differences.iter().map(row).collect()
}

fn seats(seats: &SeatsView) -> String {
    let limit = match seats.limit {
        Some(limit) => format!("of {limit}"),
        None => "no limit".to_owned(),
    };
    format!("{} now, {} then, {limit}", seats.before, seats.after)
}
