//! `rolecall connection`: an organization's SCIM connection.

use std::fmt::Write;

use app::{
    orgs::{self, ConnectionPatch, PatchSettings, SettingsPatch},
    port::org::OrgSettings,
};
use clap::{Args, Subcommand};
use domain::{Sso, SsoProtocol};
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
        Command::Show(org) => show(context, &Target::open(context, &org)?.org),
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
    show(
        target.context,
        &done.map_err(|error| common(target, error))?,
    )
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

fn show(context: &Context, org: &OrgSettings) -> Result<(), Failure> {
    let urls = context.base_urls(org);
    let slug = org.slug.as_str();
    let on = if org.connection.enabled { "on" } else { "off" };
    let mut text = format!("SCIM of {slug} is {on}. Base URLs (any of them will do):");
    for (place, url) in urls.iter().enumerate() {
        let mark = if place == 0 { "  (recommended)" } else { "" };
        let _ = write!(text, "\n  {url}{mark}");
    }
    if org.connection.log_bodies {
        text.push_str("\nThe provisioning log keeps the bodies of requests, without secrets.");
    }
    let next = if org.connection.enabled {
        let command = context.command(&format!("key create --org {slug} --kind scim"));
        format!("Next, make a key for the identity provider:\n  {command}")
    } else {
        format!("Next, switch it on:\n  {}", enabling(context, org))
    };
    let _ = write!(text, "\n\n{next}");
    let value = json!({
        "org": slug,
        "connection": org.connection,
        "scim_base_urls": urls,
    });
    context.out.answer(&text, &value)
}
