//! `rolecall key`: API keys.

use std::fmt::Write;

use app::{
    Actor, App,
    keys::{self, NewKey},
    port::{hasher::Minted, instance::KeyRow, org::OrgSettings},
    representation::time,
};
use clap::Subcommand;
use domain::key::Kind;
use serde_json::{Value, json};

use super::Context;
use crate::{failure::Failure, wiring::Missing};

/// Kinds of keys that belong to an organization.
pub(super) const OF_ORG: &[&str] = &["scim", "admin", "read"];

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key; its token is shown this once.
    #[command(after_help = "\
Kinds:
  scim   the SCIM base URLs of its organization: for the identity provider
  read   access, people and events of its organization: for the application
  admin  everything in its organization
  owner  all organizations; takes no --org

Examples:
  rolecall key create --org acme --kind scim --name okta
  rolecall key create --kind owner --json")]
    Create {
        /// The organization's slug; none for an owner key.
        #[arg(long, value_name = "SLUG", required_if_eq_any([("kind", "scim"), ("kind", "admin"), ("kind", "read")]))]
        org: Option<String>,
        /// What it opens.
        #[arg(long, value_parser = super::words::<Kind>(Kind::WORDS))]
        kind: Kind,
        /// What people call it.
        #[arg(long, default_value = "")]
        name: String,
    },
    /// List the keys of an organization, or the owner keys.
    List {
        /// The organization's slug; none for the owner keys.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
    },
    /// Revoke a key for good; running servers refuse it within seconds.
    #[command(after_help = "Example:\n  rolecall key revoke 0aB3dE5fG7hI")]
    Revoke {
        /// The key's public id: the part between the second and the third `_`.
        id: String,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create { org, kind, name } => create(context, org.as_deref(), kind, &name),
        Command::List { org } => list(context, org.as_deref()),
        Command::Revoke { id } => {
            let app = context.open(Missing::Refuse)?;
            keys::revoke(&app, None, &id)?;
            context
                .out
                .answer("The key is revoked.", &json!({"id": id, "revoked": true}))
        }
    }
}

/// A key just made, with its token.
pub(super) struct Made {
    row: KeyRow,
    minted: Minted,
    org: Option<String>,
}

impl Made {
    pub(super) fn kind(&self) -> Kind {
        self.row.kind
    }

    pub(super) fn token(&self) -> &str {
        &self.minted.token
    }

    pub(super) fn json(&self) -> Value {
        let mut value = describe(&self.row);
        value["token"] = json!(self.minted.token);
        value["org"] = json!(self.org);
        value
    }

    pub(super) fn text(&self) -> String {
        format!(
            "  {} key {}  {}   (shown this once)",
            self.row.kind,
            self.row.id,
            self.token()
        )
    }
}

/// Makes a key.
///
/// # Errors
/// The use case refused.
pub(super) fn make(
    app: &App,
    org: Option<&OrgSettings>,
    kind: Kind,
    name: &str,
    by: Actor,
) -> Result<Made, Failure> {
    let new = NewKey {
        kind,
        name: name.to_owned(),
        by,
    };
    let (row, minted) = keys::create(app, org, &new)?;
    Ok(Made {
        row,
        minted,
        org: org.map(|org| org.slug.to_string()),
    })
}

fn create(context: &Context, slug: Option<&str>, kind: Kind, name: &str) -> Result<(), Failure> {
    let missing = if slug.is_none() {
        Missing::Create
    } else {
        Missing::Refuse
    };
    let app = context.open(missing)?;
    let org = slug.map(|slug| app.org_by_slug(slug)).transpose()?;
    let made = make(&app, org.as_deref(), kind, name, Actor::Operator)?;
    let mut text = format!("The key is made.\n{}", made.text());
    if let Some(org) = org.filter(|_| kind == Kind::Scim) {
        let command = context.command(&format!("connection show --org {}", org.slug));
        let _ = write!(
            text,
            "\n\nNext, see the base URLs to paste beside it:\n  {command}"
        );
    }
    context.out.answer(&text, &made.json())
}

fn list(context: &Context, slug: Option<&str>) -> Result<(), Failure> {
    let app = context.open(Missing::Refuse)?;
    let org = slug.map(|slug| app.org_by_slug(slug)).transpose()?;
    let rows = keys::list(&app, org.as_deref())?;
    let mut text = String::new();
    for row in &rows {
        let state = if row.revoked.is_some() {
            "revoked"
        } else {
            "good"
        };
        let _ = writeln!(text, "{}  {}  {state}  {}", row.id, row.kind, row.name);
    }
    if rows.is_empty() {
        text.push_str("There is no key yet.");
    }
    let items: Vec<Value> = rows.iter().map(describe).collect();
    context
        .out
        .answer(text.trim_end(), &json!({"items": items}))
}

/// A key without anything secret, in the shape that the admin API has for it.
fn describe(row: &KeyRow) -> Value {
    json!({
        "id": row.id,
        "kind": row.kind.as_str(),
        "name": row.name,
        "made_by": row.made_by,
        "created_at": time(row.created),
        "expires_at": row.expires.map(time),
        "revoked_at": row.revoked.map(time),
    })
}
