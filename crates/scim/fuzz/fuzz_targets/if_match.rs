//! Any text as If-Match and If-None-Match.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::{Preconditions, Version};

fuzz_target!(|text: &str| {
    let Ok(read) = Preconditions::parse(Some(text), Some(text)) else {
        return;
    };
    // Both headers hold the same: what names the version names it in both.
    let version = Version(12);
    if !read.none_match(version) {
        assert!(read.check_match(version).is_ok());
    }
});
