//! What administrators did: rows in a chain.

use std::sync::Arc;

use app::audit::{Head, prove};
use app::port::Lock;
use app::port::audit::{AuditDraft, AuditSearch};
use app::port::instance::Removal;
use app::{Scope, Work};
use domain::OrgId;
use domain::key::Kind;

use super::Factory;
use super::job::Stop;
use super::keys::{insert, key};
use super::world::{AT, World, told};

fn draft(number: i64) -> AuditDraft {
    AuditDraft {
        at: AT + number,
        key: Some(if number % 2 == 0 { "ours" } else { "owners" }.to_owned()),
        request: Some("r \"1\"".to_owned()),
        action: if number % 3 == 0 {
            "key.created"
        } else {
            "key.revoked"
        },
        subject: format!("s{}", number % 5),
        before: None,
        after: Some("{\"ü\": 1}".to_owned()),
    }
}

/// Each row goes on from the one before, names its key, and is found by what it is.
pub(super) fn rows_are_kept_in_a_chain(factory: Factory<'_>) {
    let world = World::new(factory);
    insert(&world, &key("ours", Some(world.org), AT)).unwrap();
    insert(&world, &key("owners", None, AT)).unwrap();
    for number in 1..=12 {
        world.shared(move |tx| Ok(tx.append_audit(&draft(number))?));
    }
    let rows = world.read(|tx| Ok(tx.audit_after(0, 100)?));
    assert_eq!(rows.len(), 12);
    for (row, number) in rows.iter().zip(1..) {
        let made = draft(number);
        assert_eq!((row.seq, row.at), (number, made.at));
        assert_eq!((&row.key, &row.request), (&made.key, &made.request));
        assert_eq!(
            (row.action.as_str(), &row.subject),
            (made.action, &made.subject)
        );
        assert_eq!((&row.before, &row.after), (&made.before, &made.after));
        assert_eq!(row.key_name.as_deref(), Some("Ours \"ü\""));
    }
    let proof = prove(&*world.store, world.org, None).unwrap();
    assert_eq!((proof.rows, &proof.fault), (12, &None));
    let head = world.read(|tx| Ok(tx.audit_head()?));
    assert_eq!((head.seq, proof.head), (12, Head(head)));
    let check = |search: AuditSearch, limit: u64, expected: &[i64]| {
        let found = world.read(move |tx| Ok(tx.search_audit(&search, limit)?));
        let numbers: Vec<i64> = found.iter().map(|row| row.seq).collect();
        assert_eq!(numbers, expected);
    };
    let all = AuditSearch::default;
    check(all(), 3, &[12, 11, 10]);
    check(
        AuditSearch {
            before: Some(10),
            ..all()
        },
        2,
        &[9, 8],
    );
    check(
        AuditSearch {
            action: Some("key.created".into()),
            ..all()
        },
        9,
        &[12, 9, 6, 3],
    );
    check(
        AuditSearch {
            key: Some("owners".into()),
            ..all()
        },
        2,
        &[11, 9],
    );
    check(
        AuditSearch {
            subject: Some("s1".into()),
            ..all()
        },
        9,
        &[11, 6, 1],
    );
    check(
        AuditSearch {
            from: Some(AT + 3),
            until: Some(AT + 5),
            ..all()
        },
        9,
        &[4, 3],
    );
    check(
        AuditSearch {
            subject: Some("nobody".into()),
            ..all()
        },
        9,
        &[],
    );
    let after = world.read(|tx| Ok(tx.audit_after(10, 1)?));
    assert_eq!(after[0].seq, 11);
}

/// Another organization has a chain of its own, and what is done to organizations has one, too.
pub(super) fn chains_do_not_meet(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    world.shared(|tx| Ok(tx.append_audit(&draft(1))?));
    assert_eq!(other.read(|tx| Ok(tx.audit_head()?)).seq, 0);
    assert!(other.read(|tx| Ok(tx.audit_after(0, 10)?)).is_empty());
    let instance = || prove(&*world.store, OrgId::INSTANCE, None).unwrap();
    let last = world.read(|tx| Ok(tx.audit_head()?));
    let before = instance();
    assert_eq!(
        (before.rows, before.fault),
        (2, None),
        "two organizations were made"
    );
    let store = world.store.instance();
    let removal = store.delete_org(world.org, None, &told());
    assert_eq!(removal.unwrap(), Removal::Removed);
    let removal = store.delete_org(world.org, None, &told());
    assert_eq!(removal.unwrap(), Removal::NotThere);
    assert_eq!(instance().rows, 3);
    let told = Work::new(&Scope::operator(OrgId::INSTANCE), Lock::Read, |tx| {
        Ok(tx.audit_after(2, 1)?)
    });
    let told = told.wait(&*world.store).unwrap()[0].before.clone();
    let wanted = format!("\"audit_head\":\"{}\"", Head(last));
    assert!(told.as_ref().unwrap().contains(&wanted), "{told:?}");
    let known = Some(&before.head);
    assert_eq!(
        prove(&*world.store, OrgId::INSTANCE, known).unwrap().fault,
        None
    );
}

/// What is refused leaves no row, and many at once leave one chain.
pub(super) fn many_at_once_are_one_chain(factory: Factory<'_>) {
    const EACH: i64 = 20;
    let world = World::new(factory);
    let refused = world.attempt::<()>(Lock::Shared, |tx| {
        tx.append_audit(&draft(1))?;
        Err(Stop::Refuse)
    });
    assert!(refused.is_err());
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let (store, org) = (Arc::clone(&world.store), world.org);
            scope.spawn(move || {
                for number in 0..EACH {
                    let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
                        Ok(tx.append_audit(&draft(thread * EACH + number))?)
                    });
                    work.wait(&*store).unwrap();
                }
            });
        }
    });
    let proof = prove(&*world.store, world.org, None).unwrap();
    assert_eq!((proof.rows, proof.fault), (4 * EACH, None));
}

/// A head from the log that the chain no longer has.
pub(super) fn a_known_head_is_asked_for(factory: Factory<'_>) {
    let world = World::new(factory);
    insert(
        &world,
        &app::port::keys::KeyRow {
            kind: Kind::Admin,
            ..key("ours", Some(world.org), AT)
        },
    )
    .unwrap();
    for number in 1..=3 {
        world.shared(move |tx| Ok(tx.append_audit(&draft(number))?));
    }
    let mut head = Head(world.read(|tx| Ok(tx.audit_head()?)));
    let fault = |head: &Head| prove(&*world.store, world.org, Some(head)).unwrap().fault;
    assert_eq!(fault(&head), None);
    head.0.hash[31] ^= 1;
    assert_eq!(fault(&head).map(|(number, _)| number), Some(3));
    head.0.seq = 4;
    assert_eq!(fault(&head).map(|(number, _)| number), Some(4));
}
