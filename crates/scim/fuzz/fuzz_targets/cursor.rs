//! Any text as a cursor. The MAC of this target is constant, so that the payload behind it is
//! reached; what is taken has one text only.
#![no_main]

use libfuzzer_sys::fuzz_target;
use rolecall_scim::Cursor;
use rolecall_scim::cursor::{Lifetime, MAC_BYTES};
use rolecall_scim::query::Paging;

fuzz_target!(|text: &str| {
    let lifetime = Lifetime {
        now: 0,
        seconds: None,
    };
    let mac = |_: &[u8]| [0; MAC_BYTES];
    if let Ok(cursor) = Cursor::read(text, b"q", mac, lifetime) {
        assert_eq!(cursor.write(b"q", mac), text);
    }
    let guarded = |bytes: &[u8]| [u8::try_from(bytes.len() % 255).unwrap_or(0) + 1; MAC_BYTES];
    let _ = Cursor::read(text, b"q", guarded, lifetime);
    if let Ok(paging) = Paging::parse(Some(text), Some(text), Some(text)) {
        let _ = paging.page(b"q", mac, lifetime);
    }
    let _ = Paging::parse(None, Some(text), Some(text));
});
