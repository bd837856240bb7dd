//! API keys.

use app::port::StoreError;
use app::port::instance::KeyRow;
use app::port::store::Unique;
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
    rows.push(KeyRow {
        revoked: Some(AT + 5),
        epoch: 8,
        ..key("revoked", Some(world.org), AT)
    });
    for row in rows {
        instance.insert_key(&row).unwrap();
        assert_eq!(instance.key(&row.id).unwrap(), Some(row));
    }
    assert_eq!(instance.key("nobody").unwrap(), None);
    assert_eq!(instance.key("").unwrap(), None);
    let again = instance.insert_key(&key("for-ever", Some(world.org), AT));
    assert!(
        matches!(again, Err(StoreError::Conflict(Unique::Id))),
        "{again:?}"
    );
}

pub(super) fn are_listed_oldest_first(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let instance = world.store.instance();
    for row in [
        key("second", Some(world.org), AT + 2),
        key("first", Some(world.org), AT + 1),
        key("theirs", Some(other.org), AT),
        key("owners", None, AT + 3),
    ] {
        instance.insert_key(&row).unwrap();
    }
    let check = |org: Option<OrgId>, expected: &[&str]| {
        let ids: Vec<String> = instance
            .keys(org)
            .unwrap()
            .into_iter()
            .map(|row| row.id)
            .collect();
        assert_eq!(ids, expected);
    };
    check(Some(world.org), &["first", "second"]);
    check(Some(other.org), &["theirs"]);
    check(None, &["owners"]);
}

/// Revoking moves the epoch, so that what was verified before is verified again.
pub(super) fn are_revoked_once(factory: Factory<'_>) {
    let world = World::new(factory);
    let instance = world.store.instance();
    let row = key("ours", Some(world.org), AT);
    instance.insert_key(&row).unwrap();
    instance
        .insert_key(&key("kept", Some(world.org), AT))
        .unwrap();
    assert!(!instance.revoke_key("nobody", AT + 9).unwrap());
    assert!(instance.revoke_key("ours", AT + 9).unwrap());
    let revoked = instance.key("ours").unwrap().unwrap();
    assert!(revoked.epoch > row.epoch);
    assert_eq!(
        revoked,
        KeyRow {
            revoked: Some(AT + 9),
            epoch: revoked.epoch,
            ..row
        }
    );
    assert!(!instance.revoke_key("ours", AT + 10).unwrap());
    assert_eq!(instance.key("ours").unwrap(), Some(revoked));
    assert_eq!(
        instance.key("kept").unwrap(),
        Some(key("kept", Some(world.org), AT))
    );
}
