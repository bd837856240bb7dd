//! Declaring a schema, or declaring it anew.

use domain::Action;
use scim::{Kind, Registry, Schema, declare};
use serde_json::{Value, json};

use super::{CHANGED, MAX_SCHEMAS, has_urn, list};
use crate::{
    Error, Result, audit,
    change::Change,
    error::{Code, FieldError},
    port::{Tx, org::OrgSettings, schemas::SchemaRow},
    version,
};

/// A PUT of one schema. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutSchema {
    /// Which resource type it extends.
    pub kind: Kind,
    /// The URN that it is put under; its case is ignored.
    pub urn: String,
    /// The declaration in the JSON form of `/Schemas`.
    pub body: Value,
    /// The version of the set that the caller has seen; none to change whatever is there.
    pub if_version: Option<i64>,
    /// When, and through whom.
    pub change: Change,
}

/// A schema that was put.
#[derive(Clone, Debug)]
pub struct PutReply {
    /// What is in force.
    pub row: SchemaRow,
    /// The settings after it, with the version of the set.
    pub org: OrgSettings,
    /// Whether there was none of this URN before.
    pub created: bool,
}

/// Declares a schema, or replaces a declaration: while resources have data of it, only in such a
/// way that the data still fits.
///
/// # Errors
/// 412; every fault of the declaration at once; too many schemas; 409 naming the attributes whose
/// data would not fit any more.
pub fn put(tx: &mut dyn Tx, command: &PutSchema) -> Result<PutReply> {
    // Nothing but this lock keeps data of the old declaration from coming in meanwhile.
    tx.need_exclusive()?;
    let (seen, rows) = list(tx)?;
    version::unchanged(command.if_version, seen, CHANGED)?;
    let (old, others): (Vec<_>, Vec<_>) =
        rows.into_iter().partition(|row| has_urn(row, &command.urn));
    let row = SchemaRow {
        kind: command.kind,
        schema: read(&others, command)?,
    };
    let mut org = OrgSettings::clone(&*tx.settings()?);
    let old = old.into_iter().next();
    let created = old.is_none();
    if old.as_ref() != Some(&row) {
        match &old {
            None if others.len() >= MAX_SCHEMAS => return Err(too_many()),
            None => {}
            Some(old) => fits(tx, old, &row)?,
        }
        tx.save_schema(&row)?;
        org.schemas_version += 1;
        tx.save_settings(&org)?;
        let entry = audit::Entry {
            action: Action::SchemaPut,
            subject: row.schema.id.to_string(),
            before: old.as_ref().map_or(Value::Null, told),
            after: told(&row),
        };
        audit::record(tx, &command.change, entry)?;
    }
    Ok(PutReply { row, org, created })
}

/// A schema as the audit tells it.
pub(super) fn told(row: &SchemaRow) -> Value {
    json!({ "resource_type": row.kind.name(), "schema": row.schema })
}

fn read(others: &[SchemaRow], command: &PutSchema) -> Result<Schema> {
    let registry = registry(others);
    let schema = declare::extension(&registry, command.body.clone()).map_err(|faults| {
        let field = |fault: declare::Fault| FieldError::new(fault.field, fault.problem);
        Error::fields(faults.0.into_iter().map(field).collect())
    })?;
    if schema.id.eq_ignore_ascii_case(&command.urn) {
        return Ok(schema);
    }
    Err(Error::field("id", "must be the URN that it is put under"))
}

/// The RFC's schemas and these.
pub(super) fn registry(rows: &[SchemaRow]) -> Registry {
    rows.iter().fold(Registry::core(), |registry, row| {
        registry.with_extension(row.kind, row.schema.clone())
    })
}

fn fits(tx: &mut dyn Tx, old: &SchemaRow, new: &SchemaRow) -> Result<()> {
    let mut fields = Vec::new();
    if old.kind != new.kind {
        let detail = format!("must stay {}", old.kind.name());
        fields.push(FieldError::new("resource_type", detail));
    }
    if let Err(declare::Faults(faults)) = declare::keeps_data(&old.schema, &new.schema) {
        let field = |fault: declare::Fault| FieldError::new(fault.field, fault.problem);
        fields.extend(faults.into_iter().map(field));
    }
    if fields.is_empty() || tx.with_data_of(old.kind, &old.schema.id, 1)?.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = fields
        .iter()
        .map(|fault| format!("{} {}", fault.field, fault.detail))
        .collect();
    Err(Error::Coded {
        code: Code::InUse,
        detail: format!(
            "Users or groups have data of this schema, which would not fit any more: {}.",
            named.join("; ")
        ),
        fields,
    })
}

fn too_many() -> Error {
    Error::field(
        "id",
        format!("is one more than the {MAX_SCHEMAS} schemas that an organization may declare"),
    )
}
