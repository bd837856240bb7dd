//! `rolecall seats`: how many seats an organization has.

use app::orgs::{self, PatchSettings, SettingsPatch};
use clap::Subcommand;
use serde_json::{Value, json};

use super::{
    Context,
    advice::common,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show how many seats are taken, and how many there are.
    Show(OfOrg),
    /// Set how many seats there are. Nobody loses anything by it: the limit is looked at when a user
    /// is created, comes back or signs in (policy when_full).
    #[command(after_help = "\
Examples:
  rolecall seats set --org acme 50
  rolecall seats set --org acme none")]
    Set {
        #[command(flatten)]
        org: OfOrg,
        /// A number, or none for no limit.
        #[arg(value_name = "LIMIT", value_parser = limit, allow_hyphen_values = true)]
        limit: Limit,
    },
}

/// A number of seats, or no limit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit(Option<u32>);

fn limit(text: &str) -> Result<Limit, String> {
    if text == "none" {
        return Ok(Limit(None));
    }
    let number = text
        .parse()
        .map_err(|_| "write a whole number, or none".to_owned())?;
    Ok(Limit(Some(number)))
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Show(org) => show(context, &Target::open(context, &org)?),
        Command::Set { org, limit } => set(context, &Target::open(context, &org)?, limit),
    }
}

fn show(context: &Context, target: &Target) -> Result<(), Failure> {
    let (used, limit) = target.read(|tx| Ok((tx.seats_used()?, tx.settings()?.seat_limit)))?;
    told(context, target, used, limit)
}

fn set(context: &Context, target: &Target, limit: Limit) -> Result<(), Failure> {
    let command = PatchSettings {
        patch: SettingsPatch {
            seat_limit: Some(limit.0),
            ..SettingsPatch::default()
        },
        if_version: None,
        if_plan: None,
        change: target.change(),
    };
    let done = target.write(move |tx| {
        let org = orgs::patch_settings(tx, &command)?;
        Ok((tx.seats_used()?, org.seat_limit))
    });
    let (used, limit) = done.map_err(|error| common(target, error))?;
    told(context, target, used, limit)
}

fn told(context: &Context, target: &Target, used: u64, limit: Option<u32>) -> Result<(), Failure> {
    let text = match limit {
        None => format!("{used} seats are taken; there is no limit."),
        Some(limit) if used > u64::from(limit) => format!(
            "{used} seats are taken, and there are {limit}. Nobody loses access for it; whoever \
             comes now is admitted as the policy when_full says."
        ),
        Some(limit) => format!("{used} of {limit} seats are taken."),
    };
    let value: Value = json!({"org": target.slug(), "seats_used": used, "seat_limit": limit});
    context.out.answer(&text, &value)
}
