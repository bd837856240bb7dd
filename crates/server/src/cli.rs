//! The command line: one file for each command. They open the database themselves and work beside
//! a running server.
//!
//! Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 78 wrong configuration.

mod access;
mod advice;
mod audit;
mod backup;
mod config;
mod connection;
mod context;
mod copy;
mod doctor;
mod grant;
mod healthcheck;
mod help;
mod jobs;
mod key;
mod mapping;
mod migrate;
mod openapi;
mod org;
mod people;
mod place;
mod plan;
mod policy;
mod progress;
mod project;
mod report;
mod requests;
mod restore;
mod schema;
mod seats;
mod table;
mod target;
mod user;
mod workspace;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, Subcommand};

pub(crate) use context::Context;

use crate::{
    failure::Failure,
    out::Out,
    serve,
    settings::{Settings, Sources, process_environment},
};

/// A self-hosted SCIM 2.0 provisioning server.
///
/// Without a command it serves, on 127.0.0.1:8080 and with the database rolecall.db in the current
/// folder.
#[derive(Debug, Parser)]
#[command(name = "rolecall", version, after_help = EXAMPLES)]
struct Cli {
    /// A TOML file with settings that differ from the defaults.
    #[arg(long, global = true, value_name = "FILE", env = "ROLECALL_CONFIG")]
    config: Option<PathBuf>,
    /// A setting, over the file and the environment; may be repeated.
    #[arg(long, global = true, value_name = "KEY=VALUE", value_parser = setting)]
    set: Vec<(String, String)>,
    /// Answer in JSON, failures too.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    command: Option<Command>,
}

const EXAMPLES: &str = "\
Examples:
  rolecall
  rolecall org create acme --preset plain --key scim
  rolecall workspace create --org acme quality
  rolecall mapping plan --org acme mapping.toml
  rolecall access explain --org acme --user ada@example.com
  rolecall --set http.bind=127.0.0.1:9000 --set log.level=debug serve
  ROLECALL__DATABASE__URL=postgres://rolecall@db/rolecall rolecall serve";

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve SCIM and the admin API until told to stop (SIGTERM, SIGINT, SIGHUP).
    Serve,
    /// Bring the database's schema up to date and end.
    Migrate,
    /// Make and list organizations.
    #[command(subcommand)]
    Org(org::Command),
    /// Enable, disable, set and show the SCIM connection of an organization.
    #[command(subcommand)]
    Connection(connection::Command),
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Key(key::Command),
    /// Make, list and remove workspaces.
    #[command(subcommand)]
    Workspace(workspace::Command),
    /// Make, list and remove projects of workspaces.
    #[command(subcommand)]
    Project(project::Command),
    /// Export, plan and apply the mapping of groups to roles, workspaces and projects.
    #[command(subcommand)]
    Mapping(mapping::Command),
    /// Show what a user may do, and explain why.
    #[command(subcommand)]
    Access(access::Command),
    /// Give roles and memberships by hand, list them and take them back.
    #[command(subcommand)]
    Grant(grant::Command),
    /// Show and set the policies of an organization.
    #[command(subcommand)]
    Policy(policy::Command),
    /// Declare, list and remove extension schemas of an organization.
    #[command(subcommand)]
    Schema(schema::Command),
    /// List the users of an organization.
    #[command(subcommand)]
    User(user::Command),
    /// Show and set how many seats an organization has.
    #[command(subcommand)]
    Seats(seats::Command),
    /// Show what administrators did, and prove that nobody changed the record of it.
    #[command(subcommand)]
    Audit(audit::Command),
    /// Show what the identity provider sent, how it ended, and what to do about it.
    #[command(subcommand)]
    Requests(requests::Command),
    /// Say what an administrator should look at.
    Report(report::Command),
    /// Show long work with its progress.
    Jobs(jobs::Command),
    /// Check the configuration, or show each setting with its value and where it came from.
    #[command(subcommand)]
    Config(config::Command),
    /// Look at everything that may keep rolecall from working: settings, database, clock, disk, keys.
    Doctor,
    /// Copy the SQLite database to a file while the server runs.
    Backup(backup::Command),
    /// Put a copy in the place of the SQLite database; the server must be stopped.
    Restore(restore::Command),
    /// Copy a whole database into an empty other: from SQLite to PostgreSQL, or back.
    Copy(copy::Command),
    /// Print the completions for a shell.
    Completions(help::Completions),
    /// Print the manual page, or write one for each command to a folder.
    Man(help::Man),
    /// Print the OpenAPI document of the admin API.
    #[command(after_help = "Example:\n  rolecall openapi > openapi.json")]
    Openapi,
    /// Ask the server of this machine whether it is ready; for containers and supervisors.
    Healthcheck,
}

/// Reads the command line, does what it says and tells how it went.
pub(crate) fn run() -> ExitCode {
    let cli = Cli::parse();
    let out = Out::new(cli.json);
    match dispatch(cli, out) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            out.failure(&failure);
            ExitCode::from(failure.exit_code())
        }
    }
}

fn dispatch(cli: Cli, out: Out) -> Result<(), Failure> {
    let sources = Sources {
        file: cli.config,
        environment: process_environment(),
        flags: cli.set,
    };
    match &cli.command {
        // They need no settings, or speak of settings that are not right.
        Some(Command::Completions(command)) => return help::completions(command),
        Some(Command::Man(command)) => return help::man(command),
        Some(Command::Openapi) => return openapi::run(out),
        Some(Command::Copy(command)) => return copy::run(out, command),
        Some(Command::Config(command)) => return config::run(out, &sources, command),
        _ => {}
    }
    let settings = Settings::load(&sources).map_err(Failure::Settings)?;
    let context = Context::new(settings, out, &sources);
    match cli.command.unwrap_or(Command::Serve) {
        Command::Serve => serve::run(&context),
        Command::Migrate => migrate::run(&context),
        Command::Org(command) => org::run(&context, command),
        Command::Connection(command) => connection::run(&context, command),
        Command::Key(command) => key::run(&context, command),
        Command::Workspace(command) => workspace::run(&context, command),
        Command::Project(command) => project::run(&context, command),
        Command::Mapping(command) => mapping::run(&context, command),
        Command::Access(command) => access::run(&context, command),
        Command::Grant(command) => grant::run(&context, command),
        Command::Policy(command) => policy::run(&context, command),
        Command::Schema(command) => schema::run(&context, command),
        Command::User(command) => user::run(&context, command),
        Command::Seats(command) => seats::run(&context, command),
        Command::Audit(command) => audit::run(&context, command),
        Command::Requests(command) => requests::run(&context, command),
        Command::Report(command) => report::run(&context, &command),
        Command::Jobs(command) => jobs::run(&context, &command),
        Command::Doctor => doctor::run(&context),
        Command::Backup(command) => backup::run(&context, &command),
        Command::Restore(command) => restore::run(&context, &command),
        // Done above.
        Command::Config(_)
        | Command::Completions(_)
        | Command::Man(_)
        | Command::Openapi
        | Command::Copy(_) => Ok(()),
        Command::Healthcheck => healthcheck::run(&context),
    }
}

/// `KEY=VALUE`.
fn setting(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() => {
            Ok((key.trim().to_owned(), value.to_owned()))
        }
        _ => Err("write KEY=VALUE, as in http.bind=127.0.0.1:9000".to_owned()),
    }
}

/// A view as the JSON answer.
///
/// # Errors
/// It cannot be written as JSON, which never was seen.
fn json_of(view: &impl serde::Serialize) -> Result<serde_json::Value, Failure> {
    serde_json::to_value(view)
        .map_err(|error| Failure::other(format!("the answer cannot be written: {error}")))
}

/// A parser for a closed set of words that knows them for the help text, too.
fn words<T>(allowed: &'static [&'static str]) -> impl clap::builder::TypedValueParser<Value = T>
where
    T: std::str::FromStr<Err = domain::words::UnknownWord> + Clone + Send + Sync + 'static,
{
    use clap::builder::{PossibleValuesParser, TypedValueParser};
    PossibleValuesParser::new(allowed.iter().copied()).try_map(|word| word.parse::<T>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    /// Clap finds faults in a subcommand only when it is used; this uses all.
    #[test]
    fn the_commands_are_well_formed() {
        super::Cli::command().debug_assert();
    }
}
