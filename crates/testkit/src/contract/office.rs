//! The application on a store under test: commands as an identity provider and an administrator
//! send them.

use std::sync::Arc;

use app::groups::{DeleteGroup, NewGroup, PatchGroup};
use app::mapping::PutMapping;
use app::port::{Lock, Tx};
use app::users::{DeleteUser, NewUser, PatchUser};
use app::{App, Change, Result, Scope, Work};
use domain::mapping::{Mapping, OrganizationEntry};
use domain::{GroupId, UserId};
use scim::{Kind, Mode, Patch, Preconditions, Registry};
use serde_json::{Value, json};
use uuid::Uuid;

use super::Factory;
use super::job::Ran;
use super::world::World;
use crate::{QuickHasher, TestClock};

/// Switches off the policy by which what a user has depends on others and on the order of changes.
fn nobody_is_the_last_holder(tx: &mut dyn Tx) -> Ran<()> {
    let mut settings = (*tx.settings()?).clone();
    let off = settings.facts.policies.with([("last_holder", "off")]);
    settings.facts.policies = off.unwrap();
    settings.version += 1;
    Ok(tx.save_settings(&settings)?)
}

/// One organization and the application over its store.
pub(super) struct Office {
    pub(super) world: World,
    pub(super) app: Arc<App>,
    registry: Registry,
}

impl Office {
    pub(super) fn new(factory: Factory<'_>) -> Self {
        let world = World::new(factory);
        world.exclusive(nobody_is_the_last_holder);
        let (hasher, clock) = (Arc::new(QuickHasher::new()), Arc::new(TestClock::new()));
        let app = App::new(Arc::clone(&world.store), hasher, clock).unwrap();
        Self {
            world,
            app: Arc::new(app),
            registry: Registry::core(),
        }
    }

    fn run<T: Send + 'static>(
        &self,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let scope = Scope::operator(self.world.org);
        Work::new(&scope, lock, run).wait(self.world.store.as_ref())
    }

    fn change(&self) -> Change {
        Change::by_operator(&self.app)
    }

    fn patch(&self, kind: Kind, operation: Value) -> Patch {
        let body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [operation]
        });
        Patch::parse(&self.registry, kind, Mode::Lenient, body).unwrap()
    }

    pub(super) fn create_user(&self, name: &str) -> Result<UserId> {
        let incoming = scim::resource::read(
            &self.registry,
            Kind::User,
            Mode::Lenient,
            json!({"userName": name}),
        );
        let resource = incoming.unwrap().for_create().0;
        let new = NewUser {
            id: UserId(Uuid::now_v7()),
            change: self.change(),
            resource,
        };
        self.run(Lock::Shared, move |tx| {
            app::users::create(tx, &new).map(|reply| reply.row.id)
        })
    }

    pub(super) fn patch_user(&self, id: UserId, operation: Value) -> Result<()> {
        let command = PatchUser {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            patch: self.patch(Kind::User, operation),
        };
        self.run(Lock::Shared, move |tx| {
            app::users::patch(tx, &command).map(drop)
        })
    }

    pub(super) fn delete_user(&self, id: UserId) -> Result<()> {
        let conditions = Preconditions::default();
        let command = DeleteUser {
            id,
            change: self.change(),
            conditions,
        };
        self.run(Lock::Exclusive, move |tx| app::users::delete(tx, &command))
    }

    pub(super) fn create_group(&self, name: &str, members: &[UserId]) -> Result<GroupId> {
        let members: Vec<Value> = members.iter().map(|id| json!({"value": id})).collect();
        let incoming = scim::resource::read(
            &self.registry,
            Kind::Group,
            Mode::Lenient,
            json!({"displayName": name, "members": members}),
        );
        let (resource, members) = incoming.unwrap().for_create();
        let id = GroupId(Uuid::now_v7());
        let change = self.change();
        let new = NewGroup {
            id,
            change,
            resource,
            members,
            show_members: false,
        };
        self.run(Lock::Exclusive, move |tx| {
            app::groups::create(tx, &new).map(|reply| reply.row.id)
        })
    }

    pub(super) fn patch_group(&self, id: GroupId, operation: Value) -> Result<()> {
        let command = PatchGroup {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            patch: self.patch(Kind::Group, operation),
            show_members: false,
        };
        self.run(Lock::Shared, move |tx| {
            app::groups::patch(tx, &command).map(drop)
        })
    }

    pub(super) fn join(&self, group: GroupId, user: UserId) -> Result<()> {
        let operation = json!({"op": "add", "path": "members", "value": [{"value": user}]});
        self.patch_group(group, operation)
    }

    pub(super) fn delete_group(&self, id: GroupId) -> Result<()> {
        let conditions = Preconditions::default();
        let command = DeleteGroup {
            id,
            change: self.change(),
            conditions,
        };
        self.run(Lock::Exclusive, move |tx| app::groups::delete(tx, &command))
    }

    /// Replaces the mapping by organization rules of these groups and roles.
    pub(super) fn map(&self, rules: &[(String, &str)]) -> Result<()> {
        let entry = |(group, role): &(String, &str)| OrganizationEntry {
            group: group.clone(),
            role: (*role).to_owned(),
            group_id: None,
        };
        let document = Mapping {
            organization: rules.iter().map(entry).collect(),
            ..Mapping::default()
        };
        let ids = rules.iter().map(|_| Uuid::now_v7()).collect();
        let command = PutMapping {
            if_plan: None,
            document,
            if_version: None,
            ids,
            change: self.change(),
        };
        self.run(Lock::Exclusive, move |tx| {
            app::mapping::replace(tx, &command).map(drop)
        })
    }

    /// The access as the read plane answers it, whether or not a worker has been there.
    pub(super) fn role(&self, id: UserId) -> Option<String> {
        let reply = self
            .run(Lock::Read, move |tx| app::access::read(tx, id))
            .unwrap();
        reply.access.role.map(|role| role.to_string())
    }
}
