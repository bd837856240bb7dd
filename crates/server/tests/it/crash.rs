//! No acknowledged write is lost: a server that is being written to is killed, again and again.
//!
//! Writers note what they intend before they send it, and that it is done after the 2xx. After a
//! restart everything that was acknowledged has to be there, what was not has to be there whole or
//! not at all, nobody else may be there, and everybody's access has to be the one that follows
//! from the groups. `ROLECALL_CRASH_ROUNDS` says how often.

mod ledger;
mod look;
mod writer;

use std::{collections::BTreeMap, sync::mpsc};

use serde_json::json;

use crate::support::{Client, Db, Server, both, eventually, key, org_with_key};
use ledger::{Ledger, Op, State};
use look::Found;

both!(nothing_acknowledged_is_lost);

const WRITERS: usize = 3;
const ROUNDS: usize = 3;
/// Acknowledged writes before the kill: different in each round, so that it falls on different work.
const BEFORE_KILL: &[usize] = &[1, 7, 40, 19, 90, 3, 150, 28];

fn rounds() -> usize {
    #[expect(clippy::disallowed_methods, reason = "the script says how often")]
    let wanted = std::env::var("ROLECALL_CRASH_ROUNDS");
    wanted.map_or(ROUNDS, |text| {
        text.parse().expect("ROLECALL_CRASH_ROUNDS is a number")
    })
}

/// A group that gives the role `admin`.
struct Mapped {
    token: String,
    admin_token: String,
    group: String,
}

fn nothing_acknowledged_is_lost(database: &Db) {
    let mapped = set_up(database);
    let mut ledger = Ledger::default();
    let mut acknowledged = 0;
    for round in 0..rounds() {
        let server = Server::start(database);
        let enough = BEFORE_KILL[round % BEFORE_KILL.len()];
        let (written, acks) = write_until_killed(server, &mapped, round, enough);
        acknowledged += acks;
        ledger.extend(written);

        let server = Server::start(database);
        // A unit of work that still runs inside PostgreSQL holds its organization; this waits.
        scim(&server, &mapped).add_group(&format!("Barrier {round}"), &[]);
        let found = look::around(&server, &mapped);
        let faults = ledger.settle(&found);
        assert!(faults.is_empty(), "round {round}:\n{}", faults.join("\n"));
        // On PostgreSQL events get their numbers a moment after their commit.
        let admin = server.client("/api/v1/orgs/acme", &mapped.admin_token);
        eventually(|| look::roles_by_feed(&admin) == look::roles(&admin));
        server.stop();
    }
    let open = ledger.unsettled();
    assert!(
        acknowledged > 0 && open == 0,
        "{acknowledged} acknowledged, {open} open"
    );
}

fn set_up(database: &Db) -> Mapped {
    let token = org_with_key(database, "acme", "plain", "scim");
    let admin_token = key(database, "acme", "admin");
    let server = Server::start(database);
    let group = server.client("/scim/v2", &token).add_group("Admins", &[]);
    let rules = json!({"organization": [{"group": "Admins", "role": "admin"}]});
    let admin = server.client("/api/v1/orgs/acme", &admin_token);
    admin.expect(200, "PUT", "/mapping", Some(&rules));
    server.stop();
    Mapped {
        token,
        admin_token,
        group,
    }
}

fn scim(server: &Server, mapped: &Mapped) -> Client {
    server.client("/scim/v2", &mapped.token)
}

/// Lets writers write until so many writes are acknowledged, kills the server, and returns what
/// the writers noted and how much was acknowledged.
fn write_until_killed(
    server: Server,
    mapped: &Mapped,
    round: usize,
    enough: usize,
) -> (Ledger, usize) {
    let (acknowledge, acknowledged) = mpsc::channel();
    let writers: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let client = scim(&server, mapped);
            let (group, acknowledge) = (mapped.group.clone(), acknowledge.clone());
            let prefix = format!("r{round}w{writer}");
            std::thread::spawn(move || writer::write(&client, &group, &prefix, &acknowledge))
        })
        .collect();
    drop(acknowledge);
    let first = acknowledged.iter().take(enough).count();
    server.kill();
    let rest = acknowledged.iter().count();
    assert!(
        first == enough,
        "the writers gave up before the server was killed"
    );
    let mut all = Ledger::default();
    for writer in writers {
        all.extend(
            writer
                .join()
                .expect("a writer was answered something else than success"),
        );
    }
    (all, first + rest)
}

/// The ledger is worth nothing if it would pass over a loss.
#[test]
fn a_loss_would_be_seen() {
    let state = State {
        title: 0,
        member: false,
    };
    let found = |state: Option<State>, role: &str| {
        let found = state.map(|state| {
            (
                "u".to_owned(),
                Found {
                    state,
                    role: role.to_owned(),
                },
            )
        });
        found.into_iter().collect::<BTreeMap<_, _>>()
    };
    let member = State {
        member: true,
        ..state
    };
    let half = State { title: 9, ..state };
    for (acknowledged, open, there, role, faults) in [
        (&[Op::Create][..], None, Some(state), "member", 0),
        (&[Op::Create], None, None, "", 1),
        (&[Op::Create], None, Some(member), "admin", 1),
        (&[Op::Create], Some(Op::Join), Some(state), "member", 0),
        (&[Op::Create], Some(Op::Join), Some(member), "admin", 0),
        (&[Op::Create], Some(Op::Join), Some(member), "member", 1),
        (&[Op::Create], Some(Op::Join), Some(half), "member", 1),
        (&[Op::Create, Op::Delete], None, Some(state), "member", 1),
        (&[], Some(Op::Create), None, "", 0),
        (&[], None, Some(state), "member", 1),
    ] {
        let mut ledger = Ledger::default();
        for op in acknowledged {
            ledger.intend("u", *op);
            ledger.acknowledge("u");
        }
        if let Some(open) = open {
            ledger.intend("u", open);
        }
        let told = ledger.settle(&found(there, role));
        assert_eq!(
            told.len(),
            faults,
            "{acknowledged:?} {open:?} {there:?}: {told:?}"
        );
    }
}
