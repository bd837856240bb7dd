//! Mending what the RFC forbids and identity providers send. Every mend is one small function
//! with the payload and its sender in the doc comment; all run before the engine, and only on
//! lenient connections.
//!
//! What the RFC allows (a null for unassigned, names in any case, read-only attributes in a
//! body) is not mended but read, in both modes.

#[cfg(test)]
pub(crate) mod tests;

mod body;
mod value;

pub(crate) use body::mend as mend_body;
pub(crate) use value::mend as mend_value;

/// Which mends acted on a request; for the provisioning log.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Leniency {
    /// `schemas` was missing or did not name the resource type.
    Schemas,
    /// An extension's attribute stood at the top level without its URI.
    ExtensionName,
    /// `"True"` or `"False"` for a boolean.
    BooleanText,
    /// A list with one element for a single value.
    OneElementList,
    /// One element for a list.
    BareElement,
    /// Text for an object with a `value`.
    BareText,
    /// An empty text for an unassigned value.
    EmptyText,
    /// An object as JSON text in a role's `value`.
    RoleText,
    /// `displayName` for `display`.
    DisplayName,
    /// More than one value marked primary; the first was kept.
    SeveralPrimaries,
    /// A PATCH operation in other than lower case.
    OperationCase,
    /// A PATCH without operations.
    NoOperations,
    /// A removal of members with a list of those to remove.
    MemberListRemoval,
    /// A removal of some values of another list, with a list of them.
    ListRemoval,
    /// A replacement through a value path without a match, which built the element.
    ElementBuilt,
    /// A removal through a value path without a match.
    NothingRemoved,
    /// A filter literal without quotation marks.
    UnquotedLiteral,
}

impl Leniency {
    /// The stable word for logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Leniency::Schemas => "schemas",
            Leniency::ExtensionName => "extension-name",
            Leniency::BooleanText => "boolean-text",
            Leniency::OneElementList => "one-element-list",
            Leniency::BareElement => "bare-element",
            Leniency::BareText => "bare-text",
            Leniency::EmptyText => "empty-text",
            Leniency::RoleText => "role-text",
            Leniency::DisplayName => "display-name",
            Leniency::SeveralPrimaries => "several-primaries",
            Leniency::OperationCase => "operation-case",
            Leniency::NoOperations => "no-operations",
            Leniency::MemberListRemoval => "member-list-removal",
            Leniency::ListRemoval => "list-removal",
            Leniency::ElementBuilt => "element-built",
            Leniency::NothingRemoved => "nothing-removed",
            Leniency::UnquotedLiteral => "unquoted-literal",
        }
    }
}

/// Adds a mend to the list of those that acted, once.
pub(crate) fn note(acted: &mut Vec<Leniency>, which: Leniency) {
    if !acted.contains(&which) {
        acted.push(which);
    }
}
