//! `rolecall requests`: the provisioning log.

use std::fmt::Write;

use app::{
    port::reads::ReadSearch,
    requests::{self, Answered, ReadView, Replay, RequestSearch, RequestView},
};
use clap::Subcommand;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    Context, json_of,
    table::{printable, table},
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List requests, newest first.
    #[command(after_help = "\
Examples:
  rolecall requests list --org acme --status refused
  rolecall requests list --org acme --about 01a200f5-3510-74e2-b876-4e99140e1793 --json")]
    List {
        #[command(flatten)]
        org: OfOrg,
        /// done, refused, or a status such as 409.
        #[arg(long)]
        status: Option<Answered>,
        /// Only those with this key, by its public id.
        #[arg(long, value_name = "ID")]
        key: Option<String>,
        /// Only those about this user or group, by its id; or the X-Request-Id of an answer, also of a
        /// Bulk.
        #[arg(long, value_name = "ID")]
        about: Option<String>,
        /// How many, at most 1000.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
        limit: u64,
    },
    /// Count what the identity provider read, by key, route and minute.
    #[command(after_help = "\
Examples:
  rolecall requests reads --org acme
  rolecall requests reads --org acme --key 2ab1c9d8e7f6 --json")]
    Reads {
        #[command(flatten)]
        org: OfOrg,
        /// Only those with this key, by its public id.
        #[arg(long, value_name = "ID")]
        key: Option<String>,
        /// How many lines, at most 1000.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
        limit: u64,
    },
    /// Show one request, and what to do about it.
    Show {
        #[command(flatten)]
        org: OfOrg,
        /// The request's id, as in its answer's X-Request-Id.
        id: Uuid,
    },
    /// Do now what a refused request wanted, after its cause was mended.
    #[command(after_help = "\
The body of the request has to be kept: rolecall connection log-bodies on

Example:
  rolecall requests replay --org acme 01a200f5-3510-74e2-b876-4e99140e1793")]
    Replay {
        #[command(flatten)]
        org: OfOrg,
        /// The refused request's id.
        id: Uuid,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::List {
            org,
            status,
            key,
            about,
            limit,
        } => {
            let search = RequestSearch {
                status,
                key,
                about,
                ..RequestSearch::default()
            };
            list(context, &org, search, limit)
        }
        Command::Reads { org, key, limit } => reads(context, &org, key, limit),
        Command::Show { org, id } => show(context, &org, id),
        Command::Replay { org, id } => replay(context, &org, id),
    }
}

fn list(context: &Context, org: &OfOrg, search: RequestSearch, limit: u64) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let found = target.read(move |tx| {
        let (mut rows, mut before) = (Vec::new(), None);
        loop {
            let left = limit - rows.len() as u64;
            let found = requests::search(tx, &search, before, left)?;
            rows.extend(found.rows);
            before = found.next;
            if before.is_none() || rows.len() as u64 >= limit {
                return Ok(rows);
            }
        }
    })?;
    let views: Vec<RequestView> = found.into_iter().map(RequestView::new).collect();
    let rows: Vec<[String; 7]> = views.iter().map(row).collect();
    let text = if rows.is_empty() {
        let refused = target.command("requests list", "--status refused");
        format!(
            "There is no request that fits. Somebody who is not here has no id; what was refused:\n  \
             {refused}"
        )
    } else {
        table(
            [
                "TIME",
                "REQUEST",
                "FROM",
                "STATUS",
                "WHAT",
                "HINT",
                "REFUSED FOR",
            ],
            &rows,
        )
    };
    let items: Vec<Value> = views.iter().map(json_of).collect::<Result<_, _>>()?;
    context.out.answer(&text, &json!({ "items": items }))
}

fn row(view: &RequestView) -> [String; 7] {
    [
        view.at.clone(),
        view.id.clone(),
        view.identity_provider.unwrap_or_default().to_owned(),
        view.status.to_string(),
        format!("{} {}", view.method, view.path),
        view.hint.map_or("", |hint| hint.name).to_owned(),
        printable(view.detail.as_deref().unwrap_or_default()),
    ]
}

fn reads(context: &Context, org: &OfOrg, key: Option<String>, limit: u64) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let search = ReadSearch {
        key,
        ..ReadSearch::default()
    };
    let found = target.read(move |tx| requests::reads(tx, &search, limit))?;
    let views: Vec<ReadView> = found.into_iter().map(ReadView::new).collect();
    let row = |view: &ReadView| {
        let (minute, key) = (view.minute.clone(), view.key.clone());
        [minute, key, view.reads.to_string(), view.route.clone()]
    };
    let rows: Vec<[String; 4]> = views.iter().map(row).collect();
    let text = if rows.is_empty() {
        "Nothing was read that fits.".to_owned()
    } else {
        table(["MINUTE", "KEY", "READS", "ROUTE"], &rows)
    };
    let items: Vec<Value> = views.iter().map(json_of).collect::<Result<_, _>>()?;
    context.out.answer(&text, &json!({ "items": items }))
}

fn show(context: &Context, org: &OfOrg, id: Uuid) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let whole = target.read(move |tx| requests::read_whole(tx, id))?;
    let replays = replays(&target, id)?;
    let view = &whole.request;
    let mut text = format!(
        "{} {} at {}: {}",
        view.method, view.path, view.at, view.status
    );
    let notes = &view.notes;
    let lines = [
        ("key", view.key.clone().unwrap_or_default()),
        ("client", view.user_agent.clone().unwrap_or_default()),
        (
            "provider",
            view.identity_provider.unwrap_or_default().to_owned(),
        ),
        ("refused", view.detail.clone().unwrap_or_default()),
        ("changed", notes.changed.join(", ")),
        ("wrote", notes.attributes.join(", ")),
        ("dropped", notes.dropped.join(", ")),
        ("no member", notes.unknown_members.join(", ")),
        ("no role", notes.unknown_roles.join(", ")),
        ("mended", notes.leniencies.join(", ")),
        ("replay of", view.replay_of.clone().unwrap_or_default()),
        ("replayed as", replays.join(", ")),
        ("removed", whole.removed.join(", ")),
        (
            "body",
            whole
                .body
                .as_ref()
                .map(Value::to_string)
                .unwrap_or_default(),
        ),
    ];
    for (name, value) in lines.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = write!(text, "\n  {name:11}  {}", printable(value));
    }
    if let Some(hint) = view.hint {
        let _ = write!(text, "\n  -> {}", hint.text);
    }
    let mut value = json_of(&whole)?;
    value["replayed_as"] = json!(replays);
    context.out.answer(&text, &value)
}

/// The requests, newest first, that sent this one again.
fn replays(target: &Target, id: Uuid) -> Result<Vec<String>, Failure> {
    let about = RequestSearch {
        about: Some(id.to_string()),
        ..RequestSearch::default()
    };
    let found = target.read(move |tx| requests::search(tx, &about, None, 100))?;
    let again = found
        .rows
        .iter()
        .filter(|row| row.notes.replay_of == Some(id));
    Ok(again.map(|row| row.id.to_string()).collect())
}

fn replay(context: &Context, org: &OfOrg, id: Uuid) -> Result<(), Failure> {
    let target = Target::open(context, org)?;
    let replay = Replay {
        request: id,
        id: Uuid::now_v7(),
        made: Uuid::now_v7(),
        change: target.change(),
    };
    let row = requests::replay(&target.app, &target.org, &replay)?;
    app::access::worker::drain(&target.app)?;
    let view = RequestView::new(row);
    let text = format!(
        "{} {}: {}. In the log as {}.",
        view.method, view.path, view.status, view.id
    );
    context.out.answer(&text, &json_of(&view)?)
}
