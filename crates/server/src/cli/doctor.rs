//! `rolecall doctor`: everything that may keep rolecall from working, each with what to do about it.
//! Changes nothing.

mod look;

use serde::Serialize;
use serde_json::json;

use super::{Context, json_of};
use crate::failure::Failure;

/// How a look ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Health {
    Good,
    /// It works, but will not or should not for long.
    Warning,
    Bad,
}

/// One thing that was looked at.
#[derive(Clone, Debug, Serialize)]
struct Finding {
    what: &'static str,
    health: Health,
    detail: String,
}

impl Finding {
    fn new(what: &'static str, health: Health, detail: impl Into<String>) -> Finding {
        Finding {
            what,
            health,
            detail: detail.into(),
        }
    }
}

/// Exit code 1 where something is bad; warnings do not count.
pub(super) fn run(context: &Context) -> Result<(), Failure> {
    let findings = look::all(context);
    let lines: Vec<String> = findings
        .iter()
        .map(|finding| {
            let mark = match finding.health {
                Health::Good => "ok  ",
                Health::Warning => "warn",
                Health::Bad => "BAD ",
            };
            format!("{mark}  {:<10}  {}", finding.what, finding.detail)
        })
        .collect();
    let bad = findings
        .iter()
        .filter(|finding| finding.health == Health::Bad)
        .count();
    let value = json!({"healthy": bad == 0, "items": json_of(&findings)?});
    context.out.answer(&lines.join("\n"), &value)?;
    if bad == 0 {
        return Ok(());
    }
    let what = super::table::count(bad as u64, "thing");
    Err(Failure::other(format!("{what} must be mended")))
}
