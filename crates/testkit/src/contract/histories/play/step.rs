//! One step: what the model says, and what the store did.

use std::collections::BTreeMap;

use app::Code;
use app::port::grants::GrantScope;
use app::preview::Proposal;
use domain::{GrantKind, GroupId, UserId};
use serde_json::json;
use uuid::Uuid;

use super::super::check::Proposed;
use super::super::model::{By, Model, User, Wanted};
use super::super::op::{Entry, How, Op, What, Who};
use super::super::site::Site;
use super::bodies::{self, claims_patch, facts, members, user_body};
use super::{Player, Slots};

impl Player {
    /// What a step proposes that can be previewed.
    pub(super) fn proposal(&self, op: &Op) -> Result<Option<Proposed>, String> {
        let map = |wanted: Vec<Wanted>| {
            // In the order of a document.
            let document = bodies::document(&wanted);
            let wanted = bodies::told(document.clone());
            let ids: Vec<Uuid> = (0..wanted.len() * 2).map(|_| Uuid::now_v7()).collect();
            let for_model = ids.clone();
            Proposed {
                proposal: Proposal::Mapping(document),
                ids,
                change: Box::new(move |model: &mut Model| model.map(&wanted, &for_model)),
            }
        };
        Ok(Some(match op {
            Op::Map(entries) => map(entries
                .iter()
                .map(|entry| self.slots.wanted(entry))
                .collect()),
            Op::MapAgain => {
                let reply = self.site.mapping().map_err(|error| error.to_string())?;
                map(bodies::told(reply.document))
            }
            Op::Policy(key, word) => {
                let (key, word) = (*key, *word);
                let changes = BTreeMap::from([(key.to_owned(), Some(word.to_owned()))]);
                Proposed {
                    proposal: Proposal::Policies(changes),
                    ids: Vec::new(),
                    change: Box::new(move |model: &mut Model| model.set_policy(key, word)),
                }
            }
            Op::Catalog(which) => {
                let catalog = bodies::catalog(*which);
                Proposed {
                    proposal: Proposal::Catalog(catalog.clone()),
                    ids: Vec::new(),
                    change: Box::new(move |model: &mut Model| model.set_catalog(catalog.clone())),
                }
            }
            _ => return Ok(None),
        }))
    }

    /// What the model says, and what the store did. Nothing for the worker's step.
    pub(super) fn both(&mut self, op: &Op) -> Option<(Result<(), Code>, app::Result<()>)> {
        let (site, model) = (self.site.clone(), &mut self.model);
        Some(match op {
            Op::CreateUser(slot, active, claims) => {
                let name = format!("user{slot}");
                let taken = model.users.values().any(|user| user.name == name);
                let id = UserId(Uuid::now_v7());
                if !taken {
                    self.slots.users[*slot] = id;
                }
                let body = user_body(*slot, *active, claims);
                let user = User::new(name, active.unwrap_or(true), facts(claims));
                let answer = site.create_user_as(id, body).map(drop);
                let expected = model.request(By::Attributes, |model| model.create_user(id, user));
                (expected, answer)
            }
            Op::PutUser(slot, active, claims) => {
                let id = self.slots.users[*slot];
                let expected = model.request(By::Attributes, |model| {
                    model.change_user(id, |user| {
                        user.active = active.unwrap_or(user.active);
                        user.claims = facts(claims);
                    })
                });
                let body = user_body(*slot, *active, claims);
                (expected, site.put_user(id, body).map(drop))
            }
            Op::SetActive(slot, active) => {
                let id = self.slots.users[*slot];
                let expected = model.request(By::Attributes, |model| {
                    model.change_user(id, |user| user.active = *active)
                });
                let ops = json!([{"op": "replace", "path": "active", "value": active}]);
                (expected, site.patch_user(id, ops).map(drop))
            }
            Op::SetClaims(slot, claims) => {
                let id = self.slots.users[*slot];
                let expected = model.request(By::Attributes, |model| {
                    model.change_user(id, |user| user.claims = facts(claims))
                });
                (
                    expected,
                    site.patch_user(id, claims_patch(claims)).map(drop),
                )
            }
            Op::DeleteUser(slot) => {
                let id = self.slots.users[*slot];
                (
                    model.request(By::Attributes, |model| model.delete_user(id)),
                    site.delete_user(id),
                )
            }
            Op::CreateGroup(slot, name, who) => {
                let ids = self.slots.ids(who);
                let id = GroupId(Uuid::now_v7());
                let expected =
                    model.request(By::Groups, |model| model.create_group(id, name, &ids));
                if expected.is_ok() {
                    self.slots.groups[*slot] = id;
                }
                let body = json!({"displayName": name, "members": members(&ids)});
                (expected, site.create_group_as(id, body).map(drop))
            }
            Op::RenameGroup(slot, name) => {
                let id = self.slots.groups[*slot];
                let ops = json!([{"op": "replace", "value": {"displayName": name}}]);
                (
                    model.request(By::Names, |model| model.rename_group(id, name)),
                    site.patch_group(id, ops).map(drop),
                )
            }
            Op::DeleteGroup(slot) => {
                let id = self.slots.groups[*slot];
                (
                    model.request(By::Groups, |model| model.delete_group(id)),
                    site.delete_group(id),
                )
            }
            Op::Members(slot, how, who) => {
                let id = self.slots.groups[*slot];
                let ids = self.slots.ids(who);
                change_members(&site, model, id, *how, &ids)
            }
            Op::Seats(limit) => {
                let expected = model.request(By::Rules, |model| {
                    model.seat_limit = *limit;
                    Ok(())
                });
                (
                    expected,
                    site.patch_settings(json!({"seat_limit": limit})).map(drop),
                )
            }
            Op::Grant(slot, what, fixed) => {
                let id = self.slots.users[*slot];
                let gives = model.gives_of(&bodies::target(*what));
                let kind = if *fixed {
                    GrantKind::Fixed
                } else {
                    GrantKind::Floor
                };
                let (scope, role) = match *what {
                    What::Role(role) => (None, Some(role)),
                    What::Membership(slug) => (Some(slug), None),
                    What::InProject(path, role) => (Some(path), Some(role)),
                };
                let expected = model.request(By::Hand, |model| model.grant(id, gives, kind));
                (expected, site.grant(id, scope, role, kind))
            }
            Op::Ungrant(slot, place) => {
                let id = self.slots.users[*slot];
                let scope = match place {
                    None => Some(GrantScope::Organization),
                    Some(path) => model.scope_of(path),
                };
                let expected = model.request(By::Hand, |model| model.ungrant(id, scope));
                (expected, site.ungrant(id, *place))
            }
            Op::SignIn(slot) => {
                let id = self.slots.users[*slot];
                let expected = model.request(By::Hand, |model| model.sign_in(id));
                (expected, site.sign_in(id))
            }
            Op::MakePlace(path) => {
                let id = Uuid::now_v7();
                let expected = model.request(By::Rules, |model| model.make_place(path, id));
                (expected, site.make_place_as(id, path))
            }
            Op::RemovePlace(path, force) => {
                let expected = model.request(By::Rules, |model| model.remove_place(path, *force));
                (expected, site.remove_place(path, *force))
            }
            Op::Map(_) | Op::MapAgain | Op::Policy(..) | Op::Catalog(_) | Op::Work => return None,
        })
    }
}

impl Slots {
    fn ids(&self, who: &[Who]) -> Vec<Uuid> {
        let id = |who: &Who| match who {
            Who::User(slot) => self.users[*slot].0,
            Who::Group(slot) => self.groups[*slot].0,
            Who::Nobody => Uuid::now_v7(),
        };
        who.iter().map(id).collect()
    }

    fn wanted(&self, entry: &Entry) -> Wanted {
        Wanted {
            name: entry.name.to_owned(),
            target: bodies::target(entry.target),
            group: entry.group.map(|slot| self.groups[slot]),
        }
    }
}

fn change_members(
    site: &Site,
    model: &mut Model,
    id: GroupId,
    how: How,
    ids: &[Uuid],
) -> (Result<(), Code>, app::Result<()>) {
    let expected = model.request(By::Groups, |model| {
        model.change_members(id, |now| match how {
            How::Add => now.extend(ids),
            How::Remove | How::RemoveEach => now.retain(|member| !ids.contains(member)),
            How::Replace | How::Put => *now = ids.iter().copied().collect(),
            How::Clear => now.clear(),
        })
    });
    let value = members(ids);
    let ops = match how {
        How::Add => json!([{"op": "Add", "path": "members", "value": value}]),
        // An empty list names nobody, which is another request; then somebody unknown is named.
        How::Remove if ids.is_empty() => {
            let nobody = members(&[Uuid::now_v7()]);
            json!([{"op": "remove", "path": "members", "value": nobody}])
        }
        How::Remove => json!([{"op": "remove", "path": "members", "value": value}]),
        How::RemoveEach => ids
            .iter()
            .map(|id| json!({"op": "remove", "path": format!("members[value eq \"{id}\"]")}))
            .collect(),
        How::Replace => json!([{"op": "replace", "path": "members", "value": value}]),
        How::Clear => json!([{"op": "remove", "path": "members"}]),
        How::Put => {
            let name = model.groups.get(&id).map_or("Alpha", |group| &group.name);
            let body = json!({"displayName": name, "members": value});
            return (expected, site.put_group(id, body).map(drop));
        }
    };
    (expected, site.patch_group(id, ops).map(drop))
}
