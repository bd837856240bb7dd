//! Any text as an attribute path: answered, and canonical notation resolves to the same.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::{Kind, Mode, Projection, Registry, Sort, Target};

fuzz_target!(|text: &str| {
    let registry = Registry::core();
    for kind in Kind::ALL {
        if let Ok(target) = Target::resolve(&registry, kind, text) {
            let again = Target::resolve(&registry, kind, &target.to_string());
            assert_eq!(again.as_ref(), Ok(&target));
        }
        for mode in [Mode::Lenient, Mode::Strict] {
            let _ = Projection::parse(&registry, kind, mode, Some(text), None);
            let _ = Sort::parse(&registry, &[kind], mode, Some(text), None);
        }
    }
});
