use proptest::prelude::*;

use super::{VERSION, fits, key, user_name_problem};

fn check(left: &str, right: &str, equal: bool) {
    assert_eq!(key(left) == key(right), equal, "{left:?} and {right:?}");
}

#[test]
fn what_compares_equal() {
    check("STRASSE@x", "Straße@x", true);
    check("\u{212A}im", "kim", true); // Kelvin sign
    check("\u{017F}am", "sam", true); // long s
    check("ａｄｍｉｎ", "admin", true);
    check("ﬁn", "fin", true);
    check("admin\u{200B}", "admin", true);
    check("ad\u{00AD}min", "Admin", true);
    check("\u{FEFF}admin", "admin", true);
    check("e\u{0301}va", "\u{00C9}VA", true);
    check("Σίσυφος", "ΣΊΣΥΦΟΣ", true);
    check("\u{0131}", "i", false); // dotless i
    check("\u{0130}", "i", false); // dotted capital I
    check("\u{0430}dmin", "admin", false); // Cyrillic a
    check("admin ", "admin", false);
    check("a\u{0301}", "a", false);
}

#[test]
fn folding_twice_changes_nothing_for_any_character() {
    for c in (0..=0x0010_FFFF).filter_map(char::from_u32) {
        let once = key(&format!("a{c}b"));
        assert_eq!(key(&once), once, "U+{:04X}", u32::from(c));
    }
}

#[test]
fn new_unicode_tables_need_a_new_version() {
    let tables = (
        unicode_normalization::UNICODE_VERSION,
        caseless::UNICODE_VERSION,
    );
    assert_eq!((VERSION, tables), (1, ((18, 0, 0), (16, 0, 0))));
}

#[test]
fn user_names_that_deceive_are_refused() {
    let check = |name: &str, fine: bool| {
        assert_eq!(user_name_problem(name).is_none(), fine, "{name:?}");
    };
    check("ada@example.com", true);
    check("Zoë Ångström", true);
    check("kim+hr@example.com", true);
    check("\u{0430}dmin", true);
    check("", false);
    check("  ", false);
    check("\u{200B}", false);
    check("a\u{0000}b", false);
    check("a\nb", false);
    check("a\u{0085}b", false);
    check("a\u{202E}b", false);
    check("a\u{2066}b", false);
    check(&"a".repeat(1024), true);
    check(&"a".repeat(1025), false);
    check(&"\u{FDFA}".repeat(100), false); // folds to 33 bytes each
}

proptest! {
    #[test]
    fn folding_is_idempotent(text in any::<String>()) {
        let once = key(&text);
        prop_assert_eq!(key(&once), once);
    }

    #[test]
    fn the_short_cut_for_short_keys_is_right(text in "\\PC{0,80}") {
        prop_assert_eq!(fits(&text), key(&text).len() <= super::MAX_KEY_BYTES);
    }

    #[test]
    fn ascii_folds_as_the_general_way_does(text in "[ -~]{0,40}") {
        let general = key(&format!("{text}ü"));
        prop_assert_eq!(format!("{}ü", key(&text)), general);
    }
}
