//! Where in a document a value stands, for error texts.

use std::fmt;

/// A chain of names, built on the stack on the way down and written only when something is wrong.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    parent: Option<&'a Place<'a>>,
    name: &'a str,
}

impl<'a> Place<'a> {
    /// A name at the top: an attribute, or an extension's URI.
    pub(crate) fn top(name: &'a str) -> Place<'a> {
        Place { parent: None, name }
    }

    /// A name below this one, or at the top where there is none.
    pub(crate) fn below(parent: Option<&'a Place<'a>>, name: &'a str) -> Place<'a> {
        Place { parent, name }
    }

    /// A name below this one.
    #[must_use]
    pub(crate) fn inside(&'a self, name: &'a str) -> Place<'a> {
        Place {
            parent: Some(self),
            name,
        }
    }
}

impl fmt::Display for Place<'_> {
    /// Attribute notation: `name.familyName`, `urn:…:User:manager.value`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(parent) = self.parent {
            write!(
                f,
                "{parent}{}",
                if parent.name.contains(':') { ":" } else { "." }
            )?;
        }
        f.write_str(self.name)
    }
}
