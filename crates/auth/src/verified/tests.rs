#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Recall, Verified};
use crate::{mac::ProcessKey, vault::tests::row};

#[test]
fn what_is_recalled_is_the_key_and_the_version_of_its_row() {
    let key = ProcessKey::random().unwrap();
    let verified = Verified::new(10);
    let before = row("one", "hash", 3);
    verified.remember(before.hash(), key.mac(b"right"));
    let check = |id, phc, epoch, text: &[u8], expected| {
        let found = verified.recall(row(id, phc, epoch).hash(), &key.mac(text));
        assert_eq!(found, expected, "{id} {phc} {epoch}");
    };
    check("one", "hash", 3, b"right", Recall::This);
    check("one", "hash", 3, b"wrong", Recall::Another);
    check("one", "hash", 4, b"right", Recall::Nothing);
    check("one", "hash", 2, b"right", Recall::Nothing);
    check("one", "hash", 4, b"wrong", Recall::Nothing);
    check("one", "other", 3, b"right", Recall::Nothing);
}

#[test]
fn pretending_remembers_nothing() {
    let key = ProcessKey::random().unwrap();
    let verified = Verified::new(10);
    verified.pretend("one", &key.mac(b"right"));
    let found = verified.recall(row("one", "hash", 0).hash(), &key.mac(b"right"));
    assert_eq!(found, Recall::Nothing);
}

#[test]
fn the_map_is_bounded_and_the_newest_stays() {
    let key = ProcessKey::random().unwrap();
    let verified = Verified::new(3);
    let recalled = |number: usize| {
        let mac = key.mac(number.to_string().as_bytes());
        verified.recall(row("key", &number.to_string(), 0).hash(), &mac) == Recall::This
    };
    for number in 0..20_usize {
        let mac = key.mac(number.to_string().as_bytes());
        verified.remember(row("key", &number.to_string(), 0).hash(), mac);
        verified.remember(row("key", &number.to_string(), 0).hash(), mac);
        assert!(recalled(number), "the newest, {number}");
        let known = (0..20).filter(|&number| recalled(number)).count();
        assert_eq!(known, (number + 1).min(3), "after {number}");
    }
}
