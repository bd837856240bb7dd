//! `rolecall grant`: roles and memberships given by hand.

use app::{
    Error,
    error::Code,
    grants::{self, DeleteGrant, GrantView, PutGrant},
};
use clap::{Args, Subcommand};
use domain::GrantKind;
use serde_json::json;

use super::{
    Context,
    advice::{advised, common},
    json_of,
    people::{self, Found, OfUser},
    table::{printable, table},
    target::Target,
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Give a role or a membership by hand; it survives every sync, in place of the one in its
    /// scope.
    #[command(after_help = "\
Scopes:
  none given          the organization role, with --role
  WORKSPACE           membership in a workspace, without --role
  WORKSPACE/PROJECT   a role in a project, with --role (a role's key, or inherit)

Examples:
  rolecall grant put --org acme --user ada@example.com --role admin
  rolecall grant put --org acme --user ada@example.com --scope quality
  rolecall grant put --org acme --user ada@example.com --scope quality/nightly --role reviewer \\
      --kind fixed")]
    Put {
        #[command(flatten)]
        of: OfUser,
        #[command(flatten)]
        at: At,
        /// A role's key, or `inherit` in a project; none for a workspace.
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
        /// `floor`: at least this. `fixed`: exactly this, whatever groups say.
        #[arg(long, default_value = "floor", value_parser = super::words::<GrantKind>(GrantKind::WORDS))]
        kind: GrantKind,
    },
    /// List what a user was given by hand.
    #[command(after_help = "Example:\n  rolecall grant list --org acme --user ada@example.com")]
    List(OfUser),
    /// Take back what was given by hand; what groups give stays.
    #[command(after_help = "\
Examples:
  rolecall grant delete --org acme --user ada@example.com
  rolecall grant delete --org acme --user ada@example.com --scope quality/nightly")]
    Delete {
        #[command(flatten)]
        of: OfUser,
        #[command(flatten)]
        at: At,
    },
}

/// `--scope`.
#[derive(Debug, Args)]
pub(super) struct At {
    /// Where: WORKSPACE or WORKSPACE/PROJECT; the organization if left out.
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Put { of, at, role, kind } => put(context, &of, at.scope, role, kind),
        Command::List(of) => list(context, &of),
        Command::Delete { of, at } => delete(context, &of, at.scope),
    }
}

fn put(
    context: &Context,
    of: &OfUser,
    scope: Option<String>,
    role: Option<String>,
    kind: GrantKind,
) -> Result<(), Failure> {
    let target = Target::open(context, &of.org)?;
    let user = people::find(&target, &of.user)?;
    let command = PutGrant {
        user: user.id,
        scope,
        role,
        kind,
        change: target.change(),
    };
    let id = user.id;
    let scope = command.scope.clone();
    let given = target.write(move |tx| {
        grants::put(tx, &command)?;
        grants::list(tx, id)
    });
    let given = given.map_err(|error| refused(&target, &user, error))?;
    let grant = given
        .into_iter()
        .find(|grant| grant.scope == scope)
        .ok_or_else(|| Error::not_found("grant"))?;
    let text = format!(
        "{} is given {} {} by hand ({}).",
        printable(&user.user_name),
        grant.role.as_deref().unwrap_or("membership"),
        place(scope.as_deref()),
        grant.kind,
    );
    let mut value = json_of(&grant)?;
    value["user"] = json!(id.to_string());
    context.out.answer(&text, &value)
}

fn list(context: &Context, of: &OfUser) -> Result<(), Failure> {
    let target = Target::open(context, &of.org)?;
    let user = people::find(&target, &of.user)?;
    let id = user.id;
    let given = target.read(move |tx| grants::list(tx, id))?;
    let text = if given.is_empty() {
        let put = target.command("grant put", &format!("{} --role ROLE", user.flag()));
        let who = printable(&user.user_name);
        format!("Nothing is given to {who} by hand. To give something:\n  {put}")
    } else {
        table(
            ["SCOPE", "ROLE", "KIND", "BY", "AT"],
            &given.iter().map(row).collect::<Vec<_>>(),
        )
    };
    let value = json!({"user": id.to_string(), "items": json_of(&given)?});
    context.out.answer(&text, &value)
}

fn row(grant: &GrantView) -> [String; 5] {
    [
        grant
            .scope
            .clone()
            .unwrap_or_else(|| "(organization)".to_owned()),
        grant.role.clone().unwrap_or_else(|| "member".to_owned()),
        grant.kind.to_owned(),
        grant.by.clone(),
        grant.at.clone(),
    ]
}

fn delete(context: &Context, of: &OfUser, scope: Option<String>) -> Result<(), Failure> {
    let target = Target::open(context, &of.org)?;
    let user = people::find(&target, &of.user)?;
    let command = DeleteGrant {
        user: user.id,
        scope: scope.clone(),
        change: target.change(),
    };
    let done = target.write(move |tx| grants::delete(tx, &command));
    done.map_err(|error| refused(&target, &user, error))?;
    let who = printable(&user.user_name);
    let text = format!(
        "What {who} was given {} by hand is taken back; what groups give stays.",
        place(scope.as_deref())
    );
    let value = json!({"user": user.id.to_string(), "scope": scope, "deleted": true});
    context.out.answer(&text, &value)
}

fn place(scope: Option<&str>) -> String {
    match scope {
        None => "in the organization".to_owned(),
        Some(scope) if scope.contains('/') => format!("in project {scope}"),
        Some(scope) => format!("in workspace {scope}"),
    }
}

/// The policies that forbid grants by hand.
const DENYING: &[&str] = &["manual_roles", "manual_workspaces", "manual_projects"];

fn refused(target: &Target, user: &Found, error: Error) -> Failure {
    let detail = error.detail();
    if let Some(policy) = DENYING.iter().find(|policy| detail.contains(*policy)) {
        let set = target.command("policy set", &format!("{policy}=allow"));
        return advised(error, &format!("To allow it: {set}"));
    }
    if error.code() == Code::NotFound {
        let list = target.command("grant list", &user.flag());
        return advised(error, &format!("See what is given: {list}"));
    }
    if detail.starts_with("scope") {
        let list = target.command("project list", "");
        return advised(
            error,
            &format!("See the workspaces and projects there are: {list}"),
        );
    }
    common(target, error)
}
