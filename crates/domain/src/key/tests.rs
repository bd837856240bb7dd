#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::*;

fn sample() -> String {
    assemble(
        Kind::Scim,
        &KeyId::from_random([7; 16]),
        &Secret::from_random(&[9; 32]),
    )
}

#[test]
fn base62_keeps_leading_zeros_and_holds_256_bits() {
    fn check(number: u128, length: usize, expected: &str) {
        assert_eq!(base62::of_u128(number, length), expected);
    }
    check(0, 3, "000");
    check(61, 2, "0z");
    check(62, 2, "10");
    check(36, 1, "a");
    check(u128::from(u32::MAX), 6, "4gfFC3");
    let most = base62::of_bytes(&[0xff; 32], SECRET_LENGTH);
    assert_eq!(most.len(), SECRET_LENGTH);
    assert!(!most.starts_with('0'), "{most}");
    assert_eq!(
        base62::of_bytes(&[0xff; 32], SECRET_LENGTH + 1),
        format!("0{most}")
    );
}

#[test]
fn the_text_of_a_key_never_changes() {
    // Keys in use were made like this; a different text would lock everybody out. The
    // expected text was worked out by other means.
    let id = KeyId::from_random(*b"0123456789abcdef");
    let secret = Secret::from_random(b"0123456789abcdef0123456789abcdef");
    let text = assemble(Kind::Read, &id, &secret);
    assert_eq!(
        text,
        "rc_read_vn5aWJbDTr2E_BQWeEnktNXfuByH0yGsvGXEHVkgTX4eKqG7j1s9llu21VIxj7"
    );
}

#[test]
fn what_is_not_a_key_says_only_that() {
    fn check(text: &str, expected: KeyError) {
        assert_eq!(Token::parse(text).unwrap_err(), expected, "{text}");
    }
    let good = sample();
    check("", KeyError::Malformed);
    check("rc", KeyError::Malformed);
    check("ääääääääää", KeyError::Malformed);
    check(&"x".repeat(101), KeyError::TooLong);
    check(&good[..good.len() - 1], KeyError::Malformed);
    check(&format!("{good}0"), KeyError::Malformed);
    check(&good.replace("scim", "read"), KeyError::Checksum);
    check(&good.replace("scim", "SCIM"), KeyError::Malformed);
    check(&good.replace("rc_", "gh_"), KeyError::Malformed);
    check(&format!(" {good}"), KeyError::Malformed);
    check(&good.replace("scim_", "scim__"), KeyError::Malformed);
}

#[test]
fn every_single_changed_character_is_noticed() {
    let good = sample();
    for at in 0..good.len() {
        let mut bytes = good.clone().into_bytes();
        bytes[at] = if bytes[at] == b'Q' { b'R' } else { b'Q' };
        assert!(
            Token::parse(&String::from_utf8(bytes).unwrap()).is_err(),
            "at {at}"
        );
    }
}

#[test]
fn debug_does_not_show_the_secret() {
    let token = Token::parse(&sample()).unwrap();
    let shown = format!("{token:?}");
    assert!(!shown.contains(token.secret.expose()), "{shown}");
    assert!(shown.contains("Secret(..)"), "{shown}");
}

proptest! {
    #[test]
    fn a_key_comes_apart_as_it_was_put_together(
        id in any::<[u8; 16]>(), secret in any::<[u8; 32]>(), kind in 0..Kind::ALL.len(),
    ) {
        let made = Token {
            kind: Kind::ALL[kind],
            id: KeyId::from_random(id),
            secret: Secret::from_random(&secret),
        };
        let text = assemble(made.kind, &made.id, &made.secret);
        prop_assert!(text.len() <= MAX_TOKEN);
        prop_assert_eq!(Token::parse(&text).unwrap(), made);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "\\PC{0,110}") {
        prop_assert!(Token::parse(&text).is_err());
    }
}
