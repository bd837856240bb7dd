#![expect(clippy::unwrap_used, reason = "tests")]

use app::port::audit::AuditDraft;
use app::port::users::{UserKeys, UserRow, UserWrite};
use app::port::{Lock, Tx};
use app::{Error, Result, Scope, Work};
use domain::{Connection, OrgFacts, OrgId, Preset, Slug, UserId};
use uuid::Uuid;

use super::*;

fn settings() -> app::port::org::OrgSettings {
    let preset = Preset::Plain;
    app::port::org::OrgSettings {
        id: OrgId(0),
        slug: Slug::new("acme").unwrap(),
        name: "Acme".into(),
        preset,
        facts: OrgFacts {
            catalog: preset.catalog(),
            policies: preset.policies(),
        },
        connection: Connection::of_preset(preset),
        seat_limit: None,
        version: 1,
        mapping_version: 1,
        schemas_version: 0,
    }
}

fn ann() -> UserWrite {
    UserWrite {
        row: UserRow {
            id: UserId(Uuid::from_u128(1)),
            version: 1,
            created: 0,
            modified: 0,
            managed_by: domain::ManagedBy::Scim,
            document: "{}".into(),
        },
        keys: UserKeys {
            user_name: "ann".into(),
            external_id: None,
            emails: vec![],
            active: true,
            role_claims: vec![],
        },
    }
}

/// What PostgreSQL would let pass until two of them meet, this store refuses at once.
#[test]
fn misuse_of_the_port_is_refused() {
    type Use = fn(&mut dyn Tx) -> Result<()>;
    let check = |lock: Lock, good: bool, misuse: Use| {
        let store = MemoryStore::new();
        let org = store
            .create_org(&settings(), &told(), None)
            .unwrap()
            .unwrap();
        let scope = Scope::operator(org);
        Work::new(&scope, Lock::Shared, |tx| {
            Ok(tx.insert_user(&ann(), domain::Standing::default())?)
        })
        .wait(&store)
        .unwrap();
        let ended = Work::new(&scope, lock, misuse).wait(&store);
        let refused = matches!(ended, Err(Error::Store(StoreError::Broken(_))));
        assert_eq!((ended.is_ok(), refused), (good, !good), "{ended:?}");
    };
    let update: Use = |tx| Ok(tx.update_user(&ann(), &ann().keys)?);
    check(Lock::Shared, false, update);
    let update_after_reading: Use = |tx| {
        tx.user_for_update(ann().row.id)?;
        Ok(tx.update_user(&ann(), &ann().keys)?)
    };
    check(Lock::Shared, true, update_after_reading);
    check(Lock::Read, false, update_after_reading);
    let wrong_keys: Use = |tx| {
        tx.user_for_update(ann().row.id)?;
        Ok(tx.update_user(
            &ann(),
            &UserKeys {
                active: false,
                ..ann().keys
            },
        )?)
    };
    check(Lock::Shared, false, wrong_keys);
    let delete: Use = |tx| Ok(tx.delete_user(ann().row.id).map(drop)?);
    check(Lock::Shared, false, delete);
    check(Lock::Exclusive, true, delete);
    let rules: Use = |tx| Ok(tx.insert_rules(&[])?);
    check(Lock::Shared, false, rules);
    check(Lock::Exclusive, true, rules);
    let mark: Use = |tx| Ok(tx.mark_everyone_stale()?);
    check(Lock::Read, false, mark);
    check(Lock::Shared, true, mark);
}

#[test]
fn a_copy_of_the_state_shares_what_is_not_changed() {
    let store = MemoryStore::new();
    let org = store
        .create_org(&settings(), &told(), None)
        .unwrap()
        .unwrap();
    let before = store.snapshot();
    let scope = Scope::operator(org);
    Work::new(&scope, Lock::Shared, |tx| {
        Ok(tx.insert_user(&ann(), domain::Standing::default())?)
    })
    .wait(&store)
    .unwrap();
    let after = store.snapshot();
    let (before, after) = (&before.orgs[&org], &after.orgs[&org]);
    assert!(std::sync::Arc::ptr_eq(&before.groups, &after.groups));
    assert!(!std::sync::Arc::ptr_eq(&before.users, &after.users));
}

fn told() -> AuditDraft {
    AuditDraft {
        at: 0,
        key: None,
        request: None,
        action: "org.created",
        subject: "acme".to_owned(),
        before: None,
        after: None,
    }
}
