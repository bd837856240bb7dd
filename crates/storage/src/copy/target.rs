//! Writes whole tables, and keeps servers out until all is proved.

use diesel::sql_types::{BigInt, Bool};
use serde_json::{Map, Value};

use super::CopyError;
use super::shape::{Kind, Table};
use crate::session::Session;
use crate::sql::{Bind, Made, statements};

statements! {
    Marked: "SELECT incomplete FROM instance" => (Bool,) as (bool,);
    Mark: "UPDATE instance SET secret = ?, incomplete = true";
    /// Where the instance's own audit begins; the source has its own.
    NoHeads: "DELETE FROM audit_heads";
    OpenUp: "UPDATE instance SET incomplete = false";
}

fn refused(error: app::port::StoreError) -> CopyError {
    CopyError::Statement("target", error)
}

/// Whether a copy into it began and did not end.
pub(super) fn is_marked(target: &mut Session) -> Result<bool, CopyError> {
    let row = Marked::row(target, &[]).map_err(refused)?;
    Ok(row.is_some_and(|(marked,)| marked))
}

/// Refuses a target in which there is anything but what a first start makes.
pub(super) fn expect_empty(target: &mut Session, tables: &[Table]) -> Result<(), CopyError> {
    for table in tables {
        // The instance's own chain has a beginning from the first start on.
        let but = match table.name {
            "audit_heads" => " WHERE seq > 0",
            _ => "",
        };
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 AS there FROM {}{but} LIMIT 1) AS t",
            table.name
        );
        let query = Made::<(BigInt,)>::new(&text, &[]);
        let rows: Vec<(i64,)> = target
            .ask(|conn| diesel::RunQueryDsl::load(query, conn))
            .map_err(refused)?;
        if rows != [(0,)] {
            return Err(CopyError::NotEmpty(table.name));
        }
    }
    Ok(())
}

/// From now on no server opens it. The secret is the source's.
pub(super) fn mark(target: &mut Session, secret: &[u8]) -> Result<(), CopyError> {
    Mark::run(target, &[Bind::Bytes(secret)]).map_err(refused)?;
    NoHeads::run(target, &[]).map_err(refused)?;
    Ok(())
}

/// It is whole.
pub(super) fn open_up(target: &mut Session) -> Result<(), CopyError> {
    OpenUp::run(target, &[]).map_err(refused)?;
    Ok(())
}

/// Writes rows in one statement.
pub(super) fn write(
    target: &mut Session,
    table: &Table,
    rows: Vec<Vec<Value>>,
) -> Result<(), CopyError> {
    let count = rows.len();
    let rows: Vec<Map<String, Value>> = rows
        .into_iter()
        .map(|row| {
            let names = table.columns.iter().map(|column| column.name.clone());
            names.zip(row).collect()
        })
        .collect();
    let rows = serde_json::to_string(&rows).map_err(|_| CopyError::Unreadable(table.name))?;
    let text = insert(table);
    let written = target
        .execute(&text, &[Bind::Text(&rows)])
        .map_err(refused)?;
    if written == count {
        Ok(())
    } else {
        Err(CopyError::Different(table.name))
    }
}

/// The template of the statement.
fn insert(table: &Table) -> String {
    let (mut names, mut values, mut kinds) = (Vec::new(), Vec::new(), Vec::new());
    for column in &table.columns {
        let name = column.name.as_str();
        let (value, kind) = match column.kind {
            Kind::Bytes => (format!("{{bytes r.{name}}}"), "text"),
            Kind::Bool => (format!("r.{name} <> 0"), "bigint"),
            Kind::Number => (format!("r.{name}"), "bigint"),
            Kind::Text => (format!("r.{name}"), "text"),
        };
        names.push(name);
        values.push(value);
        kinds.push(format!("{name} {kind}"));
    }
    // Organizations keep their numbers.
    let given = match table.name {
        "orgs" => "{postgres OVERRIDING SYSTEM VALUE}",
        _ => "",
    };
    format!(
        "INSERT INTO {} ({}) {given} SELECT {} FROM {{rows {}}}",
        table.name,
        names.join(", "),
        values.join(", "),
        kinds.join(", ")
    )
}
