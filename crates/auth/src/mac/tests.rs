#![expect(clippy::unwrap_used, reason = "tests")]

use secrecy::SecretBox;

use super::{KEY_BYTES, Mac, ProcessKey};

/// RFC 4231 section 4.2; a short key equals the same key padded with zeros to a block.
#[test]
fn it_is_hmac_sha256() {
    let mut key = [0; KEY_BYTES];
    key[..20].fill(0x0b);
    let mac = ProcessKey(SecretBox::new(Box::new(key))).mac(b"Hi There");
    let expected = [
        0xb0, 0x34, 0x4c, 0x61, 0xd8, 0xdb, 0x38, 0x53, 0x5c, 0xa8, 0xaf, 0xce, 0xaf, 0x0b, 0xf1,
        0x2b, 0x88, 0x1d, 0xc2, 0x00, 0xc9, 0x83, 0x3d, 0xa7, 0x26, 0xe9, 0x37, 0x6c, 0x2e, 0x32,
        0xcf, 0xf7,
    ];
    assert_eq!(mac.0, expected);
}

#[test]
fn equal_means_same_key_and_same_text() {
    let (one, two) = (ProcessKey::random().unwrap(), ProcessKey::random().unwrap());
    let check = |a: Mac, b: Mac, expected: bool| assert_eq!(bool::from(a.same(&b)), expected);
    check(one.mac(b"text"), one.mac(b"text"), true);
    check(one.mac(b"text"), one.mac(b"texts"), false);
    check(one.mac(b"text"), two.mac(b"text"), false);
    check(one.mac(b"text"), Mac::DUMMY, false);
}
