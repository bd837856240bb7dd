//! What can be wrong with policies.

use super::{POLICIES, PolicyRow};
use crate::ids::MAX_SLUG;
use crate::text::{nearest, shown_name};
use crate::words::Suggestion;

/// A policy that is unknown, has a wrong value, or does not fit the catalog.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// No policy has this key.
    #[error("policies.{key}: no such policy{}; the policies are: {known}", Suggestion(*.nearest))]
    UnknownKey {
        /// The key, if it is fit to be shown.
        key: String,
        /// The one that was probably meant.
        nearest: Option<&'static str>,
        /// All keys.
        known: String,
    },
    /// The value is not one of the allowed words.
    #[error("policies.{key}: must be {allowed}{}", Suggestion(*.nearest))]
    BadValue {
        /// Whose value it is.
        key: &'static str,
        /// What would be right.
        allowed: String,
        /// The word that was probably meant.
        nearest: Option<&'static str>,
    },
    /// `default_role` names no role of the catalog.
    #[error(
        "policies.default_role: not a role of this organization{}; use none or one of: {known}",
        Suggestion(.nearest.as_deref())
    )]
    DefaultRoleUnknown {
        /// The key that was probably meant.
        nearest: Option<String>,
        /// The keys of the catalog.
        known: String,
    },
    /// `default_role` names a role that only manual grants give.
    #[error(
        "policies.default_role: this role is not mappable, so only a manual grant gives it; choose a mappable role or none"
    )]
    DefaultRoleNotMappable,
}

impl PolicyError {
    pub(super) fn unknown_key(key: &str) -> Self {
        let keys = || POLICIES.iter().map(|row| row.key);
        Self::UnknownKey {
            key: shown_name(key).to_owned(),
            nearest: nearest(key, keys()),
            known: keys().collect::<Vec<_>>().join(", "),
        }
    }

    pub(super) fn bad_value(row: &'static PolicyRow, word: &str) -> Self {
        let allowed = if row.values.is_empty() {
            format!("none or the key of a role (at most {MAX_SLUG} characters)")
        } else {
            format!("one of: {}", row.values.join(", "))
        };
        let nearest = nearest(word, row.values.iter().copied());
        Self::BadValue {
            key: row.key,
            allowed,
            nearest,
        }
    }
}
