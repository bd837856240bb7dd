//! Identifiers: surrogate numbers, UUIDs and validated short names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// An identifier that is not well formed. Does not repeat the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Not a UUID.
    #[error("must be a UUID")]
    NotUuid,
    /// Not a whole number.
    #[error("must be a whole number")]
    NotNumber,
    /// Not a slug.
    #[error(
        "must be 1 to {MAX_SLUG} lower-case letters, digits, '-' or '_', beginning with a letter or digit"
    )]
    NotSlug,
    /// A word that means something else where role keys are written.
    #[error("must not be 'none' or 'inherit', which have a meaning of their own")]
    Reserved,
}

/// Longest slug and role key, in characters.
pub const MAX_SLUG: usize = 64;

/// An organization inside this instance's database. Never shown outside; the slug is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrgId(pub i64);

impl OrgId {
    /// What belongs to no organization: owner keys, and what is done to organizations as such.
    pub const INSTANCE: OrgId = OrgId(0);
}

impl fmt::Display for OrgId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for OrgId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        text.parse().map(Self).map_err(|_| IdError::NotNumber)
    }
}

macro_rules! uuid_ids {
    ($($(#[$meta:meta])* $name:ident)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Uuid::try_parse(text).map(Self).map_err(|_| IdError::NotUuid)
            }
        }
    )+};
}

uuid_ids! {
    /// A user: one person's membership in one organization (the SCIM `User`'s `id`).
    UserId
    /// A group of one organization (the SCIM `Group`'s `id`).
    GroupId
    /// A rule of the mapping.
    RuleId
    /// A workspace of one organization.
    WorkspaceId
    /// A project; it lies in one workspace.
    ProjectId
}

macro_rules! slugs {
    ($($(#[$meta:meta])* $name:ident checked by $check:ident)+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Takes a text that is already well formed.
            pub fn new(text: impl Into<String>) -> Result<Self, IdError> {
                let text = text.into();
                $check(&text)?;
                Ok(Self(text))
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    )+};
}

slugs! {
    /// The short name of an organization, workspace or project in URLs: 1 to 64 lower-case
    /// letters, digits, `-` or `_`.
    Slug checked by check_slug
    /// The key of a role in its organization's catalog: a slug other than `none` and
    /// `inherit`.
    RoleKey checked by check_role_key
}

impl RoleKey {
    /// A key from a table of this crate; a test proves that it is well formed.
    pub(crate) fn from_table(key: &'static str) -> Self {
        Self(key.to_owned())
    }
}

fn check_slug(text: &str) -> Result<(), IdError> {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let bytes = text.as_bytes();
    let good = (1..=MAX_SLUG).contains(&bytes.len())
        && letter(bytes[0])
        && bytes.iter().all(|b| letter(*b) || matches!(b, b'-' | b'_'));
    if good { Ok(()) } else { Err(IdError::NotSlug) }
}

fn check_role_key(text: &str) -> Result<(), IdError> {
    check_slug(text)?;
    if matches!(text, "none" | "inherit") {
        Err(IdError::Reserved)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
