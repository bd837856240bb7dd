//! `rolecall access`: what a user may do, and why.

use std::fmt::Write;

use app::access::{
    self,
    view::{AccessView, RoleView},
};
use clap::Subcommand;

use super::{
    Context, json_of,
    people::{self, OfUser},
    table::{printable, table},
    target::Target,
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Say in sentences why a user has what they have, and what they do not have and why.
    #[command(after_help = "\
Examples:
  rolecall access explain --org acme --user ada@example.com
  rolecall access explain --org acme --user ada@example.com --json | jq .because")]
    Explain(OfUser),
    /// Show a user's state, role, workspaces and projects.
    #[command(after_help = "Example:\n  rolecall access show --org acme --user ada@example.com")]
    Show(OfUser),
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Explain(user) => explain(context, &user),
        Command::Show(user) => show(context, &user),
    }
}

fn explain(context: &Context, user: &OfUser) -> Result<(), Failure> {
    let target = Target::open(context, &user.org)?;
    let id = people::find(&target, &user.user)?.id;
    let found = target.read(move |tx| access::explain::explain(tx, id))?;
    let sentences: Vec<String> = found
        .sentences(&target.org)
        .iter()
        .map(|line| printable(line))
        .collect();
    let mut view = AccessView::new(&target.app, &target.org, &found.reply);
    view.because = Some(found.because);
    context.out.answer(&sentences.join("\n"), &json_of(&view)?)
}

fn show(context: &Context, user: &OfUser) -> Result<(), Failure> {
    let target = Target::open(context, &user.org)?;
    let found = people::find(&target, &user.user)?;
    let id = found.id;
    let reply = target.read(move |tx| access::read(tx, id))?;
    let view = AccessView::new(&target.app, &target.org, &reply);
    let mut text = text(&view);
    let why = target.command("access explain", &found.flag());
    let _ = write!(text, "\n\nTo see why:\n  {why}");
    context.out.answer(&text, &json_of(&view)?)
}

fn text(view: &AccessView) -> String {
    let (role, pending) = match (&view.role, &view.pending_role) {
        (Some(role), _) => (named(role), ""),
        (None, Some(role)) => (named(role), " (pending until the first sign-in)"),
        (None, None) => ("none".to_owned(), ""),
    };
    let mut text = printable(&format!(
        "{} is {}; organization role: {role}{pending}; {} a seat.",
        view.user.user_name,
        view.state,
        if view.seat { "takes" } else { "does not take" },
    ));
    let workspaces = view.workspaces.iter().map(|row| {
        let via = row.via.to_owned();
        [row.slug.clone(), row.name.clone(), via]
    });
    list(
        &mut text,
        "No workspaces.",
        ["WORKSPACE", "NAME", "VIA"],
        &workspaces.collect::<Vec<_>>(),
    );
    let projects = view.projects.iter().map(|row| {
        let how = if row.inherited {
            "organization role"
        } else {
            "explicit"
        };
        [
            row.slug.clone(),
            row.name.clone(),
            named(&row.role),
            how.to_owned(),
        ]
    });
    list(
        &mut text,
        "No projects.",
        ["PROJECT", "NAME", "ROLE", "BY"],
        &projects.collect::<Vec<_>>(),
    );
    text
}

fn list<const N: usize>(text: &mut String, none: &str, header: [&str; N], rows: &[[String; N]]) {
    let part = if rows.is_empty() {
        none.to_owned()
    } else {
        table(header, rows)
    };
    let _ = write!(text, "\n{part}");
}

fn named(role: &RoleView) -> String {
    if role.key == role.name {
        role.key.clone()
    } else {
        format!("{} ({})", role.name, role.key)
    }
}
