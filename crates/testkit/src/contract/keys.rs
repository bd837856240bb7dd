//! API keys.

use app::port::keys::{KeyPlace, KeyRow, KeyUse, Previous, SecretUse};
use app::port::store::Unique;
use app::port::{Lock, StoreError};
use app::{Scope, Work};
use domain::OrgId;
use domain::key::Kind;

use super::Factory;
use super::world::{AT, World};

/// A key's row.
pub(super) fn key(id: &str, org: Option<OrgId>, created: i64) -> KeyRow {
    KeyRow {
        id: id.to_owned(),
        kind: if org.is_some() {
            Kind::Scim
        } else {
            Kind::Owner
        },
        org,
        name: "Ours \"ü\"".into(),
        phc: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".into(),
        epoch: 1,
        made_by: "operator".into(),
        created,
        expires: Some(created + 1),
        revoked: None,
        ranges: Vec::new(),
        warned: None,
        previous: None,
        confirmed: None,
        used: None,
    }
}

/// Stores a key where it belongs.
pub(super) fn insert(world: &World, row: &KeyRow) -> app::Result<()> {
    let (scope, row) = (
        Scope::operator(row.org.unwrap_or(OrgId::INSTANCE)),
        row.clone(),
    );
    Work::new(&scope, Lock::Shared, move |tx| Ok(tx.insert_key(&row)?)).wait(&*world.store)
}

fn list(world: &World, org: OrgId) -> Vec<KeyRow> {
    page(world, org, None, u64::MAX)
}

fn page(world: &World, org: OrgId, after: Option<KeyPlace>, limit: u64) -> Vec<KeyRow> {
    let work = Work::new(&Scope::operator(org), Lock::Read, move |tx| {
        Ok(tx.keys(after.as_ref(), limit)?)
    });
    work.wait(&*world.store).unwrap()
}

/// A key that is being rotated and has everything that a key can have.
fn full(org: OrgId) -> KeyRow {
    KeyRow {
        revoked: Some(AT + 5),
        epoch: 8,
        ranges: vec![
            "10.0.0.0/8".parse().unwrap(),
            "2001:db8::1".parse().unwrap(),
        ],
        warned: Some(7),
        previous: Some(Previous {
            phc: "$before".into(),
            since: AT,
            until: AT + 9,
            used: Some(AT + 1),
        }),
        confirmed: Some(AT + 2),
        used: Some(KeyUse {
            at: AT + 3,
            from: Some("10.0.0.1".into()),
            agent: Some("Zoë/1".into()),
        }),
        ..key("full", Some(org), AT)
    }
}

pub(super) fn are_kept_as_written(factory: Factory<'_>) {
    let world = World::new(factory);
    let instance = world.store.instance();
    let mut rows: Vec<KeyRow> = Kind::ALL
        .iter()
        .map(|kind| {
            let org = (*kind != Kind::Owner).then_some(world.org);
            KeyRow {
                kind: *kind,
                ..key(&format!("key-{kind}"), org, AT)
            }
        })
        .collect();
    rows.push(KeyRow {
        expires: None,
        ..key("for-ever", None, AT)
    });
    rows.push(full(world.org));
    for row in rows {
        insert(&world, &row).unwrap();
        assert_eq!(instance.key(&row.id).unwrap(), Some(row));
    }
    assert_eq!(instance.key("nobody").unwrap(), None);
    assert_eq!(instance.key("").unwrap(), None);
    let again = insert(&world, &key("for-ever", None, AT));
    assert!(
        matches!(
            again,
            Err(app::Error::Store(StoreError::Conflict(Unique::Id)))
        ),
        "{again:?}"
    );
}

pub(super) fn are_listed_oldest_first(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    for row in [
        key("second", Some(world.org), AT + 2),
        key("first", Some(world.org), AT + 1),
        key("theirs", Some(other.org), AT),
        key("owners", None, AT + 3),
    ] {
        insert(&world, &row).unwrap();
    }
    let check = |org: OrgId, expected: &[&str]| {
        let ids: Vec<String> = list(&world, org).into_iter().map(|row| row.id).collect();
        assert_eq!(ids, expected);
    };
    check(world.org, &["first", "second"]);
    insert(&world, &key("twin", Some(world.org), AT + 2)).unwrap();
    // Page by page, keys of one moment in the order of their ids.
    let (mut after, mut ids) = (None, Vec::new());
    while let [row] = &page(&world, world.org, after, 1)[..] {
        ids.push(row.id.clone());
        after = Some(row.place());
    }
    assert_eq!(ids, ["first", "second", "twin"]);
    check(other.org, &["theirs"]);
    check(OrgId::INSTANCE, &["owners"]);
    // Nobody reaches another's key in a unit of work.
    let foreign = world.read(|tx| Ok((tx.key("theirs")?, tx.key("owners")?)));
    assert_eq!(foreign, (None, None));
}

/// What is saved is what may change; a key of another organization is not there to be changed.
pub(super) fn are_saved(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let instance = world.store.instance();
    let (row, kept) = (
        key("ours", Some(world.org), AT),
        key("kept", Some(world.org), AT),
    );
    for row in [&row, &kept] {
        insert(&world, row).unwrap();
    }
    let next = KeyRow {
        id: "ours".into(),
        used: None,
        previous: Some(Previous {
            phc: row.phc.clone(),
            since: AT + 6,
            until: AT + 7,
            used: None,
        }),
        phc: "$next".into(),
        expires: None,
        ..full(world.org)
    };
    let foreign = next.clone();
    other.shared(move |tx| Ok(tx.save_key(&foreign)?));
    assert_eq!(instance.key("ours").unwrap(), Some(row.clone()));
    let saved = next.clone();
    world.shared(move |tx| {
        assert_eq!(tx.key("ours")?, Some(row.clone()));
        Ok(tx.save_key(&saved)?)
    });
    assert_eq!(instance.key("ours").unwrap(), Some(next));
    assert_eq!(instance.key("kept").unwrap(), Some(kept));
}

/// A use is kept with the secret that it was made with, and never goes back in time.
pub(super) fn uses_are_noted(factory: Factory<'_>) {
    let world = World::new(factory);
    let instance = world.store.instance();
    let row = KeyRow {
        phc: "$next".into(),
        previous: Some(Previous {
            phc: "$before".into(),
            since: AT,
            until: AT + 7,
            used: None,
        }),
        ..key("ours", Some(world.org), AT)
    };
    insert(&world, &row).unwrap();
    let at = |at: i64| KeyUse {
        at,
        from: Some("::1".into()),
        agent: None,
    };
    let check = |phc: &str, when: i64, used: i64, previous: Option<i64>, confirmed: Option<i64>| {
        let using = |id: &str| SecretUse {
            id: id.into(),
            phc: phc.into(),
            used: at(when),
        };
        instance
            .note_uses(&[using("ours"), using("nobody")])
            .unwrap();
        let found = instance.key("ours").unwrap().unwrap();
        let seen = found.previous.as_ref().and_then(|previous| previous.used);
        assert_eq!(
            (found.used, seen, found.confirmed),
            (Some(at(used)), previous, confirmed),
            "{phc} {when}"
        );
    };
    check("$before", AT + 1, AT + 1, Some(AT + 1), None);
    check("$next", AT + 2, AT + 2, Some(AT + 1), Some(AT + 2));
    check("$next", AT, AT + 2, Some(AT + 1), Some(AT + 2));
    check("$next", AT + 4, AT + 4, Some(AT + 1), Some(AT + 2));
    check("$gone", AT + 9, AT + 4, Some(AT + 1), Some(AT + 2));
    check("$before", AT + 5, AT + 5, Some(AT + 5), Some(AT + 2));
}

pub(super) fn those_that_end_are_found(factory: Factory<'_>) {
    let world = World::new(factory);
    let ends = |id: &str, org: Option<OrgId>, expires: Option<i64>| KeyRow {
        expires,
        ..key(id, org, AT)
    };
    for row in [
        ends("late", None, Some(AT + 20)),
        ends("over", Some(world.org), Some(AT - 1)),
        ends("now", Some(world.org), Some(AT)),
        ends("soon", None, Some(AT + 19)),
        ends("never", Some(world.org), None),
        KeyRow {
            revoked: Some(AT),
            ..ends("revoked", Some(world.org), Some(AT + 1))
        },
    ] {
        insert(&world, &row).unwrap();
    }
    let found = world.store.instance().keys_ending(AT, AT + 20).unwrap();
    let ids: Vec<&str> = found.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["now", "soon"]);
}
