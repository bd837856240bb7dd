//! An organization to test on, and rows to put into it.

use std::sync::Arc;

use app::port::audit::AuditDraft;
use app::port::groups::{GroupWrite, NewMember};
use app::port::org::OrgSettings;
use app::port::outbox::FeedEvent;
use app::port::rules::RuleRow;
use app::port::users::UserWrite;
use app::port::{Lock, Store, Tx, Unit};
use app::representation::{group_write, user_write};
use domain::{
    Connection, Gives, GroupId, OrgFacts, OrgId, Preset, RoleKey, RuleId, Slug, Standing, UserId,
};
use scim::{Kind, Mode, Registry, fold};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Factory;
use super::job::{Ended, Pending, Ran, submit};

/// When everything happens, unless a test says otherwise: 2026-01-01T00:00:00.123Z.
pub(super) const AT: i64 = 1_767_225_600_123;

/// A store and one organization in it.
#[derive(Clone)]
pub(super) struct World {
    pub(super) store: Arc<dyn Store>,
    pub(super) org: OrgId,
}

impl World {
    /// A fresh store with one organization.
    pub(super) fn new(factory: Factory<'_>) -> Self {
        let store = factory();
        let org = store
            .instance()
            .create_org(&settings("acme"), &told(), None)
            .unwrap()
            .unwrap();
        Self { store, org }
    }

    /// Another organization in the same store.
    pub(super) fn other(&self, slug: &str) -> Self {
        let org = self
            .store
            .instance()
            .create_org(&settings(slug), &told(), None)
            .unwrap()
            .unwrap();
        Self {
            store: Arc::clone(&self.store),
            org,
        }
    }

    /// Hands a unit over.
    pub(super) fn submit<T: Send + 'static>(
        &self,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
    ) -> Pending<T> {
        submit(
            self.store.as_ref(),
            Unit {
                org: self.org,
                lock,
            },
            run,
        )
    }

    /// Runs a unit to its end.
    pub(super) fn attempt<T: Send + 'static>(
        &self,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
    ) -> Ended<T> {
        self.submit(lock, run).wait()
    }

    /// A reading unit that has to commit.
    pub(super) fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
    ) -> T {
        self.attempt(Lock::Read, run)
            .expect("a reading unit must commit")
    }

    /// A unit under the shared lock that has to commit.
    pub(super) fn shared<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
    ) -> T {
        self.attempt(Lock::Shared, run)
            .expect("a unit under the shared lock must commit")
    }

    /// A unit under the exclusive lock that has to commit.
    pub(super) fn exclusive<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> Ran<T> + Send + 'static,
    ) -> T {
        self.attempt(Lock::Exclusive, run)
            .expect("a unit under the exclusive lock must commit")
    }

    /// Stores a user with this name.
    pub(super) fn add_user(&self, name: &str) -> UserId {
        let user = user(json!({"userName": name}));
        let id = user.row.id;
        self.shared(move |tx| Ok(tx.insert_user(&user, Standing::default())?));
        id
    }

    /// Stores an empty group with this name.
    pub(super) fn add_group(&self, name: &str) -> GroupId {
        let group = group(json!({"displayName": name}));
        let id = group.row.id;
        self.exclusive(move |tx| Ok(tx.insert_group(&group)?));
        id
    }

    /// Stores a rule for the group, bound to it.
    pub(super) fn add_rule(&self, group: GroupId, key: &str) -> RuleId {
        let rule = RuleRow {
            group: Some(group),
            ..rule("its name", key, 0)
        };
        let id = rule.id;
        self.exclusive(move |tx| Ok(tx.insert_rules(std::slice::from_ref(&rule))?));
        id
    }

    /// Puts these into the group, with no text of the client's.
    pub(super) fn join(&self, group: GroupId, ids: &[Uuid]) -> Vec<Uuid> {
        let ids = ids.to_vec();
        self.shared(move |tx| {
            let known = tx.lock_members(&ids)?.into_iter();
            let new: Vec<_> = known
                .map(|(id, kind)| NewMember {
                    id,
                    kind,
                    display: None,
                })
                .collect();
            let mut added = tx.add_members(group, &new)?;
            added.sort();
            Ok(added)
        })
    }

    /// The whole feed, once everything has its number.
    pub(super) fn feed(&self) -> Vec<FeedEvent> {
        while self.store.number_events().unwrap() > 0 {}
        self.read(|tx| Ok(tx.feed(0, 100_000)?.events))
    }
}

/// Settings of a new organization.
pub(super) fn settings(slug: &str) -> OrgSettings {
    let preset = Preset::Plain;
    OrgSettings {
        id: OrgId(0),
        slug: Slug::new(slug).unwrap(),
        name: format!("The {slug} company"),
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

/// A user made from a SCIM body, as a use case would.
pub(super) fn user(body: Value) -> UserWrite {
    user_at(UserId(Uuid::now_v7()), 1, AT, body)
}

/// The same at a version and time.
pub(super) fn user_at(id: UserId, version: i64, modified: i64, body: Value) -> UserWrite {
    let resource = resource(Kind::User, body);
    user_write(id, version, AT, modified, &resource)
}

/// A group made from a SCIM body.
pub(super) fn group(body: Value) -> GroupWrite {
    group_at(GroupId(Uuid::now_v7()), 1, AT, body)
}

/// The same at a version and time.
pub(super) fn group_at(id: GroupId, version: i64, modified: i64, body: Value) -> GroupWrite {
    let resource = resource(Kind::Group, body);
    group_write(id, version, AT, modified, &resource)
}

/// A body that names its schemas is read strictly, so that nothing in it is mended.
fn resource(kind: Kind, body: Value) -> scim::Resource {
    let mode = if body.get("schemas").is_some() {
        Mode::Strict
    } else {
        Mode::Lenient
    };
    let incoming = scim::resource::read(&Registry::core(), kind, mode, body);
    incoming
        .expect("the contract's own bodies are right")
        .for_create()
        .0
}

/// A rule that waits for a group of this name.
pub(super) fn rule(group_name: &str, key: &str, position: i64) -> RuleRow {
    RuleRow {
        id: RuleId(Uuid::now_v7()),
        group_name: group_name.to_owned(),
        group_key: fold::key(group_name),
        group: None,
        gives: Gives::Organization(role(key)),
        position,
    }
}

/// A role's key.
pub(super) fn role(key: &str) -> RoleKey {
    RoleKey::new(key).unwrap()
}

/// The audit's row of making or removing an organization.
pub(super) fn told() -> AuditDraft {
    AuditDraft {
        at: AT,
        key: None,
        request: None,
        action: "org.created",
        subject: "acme".to_owned(),
        before: None,
        after: Some("{\"name\":\"Acme\"}".to_owned()),
    }
}
