//! Plays a history: every step on the store and on the model, which must answer alike.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::port::Lock;
use app::{App, Code, representation};
use domain::mapping::OrganizationEntry;
use domain::{Access, Catalog, GroupId, Preset, Role, RoleClaim, Standing, UserId};
use scim::Kind;
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::access::write;
use super::check;
use super::model::{Model, User, Wanted, key};
use super::op::{Claim, Entry, GROUPS, How, Op, USERS, Who};
use super::site::{Site, incoming};

/// A history that held up to its end.
pub(super) struct Played {
    pub(super) site: Site,
    /// What the feed has to tell.
    pub(super) expected: std::collections::BTreeMap<UserId, Access>,
}

/// Who is, or was last, in which slot.
struct Slots {
    users: [UserId; USERS],
    groups: [GroupId; GROUPS],
}

struct Player {
    site: Site,
    model: Model,
    slots: Slots,
}

pub(super) fn play(
    app: &Arc<App>,
    seed: usize,
    ops: &[Op],
    crowded: bool,
) -> Result<Played, String> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let number = COUNT.fetch_add(1, Ordering::SeqCst);
    let preset = Preset::Plain;
    let mut site = Site::on(app, &format!("history-{number}"), preset);
    if crowded {
        site.crowd = crowd(&site)?;
    }
    let org = domain::OrgFacts {
        catalog: preset.catalog(),
        policies: preset.policies(),
    };
    let mut player = Player {
        site,
        model: Model::new(org),
        slots: Slots {
            users: std::array::from_fn(|_| UserId(Uuid::now_v7())),
            groups: std::array::from_fn(|_| GroupId(Uuid::now_v7())),
        },
    };
    for (place, op) in ops.iter().enumerate() {
        let step = || format!("step {}, {op:?}", place + 1);
        player
            .step(op)
            .map_err(|why| format!("{}: {why}", step()))?;
        if (place + seed).is_multiple_of(3) || place + 1 == ops.len() {
            check::read(&player.site, &player.model).map_err(|why| format!("{}: {why}", step()))?;
        }
    }
    player
        .step(&Op::Work)
        .map_err(|why| format!("at the end: {why}"))?;
    Ok(Played {
        expected: player.model.access(),
        site: player.site,
    })
}

/// As many users as a change resolves at once, all of whom come before those of the history.
fn crowd(site: &Site) -> Result<Arc<[UserId]>, String> {
    let ids: Vec<UserId> = (1..=app::access::AT_ONCE as u128)
        .map(|number| UserId(Uuid::from_u128(number)))
        .collect();
    let mut users = Vec::new();
    for id in &ids {
        let body = json!({"userName": format!("crowd-{}", id.0.as_u128()), "active": false});
        let body = incoming(Kind::User, body).map_err(|error| error.to_string())?;
        users.push(representation::user_write(
            *id,
            1,
            0,
            0,
            &body.for_create().0,
        ));
    }
    let results: Vec<_> = ids
        .iter()
        .map(|id| write(*id, None, Access::nothing()))
        .collect();
    let stored = site.write(Lock::Shared, move |tx| {
        users
            .iter()
            .try_for_each(|user| tx.insert_user(user, Standing::default()))?;
        Ok(tx.save_access(&results)?)
    });
    stored.map_err(|error| error.to_string())?;
    Ok(ids.into())
}

impl Player {
    fn step(&mut self, op: &Op) -> Result<(), String> {
        let Some((expected, answer)) = self.both(op) else {
            self.site.drain().map_err(|error| error.to_string())?;
            return check::stored(&self.site, &self.model);
        };
        let answer = answer.map_err(|error| (error.code(), error.detail()));
        match (expected, answer) {
            (Ok(()), Ok(())) => Ok(()),
            (Err(right), Err((code, _))) if right == code => Ok(()),
            (expected, answer) => Err(format!("expected {expected:?}, got {answer:?}")),
        }
    }

    /// What the model says, and what the store did. Nothing for the worker's step.
    fn both(&mut self, op: &Op) -> Option<(Result<(), Code>, app::Result<()>)> {
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
                let user = User {
                    name,
                    active: active.unwrap_or(true),
                    claims: facts(claims),
                };
                let answer = site.create_user_as(id, body).map(drop);
                (model.create_user(id, user), answer)
            }
            Op::PutUser(slot, active, claims) => {
                let id = self.slots.users[*slot];
                let expected = model.change_user(id, |user| {
                    user.active = active.unwrap_or(user.active);
                    user.claims = facts(claims);
                });
                let body = user_body(*slot, *active, claims);
                (expected, site.put_user(id, body).map(drop))
            }
            Op::SetActive(slot, active) => {
                let id = self.slots.users[*slot];
                let expected = model.change_user(id, |user| user.active = *active);
                let ops = json!([{"op": "replace", "path": "active", "value": active}]);
                (expected, site.patch_user(id, ops).map(drop))
            }
            Op::SetClaims(slot, claims) => {
                let id = self.slots.users[*slot];
                let expected = model.change_user(id, |user| user.claims = facts(claims));
                (
                    expected,
                    site.patch_user(id, claims_patch(claims)).map(drop),
                )
            }
            Op::DeleteUser(slot) => {
                let id = self.slots.users[*slot];
                (model.delete_user(id), site.delete_user(id))
            }
            Op::CreateGroup(slot, name, who) => {
                let ids = self.slots.ids(who);
                let id = GroupId(Uuid::now_v7());
                let expected = model.create_group(id, name, &ids);
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
                    model.rename_group(id, name),
                    site.patch_group(id, ops).map(drop),
                )
            }
            Op::DeleteGroup(slot) => {
                let id = self.slots.groups[*slot];
                (model.delete_group(id), site.delete_group(id))
            }
            Op::Members(slot, how, who) => {
                let id = self.slots.groups[*slot];
                let ids = self.slots.ids(who);
                change_members(&site, model, id, *how, &ids)
            }
            Op::Map(entries) => {
                let wanted: Vec<Wanted> = entries
                    .iter()
                    .map(|entry| self.slots.wanted(entry))
                    .collect();
                (model.map(&wanted), put_twice(&site, &document(&wanted)))
            }
            Op::MapAgain => {
                let export = match site.mapping() {
                    Ok(reply) => reply.document,
                    Err(error) => return Some((Ok(()), Err(error))),
                };
                let wanted: Vec<Wanted> = export.organization.into_iter().map(told).collect();
                (model.map(&wanted), put_twice(&site, &document(&wanted)))
            }
            Op::DefaultRole(role) => {
                let patch = json!({"policies": {"default_role": role}});
                (
                    model.set_default(role),
                    site.patch_settings(patch).map(drop),
                )
            }
            Op::RolesAttribute(on) => {
                model.org.policies.roles_attribute = *on;
                let word = if *on { "on" } else { "off" };
                let patch = json!({"policies": {"roles_attribute": word}});
                (Ok(()), site.patch_settings(patch).map(drop))
            }
            Op::Catalog(which) => {
                let catalog = catalog(*which);
                let expected = model.set_catalog(catalog.clone());
                (expected, site.put_roles(catalog).map(drop))
            }
            Op::Work => return None,
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
            role: entry.role.to_owned(),
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
    let expected = model.change_members(id, |now| match how {
        How::Add => now.extend(ids),
        How::Remove | How::RemoveEach => now.retain(|member| !ids.contains(member)),
        How::Replace | How::Put => *now = ids.iter().copied().collect(),
        How::Clear => now.clear(),
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

fn members(ids: &[Uuid]) -> Value {
    ids.iter().map(|id| json!({"value": id})).collect()
}

/// The name is written in capitals every other time: it is the same name.
fn user_body(slot: usize, active: Option<bool>, claims: &[Claim]) -> Value {
    let name = if active.is_none() { "user" } else { "USER" };
    let mut body = json!({"userName": format!("{name}{slot}"), "roles": roles(claims)});
    if let Some(active) = active {
        body["active"] = active.into();
    }
    body
}

fn roles(claims: &[Claim]) -> Value {
    let one = |claim: &Claim| {
        if claim.primary {
            json!({"value": claim.value, "primary": true})
        } else {
            json!({"value": claim.value})
        }
    };
    claims.iter().map(one).collect()
}

fn claims_patch(claims: &[Claim]) -> Value {
    if claims.is_empty() {
        return json!([{"op": "remove", "path": "roles"}]);
    }
    json!([{"op": "replace", "path": "roles", "value": roles(claims)}])
}

fn facts(claims: &[Claim]) -> Vec<RoleClaim> {
    let one = |claim: &Claim| RoleClaim {
        value: claim.value.to_owned(),
        display: None,
        primary: claim.primary,
    };
    claims.iter().map(one).collect()
}

/// Sending the same again must change nothing.
fn put_twice(site: &Site, document: &Value) -> app::Result<()> {
    let first = site.put_mapping(document.clone())?;
    let again = site.put_mapping(document.clone())?;
    if first == again {
        return Ok(());
    }
    let detail = format!(
        "PUT again moved version {} to {}",
        first.version, again.version
    );
    Err(app::Error::new(Code::Internal, detail))
}

fn told(entry: OrganizationEntry) -> Wanted {
    Wanted {
        name: entry.group,
        role: entry.role,
        group: entry.group_id,
    }
}

fn document(wanted: &[Wanted]) -> Value {
    let one = |entry: &Wanted| {
        let mut rule = json!({"group": entry.name, "role": entry.role});
        if let Some(group) = entry.group {
            rule["group_id"] = json!(group);
        }
        rule
    };
    json!({"organization": wanted.iter().map(one).collect::<Vec<_>>()})
}

/// Catalogs with more roles, fewer, in another order, and with other flags.
fn catalog(which: usize) -> Catalog {
    let rows: &[(&str, &str)] = match which {
        0 => &[("admin", "PA"), ("member", "")],
        1 => &[("admin", "PA"), ("editor", ""), ("member", "")],
        2 => &[("editor", "F"), ("admin", "P"), ("member", "A")],
        3 => &[("owner", "NPA"), ("admin", "A"), ("member", "F")],
        _ => &[("member", ""), ("editor", "A"), ("admin", "N")],
    };
    let role = |(name, flags): &(&str, &str)| Role {
        key: key(name),
        name: name[..1].to_uppercase() + &name[1..],
        takes_seat: !flags.contains('F'),
        sees_all_workspaces: flags.contains('A'),
        mappable: !flags.contains('N'),
        protected: flags.contains('P'),
        project_assignable: false,
    };
    Catalog::new(rows.iter().map(role).collect()).expect("catalogs of histories are right")
}
