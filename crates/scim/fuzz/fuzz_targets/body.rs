//! Any bytes as a body: answered, and what was mended and stored is read again unchanged, in
//! strict mode as well.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::{Kind, Mode, Query, Registry, declare, json, resource};
use serde_json::{Value, json};

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = json::parse(bytes) else {
        return;
    };
    let registry = Registry::core();
    let _ = Query::from_body(Mode::Lenient, body.clone());
    let _ = declare::extension(&registry, body.clone());
    for kind in Kind::ALL {
        let _ = resource::read(&registry, kind, Mode::Strict, body.clone());
        let Ok(read) = resource::read(&registry, kind, Mode::Lenient, body.clone()) else {
            continue;
        };
        let mut again = read.resource.attributes.clone();
        again.insert("schemas".to_owned(), json!(read.resource.schemas()));
        let again = resource::read(&registry, kind, Mode::Strict, Value::Object(again));
        assert_eq!(again.map(|again| again.resource), Ok(read.resource));
    }
});
