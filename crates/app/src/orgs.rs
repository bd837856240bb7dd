//! What an administrator does with an organization: making it, its settings, its roles, the
//! people behind its users.

pub mod clear;
mod create;
mod people;
mod rename;
mod report;
mod roles;
mod settings;

pub use create::{NewOrg, create, create_once, delete};
pub use people::{PersonView, people};
pub use rename::{RenameOrg, rename};
pub use report::{EndingKey, Report, report};
pub(crate) use roles::check_uses as check_catalog_uses;
pub use roles::{PutRoles, put_roles};
pub(crate) use settings::policies as changed_policies;
pub use settings::{ConnectionPatch, PatchSettings, SettingsPatch, SettingsView, patch_settings};
