//! Which group means which role, workspace and project role: the mapping document, and how its
//! rules find their groups.
//!
//! A rule names a group by display name and is bound to the group's id once such a group exists.
//! From then on a rename keeps the binding, and another group that takes the old name gets
//! nothing; when the bound group is deleted the rule waits for its name again.

mod bind;
mod plan;
mod read;
mod replace;

pub(crate) use bind::{bind_waiting, group_renamed, rebind, unbind};
pub(crate) use plan::{Plan, plan};
pub use read::{MappingReply, read};
pub use replace::{PutMapping, replace};
