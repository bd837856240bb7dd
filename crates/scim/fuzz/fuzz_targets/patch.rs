//! Any bytes as the body of a PATCH: answered, and the document stays one that can be stored.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::{Bulk, Kind, Mode, Patch, Registry, Resource, json};

const USER: &str = r#"{"userName":"a","active":true,"emails":[{"value":"a@b","type":"work"}]}"#;
const GROUP: &str = r#"{"displayName":"g"}"#;

fuzz_target!(|bytes: &[u8]| {
    let Ok(body) = json::parse(bytes) else {
        return;
    };
    if let Ok(bulk) = Bulk::parse(Mode::Lenient, body.clone()) {
        assert!(bulk.plan().len() >= bulk.entries.len());
    }
    let registry = Registry::core();
    for (kind, text) in [(Kind::User, USER), (Kind::Group, GROUP)] {
        let before = Resource::from_json(kind, text).expect("a document");
        for mode in [Mode::Lenient, Mode::Strict] {
            let Ok(patch) = Patch::parse(&registry, kind, mode, body.clone()) else {
                continue;
            };
            let Ok(after) = patch.apply(&before, "1") else {
                continue;
            };
            let stored = Resource::from_json(kind, &after.to_json()).expect("a document");
            assert_eq!(stored, after);
            let required = match kind {
                Kind::User => after.user_name(),
                Kind::Group => after.display_name(),
            };
            assert!(required.is_some_and(|text| !text.trim().is_empty()));
        }
    }
});
