//! `rolecall audit`: reading and proving what administrators did.

use std::fmt::Write;

use app::{
    App, Scope, Work,
    audit::{self, AuditView, Head, Proof},
    port::{Lock, audit::AuditSearch},
};
use clap::Subcommand;
use domain::{Action, OrgId};
use serde_json::{Value, json};

use super::{Context, json_of, progress, table::table};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List what administrators did, newest first.
    #[command(after_help = "\
Examples:
  rolecall audit list --org acme --limit 20
  rolecall audit list --org acme --action key.rotated --json
  rolecall audit list")]
    List {
        /// The organization's slug; none for what was done to organizations and owner keys.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
        /// Only this action.
        #[arg(long, value_parser = super::words::<Action>(Action::WORDS))]
        action: Option<Action>,
        /// Only what was done to this: an id, a slug or a path.
        #[arg(long)]
        subject: Option<String>,
        /// How many, at most 1000.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u64).range(1..=1000))]
        limit: u64,
    },
    /// Compute every chain anew and name the first row that is not as it was written.
    #[command(after_help = "\
Exits 0 where every chain is whole, 1 where one is not. Rows cut off together with the end of the
chain are found by a head from the log (\"the audit ends here\"), given with --head.

Examples:
  rolecall audit verify
  rolecall audit verify --org acme --head 12:0f3a…")]
    Verify {
        /// The organization's slug; all of them, and the instance, where it is left out.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
        /// A head that the log has: number, colon, hash.
        #[arg(long, value_name = "HEAD", requires = "org")]
        head: Option<Head>,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::List {
            org,
            action,
            subject,
            limit,
        } => {
            let search = AuditSearch {
                action: action.map(|action| action.to_string()),
                subject,
                ..AuditSearch::default()
            };
            list(context, org.as_deref(), search, limit)
        }
        Command::Verify { org, head } => verify(context, org.as_deref(), head.as_ref()),
    }
}

fn list(
    context: &Context,
    slug: Option<&str>,
    search: AuditSearch,
    limit: u64,
) -> Result<(), Failure> {
    let app = context.open()?;
    let org = slug.map(|slug| app.org_by_slug(slug)).transpose()?;
    let scope = Scope::operator(org.map_or(OrgId::INSTANCE, |org| org.id));
    let work = Work::new(&scope, Lock::Read, move |tx| {
        audit::list(tx, &search, limit)
    });
    let items = work.wait(&*app.store)?;
    let rows: Vec<[String; 5]> = items.iter().map(row).collect();
    let text = if rows.is_empty() {
        "Nothing was done yet that fits.".to_owned()
    } else {
        table(["NUMBER", "TIME", "BY", "ACTION", "SUBJECT"], &rows)
    };
    let items: Vec<Value> = items.iter().map(json_of).collect::<Result<_, _>>()?;
    context.out.answer(&text, &json!({ "items": items }))
}

fn row(view: &AuditView) -> [String; 5] {
    let by = match (&view.key, &view.key_name) {
        (Some(id), Some(name)) => format!("{id} {name}"),
        (Some(id), None) => id.clone(),
        (None, _) => view.by.to_owned(),
    };
    [
        view.number.to_string(),
        view.at.clone(),
        by,
        view.action.clone(),
        view.subject.clone(),
    ]
}

fn verify(context: &Context, slug: Option<&str>, head: Option<&Head>) -> Result<(), Failure> {
    let app = context.open()?;
    let mut text = String::new();
    let (mut items, mut broken) = (Vec::new(), Vec::new());
    let chains = chains(&app, slug)?;
    let bar = progress::steps("proving the audit", chains.len());
    for (org, name) in chains {
        let Proof { rows, head, fault } = audit::prove(&*app.store, org, head)?;
        let shown = if name.is_empty() {
            "the instance"
        } else {
            &name
        };
        if let Some((number, what)) = &fault {
            broken.push(format!("{shown}: row {number}: {what}"));
        } else {
            let _ = writeln!(
                text,
                "{shown}: {rows} rows are as they were written; {head}"
            );
        }
        bar.inc(1);
        items.push(json!({
            "org": Some(&name).filter(|name| !name.is_empty()),
            "rows": rows,
            "head": head.to_string(),
            "fault": fault.map(|(number, what)| json!({ "number": number, "detail": what })),
        }));
    }
    drop(bar);
    if broken.is_empty() {
        return context
            .out
            .answer(text.trim_end(), &json!({ "items": items }));
    }
    Err(Failure::other(format!(
        "the audit is not as it was written: {}",
        broken.join("; ")
    )))
}

/// The chains to prove, by organization; the instance has no slug.
fn chains(app: &App, slug: Option<&str>) -> Result<Vec<(OrgId, String)>, Failure> {
    if let Some(slug) = slug {
        return Ok(vec![(app.org_by_slug(slug)?.id, slug.to_owned())]);
    }
    let orgs = app.store.instance().orgs().map_err(app::Error::from)?;
    let mut all = vec![(OrgId::INSTANCE, String::new())];
    all.extend(orgs.iter().map(|org| (org.id, org.slug.to_string())));
    Ok(all)
}
