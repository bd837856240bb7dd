#![expect(clippy::unwrap_used, reason = "tests")]

use super::{HashError, Stored, hash, verify};

const SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const OUTPUT: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

#[test]
fn what_was_hashed_verifies_and_nothing_else() {
    let phc = hash(b"one").unwrap();
    let stored = Stored::parse(&phc).unwrap();
    for (text, expected) in [("one", true), ("two", false), ("", false), ("one ", false)] {
        assert_eq!(verify(text.as_bytes(), &stored), Ok(expected), "{text:?}");
    }
}

#[test]
fn the_parameters_are_owasps_and_the_salt_is_fresh() {
    let (one, two) = (hash(b"same").unwrap(), hash(b"same").unwrap());
    assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    assert_ne!(one, two);
}

fn check(phc: &str, expected: &str) {
    let found = match Stored::parse(phc) {
        Ok(_) => "fit".to_owned(),
        Err(HashError::Unreadable) => "unreadable".to_owned(),
        Err(HashError::OutOfBounds { name, .. }) => name.to_owned(),
        Err(other) => other.to_string(),
    };
    assert_eq!(found, expected, "{phc}");
}

#[test]
fn a_stored_hash_is_used_only_within_bounds() {
    let with = |head: &str| format!("{head}${SALT}${OUTPUT}");
    check(&with("$argon2id$v=19$m=19456,t=2,p=1"), "fit");
    check(&with("$argon2id$v=19$m=65536,t=3,p=4"), "fit");
    check(&with("$argon2id$v=19$m=19455,t=2,p=1"), "memory in KiB");
    check(&with("$argon2id$v=19$m=4194304,t=2,p=1"), "memory in KiB");
    check(&with("$argon2id$v=19$m=19456,t=1,p=1"), "passes");
    check(&with("$argon2id$v=19$m=19456,t=4000000,p=1"), "passes");
    check(&with("$argon2id$v=19$m=19456,t=2,p=17"), "lanes");
    check(&with("$argon2i$v=19$m=19456,t=2,p=1"), "unreadable");
    check(&with("$argon2d$v=19$m=19456,t=2,p=1"), "unreadable");
    check(&with("$argon2id$v=16$m=19456,t=2,p=1"), "unreadable");
    check(&with("$argon2id$m=19456,t=2,p=1"), "unreadable");
    check(&with("$scrypt$ln=16,r=8,p=1"), "unreadable");
    let head = "$argon2id$v=19$m=19456,t=2,p=1";
    check(&format!("{head}$c2hvcnRzYWx0${OUTPUT}"), "bytes of salt");
    check(
        &format!("{head}${SALT}$AAAAAAAAAAAAAAAAAAAAAA"),
        "bytes of output",
    );
    check(&format!("{head}${SALT}"), "unreadable");
    check(head, "unreadable");
    check("", "unreadable");
    check("plain text", "unreadable");
}

#[test]
fn errors_never_hold_the_stored_text() {
    for phc in ["$argon2id$v=19$secretish", "secretish"] {
        let error = Stored::parse(phc).err().unwrap();
        assert!(!format!("{error} {error:?}").contains("secretish"));
    }
}
