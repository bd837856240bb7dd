//! Versions, entity tags and preconditions (RFC 7644 section 3.14, RFC 9110 section 13).
//!
//! ```
//! use rolecall_scim::{Preconditions, Version};
//!
//! # fn main() -> Result<(), rolecall_scim::Error> {
//! let conditions = Preconditions::parse(Some(r#"W/"11", W/"12""#), None)?;
//! assert!(conditions.check_match(Version(12)).is_ok());
//! assert_eq!(conditions.check_match(Version(13)).unwrap_err().status, 412);
//! # Ok(())
//! # }
//! ```

#[cfg(test)]
mod tests;

use std::fmt;

use crate::error::Error;

/// Most entity tags in one header.
pub const MAX_TAGS: usize = 64;

/// A resource's own version: a counter that goes up when its attributes change. As text it is a
/// weak entity tag, `W/"12"`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

impl Version {
    /// The tag of a representation that also shows the groups of a user. Their order does not
    /// matter.
    pub fn with_groups<'a>(self, ids: impl IntoIterator<Item = &'a str>) -> Tag {
        let sum = ids.into_iter().map(hash).reduce(u64::wrapping_add);
        Tag {
            version: self,
            groups: sum,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Tag::from(*self).fmt(f)
    }
}

/// What `ETag` and `meta.version` say: the version, and for a user in groups a digest of their
/// identifiers, `W/"12.5ec7bb990c03de31"`, so that a 304 never hides a membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tag {
    version: Version,
    groups: Option<u64>,
}

impl From<Version> for Tag {
    fn from(version: Version) -> Tag {
        Tag {
            version,
            groups: None,
        }
    }
}

impl Tag {
    /// What stands between the quotation marks.
    fn opaque(self) -> String {
        match self.groups {
            None => self.version.0.to_string(),
            Some(groups) => format!("{}.{groups:016x}", self.version.0),
        }
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "W/\"{}\"", self.opaque())
    }
}

/// FNV-1a, 64 bit: tags must not change with the compiler, and need no protection, since the
/// identifiers are the server's own.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// `If-Match` and `If-None-Match` of a request.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preconditions {
    matching: Option<Tags>,
    none_matching: Option<Tags>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Tags {
    Any,
    /// What stands between the quotation marks; `W/` is ignored in both headers.
    Listed(Vec<String>),
}

impl Preconditions {
    /// Reads the two headers.
    ///
    /// # Errors
    ///
    /// 400 `invalidValue` when one is neither `*` nor a list of at most [`MAX_TAGS`] tags.
    pub fn parse(
        if_match: Option<&str>,
        if_none_match: Option<&str>,
    ) -> Result<Preconditions, Error> {
        let read = |name: &str, text: Option<&str>| {
            text.map(|text| tags(text).ok_or_else(|| refuse(name)))
                .transpose()
        };
        Ok(Preconditions {
            matching: read("If-Match", if_match)?,
            none_matching: read("If-None-Match", if_none_match)?,
        })
    }

    /// Checks `If-Match` against an existing resource. Only its own version counts: a group that
    /// the user joined in the meantime does not stop a write.
    ///
    /// # Errors
    ///
    /// 412 when the header is there and does not name the version.
    pub fn check_match(&self, version: Version) -> Result<(), Error> {
        let own = version.0.to_string();
        match &self.matching {
            Some(Tags::Listed(tags)) if !tags.iter().any(|tag| own_part(tag) == own) => {
                Err(Error::precondition_failed(
                    "the resource has changed since: If-Match does not name its version",
                ))
            }
            _ => Ok(()),
        }
    }

    /// True when `If-None-Match` is absent or does not name the tag of the existing resource.
    /// When false, GET answers 304 and everything else 412.
    pub fn none_match(&self, tag: impl Into<Tag>) -> bool {
        match &self.none_matching {
            None => true,
            Some(Tags::Any) => false,
            Some(Tags::Listed(tags)) => !tags.contains(&tag.into().opaque()),
        }
    }
}

fn own_part(tag: &str) -> &str {
    tag.split_once('.').map_or(tag, |(own, _)| own)
}

fn refuse(name: &str) -> Error {
    Error::invalid_value(format!(
        "{name} must be * or a list of at most {MAX_TAGS} entity tags such as W/\"12\""
    ))
}

fn tags(text: &str) -> Option<Tags> {
    let mut rest = text.trim_matches([' ', '\t']);
    if rest == "*" {
        return Some(Tags::Any);
    }
    let mut list = Vec::new();
    loop {
        let opaque = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let (tag, after) = opaque.split_once('"')?;
        if !tag.bytes().all(|byte| byte > b' ' && byte != 0x7F) || list.len() == MAX_TAGS {
            return None;
        }
        list.push(tag.to_owned());
        rest = after.trim_start_matches([' ', '\t']);
        if rest.is_empty() {
            return Some(Tags::Listed(list));
        }
        rest = rest.strip_prefix(',')?.trim_start_matches([' ', '\t']);
    }
}
