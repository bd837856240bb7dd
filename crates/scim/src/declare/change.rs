//! Another version of a declared schema, while resources have data of the one before.

use super::{Collected, Faults};
use crate::schema::{Attribute, Schema};

/// Whether data of the old schema is data of the new one: every attribute is still there under the
/// same name, with the same type and plurality. Attributes may be added; descriptions, canonical
/// values, `caseExact`, `mutability` and `returned` may change.
///
/// # Errors
///
/// Every attribute that would not fit its data any more.
pub fn keeps_data(old: &Schema, new: &Schema) -> Result<(), Faults> {
    let mut faults = Collected::default();
    if old.id != new.id {
        faults.add("id", "must keep its upper and lower case letters");
    }
    compare(&old.attributes, &new.attributes, "attributes", &mut faults);
    if faults.0.is_empty() {
        Ok(())
    } else {
        Err(Faults(faults.0))
    }
}

fn compare(old: &[Attribute], new: &[Attribute], place: &str, faults: &mut Collected) {
    for before in old {
        let place = format!("{place}.{}", before.name);
        let Some(after) = new.iter().find(|after| after.name == before.name) else {
            faults.add(&place, "must stay, with the same spelling");
            continue;
        };
        if (after.kind, after.multi_valued) != (before.kind, before.multi_valued) {
            faults.add(&place, "must keep its type and multiValued");
            continue;
        }
        let place = format!("{place}.subAttributes");
        compare(
            &before.sub_attributes,
            &after.sub_attributes,
            &place,
            faults,
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::declare::extension;
    use crate::registry::Registry;

    fn schema(attributes: &Value) -> Schema {
        let body = json!({ "id": "urn:example:badge:1.0:User", "attributes": attributes });
        extension(&Registry::core(), body).unwrap_or_else(|faults| panic!("{faults}"))
    }

    #[track_caller]
    fn check(new: &Value, fields: &[&str]) {
        let old = schema(&json!([
            { "name": "badge", "type": "integer" },
            { "name": "desk", "type": "complex",
              "subAttributes": [{ "name": "floor", "type": "integer" }] },
        ]));
        let found = match keeps_data(&old, &schema(new)) {
            Ok(()) => Vec::new(),
            Err(Faults(faults)) => faults.into_iter().map(|fault| fault.field).collect(),
        };
        assert_eq!(found, fields, "{new}");
    }

    #[test]
    fn data_stays_data() {
        let desk = json!({ "name": "desk", "type": "complex",
            "subAttributes": [{ "name": "floor", "type": "integer" },
                { "name": "room", "type": "string" }] });
        let badge = json!({ "name": "badge", "type": "integer", "description": "Number",
            "returned": "always" });
        let extra = json!({ "name": "color", "type": "string" });
        check(&json!([extra, desk, badge]), &[]);
        check(&json!([desk]), &["attributes.badge"]);
        let text = json!({ "name": "badge", "type": "string" });
        check(&json!([text, desk]), &["attributes.badge"]);
        let many = json!({ "name": "badge", "type": "integer", "multiValued": true });
        check(&json!([many, desk]), &["attributes.badge"]);
        let spelt = json!({ "name": "BADGE", "type": "integer" });
        check(&json!([spelt, desk]), &["attributes.badge"]);
        let bare = json!({ "name": "desk", "type": "complex",
            "subAttributes": [{ "name": "room", "type": "string" }] });
        check(
            &json!([badge, bare]),
            &["attributes.desk.subAttributes.floor"],
        );
    }
}
