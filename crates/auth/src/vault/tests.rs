#![expect(clippy::unwrap_used, reason = "tests")]

use std::{sync::Barrier, thread};

use app::port::{Hasher, hasher::Minted, keys::KeyRow};
use domain::key::{KeyId, Kind, Secret, Token};

use super::Vault;

/// A row as the store would give it; only what this crate looks at matters.
pub(crate) fn row(id: &str, phc: &str, epoch: i64) -> KeyRow {
    KeyRow {
        id: id.to_owned(),
        kind: Kind::Scim,
        org: None,
        name: "test".to_owned(),
        phc: phc.to_owned(),
        epoch,
        made_by: "operator".to_owned(),
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

/// A vault with one key, its row and what a caller would send.
fn vault() -> (Vault, Token, KeyRow) {
    let vault = Vault::new().unwrap();
    let minted = vault.mint(Kind::Scim, None).unwrap();
    let row = row(&minted.id, &minted.phc, 0);
    (vault, Token::parse(&minted.token).unwrap(), row)
}

/// The same id with a secret that is not the key's.
fn wrong(token: &Token) -> Token {
    Token {
        secret: Secret::from_random(&[7; 32]),
        ..token.clone()
    }
}

#[test]
fn what_is_minted_is_a_key_of_that_kind_and_verifies() {
    let vault = Vault::new().unwrap();
    for kind in [Kind::Scim, Kind::Admin, Kind::Read, Kind::Owner] {
        let Minted { id, token, phc } = vault.mint(kind, None).unwrap();
        let parsed = Token::parse(&token).unwrap();
        assert_eq!((parsed.kind, parsed.id.as_str()), (kind, id.as_str()));
        assert!(!phc.contains(parsed.secret.expose()));
        assert!(vault.verify(&parsed, row(&id, &phc, 0).hash()).unwrap());
        let relabeled = Token {
            kind: if kind == Kind::Owner {
                Kind::Scim
            } else {
                Kind::Owner
            },
            ..parsed
        };
        assert!(
            !vault.verify(&relabeled, row(&id, &phc, 1).hash()).unwrap(),
            "{kind}"
        );
    }
}

#[test]
fn keys_are_never_alike() {
    let vault = Vault::new().unwrap();
    let (one, two) = (
        vault.mint(Kind::Scim, None).unwrap(),
        vault.mint(Kind::Scim, None).unwrap(),
    );
    assert_ne!(one.id, two.id);
    assert_ne!(one.token, two.token);
    assert_ne!(one.phc, two.phc);
}

#[test]
fn argon2_runs_once_for_many_first_requests_at_once() {
    const CALLERS: usize = 50;
    let (vault, token, row) = vault();
    let start = Barrier::new(CALLERS);
    thread::scope(|scope| {
        for _ in 0..CALLERS {
            scope.spawn(|| {
                start.wait();
                assert!(
                    vault.knows(&token, row.hash()) || vault.verify(&token, row.hash()).unwrap()
                );
            });
        }
    });
    assert_eq!(vault.argon2_runs(), 1);
    assert!(vault.knows(&token, row.hash()));
}

#[test]
fn wrong_secrets_among_the_first_requests_are_refused_and_the_key_is_not() {
    let (vault, token, row) = vault();
    let bad = wrong(&token);
    let start = Barrier::new(8);
    thread::scope(|scope| {
        for number in 0..8 {
            let (start, vault, row) = (&start, &vault, &row);
            let (caller, good) = if number < 4 {
                (&token, true)
            } else {
                (&bad, false)
            };
            scope.spawn(move || {
                start.wait();
                assert_eq!(vault.verify(caller, row.hash()).unwrap(), good);
            });
        }
    });
    // Each wrong one runs at most once before the right one lands, and the right one once.
    assert!((1..=5).contains(&vault.argon2_runs()));
    assert!(vault.knows(&token, row.hash()) && !vault.knows(&bad, row.hash()));
}

#[test]
fn knowing_and_pretending_never_run_argon2_and_cost_one_mac_each() {
    let (vault, token, row) = vault();
    assert!(!vault.knows(&token, row.hash()), "minted is not verified");
    assert!(!vault.knows(&wrong(&token), row.hash()));
    vault.pretend(&token);
    vault.pretend(&Token {
        id: KeyId::from_random([9; 16]),
        ..token.clone()
    });
    assert_eq!((vault.argon2_runs(), vault.mac_runs()), (0, 4));
    assert!(
        !vault.knows(&token, row.hash()),
        "pretending remembers nothing"
    );
}

#[test]
fn a_moved_epoch_is_verified_again() {
    let (vault, token, before) = vault();
    assert!(vault.verify(&token, before.hash()).unwrap());
    let after = KeyRow {
        epoch: 1,
        ..before.clone()
    };
    assert!(!vault.knows(&token, after.hash()));
    assert!(vault.verify(&token, after.hash()).unwrap());
    assert_eq!(vault.argon2_runs(), 2);
    assert!(vault.knows(&token, after.hash()) && !vault.knows(&token, before.hash()));
}

#[test]
fn a_wrong_secret_is_refused_and_never_remembered() {
    let (vault, token, row) = vault();
    let bad = wrong(&token);
    for runs in 1..=2 {
        assert!(!vault.verify(&bad, row.hash()).unwrap());
        assert!(!vault.knows(&bad, row.hash()));
        assert_eq!(vault.argon2_runs(), runs, "a failure is not remembered");
    }
    assert!(
        vault.verify(&token, row.hash()).unwrap(),
        "the key still works"
    );
    assert!(!vault.verify(&bad, row.hash()).unwrap());
    assert_eq!(
        vault.argon2_runs(),
        3,
        "a verified key makes wrong ones cheap"
    );
    assert!(vault.knows(&token, row.hash()) && !vault.knows(&bad, row.hash()));
}

#[test]
fn a_key_opens_no_row_but_its_own() {
    let (vault, token, mine) = vault();
    let other = vault.mint(Kind::Scim, None).unwrap();
    let foreign = row(&other.id, &other.phc, 0);
    assert!(vault.verify(&token, mine.hash()).unwrap());
    assert!(!vault.knows(&token, foreign.hash()));
    assert!(!vault.verify(&token, foreign.hash()).unwrap());
}

#[test]
fn an_unreadable_hash_is_an_error_that_names_the_key_and_holds_no_secret() {
    let (vault, token, mut row) = vault();
    for phc in [
        "",
        "$argon2id$v=19$m=8,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAA",
    ] {
        phc.clone_into(&mut row.phc);
        let error = vault.verify(&token, row.hash()).unwrap_err().to_string();
        assert!(error.contains("the stored hash"), "{error}");
        assert!(error.contains(&row.id) && !error.contains(token.secret.expose()));
    }
    assert_eq!(vault.argon2_runs(), 0);
}

#[test]
fn debug_shows_counters_only() {
    let (vault, _, _) = vault();
    assert_eq!(
        format!("{vault:?}"),
        "Vault { argon2_runs: 0, mac_runs: 0, .. }"
    );
}

#[test]
fn another_secret_of_the_same_key_is_verified_beside_the_first() {
    let (vault, before, row) = vault();
    let again = vault.mint(Kind::Scim, Some(before.id.clone())).unwrap();
    let after = Token::parse(&again.token).unwrap();
    assert_eq!(
        (&after.id, again.id.as_str()),
        (&before.id, before.id.as_str())
    );
    assert_ne!(again.phc, row.phc);
    let turned = KeyRow {
        phc: again.phc,
        ..row.clone()
    };
    assert!(vault.verify(&before, row.hash()).unwrap());
    assert!(vault.verify(&after, turned.hash()).unwrap());
    for _ in 0..3 {
        assert!(vault.knows(&before, row.hash()) && vault.knows(&after, turned.hash()));
        assert!(!vault.knows(&before, turned.hash()) && !vault.knows(&after, row.hash()));
    }
    assert_eq!(vault.argon2_runs(), 2, "each secret once");
}
