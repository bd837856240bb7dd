//! The tables that are copied and their columns, as the source has them. The target has the same:
//! it was made by the same version.

use diesel::sql_types::Text;

use super::CopyError;
use crate::removal::OF_ORG;
use crate::session::Session;
use crate::sql::{Bind, Made};

/// What a column holds, whatever the database calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Bytes,
    Bool,
    Number,
    Text,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) kind: Kind,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: Vec<Column>,
}

impl Table {
    /// Which of its rows are copied, as the end of a SELECT. The databases have not the same number
    /// of gates, and all of an organization's say what its door says.
    pub(super) fn copied(&self) -> &'static str {
        match self.name {
            "org_gates" => " WHERE gate = 0",
            _ => "",
        }
    }
}

/// Every table with rows that belong to an organization, and that of organizations.
pub(super) fn tables(source: &mut Session) -> Result<Vec<Table>, CopyError> {
    let names = ["orgs"]
        .into_iter()
        .chain(OF_ORG.iter().rev().map(|(table, _)| *table));
    names
        .map(|name| {
            let columns = columns(source, name)?;
            Ok(Table { name, columns })
        })
        .collect()
}

const SQLITE: &str = "SELECT name, lower(type) FROM pragma_table_info(?) ORDER BY cid";
const POSTGRES: &str = "SELECT CAST(column_name AS text), CAST(data_type AS text) \
     FROM information_schema.columns \
     WHERE table_schema = current_schema() AND table_name = ? ORDER BY ordinal_position";

fn columns(source: &mut Session, table: &'static str) -> Result<Vec<Column>, CopyError> {
    let text = if source.is_sqlite() { SQLITE } else { POSTGRES };
    let binds = [Bind::Text(table)];
    let query = Made::<(Text, Text)>::new(text, &binds);
    let rows: Vec<(String, String)> = source
        .ask(|conn| diesel::RunQueryDsl::load(query, conn))
        .map_err(|error| CopyError::Statement("source", error))?;
    let column = |(name, kind): (String, String)| {
        let kind = match kind.as_str() {
            "blob" | "bytea" => Kind::Bytes,
            "boolean" => Kind::Bool,
            "integer" | "bigint" => Kind::Number,
            "text" => Kind::Text,
            _ => return Err(CopyError::Unreadable(table)),
        };
        Ok(Column { name, kind })
    };
    rows.into_iter().map(column).collect()
}
