#![expect(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;

use domain::{Connection, Mapping, Preset};
use serde_json::{Value, json};

use super::*;
use crate::api::routes::{self, Reply};

fn schema<'d>(document: &'d Value, name: &str) -> &'d Value {
    &document["components"]["schemas"][name]
}

fn json_document() -> Value {
    serde_json::to_value(document()).unwrap()
}

/// No route can lack what its callers have to know.
#[test]
fn every_row_is_whole() {
    let mut ids = BTreeSet::new();
    for route in routes::all() {
        assert!(!route.verbs.is_empty(), "{}", route.template);
        for name in parameters::placeholders(route.template) {
            let known = parameters::PATH.iter().any(|known| known.name == name);
            assert!(
                known,
                "{}: describe {name} in parameters::PATH",
                route.template
            );
        }
        for verb in route.verbs {
            let line = format!("{} {}", verb.method, route.template);
            assert!(!verb.kinds.is_empty(), "{line}: say which keys may");
            assert!(
                !verb.kinds.contains(&Kind::Scim),
                "{line}: SCIM keys are for the mounts"
            );
            assert!(!verb.summary.is_empty(), "{line}: say what it does");
            assert!(
                ids.insert(id(verb.summary)),
                "{line}: another has this summary"
            );
            for name in verb.parameters {
                let known = parameters::QUERY.iter().any(|known| known.name == *name);
                assert!(known, "{line}: describe {name} in parameters::QUERY");
            }
            // What a replay does stands in the log.
            let writes = matches!(verb.method, "POST" | "PUT" | "PATCH")
                && !route.template.ends_with("/replay");
            assert_eq!(verb.body.is_some(), writes, "{line}: its body");
            let pages = matches!(verb.reply, Reply::Page(_));
            if pages && verb.parameters.contains(&"cursor") {
                assert!(
                    verb.parameters.contains(&"limit"),
                    "{line}: cursor comes with limit"
                );
            }
            if verb.method == "DELETE" || verb.method == "PATCH" {
                assert!(verb.tagged, "{line}: look at If-Match");
            }
        }
    }
}

#[test]
fn every_reference_is_there() {
    fn check(document: &Value, value: &Value) {
        if let Some(place) = value["$ref"].as_str() {
            let found = document.pointer(place.strip_prefix('#').unwrap());
            assert!(found.is_some_and(Value::is_object), "nothing at {place}");
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| check(document, item)),
            Value::Object(fields) => fields.values().for_each(|field| check(document, field)),
            _ => {}
        }
    }
    let document = json_document();
    check(&document, &document);
    assert_eq!(document["openapi"], "3.1.0");
}

/// What is only described is what is really sent.
#[test]
fn described_documents_are_as_sent() {
    let document = json_document();
    let check = |name: &str, sent: Value| {
        let described = schema(&document, name)["properties"].as_object().unwrap();
        let described: BTreeSet<&str> = described.keys().map(String::as_str).collect();
        let sent: BTreeSet<&str> = sent
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(described, sent, "{name}");
    };
    let mut attribute = json!({ "name": "a", "type": "complex", "multiValued": true,
        "description": "a", "required": false, "caseExact": false, "mutability": "readWrite",
        "returned": "default", "uniqueness": "none", "canonicalValues": ["a"],
        "referenceTypes": ["external"] });
    attribute["subAttributes"] = json!([attribute.clone()]);
    let sent = json!({ "id": "urn:a:b:User", "name": "a", "description": "a",
        "attributes": [attribute.clone()] });
    serde_json::from_value::<scim::Schema>(sent.clone()).unwrap();
    check("ExtensionAttribute", attribute);
    let mut sent = sent;
    sent["resource_type"] = json!("User");
    check("ExtensionSchema", sent);
    let role = Preset::Plain.catalog().roles()[0].clone();
    check("CatalogRole", json!(role));
    let sso = json!({ "protocol": "saml", "issuer": "x", "sign_in_url": "https://x.example" });
    let mut connection = json!(Connection::of_preset(Preset::Plain));
    connection["sso"] = sso.clone();
    serde_json::from_value::<Connection>(connection.clone()).unwrap();
    check("Connection", connection);
    check("Sso", sso);
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    let organization = json!({ "group": "a", "group_id": id, "role": "admin" });
    let workspace = json!({ "group": "a", "group_id": id, "workspace": "w" });
    let project = json!({ "group": "a", "group_id": id, "project": "w/p", "role": "inherit" });
    check("OrganizationRule", organization.clone());
    check("WorkspaceRule", workspace.clone());
    check("ProjectRule", project.clone());
    let mapping = json!({ "organization": [organization], "workspaces": [workspace],
        "projects": [project] });
    serde_json::from_value::<Mapping>(mapping.clone()).unwrap();
    check("Mapping", mapping);
}
