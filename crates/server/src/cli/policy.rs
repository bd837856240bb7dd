//! `rolecall policy`: how an organization decides what groups do not say.

use std::collections::BTreeMap;

use app::{
    error::Code,
    orgs::{self, PatchSettings, SettingsPatch},
    port::org::OrgSettings,
    preview::{Proposal, preview},
};
use clap::Subcommand;
use domain::POLICIES;
use serde_json::{Value, json};

use super::{
    Context,
    advice::{advised, common},
    context::quoted,
    json_of, plan,
    table::table,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Set policies, and resolve everybody's access.
    #[command(after_help = "\
Examples:
  rolecall policy set --org acme default_role=none
  rolecall policy set --org acme nested_groups=on when_unmapped=deactivated

All policies with their values: rolecall policy show --org acme")]
    Set {
        #[command(flatten)]
        org: OfOrg,
        /// What to set.
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        policies: Vec<(String, String)>,
        /// Only if it still does exactly what the plan with this fingerprint said.
        #[arg(long, value_name = "FINGERPRINT")]
        plan: Option<String>,
    },
    /// Say who would gain, lose and move by other policies; change nothing.
    #[command(after_help = "Example:\n  rolecall policy plan --org acme default_role=none")]
    Plan {
        #[command(flatten)]
        org: OfOrg,
        /// What to try.
        #[arg(value_name = "KEY=VALUE", required = true, value_parser = pair)]
        policies: Vec<(String, String)>,
    },
    /// Show every policy, its value, and what it decides.
    #[command(after_help = "Example:\n  rolecall policy show --org acme --json | jq .policies")]
    Show(OfOrg),
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Set {
            org,
            policies,
            plan,
        } => set(context, &org, &policies, plan),
        Command::Plan { org, policies } => show_plan(context, &org, &policies),
        Command::Show(org) => {
            let org = Target::open(context, &org)?.org;
            context.out.answer(&text(&org), &value(&org))
        }
    }
}

/// The policies by key.
fn once(pairs: &[(String, String)]) -> Result<BTreeMap<String, Option<String>>, Failure> {
    let mut policies = BTreeMap::new();
    for (key, word) in pairs {
        if policies.insert(key.clone(), Some(word.clone())).is_some() {
            return Err(Failure::other(
                "a policy is set twice in this command; name each of them once",
            ));
        }
    }
    Ok(policies)
}

/// The pairs as they are typed.
fn typed(pairs: &[(String, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(key, word)| quoted(&format!("{key}={word}")));
    pairs.collect::<Vec<_>>().join(" ")
}

fn show_plan(context: &Context, org: &OfOrg, pairs: &[(String, String)]) -> Result<(), Failure> {
    let proposal = Proposal::Policies(once(pairs)?);
    let target = Target::open(context, org)?;
    let at = target.app.clock.now();
    let view = target.read(move |tx| preview(tx, &proposal, at))?;
    let text = plan::text(&target, "policy set", &typed(pairs), &view);
    context.out.answer(&text, &json_of(&view)?)
}

fn set(
    context: &Context,
    org: &OfOrg,
    pairs: &[(String, String)],
    if_plan: Option<String>,
) -> Result<(), Failure> {
    let policies = once(pairs)?;
    let target = Target::open(context, org)?;
    let command = PatchSettings {
        patch: SettingsPatch {
            policies,
            ..SettingsPatch::default()
        },
        if_version: None,
        if_plan,
        change: target.change(),
    };
    let done = target.write(move |tx| orgs::patch_settings(tx, &command));
    let org = done.map_err(|error| match error.code() {
        Code::PlanChanged => {
            let again = target.command("policy plan", &typed(pairs));
            advised(error, &format!("See it: {again}"))
        }
        _ => common(&target, error),
    })?;
    let report = target.command("report", "");
    let text = format!(
        "{}\n\nIt is in force. What to look at now:\n  {report}",
        changed(&target.org, &org)
    );
    context.out.answer(&text, &value(&org))
}

fn changed(before: &OrgSettings, after: &OrgSettings) -> String {
    let (was, is) = (
        before.facts.policies.to_map(),
        after.facts.policies.to_map(),
    );
    let rows: Vec<[String; 3]> = is
        .into_iter()
        .filter(|(key, word)| was.get(key) != Some(word))
        .map(|(key, word)| {
            let before = was.get(key).cloned().unwrap_or_default();
            [key.to_owned(), before, word]
        })
        .collect();
    if rows.is_empty() {
        return "Nothing changes: the policies were so already.".to_owned();
    }
    table(["POLICY", "WAS", "IS"], &rows)
}

fn text(org: &OrgSettings) -> String {
    let words = org.facts.policies.to_map();
    let rows: Vec<[String; 4]> = POLICIES
        .iter()
        .map(|row| {
            let values = if row.values.is_empty() {
                "a role's key, none".to_owned()
            } else {
                row.values.join(", ")
            };
            let word = words.get(row.key).cloned().unwrap_or_default();
            [row.key.to_owned(), word, values, row.doc.to_owned()]
        })
        .collect();
    table(["POLICY", "VALUE", "VALUES", "DECIDES"], &rows)
}

fn value(org: &OrgSettings) -> Value {
    json!({"org": org.slug.as_str(), "policies": org.facts.policies.to_map()})
}

/// `KEY=VALUE`.
fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, word)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), word.trim().to_owned()))
        }
        _ => Err("write KEY=VALUE, as in default_role=none".to_owned()),
    }
}
