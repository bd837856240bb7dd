//! Any text as a filter: answered, and what is understood prints to what means the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::{Filter, Kind, Mode, Registry};

fuzz_target!(|text: &str| {
    let registry = Registry::core();
    for kind in Kind::ALL {
        let Ok(filter) = Filter::parse(&registry, kind, Mode::Lenient, text) else {
            continue;
        };
        let printed = filter.to_string();
        // Printing may be longer than the text; only then it may be over the limit.
        if printed.len() <= rolecall_scim::filter::MAX_LENGTH {
            let again = Filter::parse(&registry, kind, Mode::Strict, &printed);
            assert_eq!(again.as_ref(), Ok(&filter), "{printed}");
        }
        filter.matches(&serde_json::json!({ "userName": text, "emails": [{ "value": text }] }));
    }
});
