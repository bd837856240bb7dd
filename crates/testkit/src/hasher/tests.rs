#![expect(clippy::unwrap_used, reason = "tests")]

use app::port::keys::KeyRow;

use super::*;

fn row(minted: &Minted, kind: Kind, epoch: i64) -> KeyRow {
    KeyRow {
        id: minted.id.clone(),
        kind,
        org: None,
        name: "ours".into(),
        phc: minted.phc.clone(),
        epoch,
        made_by: "operator".into(),
        created: 0,
        expires: None,
        revoked: None,
        ranges: Vec::new(),
        warned: None,
        previous: None,
        confirmed: None,
        used: None,
    }
}

#[test]
fn verifies_what_it_minted_and_nothing_else() {
    let hasher = QuickHasher::new();
    let ours = hasher.mint(Kind::Scim, None).unwrap();
    let other = hasher.mint(Kind::Scim, None).unwrap();
    assert_ne!(ours.token, other.token);
    let check = |token: &str, row: &KeyRow, expected: bool| {
        let token = Token::parse(token).unwrap();
        assert_eq!(hasher.verify(&token, row.hash()).unwrap(), expected);
    };
    check(&ours.token, &row(&ours, Kind::Scim, 1), true);
    check(&other.token, &row(&ours, Kind::Scim, 1), false);
    let stolen = KeyRow {
        phc: other.phc.clone(),
        ..row(&ours, Kind::Scim, 1)
    };
    check(&other.token, &stolen, false);
    assert_eq!(hasher.verifies(), 3);
}

#[test]
fn knows_only_what_it_verified_at_that_epoch() {
    let hasher = QuickHasher::new();
    let minted = hasher.mint(Kind::Owner, None).unwrap();
    let token = Token::parse(&minted.token).unwrap();
    let first = row(&minted, Kind::Owner, 1);
    assert!(!hasher.knows(&token, first.hash()));
    assert!(hasher.verify(&token, first.hash()).unwrap());
    assert!(hasher.knows(&token, first.hash()));
    assert!(!hasher.knows(&token, row(&minted, Kind::Owner, 2).hash()));
}

#[test]
fn a_foreign_hash_is_an_error() {
    let hasher = QuickHasher::new();
    let minted = hasher.mint(Kind::Read, None).unwrap();
    let token = Token::parse(&minted.token).unwrap();
    let foreign = KeyRow {
        phc: "$argon2id$".into(),
        ..row(&minted, Kind::Read, 1)
    };
    assert!(hasher.verify(&token, foreign.hash()).is_err());
}
