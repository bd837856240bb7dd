//! What an administrator does with an organization: making it, its settings, its roles.

mod create;
mod roles;
mod settings;
mod wired;

pub use create::{NewOrg, create, delete};
pub use roles::{PutRoles, put_roles};
pub use settings::{ConnectionPatch, PatchSettings, SettingsPatch, SettingsView, patch_settings};
pub use wired::check_policy;
