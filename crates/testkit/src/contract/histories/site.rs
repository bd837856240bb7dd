//! An organization with the application's use cases on it: what a request does, without HTTP.

mod admin;
mod crowd;

use std::sync::Arc;

use app::access::{self, AccessReply};
use app::groups::{self, DeleteGroup, GroupReply, ListGroups, NewGroup, PatchGroup, PutGroup};
use app::list::Part;
use app::mapping::{self, MappingReply, PutMapping};
use app::orgs::{self, PatchSettings, PutRoles};
use app::port::org::OrgSettings;
use app::port::{Lock, Store, Tx};
use app::users::{self, DeleteUser, ListUsers, NewUser, PatchUser, PutUser, UserReply};
use app::{App, Change, Result, Scope, Work};
use domain::{Catalog, GroupId, Mapping, OrgId, Preset, UniqueIdentifier, UserId};
use scim::etag::Preconditions;
use scim::filter::Filter;
use scim::{Incoming, Kind, Mode, Patch, Registry};
use serde_json::{Value, json};
use uuid::Uuid;

/// An organization without the policy `last_holder`, by which what a user has would depend on
/// others and on the order of changes, its own application around the store, and an identity provider's lenient
/// connection to it. Bodies are SCIM or admin JSON.
#[derive(Clone)]
pub struct Site {
    /// The application.
    pub app: Arc<App>,
    /// The organization.
    pub org: OrgId,
    /// Users that every write marks stale first.
    pub(super) crowd: Arc<[UserId]>,
}

impl Site {
    /// A new organization in a store.
    ///
    /// # Panics
    /// Where its slug is taken, or the store is away.
    pub fn new(store: &Arc<dyn Store>, slug: &str, preset: Preset) -> Site {
        Site::on(&super::app(store), slug, preset)
    }

    /// A new organization of an application.
    ///
    /// # Panics
    /// Where its slug is taken, or the store is away.
    pub fn on(app: &Arc<App>, slug: &str, preset: Preset) -> Site {
        let site = Site::bare(app, slug, preset);
        site.patch_settings(json!({"policies": {"last_holder": "off"}}))
            .expect("the policy must be known");
        site
    }

    /// Runs a unit of work that may write.
    pub fn write<T: Send + 'static>(
        &self,
        lock: Lock,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let crowd = Arc::clone(&self.crowd);
        let run = move |tx: &mut dyn Tx| {
            if !crowd.is_empty() {
                tx.mark_stale(&crowd, false)?;
            }
            run(tx)
        };
        Work::new(&Scope::operator(self.org), lock, run).wait(&*self.app.store)
    }

    /// Runs a unit of work that reads.
    pub fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Work::new(&Scope::operator(self.org), Lock::Read, run).wait(&*self.app.store)
    }

    /// As [`Site::read`], by one statement where that is enough.
    pub fn glance<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        Work::new(&Scope::operator(self.org), Lock::Glance, run).wait(&*self.app.store)
    }

    /// Now, by the operator.
    pub fn change(&self) -> Change {
        Change::by_operator(&self.app)
    }

    /// POST /Users.
    pub fn create_user(&self, body: Value) -> Result<UserReply> {
        self.create_user_as(UserId(Uuid::now_v7()), body)
    }

    /// POST /Users, with the id that the user gets.
    pub fn create_user_as(&self, id: UserId, body: Value) -> Result<UserReply> {
        let (resource, _) = incoming(Kind::User, body)?.for_create();
        let new = NewUser {
            id,
            change: self.change(),
            resource,
        };
        self.write(Lock::Shared, move |tx| users::create(tx, &new))
    }

    /// PUT /Users/{id}.
    pub fn put_user(&self, id: UserId, body: Value) -> Result<UserReply> {
        let command = PutUser {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            body: incoming(Kind::User, body)?,
        };
        self.write(Lock::Shared, move |tx| users::put(tx, &command))
    }

    /// PATCH /Users/{id} with these operations.
    pub fn patch_user(&self, id: UserId, operations: Value) -> Result<UserReply> {
        let command = PatchUser {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            patch: patch(Kind::User, operations)?,
        };
        self.write(Lock::Shared, move |tx| users::patch(tx, &command))
    }

    /// DELETE /Users/{id}.
    pub fn delete_user(&self, id: UserId) -> Result<()> {
        let command = DeleteUser {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
        };
        self.write(Lock::Exclusive, move |tx| users::delete(tx, &command))
    }

    /// GET /Users/{id}.
    pub fn user(&self, id: UserId) -> Result<UserReply> {
        self.glance(move |tx| users::read(tx, id))
    }

    /// GET /Users?filter=… of a filter that names one user, the ids.
    pub fn look_up(&self, filter: &str) -> Result<Vec<UserId>> {
        let query = ListUsers {
            filter: Some(filter_of(Kind::User, filter)?),
            sort: None,
            part: Part::Index {
                start: 1,
                count: 100,
            },
            by_email: false,
        };
        let page = self.glance(move |tx| users::list(tx, &query))?;
        Ok(page.items.iter().map(|user| user.row.id).collect())
    }

    /// GET /Users?filter=…, the ids.
    pub fn find_users(&self, filter: &str) -> Result<Vec<UserId>> {
        let filter = filter_of(Kind::User, filter)?;
        let page = self.read(move |tx| {
            let identifier = tx.settings()?.connection.unique_identifier;
            let query = ListUsers {
                filter: Some(filter.clone()),
                sort: None,
                part: Part::Index {
                    start: 1,
                    count: 1_000,
                },
                by_email: identifier == UniqueIdentifier::Email,
            };
            users::list(tx, &query)
        })?;
        Ok(page.items.iter().map(|user| user.row.id).collect())
    }

    /// POST /Groups.
    pub fn create_group(&self, body: Value) -> Result<GroupReply> {
        self.create_group_as(GroupId(Uuid::now_v7()), body)
    }

    /// POST /Groups, with the id that the group gets.
    pub fn create_group_as(&self, id: GroupId, body: Value) -> Result<GroupReply> {
        let (resource, members) = incoming(Kind::Group, body)?.for_create();
        let new = NewGroup {
            id,
            change: self.change(),
            resource,
            members,
            show_members: true,
        };
        self.write(Lock::Exclusive, move |tx| groups::create(tx, &new))
    }

    /// PUT /Groups/{id}.
    pub fn put_group(&self, id: GroupId, body: Value) -> Result<GroupReply> {
        let command = PutGroup {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            body: incoming(Kind::Group, body)?,
            show_members: true,
        };
        self.write(Lock::Shared, move |tx| groups::put(tx, &command))
    }

    /// The command of PATCH /Groups/{id} with these operations.
    pub fn group_patch(&self, id: GroupId, operations: Value) -> Result<PatchGroup> {
        Ok(PatchGroup {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
            patch: patch(Kind::Group, operations)?,
            show_members: false,
        })
    }

    /// PATCH /Groups/{id} with these operations.
    pub fn patch_group(&self, id: GroupId, operations: Value) -> Result<GroupReply> {
        let command = self.group_patch(id, operations)?;
        self.write(Lock::Shared, move |tx| groups::patch(tx, &command))
    }

    /// Adds a user to a group, as Entra ID does.
    pub fn join(&self, group: GroupId, user: UserId) -> Result<GroupReply> {
        let operation = json!({"op": "add", "path": "members", "value": [{"value": user}]});
        self.patch_group(group, json!([operation]))
    }

    /// DELETE /Groups/{id}.
    pub fn delete_group(&self, id: GroupId) -> Result<()> {
        let command = DeleteGroup {
            id,
            change: self.change(),
            conditions: Preconditions::default(),
        };
        self.write(Lock::Exclusive, move |tx| groups::delete(tx, &command))
    }

    /// GET /Groups?filter=…, the ids.
    pub fn find_groups(&self, filter: &str) -> Result<Vec<GroupId>> {
        let query = ListGroups {
            filter: Some(filter_of(Kind::Group, filter)?),
            sort: None,
            part: Part::Index {
                start: 1,
                count: 1_000,
            },
            show_members: false,
        };
        let page = self.read(move |tx| groups::list(tx, &query))?;
        Ok(page.items.iter().map(|group| group.row.id).collect())
    }

    /// PUT of the mapping, whatever its version.
    ///
    /// # Panics
    /// Where the document has not the shape of a mapping.
    pub fn put_mapping(&self, document: Value) -> Result<MappingReply> {
        self.put_mapping_at(document, None)
    }

    /// PUT of the mapping with the version that was seen.
    ///
    /// # Panics
    /// Where the document has not the shape of a mapping.
    pub fn put_mapping_at(&self, document: Value, if_version: Option<i64>) -> Result<MappingReply> {
        let document: Mapping =
            serde_json::from_value(document).expect("the document must have a mapping's shape");
        let ids = document.organization.iter();
        let command = PutMapping {
            if_plan: None,
            ids: ids.map(|_| Uuid::now_v7()).collect(),
            document,
            if_version,
            change: self.change(),
        };
        self.write(Lock::Exclusive, move |tx| mapping::replace(tx, &command))
    }

    /// GET of the mapping.
    pub fn mapping(&self) -> Result<MappingReply> {
        self.read(mapping::read)
    }

    /// PUT of the role catalog.
    pub fn put_roles(&self, catalog: Catalog) -> Result<OrgSettings> {
        let command = PutRoles {
            if_plan: None,
            catalog,
            if_version: None,
            change: self.change(),
        };
        self.write(Lock::Exclusive, move |tx| orgs::put_roles(tx, &command))
    }

    /// PATCH of the settings.
    ///
    /// # Panics
    /// Where the patch has not the shape of one.
    pub fn patch_settings(&self, body: Value) -> Result<OrgSettings> {
        let command = PatchSettings {
            if_plan: None,
            patch: serde_json::from_value(body).expect("the patch must have the settings' shape"),
            if_version: None,
            change: self.change(),
        };
        self.write(Lock::Exclusive, move |tx| {
            orgs::patch_settings(tx, &command)
        })
    }

    /// GET of a user's access.
    pub fn access(&self, id: UserId) -> Result<AccessReply> {
        self.glance(move |tx| access::read(tx, id))
    }

    /// The key of a user's organization role; empty without one.
    pub fn role(&self, id: UserId) -> Result<String> {
        let role = self.access(id)?.access.role;
        Ok(role.map_or_else(String::new, |key| key.to_string()))
    }

    /// Lets the worker resolve everything that is stale.
    pub fn drain(&self) -> Result<u64> {
        access::worker::drain(&self.app)
    }
}

/// A body as the SCIM surface reads it.
pub(super) fn incoming(kind: Kind, body: Value) -> Result<Incoming> {
    Ok(scim::resource::read(
        &Registry::core(),
        kind,
        Mode::Lenient,
        body,
    )?)
}

fn patch(kind: Kind, operations: Value) -> Result<Patch> {
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"], "Operations": operations,
    });
    Ok(Patch::parse(&Registry::core(), kind, Mode::Lenient, body)?)
}

fn filter_of(kind: Kind, text: &str) -> Result<Filter> {
    Ok(Filter::parse(&Registry::core(), kind, Mode::Lenient, text)?)
}
