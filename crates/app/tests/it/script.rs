//! What happens in an organization, as a list, and who has which role afterwards.

use std::collections::HashMap;
use std::sync::Arc;

use domain::{GroupId, Preset, UserId};
use rolecall_app::{Error, Result, port::Store};
use serde_json::{Value, json};
use testkit::MemoryStore;
use testkit::contract::histories::{Site, audit};

/// One thing that happens. Groups go by the label of their creation, whatever they are called.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Do {
    User(&'static str),
    /// An active user with this `roles` attribute, as JSON.
    UserWith(&'static str, &'static str),
    Active(&'static str, bool),
    Remove(&'static str),
    /// PATCH of a user with one operation, as JSON.
    Patch(&'static str, &'static str),
    /// A label, and the name.
    Group(&'static str, &'static str),
    Rename(&'static str, &'static str),
    Drop(&'static str),
    Join(&'static str, &'static str),
    Leave(&'static str, &'static str),
    /// The mapping: names and roles.
    Map(&'static [(&'static str, &'static str)]),
    /// The mapping with the label of the group that is meant.
    MapTo(&'static [(&'static str, &'static str, &'static str)]),
    /// A policy and its value.
    Policy(&'static str, &'static str),
}

/// A new organization on a store of its own.
pub(crate) fn site(preset: Preset) -> Site {
    let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
    Site::new(&store, "acme", preset)
}

/// An organization and who is in it.
pub(crate) struct Scene {
    pub(crate) site: Site,
    pub(crate) users: HashMap<&'static str, UserId>,
    pub(crate) groups: HashMap<&'static str, GroupId>,
}

impl Scene {
    pub(crate) fn new(preset: Preset) -> Self {
        Self {
            site: site(preset),
            users: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    /// The same in an organization with nothing but its preset: last holders are kept.
    pub(crate) fn of_preset(preset: Preset) -> Self {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        Self {
            site: Site::of_preset(&store, "acme", preset),
            users: HashMap::new(),
            groups: HashMap::new(),
        }
    }

    pub(crate) fn play(&mut self, script: &[Do]) {
        for step in script {
            if let Err(error) = self.step(*step) {
                panic!("{step:?}: {error:?}");
            }
        }
    }

    fn step(&mut self, step: Do) -> Result<()> {
        let site = &self.site;
        match step {
            Do::User(name) => {
                let user = site.create_user(json!({"userName": name}))?;
                self.users.insert(name, user.row.id);
            }
            Do::UserWith(name, roles) => {
                let body = json!({"userName": name, "roles": value(roles)});
                self.users.insert(name, site.create_user(body)?.row.id);
            }
            Do::Active(name, active) => {
                let ops = json!([{"op": "replace", "path": "active", "value": active}]);
                site.patch_user(self.users[name], ops)?;
            }
            Do::Remove(name) => site.delete_user(self.users[name])?,
            Do::Patch(name, operation) => {
                site.patch_user(self.users[name], json!([value(operation)]))?;
            }
            Do::Group(label, name) => {
                let group = site.create_group(json!({"displayName": name}))?;
                self.groups.insert(label, group.row.id);
            }
            Do::Rename(label, name) => {
                let ops = json!([{"op": "replace", "value": {"displayName": name}}]);
                site.patch_group(self.groups[label], ops)?;
            }
            Do::Drop(label) => site.delete_group(self.groups[label])?,
            Do::Join(label, name) => drop(site.join(self.groups[label], self.users[name])?),
            Do::Leave(label, name) => {
                let path = format!("members[value eq \"{}\"]", self.users[name]);
                let ops = json!([{"op": "remove", "path": path}]);
                site.patch_group(self.groups[label], ops)?;
            }
            Do::Map(rules) => {
                let rules = rules
                    .iter()
                    .map(|(group, role)| json!({"group": group, "role": role}));
                site.put_mapping(json!({"organization": rules.collect::<Vec<_>>()}))?;
            }
            Do::MapTo(rules) => {
                let rules = rules.iter().map(|(group, role, label)| {
                    json!({"group": group, "role": role, "group_id": self.groups[label]})
                });
                site.put_mapping(json!({"organization": rules.collect::<Vec<_>>()}))?;
            }
            Do::Policy(key, value) => {
                site.patch_settings(json!({"policies": {key: value}}))?;
            }
        }
        Ok(())
    }

    /// Who has which role, by name; no role is empty.
    pub(crate) fn has(&self, expected: &[(&str, &str)]) {
        let named: Vec<_> = expected.iter().map(|(name, _)| *name).collect();
        let role = |name: &str| self.site.role(self.users[name]).unwrap();
        let roles: Vec<_> = named.iter().map(|name| (*name, role(name))).collect();
        let roles: Vec<_> = roles
            .iter()
            .map(|(name, role)| (*name, role.as_str()))
            .collect();
        assert_eq!(roles, expected);
        self.follows_from_facts();
    }

    /// What is stored of everybody follows from their facts.
    pub(crate) fn follows_from_facts(&self) {
        let users: Vec<UserId> = self.users.values().copied().collect();
        let faults = self.site.read(move |tx| audit(tx, &users)).unwrap();
        assert_eq!(faults, Vec::<String>::new());
    }

    /// The subjects of all events of a kind.
    pub(crate) fn subjects_of(&self, kind: &str) -> Vec<String> {
        let events = self.site.read(|tx| Ok(tx.feed(0, 10_000)?.events)).unwrap();
        let events = events.into_iter().filter(|event| event.kind == kind);
        events.map(|event| event.subject).collect()
    }

    /// How many events there are.
    pub(crate) fn events(&self) -> usize {
        self.site
            .read(|tx| Ok(tx.feed(0, 10_000)?.events.len()))
            .unwrap()
    }
}

/// Plays a script in a new organization.
pub(crate) fn check(preset: Preset, script: &[Do], expected: &[(&str, &str)]) -> Scene {
    let mut scene = Scene::new(preset);
    scene.play(script);
    scene.has(expected);
    scene
}

/// The name of the refusal's code, and the fields it names with what it says of them.
pub(crate) fn refusal<T>(answer: Result<T>) -> (&'static str, Vec<(String, String)>) {
    let Err(error) = answer else {
        panic!("nothing was refused");
    };
    let fields = match &error {
        Error::Coded { fields, .. } => fields.clone(),
        _ => Vec::new(),
    };
    let fields = fields.into_iter().map(|fault| (fault.field, fault.detail));
    (error.code().spec().name, fields.collect())
}

pub(crate) fn value(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
