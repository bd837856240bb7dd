//! Properties over random operations, and a naive model for simple paths.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::{BADGES, ENTERPRISE, ID, document, message, registry};
use crate::mode::Mode;
use crate::patch::Patch;
use crate::resource::{self, Resource};
use crate::schema::Kind;

fn start() -> Resource {
    document(
        Kind::User,
        json!({
            "userName": "u",
            "name": { "givenName": "G" },
            "emails": [{ "value": "a", "type": "work", "primary": true }, { "value": "b" }],
            ENTERPRISE: { "manager": { "value": "m" } },
            BADGES: { "tags": ["x"], "hired": "h" },
        }),
    )
}

fn any_json() -> impl Strategy<Value = Value> {
    let name = prop::sample::select(vec![
        "value",
        "type",
        "primary",
        "title",
        "name",
        "givenName",
        "emails",
        "id",
        "$ref",
        "tags",
        ENTERPRISE,
        BADGES,
        "userName",
        "active",
        "emails.value",
        "emails[type eq \"work\"].value",
        "members",
        "",
        "x y",
        "roles",
        "manager",
        "displayName",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        prop::sample::select(vec![
            "",
            "True",
            "work",
            "a",
            "{\"value\":\"r\"}",
            "\u{202e}"
        ])
        .prop_map(Value::from),
        "\\PC{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, move |inner| {
        let members = prop::collection::vec((name.clone(), inner.clone()), 0..4);
        prop_oneof![
            prop::collection::vec(inner, 0..3).prop_map(Value::Array),
            members.prop_map(|pairs| {
                Value::Object(pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect())
            }),
        ]
    })
}

fn path() -> impl Strategy<Value = Value> {
    let known = vec![
        "title",
        "active",
        "name",
        "name.givenName",
        "emails",
        "emails.value",
        "emails.primary",
        "emails[type eq \"work\"]",
        "emails[type eq \"home\"].value",
        "emails[primary eq true].type",
        "emails[not (type pr)]",
        "roles[primary eq \"True\"].value",
        "manager",
        "manager.value",
        "userName",
        "externalId",
        "id",
        "members",
        "members[value eq \"1\"]",
        ENTERPRISE,
        BADGES,
        "tags",
        "tags[value eq \"x\"]",
        "hired",
        "badge.number",
        "floor",
        "addresses",
        "schemas",
        "x509Certificates",
        "displayName",
    ];
    prop_oneof![
        8 => prop::sample::select(known).prop_map(Value::from),
        2 => Just(Value::Null),
        1 => "[a-z\\[\\].\" :]{0,12}".prop_map(Value::from),
        1 => any_json(),
    ]
}

fn operation() -> impl Strategy<Value = Value> {
    let op = prop::sample::select(vec![
        "add", "Replace", "replace", "remove", "Remove", "move",
    ]);
    (op, path(), prop::option::weighted(0.9, any_json())).prop_map(|(op, path, value)| {
        let mut operation = json!({ "op": op, "path": path });
        if let Some(value) = value {
            operation["value"] = value;
        }
        operation
    })
}

fn operations() -> impl Strategy<Value = Value> {
    prop::collection::vec(operation(), 0..5).prop_map(Value::from)
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![Just(Mode::Lenient), Just(Mode::Strict)]
}

/// Reading the document as a strict body changes nothing: all names are known, canonical and in
/// order, all values have their type, one value at most is primary.
fn check_valid(after: &Resource) -> Result<(), TestCaseError> {
    let mut body = Value::Object(after.attributes.clone());
    body["schemas"] = json!(after.schemas());
    let again = resource::read(&registry(), after.kind, Mode::Strict, body);
    let again = again.map(|incoming| incoming.resource);
    // As text, because maps are equal in any order.
    let text = again.as_ref().map(Resource::to_json);
    prop_assert_eq!(text, Ok(after.to_json()));
    Ok(())
}

#[derive(Debug, Clone)]
enum Simple {
    Set(&'static str, String),
    Remove(&'static str),
}

fn simple() -> impl Strategy<Value = Simple> {
    let path = prop::sample::select(vec![
        "title",
        "nickName",
        "name.givenName",
        "name.familyName",
        "externalId",
    ]);
    prop_oneof![
        2 => (path.clone(), "[a-z]{1,4}").prop_map(|(path, text)| Simple::Set(path, text)),
        1 => path.prop_map(Simple::Remove),
    ]
}

/// The model: a flat map of paths.
fn model(changes: &[Simple]) -> Map<String, Value> {
    let mut flat = std::collections::BTreeMap::new();
    for change in changes {
        match change {
            Simple::Set(path, text) => flat.insert(*path, text.clone()),
            Simple::Remove(path) => flat.remove(path),
        };
    }
    let mut document = json!({ "userName": "u" });
    for (path, text) in flat {
        match path.split_once('.') {
            Some((parent, name)) => document[parent][name] = json!(text),
            None => document[path] = json!(text),
        }
    }
    document.as_object().unwrap().clone()
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn whatever_is_sent_the_document_stays_valid(mode in mode(), operations in operations()) {
        for before in [start(), document(Kind::Group, json!({ "displayName": "g" }))] {
            let body = message(operations.clone());
            if let Ok(patch) = Patch::parse(&registry(), before.kind, mode, body)
                && let Ok(after) = patch.apply(&before, ID)
            {
                check_valid(&after)?;
            }
        }
    }

    #[test]
    fn simple_paths_do_what_a_flat_map_does(
        changes in prop::collection::vec((simple(), any::<bool>()), 0..12),
    ) {
        let operation = |(change, add): &(Simple, bool)| match change {
            Simple::Set(path, text) => {
                json!({ "op": if *add { "add" } else { "replace" }, "path": path, "value": text })
            }
            Simple::Remove(path) => json!({ "op": "remove", "path": path }),
        };
        let operations: Vec<Value> = changes.iter().map(operation).collect();
        let simple: Vec<Simple> = changes.iter().map(|(change, _)| change.clone()).collect();
        let before = document(Kind::User, json!({ "userName": "u" }));
        let expected = document(Kind::User, Value::Object(model(&simple)));
        for mode in [Mode::Strict, Mode::Lenient] {
            let after = if operations.is_empty() {
                before.clone()
            } else {
                let body = message(json!(operations));
                let patch = Patch::parse(&registry(), Kind::User, mode, body).unwrap();
                patch.apply(&before, ID).unwrap()
            };
            prop_assert_eq!(&after, &expected);
        }
    }
}

proptest! {
    #[test]
    fn any_body_is_answered(mode in mode(), body in any_json()) {
        for kind in Kind::ALL {
            let _ = Patch::parse(&registry(), kind, mode, body.clone());
        }
    }

    #[test]
    fn add_and_replace_without_path_are_idempotent(
        op in prop::sample::select(vec!["add", "replace"]), value in any_json(),
    ) {
        // Which e-mail this means depends on what is there.
        if value.to_string().contains("emails.value") {
            return Ok(());
        }
        let body = message(json!([{ "op": op, "value": value }]));
        if let Ok(patch) = Patch::parse(&registry(), Kind::User, Mode::Lenient, body)
            && let Ok(once) = patch.apply(&start(), ID)
        {
            prop_assert_eq!(patch.apply(&once, ID), Ok(once));
        }
    }

    #[test]
    fn what_strict_accepts_lenient_does_alike(value in any_json(), path in path()) {
        let body = message(json!([{ "op": "add", "path": path, "value": value }]));
        let run = |mode| {
            let patch = Patch::parse(&registry(), Kind::User, mode, body.clone())?;
            let noted = !patch.leniencies().is_empty();
            Ok::<_, crate::Error>((patch.apply(&start(), ID)?, noted))
        };
        if let Ok((strict, _)) = run(Mode::Strict) {
            let (lenient, mended) = run(Mode::Lenient).unwrap();
            prop_assert!(mended || strict == lenient);
        }
    }
}
