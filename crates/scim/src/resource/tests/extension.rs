use serde_json::{Value, json};

use super::{Kind, Mode, Registry, USER_URN};
use crate::resource::read;
use crate::schema::{Attribute, Schema, attribute::Type};

#[test]
fn a_declared_extension_has_every_type() {
    let urn = "urn:example:badge:1.0:User";
    let schema = Schema {
        id: urn.into(),
        name: "Badge".into(),
        description: "Badges".into(),
        attributes: vec![
            Attribute::text("badge", "Number").required(),
            Attribute::new("floors", Type::Integer, "Floors").multi_valued(),
            Attribute::new("weight", Type::Decimal, "Weight"),
            Attribute::new("since", Type::DateTime, "Since when"),
        ],
    };
    let registry = Registry::core().with_extension(Kind::User, schema);
    let check = |data: Value, fine: bool| {
        let body = json!({"schemas": [USER_URN, urn], "userName": "ada", urn: data});
        let read = read(&registry, Kind::User, Mode::Strict, body);
        assert_eq!(read.is_ok(), fine, "{data}: {:?}", read.err());
        if let Ok(read) = read {
            assert_eq!(read.resource.attributes[urn], data);
        }
    };
    check(
        json!({"badge": "7", "floors": [1, 2], "weight": 1.5, "since": "2030-01-31T08:00:00Z"}),
        true,
    );
    check(
        json!({"badge": "7", "since": "2030-01-31T08:00:00.5+02:00", "weight": 2}),
        true,
    );
    check(json!({"badge": "7", "since": "2030-01-31T08:00:00"}), true);
    check(json!({"floors": [1]}), false);
    check(json!({"badge": "7", "floors": [1.5]}), false);
    check(json!({"badge": "7", "floors": 1}), false);
    check(json!({"badge": "7", "weight": "1.5"}), false);
    check(json!({"badge": "7", "since": "2030-01-31"}), false);
    check(json!({"badge": "7", "since": "yesterday"}), false);
}
