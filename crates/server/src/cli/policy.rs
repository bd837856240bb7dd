//! `rolecall policy`: how an organization decides what groups do not say.

use std::collections::BTreeMap;

use app::orgs::{self, PatchSettings, SettingsPatch};
use app::port::org::OrgSettings;
use clap::Subcommand;
use domain::POLICIES;
use serde_json::{Value, json};

use super::{
    Context,
    advice::common,
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
    },
    /// Show every policy, its value, and what it decides.
    #[command(after_help = "Example:\n  rolecall policy show --org acme --json | jq .policies")]
    Show(OfOrg),
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Set { org, policies } => set(context, &org, &policies),
        Command::Show(org) => {
            let org = Target::open(context, &org)?.org;
            context.out.answer(&text(&org), &value(&org))
        }
    }
}

fn set(context: &Context, org: &OfOrg, pairs: &[(String, String)]) -> Result<(), Failure> {
    let mut policies = BTreeMap::new();
    for (key, word) in pairs {
        if policies.insert(key.clone(), Some(word.clone())).is_some() {
            return Err(Failure::other(
                "a policy is set twice in this command; name each of them once",
            ));
        }
    }
    let target = Target::open(context, org)?;
    let command = PatchSettings {
        patch: SettingsPatch {
            policies,
            ..SettingsPatch::default()
        },
        if_version: None,
        if_plan: None,
        change: target.change(),
    };
    let done = target.write(move |tx| orgs::patch_settings(tx, &command));
    let org = done.map_err(|error| common(&target, error))?;
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
