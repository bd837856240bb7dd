//! What an administrator and the app do, beside the identity provider.

use app::access::explain::{Explanation, explain};
use app::change::Change;
use app::grants::{self, DeleteGrant, PutGrant};
use app::orgs::{self, NewOrg, PatchSettings, PutRoles};
use app::places::{self, Place, PutPlace, RemovePlace};
use app::port::{Lock, Store};
use app::preview::{self, PlanView, Proposal};
use app::users::{self, SignIn};
use app::{App, Result, access, mapping};
use domain::{GrantKind, Preset, ProjectPath, Slug, UserId};
use serde_json::Value;
use uuid::Uuid;

use std::sync::Arc;

use super::Site;

impl Site {
    /// A new organization with nothing but what its preset says.
    ///
    /// # Panics
    /// Where its slug is taken, or the store is away.
    pub fn of_preset(store: &Arc<dyn Store>, slug: &str, preset: Preset) -> Site {
        Site::bare(&super::super::app(store), slug, preset)
    }

    /// The same in an application.
    pub(in super::super) fn bare(app: &Arc<App>, slug: &str, preset: Preset) -> Site {
        let new = NewOrg {
            slug: slug.to_owned(),
            name: None,
            preset: preset.key().to_owned(),
        };
        let made = orgs::create(app, &new, &Change::by_operator(app))
            .expect("the organization must be new");
        Site {
            app: Arc::clone(app),
            org: made.id,
            crowd: Arc::default(),
        }
    }

    /// POST of a workspace, or of a project where the path has two parts.
    pub fn make_place(&self, path: &str) -> Result<()> {
        self.make_place_as(Uuid::now_v7(), path)
    }

    /// The same, with the id that it gets.
    pub fn make_place_as(&self, id: Uuid, path: &str) -> Result<()> {
        let command = PutPlace {
            place: place(path),
            name: None,
            create: true,
            id,
            change: self.change(),
        };
        self.write(Lock::Exclusive, move |tx| {
            places::put(tx, &command).map(drop)
        })
    }

    /// DELETE of a workspace or project.
    pub fn remove_place(&self, path: &str, force: bool) -> Result<()> {
        let command = RemovePlace {
            place: place(path),
            force,
            change: self.change(),
        };
        self.write(Lock::Exclusive, move |tx| places::remove(tx, &command))
    }

    /// PUT of a manual grant: no scope is the organization, no role is membership.
    pub fn grant(
        &self,
        user: UserId,
        scope: Option<&str>,
        role: Option<&str>,
        kind: GrantKind,
    ) -> Result<()> {
        let command = PutGrant {
            user,
            scope: scope.map(str::to_owned),
            role: role.map(str::to_owned),
            kind,
            change: self.change(),
        };
        self.write(Lock::Shared, move |tx| grants::put(tx, &command))
    }

    /// DELETE of a manual grant.
    pub fn ungrant(&self, user: UserId, scope: Option<&str>) -> Result<()> {
        let command = DeleteGrant {
            user,
            scope: scope.map(str::to_owned),
            change: self.change(),
        };
        self.write(Lock::Shared, move |tx| grants::delete(tx, &command))
    }

    /// POST …/sign-in.
    pub fn sign_in(&self, id: UserId) -> Result<()> {
        let command = SignIn {
            id,
            change: self.change(),
        };
        self.write(Lock::Shared, move |tx| {
            users::sign_in(tx, &command).map(drop)
        })
    }

    /// GET …/access?explain=true.
    pub fn explain(&self, id: UserId) -> Result<Explanation> {
        self.read(move |tx| explain(tx, id))
    }

    /// POST …/mapping/preview.
    pub fn preview(&self, proposal: &Proposal) -> Result<PlanView> {
        let (proposal, at) = (proposal.clone(), self.app.clock.now());
        self.read(move |tx| preview::preview(tx, &proposal, at))
    }

    /// Applies what was previewed, if it is still the same; these are the ids of what it makes.
    pub fn apply(
        &self,
        proposal: &Proposal,
        ids: Vec<Uuid>,
        if_plan: Option<String>,
    ) -> Result<()> {
        let change = self.change();
        match proposal.clone() {
            Proposal::Mapping(document) => {
                let command = mapping::PutMapping {
                    document,
                    if_version: None,
                    if_plan,
                    ids,
                    change,
                };
                self.write(Lock::Exclusive, move |tx| {
                    mapping::replace(tx, &command).map(drop)
                })
            }
            Proposal::Catalog(catalog) => {
                let command = PutRoles {
                    catalog,
                    if_version: None,
                    if_plan,
                    change,
                };
                self.write(Lock::Exclusive, move |tx| {
                    orgs::put_roles(tx, &command).map(drop)
                })
            }
            Proposal::Policies(policies) => {
                let patch = orgs::SettingsPatch {
                    policies,
                    ..orgs::SettingsPatch::default()
                };
                let command = PatchSettings {
                    patch,
                    if_version: None,
                    if_plan,
                    change,
                };
                self.write(Lock::Exclusive, move |tx| {
                    orgs::patch_settings(tx, &command).map(drop)
                })
            }
        }
    }

    /// The access answer as the admin API gives it.
    ///
    /// # Panics
    /// Where the answer is not JSON, which it is.
    pub fn answer(&self, id: UserId) -> Result<Value> {
        let reply = self.access(id)?;
        let org = self.read(|tx| Ok(tx.settings()?))?;
        let view = access::view::AccessView::new(&self.app, &org, &reply);
        Ok(serde_json::to_value(view).expect("an answer is JSON"))
    }
}

fn place(path: &str) -> Place {
    match path.split_once('/') {
        None => Place::Workspace(Slug::new(path).expect("a slug")),
        Some(_) => Place::Project(path.parse::<ProjectPath>().expect("a project's path")),
    }
}
