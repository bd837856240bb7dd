//! `rolecall connection`: an organization's SCIM connection.

use std::fmt::Write;

use app::{
    keys,
    orgs::{self, ConnectionPatch, PatchSettings, SettingsPatch},
    port::{keys::KeyRow, org::OrgSettings},
};
use clap::{Args, Subcommand};
use domain::{Sso, SsoProtocol, UniqueIdentifier, key::Kind};
use serde_json::json;

use super::{
    Context,
    advice::{SSO_FLAGS, common},
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Switch SCIM on, recording how single sign-on is set up where the preset asks for it.
    #[command(after_help = "\
Examples:
  rolecall connection enable --org acme
  rolecall connection enable --org acme --sso-protocol saml \\
      --sso-issuer https://idp.example.com/acme --sso-url https://idp.example.com/acme/sso")]
    Enable {
        #[command(flatten)]
        org: OfOrg,
        #[command(flatten)]
        sso: SsoFlags,
    },
    /// Switch SCIM off: every request of the identity provider is answered 403 within seconds, and
    /// nothing is changed or lost. Access stays as it is.
    #[command(after_help = "\
Example:
  rolecall connection disable --org acme

People keep the access they have; the identity provider sends what it could not when SCIM is on again.
To shut out one key only: rolecall key revoke ID")]
    Disable(OfOrg),
    /// Set how requests of the identity provider are read, and which users it may bring.
    #[command(after_help = "\
Examples:
  rolecall connection set --org acme --strict on
  rolecall connection set --org acme --email-domains example.com,example.org
  rolecall connection set --org acme --email-domains ''
  rolecall connection set --org acme --unique-identifier email")]
    Set {
        #[command(flatten)]
        org: OfOrg,
        #[command(flatten)]
        fields: Fields,
    },
    /// Show whether SCIM is on, and the base URLs to paste into the identity provider.
    Show(OfOrg),
    /// Keep the bodies of requests in the provisioning log, or no more: for finding a fault, and for
    /// replay. They hold personal data; secrets are taken out.
    LogBodies {
        #[command(flatten)]
        org: OfOrg,
        /// Whether they are kept.
        #[arg(value_parser = ["on", "off"])]
        keep: String,
    },
}

/// What of a connection is set by itself; at least one of them.
#[derive(Debug, Args)]
#[group(required = true, multiple = true)]
pub(super) struct Fields {
    /// Whether requests that the RFCs forbid are refused that are otherwise mended.
    #[arg(long, value_name = "on|off", value_parser = ["on", "off"])]
    strict: Option<String>,
    /// Domains of new e-mail addresses and user names, with commas between; empty for any.
    #[arg(long, value_name = "DOMAINS")]
    email_domains: Option<String>,
    /// The attribute by which users are told apart.
    #[arg(long, value_name = "ATTRIBUTE",
          value_parser = super::words::<UniqueIdentifier>(UniqueIdentifier::WORDS))]
    unique_identifier: Option<UniqueIdentifier>,
}

impl Fields {
    fn patch(self) -> ConnectionPatch {
        let domains = self.email_domains.map(|list| {
            let parts = list.split(',').map(str::trim);
            let named = parts.filter(|part| !part.is_empty());
            named.map(str::to_owned).collect()
        });
        ConnectionPatch {
            strict: self.strict.map(|word| word == "on"),
            email_domains: domains,
            unique_identifier: self.unique_identifier,
            ..ConnectionPatch::default()
        }
    }
}

/// The SSO record: all three or none.
#[derive(Debug, Args)]
pub(super) struct SsoFlags {
    /// How people sign in.
    #[arg(long = "sso-protocol", value_name = "PROTOCOL", requires_all = ["issuer", "url"],
          value_parser = super::words::<SsoProtocol>(SsoProtocol::WORDS))]
    protocol: Option<SsoProtocol>,
    /// Entity id (SAML) or issuer (OIDC) of the identity provider.
    #[arg(long = "sso-issuer", value_name = "ISSUER", requires_all = ["protocol", "url"])]
    issuer: Option<String>,
    /// Where people sign in.
    #[arg(long = "sso-url", value_name = "URL", requires_all = ["protocol", "issuer"])]
    url: Option<String>,
}

impl SsoFlags {
    fn record(self) -> Option<Sso> {
        let (protocol, issuer) = (self.protocol?, self.issuer?);
        Some(Sso {
            protocol,
            issuer,
            sign_in_url: self.url?,
        })
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Enable { org, sso } => enable(&Target::open(context, &org)?, sso),
        Command::Disable(org) => {
            let connection = ConnectionPatch {
                enabled: Some(false),
                ..ConnectionPatch::default()
            };
            change(&Target::open(context, &org)?, connection)
        }
        Command::Set { org, fields } => change(&Target::open(context, &org)?, fields.patch()),
        Command::Show(org) => {
            let target = Target::open(context, &org)?;
            show(&target, &target.org)
        }
        Command::LogBodies { org, keep } => {
            let connection = ConnectionPatch {
                log_bodies: Some(keep == "on"),
                ..ConnectionPatch::default()
            };
            change(&Target::open(context, &org)?, connection)
        }
    }
}

fn enable(target: &Target, sso: SsoFlags) -> Result<(), Failure> {
    let connection = ConnectionPatch {
        enabled: Some(true),
        sso: sso.record().map(Some),
        ..ConnectionPatch::default()
    };
    change(target, connection)
}

fn change(target: &Target, connection: ConnectionPatch) -> Result<(), Failure> {
    let command = PatchSettings {
        patch: SettingsPatch {
            connection,
            ..SettingsPatch::default()
        },
        if_version: None,
        if_plan: None,
        change: target.change(),
    };
    let done = target.write(move |tx| orgs::patch_settings(tx, &command));
    show(target, &done.map_err(|error| common(target, error))?)
}

/// The command that switches SCIM on, with the SSO record to fill in where it has to come first.
pub(super) fn enabling(context: &Context, org: &OrgSettings) -> String {
    let sso = match org.connection.can_enable(&org.facts.policies) {
        Ok(()) => "",
        Err(_) => SSO_FLAGS,
    };
    let line = format!("connection enable --org {} {sso}", org.slug);
    context.command(line.trim_end())
}

fn show(target: &Target, org: &OrgSettings) -> Result<(), Failure> {
    let context = target.context;
    let urls = context.base_urls(org);
    let slug = org.slug.as_str();
    let on = if org.connection.enabled { "on" } else { "off" };
    let mut text = format!("SCIM of {slug} is {on}. Base URLs (any of them will do):");
    for (place, url) in urls.iter().enumerate() {
        let mark = if place == 0 { "  (recommended)" } else { "" };
        let _ = write!(text, "\n  {url}{mark}");
    }
    text.push_str(&settings(org));
    if org.connection.log_bodies {
        text.push_str("\nThe provisioning log keeps the bodies of requests, without secrets.");
    }
    let next = if !org.connection.enabled {
        format!("Next, switch it on:\n  {}", enabling(context, org))
    } else if has_key(target)? {
        let command = context.command(&format!("requests list --org {slug}"));
        format!("What the identity provider sends, and how it ends:\n  {command}")
    } else {
        let command = context.command(&format!("key create --org {slug} --kind scim"));
        format!("Next, make a key for the identity provider:\n  {command}")
    };
    let _ = write!(text, "\n\n{next}");
    let value = json!({
        "org": slug,
        "connection": org.connection,
        "scim_base_urls": urls,
    });
    context.out.answer(&text, &value)
}

/// Whether there is a key for the identity provider that is good.
fn has_key(target: &Target) -> Result<bool, Failure> {
    let (keys, _) = keys::list(&target.app, Some(&target.org), None, u64::MAX)?;
    let now = target.app.clock.now();
    let good = |key: &KeyRow| key.kind == Kind::Scim && !key.is_over(now);
    Ok(keys.iter().any(good))
}

/// What is not as it is with most organizations.
fn settings(org: &OrgSettings) -> String {
    let connection = &org.connection;
    let mut text = format!(
        "\nUsers are told apart by {}.",
        connection.unique_identifier
    );
    if connection.strict {
        text.push_str("\nIt is strict: requests that the RFCs forbid are refused, not mended.");
    }
    if !connection.email_domains.is_empty() {
        let domains = connection.email_domains.join(", ");
        let _ = write!(text, "\nNew users have to be of {domains}.");
    }
    text
}
