//! `rolecall org`: organizations.

use std::fmt::Write;

use app::{App, change::Change, keys::NewKey, orgs, port::org::OrgSettings};
use clap::Subcommand;
use domain::{Preset, key::Kind};
use serde_json::{Value, json};

use super::{Context, connection, context::quoted, key};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make an organization from a preset.
    #[command(after_help = "\
Examples:
  rolecall org create acme --preset plain --key scim
  rolecall org create acme --preset datasaur --name 'Acme Inc.' --json

Presets whose policies ask for single sign-on first (require_sso) begin with SCIM switched off. Say how
people sign in, and it is on:
  rolecall connection enable --org acme --sso-protocol saml --sso-issuer ISSUER --sso-url URL
ISSUER is the identity provider's entity id (SAML) or issuer URL (OIDC), URL is its sign-in page.")]
    Create {
        /// Name in URLs: lower-case letters, digits, - and _.
        slug: String,
        /// Roles and policies to begin with.
        #[arg(long, value_parser = super::words::<Preset>(Preset::WORDS))]
        preset: Preset,
        /// Name for people; the slug if left out.
        #[arg(long)]
        name: Option<String>,
        /// Make its first key at once.
        #[arg(long, value_name = "KIND", value_parser = super::words::<Kind>(key::OF_ORG))]
        key: Option<Kind>,
    },
    /// List all organizations.
    List,
    /// Remove an organization with everything in it; there is no way back.
    #[command(after_help = "\
It is gone at once: its slug is free and its keys open nothing, in running servers within seconds. Its
rows are cleared in slices after that. Where that is interrupted, a running server goes on, or the next
one that starts.

Example:
  rolecall org delete acme --force")]
    Delete {
        /// The organization's slug.
        slug: String,
        /// Says that it is meant.
        #[arg(long, required = true)]
        force: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create {
            slug,
            preset,
            name,
            key,
        } => {
            let new = orgs::NewOrg {
                slug,
                name,
                preset: preset.to_string(),
            };
            create(context, &new, key)
        }
        Command::List => list(context),
        Command::Delete { slug, .. } => delete(context, &slug),
    }
}

fn create(context: &Context, new: &orgs::NewOrg, kind: Option<Kind>) -> Result<(), Failure> {
    let app = context.open()?;
    let org = orgs::create(&app, new, &Change::by_operator(&app))?;
    let made = kind.map(|kind| first_key(&app, &org, kind)).transpose()?;
    let mut value = describe(context, &org);
    let mut text = format!(
        "Organization {} is made (preset {}); its SCIM connection is {}.\n  SCIM base URL  {}",
        org.slug,
        org.preset,
        if org.connection.enabled { "on" } else { "off" },
        base_url(context, &org),
    );
    if let Some(made) = &made {
        value["key"] = made.json()?;
        let _ = write!(text, "\n{}", made.text());
    }
    let _ = write!(text, "\n\n{}", next(context, &org, made.as_ref()));
    context.out.answer(&text, &value)
}

fn first_key(app: &App, org: &OrgSettings, kind: Kind) -> Result<key::Made, Failure> {
    key::make(app, Some(org), &NewKey::usual(kind, "first key"))
}

/// The command to type next: what still keeps the first user from being provisioned.
fn next(context: &Context, org: &OrgSettings, made: Option<&key::Made>) -> String {
    let slug = org.slug.as_str();
    if !org.connection.enabled {
        let command = connection::enabling(context, org);
        return format!("Next, switch SCIM on:\n  {command}");
    }
    match made.filter(|made| made.kind() == Kind::Scim) {
        Some(made) => format!(
            "Next, with the server running, provision a first user:\n  {}",
            first_user(&base_url(context, org), made.token())
        ),
        None => format!(
            "Next, make a key for the identity provider:\n  {}",
            context.command(&format!("key create --org {slug} --kind scim"))
        ),
    }
}

/// A request that provisions somebody, ready for the shell.
fn first_user(base_url: &str, token: &str) -> String {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": "ada@example.com",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [{"value": "ada@example.com", "type": "work", "primary": true}],
    });
    format!(
        "curl -sS {} -H 'Authorization: Bearer {token}' -H 'Content-Type: application/scim+json' \
         -d {}",
        quoted(&format!("{base_url}/Users")),
        quoted(&body.to_string())
    )
}

fn base_url(context: &Context, org: &OrgSettings) -> String {
    context
        .base_urls(org)
        .into_iter()
        .next()
        .unwrap_or_default()
}

fn list(context: &Context) -> Result<(), Failure> {
    let app = context.open()?;
    let orgs = app.store.instance().orgs().map_err(app::Error::from)?;
    let value: Vec<Value> = orgs.iter().map(|org| describe(context, org)).collect();
    let mut text = String::new();
    for org in &orgs {
        let on = if org.connection.enabled { "on" } else { "off" };
        let _ = writeln!(
            text,
            "{}  {}  SCIM {on}  {}",
            org.slug, org.preset, org.name
        );
    }
    if orgs.is_empty() {
        let command = context.command("org create acme --preset plain --key scim");
        let _ = writeln!(text, "There is no organization yet. Make one:\n  {command}");
    }
    context
        .out
        .answer(text.trim_end(), &json!({"items": value}))
}

fn delete(context: &Context, slug: &str) -> Result<(), Failure> {
    let app = context.open()?;
    let org = app.org_by_slug(slug)?;
    orgs::delete(&app, &org, None, &Change::by_operator(&app))?;
    let rows = orgs::clear::clear(&app, org.id)?;
    let text = format!("Organization {slug} is gone, with everything in it ({rows} rows).");
    context
        .out
        .answer(&text, &json!({"slug": slug, "deleted": true}))
}

fn describe(context: &Context, org: &OrgSettings) -> Value {
    json!({
        "slug": org.slug.as_str(),
        "name": org.name,
        "preset": org.preset.as_str(),
        "enabled": org.connection.enabled,
        "scim_base_urls": context.base_urls(org),
    })
}
