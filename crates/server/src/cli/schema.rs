//! `rolecall schema`: attributes beyond the standard that an organization's users and groups have.

use std::path::{Path, PathBuf};

use app::{
    Error,
    error::Code,
    port::schemas::SchemaRow,
    schemas::{self, DeleteSchema, PutSchema},
};
use clap::Subcommand;
use scim::Kind;
use serde_json::{Value, json};

use super::{
    Context,
    advice::{advised, common},
    table::table,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Declare an extension schema, or declare it anew.
    #[command(after_help = "\
Examples:
  rolecall schema put --org acme badge.json
  rolecall schema put --org acme --of group teams.json

The file is the JSON that SCIM shows at /Schemas:
  {\"id\": \"urn:example:badge:1.0:User\",
   \"attributes\": [{\"name\": \"badgeNumber\", \"type\": \"integer\"}]}")]
    Put {
        #[command(flatten)]
        org: OfOrg,
        /// Whose attributes they are.
        #[arg(long = "of", value_name = "TYPE", default_value = "user",
            value_parser = ["user", "group"])]
        kind: String,
        /// The declaration, in JSON.
        file: PathBuf,
    },
    /// List the declared schemas.
    #[command(after_help = "Example:\n  rolecall schema list --org acme --json | jq .schemas")]
    List(OfOrg),
    /// Remove a schema.
    #[command(
        after_help = "Example:\n  rolecall schema delete --org acme urn:example:badge:1.0:User --force"
    )]
    Delete {
        #[command(flatten)]
        org: OfOrg,
        /// Which.
        urn: String,
        /// Remove the data that users or groups have of it, too.
        #[arg(long)]
        force: bool,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Put { org, kind, file } => put(&Target::open(context, &org)?, &kind, &file),
        Command::List(org) => list(&Target::open(context, &org)?),
        Command::Delete { org, urn, force } => delete(&Target::open(context, &org)?, urn, force),
    }
}

fn put(target: &Target, kind: &str, file: &Path) -> Result<(), Failure> {
    let body = read(file)?;
    let urn = body["id"].as_str().unwrap_or_default().to_owned();
    let kinds = Kind::ALL.into_iter();
    let mut named = kinds.filter(|known| known.name().eq_ignore_ascii_case(kind));
    let command = PutSchema {
        kind: named.next().unwrap_or(Kind::User),
        urn,
        body,
        if_version: None,
        change: target.change(),
    };
    let done = target.write(move |tx| schemas::put(tx, &command));
    let row = done.map_err(|error| not_put(target, file, error))?.row;
    let text = format!(
        "Schema {} is declared: {} attributes of {}s.\n\nThe server takes it up within 5 s. What \
         the identity provider sends under this URN is now stored; look at what SCIM tells \
         it:\n  GET /Schemas/{}",
        row.schema.id,
        row.schema.attributes.len(),
        row.kind.name().to_lowercase(),
        row.schema.id,
    );
    target.context.out.answer(&text, &value(&row))
}

fn read(file: &Path) -> Result<Value, Failure> {
    let shown = file.display();
    let bytes = std::fs::read(file)
        .map_err(|error| Failure::other(format!("{shown} cannot be read: {error}")))?;
    scim::json::parse(&bytes).map_err(|error| Failure::other(format!("{shown}: {}", error.detail)))
}

fn not_put(target: &Target, file: &Path, error: Error) -> Failure {
    match error.code() {
        Code::InvalidField => Failure::Refused(super::mapping::named(file, error)),
        _ => common(target, error),
    }
}

fn list(target: &Target) -> Result<(), Failure> {
    let (_, rows) = target.read(schemas::list)?;
    if rows.is_empty() {
        let put = target.command("schema put", "FILE");
        let text = format!("No schemas are declared. Declare one:\n  {put}");
        return target.context.out.answer(&text, &json!({"schemas": []}));
    }
    let lines: Vec<[String; 3]> = rows
        .iter()
        .map(|row| {
            let names = row.schema.attributes.iter().map(|one| one.name.as_ref());
            let names: Vec<&str> = names.collect();
            [
                row.schema.id.to_string(),
                row.kind.name().to_owned(),
                names.join(", "),
            ]
        })
        .collect();
    let schemas: Vec<Value> = rows.iter().map(value).collect();
    target.context.out.answer(
        &table(["URN", "OF", "ATTRIBUTES"], &lines),
        &json!({"schemas": schemas}),
    )
}

fn delete(target: &Target, urn: String, force: bool) -> Result<(), Failure> {
    let command = DeleteSchema {
        urn,
        force,
        if_version: None,
        change: target.change(),
    };
    loop {
        let command = command.clone();
        let done = target.write(move |tx| schemas::delete(tx, &command));
        if done.map_err(|error| not_deleted(target, error))? {
            break;
        }
    }
    let text = format!("Schema {} is removed.", command.urn);
    let value = json!({"urn": command.urn, "deleted": true});
    target.context.out.answer(&text, &value)
}

fn not_deleted(target: &Target, error: Error) -> Failure {
    match error.code() {
        Code::InUse => Failure::Refused(Error::new(
            Code::InUse,
            "Users or groups have data of this schema. Remove it first (in the identity provider), \
             or add --force to remove it with the schema.",
        )),
        Code::NotFound => {
            let list = target.command("schema list", "");
            advised(error, &format!("See which there are: {list}"))
        }
        _ => common(target, error),
    }
}

fn value(row: &SchemaRow) -> Value {
    let mut value = json!(row.schema);
    value["resource_type"] = row.kind.name().into();
    value
}
