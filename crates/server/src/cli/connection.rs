//! `rolecall connection`: an organization's SCIM connection.

use std::fmt::Write;

use app::{
    Scope, Work,
    change::Change,
    orgs::{self, ConnectionPatch, PatchSettings, SettingsPatch},
    port::{Lock, org::OrgSettings},
};
use clap::{Args, Subcommand};
use domain::{Sso, SsoProtocol};
use serde_json::json;

use super::Context;
use crate::{failure::Failure, wiring::Missing};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Switch SCIM on, recording how single sign-on is set up where the preset asks for it.
    #[command(after_help = "\
Examples:
  rolecall connection enable --org acme
  rolecall connection enable --org acme --sso-protocol saml \\
      --sso-issuer https://idp.example.com/acme --sso-url https://idp.example.com/acme/sso")]
    Enable {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        org: String,
        #[command(flatten)]
        sso: SsoFlags,
    },
    /// Show whether SCIM is on, and the base URLs to paste into the identity provider.
    Show {
        /// The organization's slug.
        #[arg(long, value_name = "SLUG")]
        org: String,
    },
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
    let app = context.open(Missing::Refuse)?;
    match command {
        Command::Enable { org, sso } => {
            let org = app.org_by_slug(&org)?;
            let connection = ConnectionPatch {
                enabled: Some(true),
                sso: sso.record().map(Some),
                ..ConnectionPatch::default()
            };
            let patch = SettingsPatch {
                connection,
                ..SettingsPatch::default()
            };
            let command = PatchSettings {
                patch,
                if_version: None,
                change: Change::by_operator(&app),
            };
            let scope = Scope::operator(org.id);
            let work = Work::new(&scope, Lock::Exclusive, move |tx| {
                orgs::patch_settings(tx, &command)
            });
            show(context, &work.wait(&*app.store)?)
        }
        Command::Show { org } => show(context, &*app.org_by_slug(&org)?),
    }
}

fn show(context: &Context, org: &OrgSettings) -> Result<(), Failure> {
    let urls = context.base_urls(org);
    let slug = org.slug.as_str();
    let on = if org.connection.enabled { "on" } else { "off" };
    let mut text = format!("SCIM of {slug} is {on}. Base URLs (any of them will do):");
    for url in &urls {
        let _ = write!(text, "\n  {url}");
    }
    let next = if org.connection.enabled {
        let command = context.command(&format!("key create --org {slug} --kind scim"));
        format!("Next, make a key for the identity provider:\n  {command}")
    } else {
        let command = context.command(&format!("connection enable --org {slug}"));
        format!("Next, switch it on:\n  {command}")
    };
    let _ = write!(text, "\n\n{next}");
    let value = json!({
        "org": slug,
        "connection": org.connection,
        "scim_base_urls": urls,
    });
    context.out.answer(&text, &value)
}
