//! Rotating a key in one process while another one serves it.

use std::sync::Arc;

use domain::key::{Kind, Token};
use rolecall_app::keys::{self, Candidate, Ends, NewKey, Rotation, Visit};
use rolecall_app::port::Store;
use rolecall_app::{App, Change, Code};
use testkit::{MemoryStore, QuickHasher, TestClock};

/// Whether a process lets this key in.
fn opens(app: &App, token: &str) -> bool {
    let (token, visit) = (Token::parse(token).unwrap(), Visit::default());
    match app.candidate(&token, &visit).unwrap() {
        Candidate::Known(_) => true,
        Candidate::Unproven(row) => match app.prove(&token, &row, &visit) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.code(), Code::Unauthenticated);
                false
            }
        },
        Candidate::Hopeless => false,
    }
}

/// The client has the new secret and uses it where nobody rotates. No worker runs that writes uses.
#[test]
fn a_secret_in_use_elsewhere_is_not_taken_for_lost() {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    let clock = Arc::new(TestClock::new());
    let process = || {
        let hasher = Arc::new(QuickHasher::new());
        App::new(Arc::clone(&store), hasher, clock.clone()).unwrap()
    };
    let (here, there) = (process(), process());
    let rotate = |id: &str| {
        let rotation = Rotation {
            id: id.to_owned(),
            overlap_days: 7,
            ends: Ends::Usual,
            // Whether the first was used after its rotation is not known to the minute.
            force: true,
            seen: None,
        };
        let turned = keys::rotate(&here, None, &rotation, &Change::by_operator(&here));
        turned.unwrap().minted.token
    };
    let new = NewKey::usual(Kind::Owner, "owner");
    let (row, first) = keys::create(&here, None, &new, &Change::by_operator(&here)).unwrap();
    assert!(opens(&there, &first.token));
    let second = rotate(&row.id);
    clock.advance(10_000);
    assert!(opens(&there, &second), "the new one is in use");
    clock.advance(31_000);
    let third = rotate(&row.id);
    clock.advance(10_000);
    let good = [&first.token, &second, &third].map(|token| opens(&there, token));
    assert_eq!(good, [false, true, true]);
}
