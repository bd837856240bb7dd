//! What a strict connection asks beyond the RFCs: the rules of the SCIM interoperability profile
//! (draft-zollner-scim-interop-profile, an individual Internet-Draft; sections as in -01) that bind
//! a service provider and narrow what RFC 7643 and RFC 7644 leave open.
//!
//! The engine asks [`Mode::follows`] where a rule acts and nowhere else. What the profile wants and
//! the RFCs want already has no rule here: `invalidFilter` for an attribute that is not known, 404
//! after DELETE, pages of 100, ids of resource types that are their names.
//!
//! ```
//! use rolecall_scim::{Mode, profile::Rule};
//!
//! assert!(Mode::Strict.follows(Rule::PathRequired) && Mode::Strict.conforms());
//! assert!(!Mode::Rfc.follows(Rule::PathRequired) && !Mode::Lenient.follows(Rule::PathRequired));
//! ```

use std::borrow::Cow;

use crate::mode::Mode;
use crate::schema::{Attribute, Schema};

/// One rule of the profile: what acts in [`Mode::Strict`] and not in [`Mode::Rfc`].
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rule {
    /// An attribute or schema URI that is not in `/Schemas` is refused with `invalidSyntax`, and
    /// `password` is one. RFC 7644 section 3.3 leaves open what becomes of it.
    KnownNames,
    /// The lists that have a `type` say in `/Schemas` which types there are. RFC 7643 section 8.7.1
    /// names none for `roles`, `entitlements` and `x509Certificates`.
    DeclaredTypes,
    /// Answers are `application/scim+json` whatever the client accepts. RFC 7644 section 3.8 has
    /// `application/json` too.
    OwnMediaType,
    /// A PATCH operation without `path` is refused with `invalidSyntax`. RFC 7644 section 3.5.2 has
    /// it for `add` and `replace`.
    PathRequired,
    /// `replace` of a complex attribute drops what the value does not name. RFC 7644
    /// section 3.5.2.3 keeps it.
    WholeReplacement,
    /// What is written to an element of a list is written to one of its sub-attributes; a path that
    /// ends in `]` is refused with `invalidPath`. Removing takes it, because nothing else takes one
    /// member out of a group.
    PartsOfElements,
}

impl Rule {
    /// Every rule, in the order of the profile.
    pub const ALL: [Rule; 6] = [
        Rule::KnownNames,
        Rule::DeclaredTypes,
        Rule::OwnMediaType,
        Rule::PathRequired,
        Rule::WholeReplacement,
        Rule::PartsOfElements,
    ];

    /// The section of the profile.
    pub fn section(self) -> &'static str {
        match self {
            Rule::KnownNames => "5.3",
            Rule::DeclaredTypes => "5.4",
            Rule::OwnMediaType => "6.2",
            Rule::PathRequired => "6.5.1.1",
            Rule::WholeReplacement => "6.5.2.1",
            Rule::PartsOfElements => "6.5.2.2",
        }
    }
}

impl Mode {
    /// True when this rule of the profile acts. A strict connection follows all of them; another
    /// follows none, and the RFCs alone hold.
    pub fn follows(self, rule: Rule) -> bool {
        match self {
            Mode::Strict => Rule::ALL.contains(&rule),
            Mode::Rfc | Mode::Lenient => false,
        }
    }

    /// True when every rule acts, so that the connection may say that it conforms (section 4 of the
    /// profile).
    pub fn conforms(self) -> bool {
        Rule::ALL.into_iter().all(|rule| self.follows(rule))
    }
}

/// What a `type` means where the RFC suggests nothing (RFC 7643 section 2.4).
const USUAL_TYPES: [&str; 3] = ["work", "home", "other"];

/// A schema as [`Rule::DeclaredTypes`] wants it told: each list with a `type` suggests values for it.
pub(crate) fn with_declared_types(schema: &Schema) -> Cow<'_, Schema> {
    if schema.attributes.iter().all(|list| !lacks_types(list)) {
        return Cow::Borrowed(schema);
    }
    let mut told = schema.clone();
    for list in told.attributes.iter_mut().filter(|list| lacks_types(list)) {
        for kind in list.sub_attributes.iter_mut().filter(|sub| is_type(sub)) {
            kind.canonical_values = USUAL_TYPES.iter().map(|&text| text.into()).collect();
        }
    }
    Cow::Owned(told)
}

fn lacks_types(list: &Attribute) -> bool {
    let open = |sub: &Attribute| is_type(sub) && sub.canonical_values.is_empty();
    list.multi_valued && list.sub_attributes.iter().any(open)
}

fn is_type(sub: &Attribute) -> bool {
    sub.name.eq_ignore_ascii_case("type")
}
