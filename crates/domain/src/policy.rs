//! The policies of an organization: one table that everything else reads.
//!
//! Each row of the table below is a field of [`Policies`], a key of the settings API, a
//! sentence of the documentation, and a default per preset.

mod error;
mod value;

use std::collections::BTreeMap;

pub use error::PolicyError;
pub use value::{Brake, LastHolder, Manual, OnOff, UnknownRole, WhenFull, WhenUnmapped};

use crate::ids::RoleKey;
use crate::preset::Preset;
use crate::role::Catalog;
use crate::text::nearest;
use value::PolicyValue;

/// One row of the table of policies.
#[derive(Debug)]
pub struct PolicyRow {
    /// The key in the settings API and in the database.
    pub key: &'static str,
    /// What it decides, in one sentence.
    pub doc: &'static str,
    /// The words that are allowed; empty where the value is a role's key or `none`.
    pub values: &'static [&'static str],
    defaults: [&'static str; Preset::ALL.len()],
    write: fn(&Policies) -> String,
    read: fn(&mut Policies, &str) -> bool,
}

impl PolicyRow {
    /// The word that a preset starts with.
    pub fn default_for(&self, preset: Preset) -> &'static str {
        self.defaults[preset as usize]
    }
}

macro_rules! policies {
    ($($key:ident: $type:ty = [$($default:literal),+], $doc:literal;)+) => {
        /// The policies of one organization.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct Policies { $(#[doc = $doc] pub $key: $type,)+ }

        /// Every policy, in the order in which they are documented.
        pub static POLICIES: &[PolicyRow] = &[$(PolicyRow {
            key: stringify!($key),
            doc: $doc,
            values: <$type as PolicyValue>::WORDS,
            defaults: [$($default),+],
            write: |policies| policies.$key.write(),
            read: |policies, word| match <$type as PolicyValue>::read(word) {
                Some(value) => { policies.$key = value; true }
                None => false,
            },
        },)+];

        impl Policies {
            pub(crate) fn of_preset(preset: Preset) -> Self {
                Self { $($key: {
                    let words: [&str; Preset::ALL.len()] = [$($default),+];
                    // Every default reads (tested); the fallback is never taken.
                    PolicyValue::read(words[preset as usize]).unwrap_or_default()
                },)+ }
            }
        }
    };
}

// Defaults in the order of `Preset`: plain, datasaur, label-studio, datahub, secoda.
policies! {
    default_role: Option<RoleKey> = ["member", "labeler", "annotator", "none", "viewer"],
        "The role of a user for whom no grant, rule, claim or hold names one.";
    when_unmapped: WhenUnmapped = ["default_role", "default_role", "deactivated", "default_role", "default_role"],
        "What becomes of a user who has left the last group that gave an organization role.";
    roles_attribute: bool = ["off", "off", "off", "on", "off"],
        "Whether the values of the SCIM attribute `roles` give organization roles.";
    unknown_role: UnknownRole = ["store", "store", "store", "store", "store"],
        "Whether a value of `roles` that names no role of the catalog is stored without effect or refused.";
    require_sso: bool = ["off", "on", "on", "off", "on"],
        "Whether provisioning can be enabled only when single sign-on is recorded.";
    require_activation: bool = ["off", "off", "on", "off", "on"],
        "Whether a new user waits for the first sign-in before access takes effect.";
    when_full: WhenFull = ["admit_not_activated", "admit_not_activated", "admit_not_activated", "admit_not_activated", "admit_not_activated"],
        "What happens to a user who would need a seat when all are taken.";
    manual_roles: Manual = ["allow", "allow", "allow", "allow", "allow"],
        "Whether organization roles may be granted by hand; roles that cannot be mapped always may.";
    manual_workspaces: Manual = ["allow", "allow", "allow", "allow", "allow"],
        "Whether workspace members may be added by hand.";
    manual_projects: Manual = ["allow", "allow", "allow", "allow", "allow"],
        "Whether project roles may be granted by hand.";
    nested_groups: bool = ["off", "off", "off", "off", "off"],
        "Whether members of a group inside a group count as members of the outer one.";
    group_names_ignore_case: bool = ["off", "off", "off", "off", "off"],
        "Whether a rule finds its group by name ignoring case.";
    create_workspaces: bool = ["off", "off", "on", "off", "off"],
        "Whether a mapping may name a workspace that does not exist, which is then created.";
    projects_by_workspace: bool = ["on", "on", "on", "on", "on"],
        "Whether members of a workspace reach its projects with their organization role.";
    last_holder: LastHolder = ["hold", "hold", "hold", "hold", "hold"],
        "Whether the last active holders of a protected role keep it when provisioning would take it.";
    brake: Brake = ["alarm", "alarm", "alarm", "alarm", "alarm"],
        "Whether a mass loss of access within ten minutes raises an alarm.";
    advertise_roles: bool = ["off", "off", "off", "off", "off"],
        "Whether discovery lists the read-only resource type of roles.";
}

impl Policies {
    /// Every policy's key and word, as stored and as answered by the settings API.
    pub fn to_map(&self) -> BTreeMap<&'static str, String> {
        POLICIES
            .iter()
            .map(|row| (row.key, (row.write)(self)))
            .collect()
    }

    /// These policies with the given ones changed; all faults at once.
    ///
    /// Does not know the catalog: follow it by [`Policies::check_against`]. To read stored
    /// policies, apply them to the preset's, so that a policy that is newer than the stored
    /// map has its preset's default.
    pub fn with<'a>(
        &self,
        changes: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<PolicyError>> {
        let mut next = self.clone();
        let faults: Vec<_> = changes
            .into_iter()
            .filter_map(|(key, word)| next.change(key, word).err())
            .collect();
        if faults.is_empty() {
            Ok(next)
        } else {
            Err(faults)
        }
    }

    fn change(&mut self, key: &str, word: &str) -> Result<(), PolicyError> {
        let Some(row) = POLICIES.iter().find(|row| row.key == key) else {
            return Err(PolicyError::unknown_key(key));
        };
        if (row.read)(self, word) {
            Ok(())
        } else {
            Err(PolicyError::bad_value(row, word))
        }
    }

    /// Whether these policies fit the catalog: `default_role` must be a role of it, and one
    /// that may be mapped, because a role that is not comes from manual grants only.
    pub fn check_against(&self, catalog: &Catalog) -> Result<(), PolicyError> {
        let Some(key) = &self.default_role else {
            return Ok(());
        };
        match catalog.get(key) {
            None => Err(PolicyError::DefaultRoleUnknown {
                nearest: nearest(key.as_str(), catalog.keys()).map(str::to_owned),
                known: catalog.keys().collect::<Vec<_>>().join(", "),
            }),
            Some(role) if !role.mappable => Err(PolicyError::DefaultRoleNotMappable),
            Some(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
