//! `rolecall user`: who is there.

use app::{
    access::{
        AccessReply,
        view::{RoleView, UserView, role},
        worker,
    },
    port::Millis,
    users::{FindUsers, Whom, find},
};
use clap::{Args, Subcommand};
use domain::{ManagedBy, State, UserId};
use serde_json::{Value, json};

use super::{
    Context,
    table::{printable, table},
    target::{OfOrg, Target},
};
use crate::failure::Failure;

/// How long a list waits for the access of many users to be worked out, in milliseconds.
const PATIENCE: Millis = 10 * 60 * 1_000;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List users, all or those in a group, with a role, or in a state.
    #[command(after_help = "\
Examples:
  rolecall user list --org acme
  rolecall user list --org acme --group 'Platform Admins'
  rolecall user list --org acme --role admin --state active
  rolecall user list --org acme --email ada@example.com --json")]
    List {
        #[command(flatten)]
        org: OfOrg,
        #[command(flatten)]
        by: By,
        /// Only those after the user with this id, as the end of a full page says.
        #[arg(long, value_name = "ID")]
        after: Option<UserId>,
        /// How many at most.
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u64).range(1..=1_000))]
        limit: u64,
    },
}

/// Whom to list: who is all of this.
#[derive(Debug, Args)]
pub(super) struct By {
    /// Direct members of the group with this displayName or id.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    /// Those with this organization role, in effect or pending until the first sign-in.
    #[arg(long, value_name = "ROLE")]
    role: Option<String>,
    /// The one with this userName.
    #[arg(long, value_name = "NAME")]
    user_name: Option<String>,
    /// Those with this e-mail.
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// Only those in this state.
    #[arg(long, value_parser = super::words::<State>(State::WORDS))]
    state: Option<State>,
    /// Those whose access reaches this workspace.
    #[arg(long, value_name = "WORKSPACE")]
    workspace: Option<String>,
    /// Those whose access reaches this project.
    #[arg(long, value_name = "WORKSPACE/PROJECT")]
    project: Option<String>,
    /// Those whom the identity provider manages, or those an administrator made.
    #[arg(long = "managed-by", value_parser = super::words::<ManagedBy>(ManagedBy::WORDS))]
    manager: Option<ManagedBy>,
}

impl By {
    fn whom(self) -> Whom {
        Whom {
            user_name: self.user_name,
            email: self.email,
            group: self.group,
            role: self.role,
            state: self.state,
            workspace: self.workspace,
            project: self.project,
            managed_by: self.manager,
        }
    }
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    let Command::List {
        org,
        by,
        after,
        limit,
    } = command;
    let query = FindUsers {
        whom: by.whom(),
        after,
        limit,
    };
    list(context, &Target::open(context, &org)?, query)
}

fn list(context: &Context, target: &Target, query: FindUsers) -> Result<(), Failure> {
    if query.from_stored() {
        worker::drain_org(&target.app, target.org.id, PATIENCE)?;
    }
    let found = target.read(move |tx| find(tx, &query))?;
    let rows: Vec<[String; 5]> = found.users.iter().map(|user| row(target, user)).collect();
    let mut text = if rows.is_empty() {
        let report = target.command("report", "");
        format!("Nobody is found. Whether the identity provider has sent anybody, see:\n  {report}")
    } else {
        table(["USER", "EMAIL", "STATE", "ROLE", "ID"], &rows)
    };
    let more = |next| format!("\n\nThere may be more: repeat this with --after {next}");
    text.extend(found.next.map(more));
    let items: Vec<Value> = found.users.iter().map(|user| value(target, user)).collect();
    let next = found.next.map(|next| next.to_string());
    context
        .out
        .answer(&text, &json!({"items": items, "next": next}))
}

fn role_of(target: &Target, user: &AccessReply) -> Option<RoleView> {
    let key = user.access.role.as_ref()?;
    Some(role(&target.org.facts.catalog, key))
}

fn row(target: &Target, user: &AccessReply) -> [String; 5] {
    let pending = user.access.state == State::NotActivated;
    let role = role_of(target, user).map_or_else(|| "-".to_owned(), |role| role.key);
    [
        printable(&user.subject.user_name),
        printable(user.subject.email.as_deref().unwrap_or("-")),
        user.access.state.to_string(),
        if pending {
            format!("{role} (pending)")
        } else {
            role
        },
        user.subject.id.to_string(),
    ]
}

fn value(target: &Target, user: &AccessReply) -> Value {
    let pending = user.access.state == State::NotActivated;
    let role = role_of(target, user);
    json!({
        "user": UserView::new(&target.app, &user.subject),
        "state": user.access.state.as_str(),
        "role": role.as_ref().filter(|_| !pending),
        "pending_role": role.as_ref().filter(|_| pending),
        "seat": user.access.seat,
    })
}
