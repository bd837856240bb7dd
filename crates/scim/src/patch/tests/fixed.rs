//! What is set once stays, by whatever path a PATCH comes to it (RFC 7643 section 7).

use serde_json::{Value, json};

use super::{Patch, message};
use crate::error::ScimType;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::resource::{self, Resource};
use crate::schema::{Attribute, Kind, Schema};

const DEVICES: &str = "urn:example:devices:1.0";

fn registry() -> Registry {
    let devices = Attribute::complex(
        "devices",
        "",
        vec![
            Attribute::text("value", ""),
            Attribute::text("type", ""),
            Attribute::text("serial", "").immutable(),
        ],
    )
    .multi_valued();
    Registry::core().with_extension(
        Kind::User,
        Schema {
            id: DEVICES.into(),
            name: "Devices".into(),
            description: "Devices".into(),
            attributes: vec![devices],
        },
    )
}

fn person() -> Resource {
    let body = json!({ "userName": "ada", DEVICES: { "devices": [
        { "value": "v1", "type": "t1", "serial": "s1" },
        { "value": "v2", "type": "t2" },
    ] } });
    resource::read(&registry(), Kind::User, Mode::Lenient, body)
        .unwrap()
        .resource
}

/// The devices after one operation, or the error's keyword and text.
fn run(mode: Mode, op: &str, rest: &str, value: &Value) -> Result<Value, (ScimType, String)> {
    let operation = json!({ "op": op, "path": format!("{DEVICES}:devices{rest}"), "value": value });
    let patch = Patch::parse(&registry(), Kind::User, mode, message(json!([operation]))).unwrap();
    match patch.apply(&person(), "1") {
        Ok(after) => Ok(after.extension(DEVICES).unwrap()["devices"].clone()),
        Err(error) => Err((error.scim_type.unwrap(), error.detail)),
    }
}

#[test]
fn another_serial_is_refused_however_it_comes() {
    let changed = json!({ "value": "v1", "type": "t1", "serial": "s2" });
    let list = json!([changed]);
    for mode in [Mode::Strict, Mode::Rfc, Mode::Lenient] {
        for (op, rest, value) in [
            ("replace", "", &list),
            ("add", "", &list),
            ("replace", "[type eq \"t2\"]", &changed),
            ("add", "[type eq \"t1\"]", &changed),
            ("replace", "[type eq \"t1\"].serial", &changed["serial"]),
        ] {
            if mode == Mode::Strict && rest.ends_with(']') {
                continue;
            }
            let (keyword, detail) = run(mode, op, rest, value).unwrap_err();
            assert_eq!(keyword, ScimType::Mutability, "{mode:?} {op} {rest}");
            let told = format!("{DEVICES}:devices.serial is immutable: it is set");
            assert!(detail.contains(&told), "{detail}");
        }
    }
}

#[test]
fn a_first_serial_is_set_and_an_absent_one_stays() {
    let first = json!([{ "value": "v2", "type": "t2", "serial": "s2" }]);
    for mode in [Mode::Strict, Mode::Rfc, Mode::Lenient] {
        let after = run(mode, "add", "", &first).unwrap();
        assert_eq!(after[1], first[0], "{mode:?}");
        let absent = json!([{ "value": "V1", "type": "t1" }]);
        let after = run(mode, "replace", "", &absent).unwrap();
        let kept = json!([{ "value": "V1", "type": "t1", "serial": "s1" }]);
        assert_eq!(after, kept, "{mode:?}");
        let other = json!([{ "value": "v3", "type": "t1", "serial": "s3" }]);
        assert_eq!(run(mode, "replace", "", &other).unwrap(), other, "{mode:?}");
    }
}
