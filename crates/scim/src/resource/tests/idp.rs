//! Whole bodies of identity providers, and what is stored.

use serde_json::{Value, json};

use super::{ENTERPRISE_URN, GROUP_URN, Kind, Mode, USER_URN};
use crate::registry::Registry;
use crate::resource::read;

fn check(kind: Kind, body: Value, stored: &Value) {
    let incoming = read(&Registry::core(), kind, Mode::Lenient, body).unwrap();
    assert_eq!(&Value::Object(incoming.resource.attributes), stored);
}

#[test]
fn okta_wizard_puts_back_what_it_read() {
    let body = json!({
        "schemas": [USER_URN],
        "id": "0190",
        "userName": "nia@example.com",
        "name": {"givenName": "Nia", "middleName": "", "familyName": "Okafor"},
        "emails": [{"value": "nia@example.com", "display": "nia", "type": "work", "primary": true}],
        "active": true,
        "groups": [{"value": "g", "$ref": "../Groups/g", "display": "G", "type": "direct"}],
        "password": "Zk4qP",
        "meta": {"resourceType": "User", "version": "W/\"1\""},
    });
    check(
        Kind::User,
        body,
        &json!({
            "userName": "nia@example.com",
            "name": {"familyName": "Okafor", "givenName": "Nia"},
            "active": true,
            "emails": [{"value": "nia@example.com", "display": "nia", "type": "work", "primary": true}],
        }),
    );
}

#[test]
fn entra_creates_with_nulls_and_without_uris() {
    let body = json!({
        "schemas": [USER_URN, ENTERPRISE_URN],
        "externalId": "dfrey",
        "userName": "dfrey@example.com",
        "active": "True",
        "addresses": null,
        "emails": [{"Primary": "True", "type": "work", "value": "dfrey@example.com"}],
        "meta": {"resourceType": "User"},
        "preferredLanguage": null,
        "department": "Ops",
        "manager": null,
        "roles": [{"primary": false, "displayName": "Admin", "value": "admin"}],
        "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User": {"tag": "T"},
    });
    check(
        Kind::User,
        body,
        &json!({
            "externalId": "dfrey",
            "userName": "dfrey@example.com",
            "active": true,
            "emails": [{"value": "dfrey@example.com", "type": "work", "primary": true}],
            "roles": [{"value": "admin", "display": "Admin", "primary": false}],
            ENTERPRISE_URN: {"department": "Ops"},
        }),
    );
}

#[test]
fn entra_groups_name_a_schema_of_their_own() {
    let body = json!({
        "schemas": [
            GROUP_URN,
            "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group",
        ],
        "externalId": "8aa1",
        "displayName": "Team",
        "meta": {"resourceType": "Group"},
    });
    check(
        Kind::Group,
        body,
        &json!({"externalId": "8aa1", "displayName": "Team"}),
    );
}

#[test]
fn onelogin_templates_render_empty_texts() {
    let body = json!({
        "schemas": ["urn:scim:schemas:core:2.0", "urn:scim:schemas:extension:enterprise:2.0"],
        "id": null,
        "userName": "uma",
        "active": "true",
        "title": "",
        "emails": {"value": "uma@example.com", "type": "work", "primary": true},
        "addresses": [{"type": "work", "city": "Bonn", "country": ""}],
        ENTERPRISE_URN: {"department": "Field", "manager": {"value": "", "displayName": " "}},
    });
    check(
        Kind::User,
        body,
        &json!({
            "userName": "uma",
            "active": true,
            "emails": [{"value": "uma@example.com", "type": "work", "primary": true}],
            "addresses": [{"type": "work"}],
            ENTERPRISE_URN: {"department": "Field"},
        }),
    );
}

#[test]
fn older_authentik_leaves_schemas_out_and_rauthy_unlinks_with_null() {
    let body =
        json!({"userName": "rau", "externalId": null, "roles": [], "name": {"familyName": ""}});
    check(Kind::User, body, &json!({"userName": "rau"}));
}
