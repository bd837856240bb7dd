#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{
    Discovery, Features, resource_type, resource_types, schema, schemas, service_provider_config,
};
use crate::registry::Registry;
use crate::schema::{Attribute, ENTERPRISE_URN, GROUP_URN, Kind, Schema, USER_URN};

const BASE: &str = "https://roles.example.com/scim/v2";

#[test]
fn the_configuration_has_what_strict_clients_read() {
    let config = service_provider_config(BASE);
    for feature in ["patch", "bulk", "filter", "changePassword", "sort", "etag"] {
        assert!(config[feature]["supported"].is_boolean(), "{feature}");
    }
    assert!(config["bulk"]["maxOperations"].is_u64());
    assert!(config["bulk"]["maxPayloadSize"].is_u64());
    assert_eq!(config["filter"]["maxResults"], 1000);
    assert_eq!(
        config["authenticationSchemes"][0]["type"],
        "oauthbearertoken"
    );
    assert_eq!(
        config["meta"]["location"],
        format!("{BASE}/ServiceProviderConfig")
    );
}

#[test]
fn resource_types_name_their_schemas() {
    let registry = Registry::core();
    let list = resource_types(BASE, &registry);
    assert_eq!(list["totalResults"], 2);
    assert_eq!(
        list["Resources"][0],
        resource_type(BASE, &registry, "User").unwrap()
    );
    let user = &list["Resources"][0];
    assert_eq!(user["schema"], USER_URN);
    assert_eq!(user["endpoint"], "/Users");
    let extensions = json!([{ "schema": ENTERPRISE_URN, "required": false }]);
    assert_eq!(user["schemaExtensions"], extensions);
    let group = &list["Resources"][1];
    assert_eq!(group["schema"], GROUP_URN);
    assert_eq!(group.get("schemaExtensions"), None);
    assert_eq!(
        resource_type(BASE, &registry, "user"),
        None,
        "paths are exact"
    );
    assert_eq!(resource_type(BASE, &registry, "Role"), None);
}

#[test]
fn schemas_are_found_by_their_uri() {
    let registry = Registry::core();
    let list = schemas(BASE, &registry);
    let ids: Vec<_> = list["Resources"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["id"])
        .collect();
    assert_eq!(json!(ids), json!([USER_URN, GROUP_URN, ENTERPRISE_URN]));
    let user = schema(BASE, &registry, &USER_URN.to_lowercase()).unwrap();
    assert_eq!(user, list["Resources"][0]);
    assert_eq!(
        user["meta"]["location"],
        format!("{BASE}/Schemas/{USER_URN}")
    );
    assert_eq!(schema(BASE, &registry, "urn:example:nothing"), None);
}

/// Calls `visit` for every attribute and sub-attribute of a schema in JSON.
fn walk(attributes: &Value, visit: &mut dyn FnMut(&Value)) {
    for attribute in attributes.as_array().unwrap() {
        visit(attribute);
        if let Some(subs) = attribute.get("subAttributes") {
            walk(subs, visit);
        }
    }
}

#[test]
fn attributes_have_every_required_member_and_no_null() {
    let list = schemas(BASE, &Registry::core());
    for one in list["Resources"].as_array().unwrap() {
        walk(&one["attributes"], &mut |attribute| {
            for name in [
                "name",
                "type",
                "multiValued",
                "description",
                "required",
                "caseExact",
                "mutability",
            ] {
                assert!(
                    !attribute[name].is_null(),
                    "{name} of {}",
                    attribute["name"]
                );
            }
            assert!(
                attribute
                    .as_object()
                    .unwrap()
                    .values()
                    .all(|value| !value.is_null())
            );
            assert_ne!(attribute["name"], "password");
            for common in ["id", "externalId", "meta", "schemas"] {
                assert_ne!(
                    attribute["name"], common,
                    "common attributes are in no schema"
                );
            }
        });
    }
    let attributes = list["Resources"][0]["attributes"].as_array().unwrap();
    let of = |name: &str| attributes.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!(of("userName")["uniqueness"], "server");
    assert_eq!(of("profileUrl")["type"], "reference");
    assert_eq!(of("groups")["mutability"], "readOnly");
    assert_eq!(
        of("emails")["subAttributes"][2]["canonicalValues"],
        json!(["work", "home", "other"])
    );
}

#[test]
fn a_declared_extension_is_told_and_reads_back() {
    let badge = Schema {
        id: "urn:example:badge:1.0:Group".into(),
        name: "Badge".into(),
        description: "Badges".into(),
        attributes: vec![Attribute::text("badge", "Number").case_exact()],
    };
    let registry = Registry::core().with_extension(Kind::Group, badge.clone());
    let group = resource_type(BASE, &registry, "Group").unwrap();
    assert_eq!(
        group["schemaExtensions"][0]["schema"],
        "urn:example:badge:1.0:Group"
    );
    let told = schema(BASE, &registry, "urn:example:badge:1.0:Group").unwrap();
    assert_eq!(serde_json::from_value::<Schema>(told).unwrap(), badge);
}

#[test]
fn features_are_told_when_the_caller_has_them() {
    let registry = Registry::core();
    let with = |features| Discovery {
        base: BASE,
        registry: &registry,
        features,
    };
    let least = with(Features::default()).service_provider_config();
    assert_eq!(least, service_provider_config(BASE));
    assert_eq!(least["sort"]["supported"], false);
    assert_eq!(least.get("pagination"), None);
    let all = with(Features {
        bulk: true,
        sort: true,
        cursors: true,
        cursor_timeout: Some(3_600),
        roles: true,
        interop_profile: true,
    })
    .service_provider_config();
    assert_eq!(
        all["bulk"],
        json!({ "supported": true, "maxOperations": 1_000, "maxPayloadSize": 1_048_576 })
    );
    assert_eq!(all["sort"]["supported"], true);
    assert_eq!(all["interopProfileConformant"], true);
    assert_eq!(least.get("interopProfileConformant"), None);
    let pagination = json!({
        "cursor": true, "index": true, "defaultPaginationMethod": "index",
        "defaultPageSize": 1_000, "maxPageSize": 1_000, "cursorTimeout": 3_600,
    });
    assert_eq!(all["pagination"], pagination);
    let endless = with(Features {
        cursors: true,
        ..Features::default()
    });
    let config = endless.service_provider_config();
    assert_eq!(config["pagination"].get("cursorTimeout"), None);
}

#[test]
fn roles_are_listed_only_when_asked_for() {
    let registry = Registry::core();
    for (roles, types, urns) in [(false, 2, 3), (true, 3, 4)] {
        let discovery = Discovery {
            base: BASE,
            registry: &registry,
            features: Features {
                roles,
                ..Features::default()
            },
        };
        assert_eq!(discovery.resource_types()["totalResults"], types);
        assert_eq!(discovery.schemas()["totalResults"], urns);
        let one = discovery.resource_type("Role");
        assert_eq!(one.is_some(), roles);
        assert_eq!(one.as_ref(), discovery.resource_types()["Resources"].get(2));
        let schema = discovery.schema(crate::roles::ROLE_URN);
        assert_eq!(schema.as_ref(), discovery.schemas()["Resources"].get(3));
        assert_eq!(discovery.resource_type("role"), None, "paths are exact");
    }
}

#[test]
fn lists_with_a_type_say_which_there_are_where_the_profile_holds() {
    let registry = Registry::core();
    for (interop_profile, suggested) in [
        (false, json!(null)),
        (true, json!(["work", "home", "other"])),
    ] {
        let discovery = Discovery {
            base: BASE,
            registry: &registry,
            features: Features {
                interop_profile,
                ..Features::default()
            },
        };
        let user = discovery.schema(USER_URN).unwrap();
        assert_eq!(discovery.schemas()["Resources"][0], user);
        let types = |list: &str| {
            let named = |rows: &Value, name: &str| {
                let mut rows = rows.as_array().unwrap().iter();
                rows.find(|row| row["name"] == name).unwrap().clone()
            };
            let list = named(&user["attributes"], list);
            named(&list["subAttributes"], "type")["canonicalValues"].clone()
        };
        for list in ["roles", "entitlements", "x509Certificates"] {
            assert_eq!(types(list), suggested, "{list}");
        }
        assert_eq!(types("photos"), json!(["photo", "thumbnail"]));
    }
}
