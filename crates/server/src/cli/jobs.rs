//! `rolecall jobs`: long work with its progress.

use app::jobs;
use clap::Args;
use serde_json::json;

use super::{
    Context, json_of,
    table::table,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rolecall jobs --org acme")]
pub(super) struct Command {
    #[command(flatten)]
    org: OfOrg,
}

pub(super) fn run(context: &Context, command: &Command) -> Result<(), Failure> {
    let target = Target::open(context, &command.org)?;
    let jobs = target.read(jobs::list)?;
    let rows: Vec<[String; 5]> = jobs
        .iter()
        .map(|job| {
            [
                job.kind.clone(),
                job.state.to_owned(),
                format!("{}/{}", job.done, job.total),
                job.started_at.clone(),
                job.finished_at.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let text = if rows.is_empty() {
        "No long work: everybody's access is resolved as soon as something changes.".to_owned()
    } else {
        table(["WHAT", "STATE", "USERS", "STARTED", "FINISHED"], &rows)
    };
    context
        .out
        .answer(&text, &json!({"items": json_of(&jobs)?}))
}
