//! `rolecall report`: what an administrator should look at.

use std::fmt::Write;

use app::orgs::{self, EndingKey, Report};
use clap::Args;

use super::{
    Context, json_of,
    table::{count, printable},
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rolecall report --org acme
  rolecall report --org acme --json | jq .rules_without_group")]
pub(super) struct Command {
    #[command(flatten)]
    org: OfOrg,
}

pub(super) fn run(context: &Context, command: &Command) -> Result<(), Failure> {
    let target = Target::open(context, &command.org)?;
    let now = target.app.clock.now();
    let report = target.read(move |tx| orgs::report(tx, now))?;
    context
        .out
        .answer(&text(&target, &report), &json_of(&report)?)
}

/// One thing to look at: what, which, and what to do about it.
struct Finding {
    what: &'static str,
    which: Vec<String>,
    next: String,
}

fn text(target: &Target, report: &Report) -> String {
    let mut text = numbers(target, report);
    let findings: Vec<Finding> = lists(target, report)
        .into_iter()
        .filter(|finding| !finding.which.is_empty())
        .collect();
    for Finding { what, which, next } in &findings {
        let _ = write!(text, "\n\n{what}:");
        for name in which {
            let _ = write!(text, "\n  {}", printable(name));
        }
        let _ = write!(text, "\n  -> {next}");
    }
    for hint in &report.hints {
        let _ = write!(
            text,
            "\n\n{} lately, the latest {}:\n  -> {}",
            count(hint.requests, "request"),
            hint.latest,
            hint.hint.text
        );
    }
    for alarm in alarms(target, report) {
        let _ = write!(text, "\n\n{alarm}");
    }
    if findings.is_empty() && report.hints.is_empty() && alarms(target, report).is_empty() {
        text.push_str("\n\nThere is nothing to look at.");
    }
    text
}

fn numbers(target: &Target, report: &Report) -> String {
    let limit = match report.seats.limit {
        Some(limit) => format!("of {limit}"),
        None => "without a limit".to_owned(),
    };
    let heard = report.connection.last_change_at.as_deref();
    format!(
        "{}: {}, {} with grants by hand; {} in use, {limit}.\nSCIM is {}; {}.",
        target.slug(),
        count(report.manual.users, "user"),
        report.manual.users_with_grants,
        count(report.seats.used, "seat"),
        if report.connection.enabled {
            "on"
        } else {
            "off"
        },
        heard.map_or_else(
            || "no change has come from the identity provider yet".to_owned(),
            |at| format!("the last change came at {at}"),
        ),
    )
}

fn lists(target: &Target, report: &Report) -> Vec<Finding> {
    let export = target.command("mapping export", "");
    let grant = target.command("grant put", "--user USER --role ROLE");
    let of_key = |words: &str, keys: &[EndingKey]| {
        let id = keys.first().map_or("ID", |key| &*key.id);
        target.context.command(&format!("key {words} {id}"))
    };
    let key = of_key("rotate", &report.expiring_keys);
    let show = of_key("show", &report.old_secrets_in_use);
    let holds = report
        .holds
        .iter()
        .map(|hold| format!("{} keeps {} since {}", hold.user, hold.role, hold.since));
    let ending = report
        .expiring_keys
        .iter()
        .map(|key| format!("{} {} ends {}", key.id, key.name, key.expires_at));
    let old = report.old_secrets_in_use.iter().map(|key| {
        format!(
            "{} {}: the old secret ends {}",
            key.id, key.name, key.expires_at
        )
    });
    vec![
        Finding {
            what: "Rules that wait for their group",
            which: report.rules_without_group.clone(),
            next: format!("push these groups, or mend the names: {export}"),
        },
        Finding {
            what: "Rules and groups whose names differ in case only",
            which: alike(report),
            next: format!(
                "write the name as the identity provider does, or: {}",
                target.command("policy set", "group_names_ignore_case=on")
            ),
        },
        Finding {
            what: "Groups that no rule names",
            which: report.groups_without_rule.clone(),
            next: format!("name them in the mapping where they should give something: {export}"),
        },
        Finding {
            what: "Protected roles that are held, because nobody else active would have them",
            which: holds.collect(),
            next: format!("give the role to somebody else: {grant}"),
        },
        Finding {
            what: "Values of the attribute roles that name no role",
            which: report.unknown_roles.clone(),
            next: "mend them in the identity provider, or add the roles to the catalog".to_owned(),
        },
        Finding {
            what: "Members that came lately and are nobody here",
            which: report.unknown_members.clone(),
            next: "assign these people to the app in the identity provider".to_owned(),
        },
        Finding {
            what: "Keys that end within 30 days",
            which: ending.collect(),
            next: format!("give them another secret, and put it in place: {key}"),
        },
        Finding {
            what: "Rotated keys whose old secret is still in use",
            which: old.collect(),
            next: format!("put the new secret wherever the old one is: {show}"),
        },
    ]
}

/// Names of waiting rules that are those of groups but for the case of letters.
fn alike(report: &Report) -> Vec<String> {
    let groups = &report.groups_without_rule;
    let pairs = report.rules_without_group.iter().filter_map(|rule| {
        let same = |group: &&String| group.to_lowercase() == rule.to_lowercase();
        let group = groups.iter().find(same)?;
        Some(format!("{rule} (rule) and {group} (group)"))
    });
    pairs.collect()
}

fn alarms(target: &Target, report: &Report) -> Vec<String> {
    let mut alarms = Vec::new();
    if report.mass_loss {
        let jobs = target.command("jobs", "");
        alarms.push(format!(
            "Many users lost their access within ten minutes. See what the identity provider \
             sent, and what is still going on:\n  {jobs}"
        ));
    }
    if report.quarantine_risk {
        let refused = target.command("requests list", "--status refused");
        alarms.push(format!(
            "More than half of what the identity provider sent in the last day was refused. Entra ID \
             puts such a job into quarantine, others stop trying. See what was refused, and why:\n  \
             {refused}"
        ));
    }
    if report.connection.stale {
        let show = target.command("connection show", "");
        alarms.push(format!(
            "The identity provider has sent nothing for two days. See that it still has the right \
             URL and key:\n  {show}"
        ));
    }
    if !report.connection.enabled {
        let show = target.command("connection show", "");
        alarms.push(format!("SCIM is off. How to switch it on:\n  {show}"));
    }
    alarms
}
