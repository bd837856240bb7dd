//! Units that may share a batch: what one does wrong, the others do not feel.

use std::panic::resume_unwind;

use app::port::store::Unique;
use app::port::{Lock, Outcome};
use domain::Standing;
use serde_json::json;

use super::Factory;
use super::events::event;
use super::job::{Ended, Pending, Ran, Stop};
use super::search::users;
use super::users::is_conflict;
use super::world::{World, user};

const THREADS: usize = 4;
const EACH: usize = 25;

/// How a unit ends, by its number.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Commits,
    Refuses,
    Panics,
    Conflicts,
}

const ENDS: [End; 5] = [
    End::Commits,
    End::Refuses,
    End::Commits,
    End::Panics,
    End::Conflicts,
];

/// Many units are handed over before the first is waited for; each writes before it ends.
pub(super) fn stay_whole(factory: Factory<'_>) {
    let world = World::new(factory);
    world.add_user("taken");
    std::thread::scope(|scope| {
        for thread in 0..THREADS {
            let world = &world;
            scope.spawn(move || {
                let numbers = (0..EACH).map(|n| thread * EACH + n);
                let handed: Vec<_> = numbers
                    .map(|n| (ENDS[n % ENDS.len()], unit(world, n)))
                    .collect();
                for (end, pending) in handed {
                    check(end, &pending.wait());
                }
            });
        }
    });
    let committed = |number: &usize| ENDS[number % ENDS.len()] == End::Commits;
    let count = (0..THREADS * EACH).filter(committed).count();
    assert_eq!(users(&world, r#"userName sw "unit""#).len(), count);
    assert_eq!(world.feed().len(), count);
    for number in 0..THREADS * EACH {
        let found = users(&world, &format!(r#"userName eq "unit{number}""#));
        assert_eq!(
            found.len(),
            usize::from(committed(&number)),
            "unit {number}"
        );
    }
}

fn unit(world: &World, number: usize) -> Pending<()> {
    world.submit(Lock::Shared, move |tx| -> Ran<()> {
        tx.insert_user(
            &user(json!({"userName": format!("unit{number}")})),
            Standing::default(),
        )?;
        tx.append(vec![event("user.updated", &number.to_string())])?;
        match ENDS[number % ENDS.len()] {
            End::Commits => Ok(()),
            End::Refuses => Err(Stop::Refuse),
            // Without the panic hook, which would write to the test's output.
            End::Panics => resume_unwind(Box::new("a bug in a use case")),
            End::Conflicts => {
                Ok(tx.insert_user(&user(json!({"userName": "TAKEN"})), Standing::default())?)
            }
        }
    })
}

fn check(end: End, ended: &Ended<()>) {
    let right = match end {
        End::Commits => ended.is_ok(),
        End::Refuses => matches!(ended, Err(Outcome::Refused)),
        End::Panics => matches!(ended, Err(Outcome::Failed(_))),
        End::Conflicts => is_conflict(ended, Unique::UserName),
    };
    assert!(right, "{end:?} ended as {ended:?}");
}
