//! Extension schemas that an organization has declared.

use app::port::schemas::SchemaRow;
use app::port::{Schemas, Stored};
use diesel::sql_types::{Binary, Text};
use scim::Kind;
use uuid::Uuid;

use super::{Transaction, row};
use crate::sql::{Bind, statements};

statements! {
    AllSchemas: "SELECT kind, document FROM schemas WHERE org = ? ORDER BY urn" =>
        (Text, Text) as (String, String);
    SaveSchema: "INSERT INTO schemas (org, urn, kind, document) VALUES (?, ?, ?, ?) \
         ON CONFLICT (org, urn) DO UPDATE SET kind = excluded.kind, document = excluded.document";
    DeleteSchema: "DELETE FROM schemas WHERE org = ? AND urn = ?";
    /// Documents are written without spaces, and a quotation mark inside of a text has a backslash
    /// before it, so that only a member of this name looks like this.
    UsersWithData: "SELECT id FROM user_documents WHERE org = ? AND document LIKE ? ESCAPE '!' \
         ORDER BY id LIMIT ?" => (Binary,) as (Vec<u8>,);
    GroupsWithData: "SELECT id FROM group_documents WHERE org = ? AND document LIKE ? ESCAPE '!' \
         ORDER BY id LIMIT ?" => (Binary,) as (Vec<u8>,);
}

fn read((kind, document): (String, String)) -> Option<SchemaRow> {
    Some(SchemaRow {
        kind: Kind::ALL.into_iter().find(|known| known.name() == kind)?,
        schema: serde_json::from_str(&document).ok()?,
    })
}

/// The characters of a URN that mean something in a pattern, made to mean themselves.
fn pattern(urn: &str) -> String {
    let escaped = urn.replace('!', "!!").replace('%', "!%").replace('_', "!_");
    format!("%\"{escaped}\":{{%")
}

impl Schemas for Transaction<'_> {
    fn schemas(&mut self) -> Stored<Vec<SchemaRow>> {
        let rows = AllSchemas::rows(self.session, &[self.scope()])?;
        let rows: Option<Vec<_>> = rows.into_iter().map(read).collect();
        rows.ok_or_else(|| self.unreadable("schema"))
    }

    fn save_schema(&mut self, row: &SchemaRow) -> Stored<()> {
        let document = serde_json::to_string(&row.schema);
        let document = document.map_err(|_| self.unreadable("schema"))?;
        let urn = row.schema.id.to_ascii_lowercase();
        let binds = [
            self.scope(),
            Bind::Text(&urn),
            Bind::Text(row.kind.name()),
            Bind::Text(&document),
        ];
        SaveSchema::run(self.session, &binds)?;
        Ok(())
    }

    fn delete_schema(&mut self, urn: &str) -> Stored<()> {
        let urn = urn.to_ascii_lowercase();
        DeleteSchema::run(self.session, &[self.scope(), Bind::Text(&urn)])?;
        Ok(())
    }

    fn with_data_of(&mut self, kind: Kind, urn: &str, limit: u64) -> Stored<Vec<Uuid>> {
        let pattern = pattern(urn);
        let binds = [self.scope(), Bind::Text(&pattern), row::limit(limit)];
        let rows = match kind {
            Kind::User => UsersWithData::rows(self.session, &binds)?,
            Kind::Group => GroupsWithData::rows(self.session, &binds)?,
        };
        let ids: Option<Vec<Uuid>> = rows.iter().map(|(id,)| row::uuid(id)).collect();
        ids.ok_or_else(|| self.unreadable("id of a document"))
    }
}
