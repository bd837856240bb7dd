//! Declared schemas.

use std::sync::Arc;

use app::port::schemas::SchemaRow;
use app::port::{Schemas, Stored};
use scim::Kind;
use uuid::Uuid;

use super::unit::MemoryTx;

impl Schemas for MemoryTx {
    fn schemas(&mut self) -> Stored<Vec<SchemaRow>> {
        Ok(self.org.schemas.values().cloned().collect())
    }

    fn save_schema(&mut self, row: &SchemaRow) -> Stored<()> {
        self.may_write()?;
        let urn = row.schema.id.to_ascii_lowercase();
        Arc::make_mut(&mut self.org.schemas).insert(urn, row.clone());
        Ok(())
    }

    fn delete_schema(&mut self, urn: &str) -> Stored<()> {
        self.may_write()?;
        Arc::make_mut(&mut self.org.schemas).remove(&urn.to_ascii_lowercase());
        Ok(())
    }

    fn with_data_of(&mut self, kind: Kind, urn: &str, limit: u64) -> Stored<Vec<Uuid>> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_data = |document: &str| {
            let resource = app::representation::resource(kind, document);
            let data = |resource: scim::Resource| {
                let found = resource.attributes.get(urn);
                found.is_some_and(serde_json::Value::is_object)
            };
            resource.is_ok_and(data)
        };
        Ok(match kind {
            Kind::User => {
                let users = self.org.users.iter();
                let found = users.filter(|(_, user)| has_data(&user.row.document));
                found.map(|(id, _)| id.0).take(limit).collect()
            }
            Kind::Group => {
                let groups = self.org.groups.iter();
                let found = groups.filter(|(_, group)| has_data(&group.row.document));
                found.map(|(id, _)| id.0).take(limit).collect()
            }
        })
    }
}
