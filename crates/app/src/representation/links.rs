//! Absolute addresses of resources.

use scim::Kind;
use uuid::Uuid;

use super::text::push_id;

/// Makes `meta.location` and `$ref`: the configured public URL and the mount of the request. The
/// request's `Host` is never used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    base: String,
}

impl Links {
    /// Links below a base URL; a final slash is dropped.
    pub fn new(base: &str) -> Links {
        Links {
            base: base.trim_end_matches('/').to_owned(),
        }
    }

    /// The base URL without a final slash.
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of a resource of a type.
    pub fn of(&self, kind: Kind, id: Uuid) -> String {
        let mut url = String::with_capacity(self.base.len() + 48);
        url.extend([self.base.as_str(), kind.endpoint(), "/"]);
        push_id(&mut url, id);
        url
    }

    /// A user's address.
    pub fn user(&self, id: Uuid) -> String {
        self.of(Kind::User, id)
    }

    /// A group's address.
    pub fn group(&self, id: Uuid) -> String {
        self.of(Kind::Group, id)
    }
}
