//! Presets: a ready catalog, policies and connection for each system that rolecall can
//! stand in for, and a plain one.

use crate::connection::UniqueIdentifier;
use crate::ids::RoleKey;
use crate::policy::Policies;
use crate::role::{Catalog, Role};
use crate::words::words;

words! {
    /// A preset. The order is the order of the columns in the table of policies.
    pub enum Preset {
        /// Two roles, nothing special.
        Plain = "plain",
        /// As Datasaur does it.
        Datasaur = "datasaur",
        /// As Label Studio Enterprise does it.
        LabelStudio = "label-studio",
        /// As DataHub does it: the role comes in the `roles` attribute.
        Datahub = "datahub",
        /// As Secoda does it.
        Secoda = "secoda",
    }
}

/// A row of a preset's catalog: key, name, and the letters of its flags.
type RoleRow = (&'static str, &'static str, &'static str);

// P protected, A sees all workspaces, N not mappable, J assignable in projects.
// Every role takes a seat.
const PLAIN: &[RoleRow] = &[("admin", "Admin", "PAJ"), ("member", "Member", "J")];
const DATASAUR: &[RoleRow] = &[
    ("admin", "Admin", "PAJ"),
    ("reviewer", "Reviewer", "J"),
    ("labeler", "Labeler", "J"),
];
const LABEL_STUDIO: &[RoleRow] = &[
    ("owner", "Owner", "NPA"),
    ("administrator", "Administrator", "A"),
    ("manager", "Manager", ""),
    ("reviewer", "Reviewer", "J"),
    ("annotator", "Annotator", "J"),
];
const DATAHUB: &[RoleRow] = &[
    ("admin", "Admin", "PAJ"),
    ("editor", "Editor", "J"),
    ("reader", "Reader", "J"),
];
const SECODA: &[RoleRow] = &[
    ("admin", "Admin", "PAJ"),
    ("editor", "Editor", "J"),
    ("viewer", "Viewer", "J"),
];

impl Preset {
    /// The preset's key, as in `--preset`.
    pub const fn key(self) -> &'static str {
        self.as_str()
    }

    /// The catalog that a new organization starts with.
    pub fn catalog(self) -> Catalog {
        let rows = match self {
            Self::Plain => PLAIN,
            Self::Datasaur => DATASAUR,
            Self::LabelStudio => LABEL_STUDIO,
            Self::Datahub => DATAHUB,
            Self::Secoda => SECODA,
        };
        Catalog::from_table(rows.iter().map(role).collect())
    }

    /// The policies that a new organization starts with.
    pub fn policies(self) -> Policies {
        Policies::of_preset(self)
    }

    /// Which attribute tells the connection's users apart (LS-4, DS-18, SC-3).
    pub const fn unique_identifier(self) -> UniqueIdentifier {
        match self {
            Self::Plain | Self::Datahub => UniqueIdentifier::UserName,
            Self::Datasaur | Self::LabelStudio | Self::Secoda => UniqueIdentifier::Email,
        }
    }

    /// Whether the connection of a new organization is on (DS-5, LS-1, SC-1: not before the
    /// SSO record is there).
    pub const fn enabled_at_creation(self) -> bool {
        matches!(self, Self::Plain | Self::Datahub)
    }
}

fn role((key, name, flags): &RoleRow) -> Role {
    Role {
        key: RoleKey::from_table(key),
        name: (*name).to_owned(),
        takes_seat: true,
        sees_all_workspaces: flags.contains('A'),
        mappable: !flags.contains('N'),
        protected: flags.contains('P'),
        project_assignable: flags.contains('J'),
    }
}

#[cfg(test)]
mod tests;
