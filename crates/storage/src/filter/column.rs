//! Which attribute has which column. The one table of what the database can answer.

use scim::path::Target;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// Users.
    User,
    /// Groups.
    Group,
}

impl Kind {
    /// The narrow table, called `t` in conditions.
    pub(crate) fn table(self) -> &'static str {
        match self {
            Kind::User => "users",
            Kind::Group => "groups",
        }
    }

    /// The table of documents, called `d`.
    pub(crate) fn documents(self) -> &'static str {
        match self {
            Kind::User => "user_documents",
            Kind::Group => "group_documents",
        }
    }
}

/// How an attribute is stored beside the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// The resource's own id, sixteen bytes.
    Id,
    /// A folded text that is always there and unique.
    Key(&'static str),
    /// A text as sent, or NULL.
    Exact(&'static str),
    /// `active`: no as well where the attribute is absent (BEHAVIOUR D41).
    Active,
    /// Milliseconds.
    Time(&'static str),
    /// Folded e-mail values in a table of their own.
    Emails,
    /// Groups that the user is in, or members of the group: the column with the resource's id,
    /// and the one with the other's.
    Members {
        /// The list's resource.
        own: &'static str,
        /// What is looked for.
        other: &'static str,
    },
}

const USER: &[(&str, Option<&str>, Column)] = &[
    ("id", None, Column::Id),
    ("userName", None, Column::Key("t.user_name")),
    ("externalId", None, Column::Exact("t.external_id")),
    ("active", None, Column::Active),
    ("meta", Some("created"), Column::Time("t.created")),
    ("meta", Some("lastModified"), Column::Time("t.modified")),
    ("emails", Some("value"), Column::Emails),
    (
        "groups",
        Some("value"),
        Column::Members {
            own: "member_id",
            other: "group_id",
        },
    ),
];

const GROUP: &[(&str, Option<&str>, Column)] = &[
    ("id", None, Column::Id),
    ("displayName", None, Column::Key("t.name_key")),
    ("externalId", None, Column::Exact("t.external_id")),
    ("meta", Some("created"), Column::Time("t.created")),
    ("meta", Some("lastModified"), Column::Time("t.modified")),
    (
        "members",
        Some("value"),
        Column::Members {
            own: "group_id",
            other: "member_id",
        },
    ),
];

/// The column of an attribute. A folded column answers only for an attribute that ignores case.
pub(crate) fn column(kind: Kind, target: &Target) -> Option<Column> {
    let column = named(kind, target, target.sub.as_deref())?;
    let folded = matches!(column, Column::Key(_) | Column::Emails);
    (folded != target.leaf.case_exact || !is_text(column)).then_some(column)
}

/// The side table of a list, for a filter on its elements.
pub(super) fn list(kind: Kind, target: &Target) -> Option<Column> {
    named(kind, target, Some("value"))
}

fn named(kind: Kind, target: &Target, sub: Option<&str>) -> Option<Column> {
    if target.schema.is_some() {
        return None;
    }
    let table = match kind {
        Kind::User => USER,
        Kind::Group => GROUP,
    };
    table
        .iter()
        .find(|(name, part, _)| *name == target.name && *part == sub)
        .map(|(_, _, column)| *column)
}

fn is_text(column: Column) -> bool {
    matches!(column, Column::Key(_) | Column::Exact(_) | Column::Emails)
}
