//! What an identity provider does with users. Each function is one use case: a command, a
//! transaction, a reply.

mod create;
mod delete;
mod find;
mod identity;
mod list;
mod manager;
mod read;
mod sign_in;
mod store;
mod update;

pub use create::{NewUser, create};
pub use delete::{DeleteUser, delete};
pub use find::{FindUsers, UserPage, Whom, find};
pub(crate) use identity::has_email;
pub(crate) use list::place;
pub use list::{ListUsers, list};
pub use read::read;
pub use sign_in::{SignIn, sign_in};
pub(crate) use store::store;
pub use update::{PatchUser, PutUser, patch, put};

use scim::Leniency;

use crate::port::{
    groups::GroupRef,
    users::{UserFound, UserRow},
};

/// A user and the groups it is directly in, as answers show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserReply {
    /// The stored user.
    pub row: UserRow,
    /// In id order.
    pub groups: Vec<GroupRef>,
    /// Whether this request wrote anything (D9).
    pub changed: bool,
    /// Which mends acted that depended on the document; the others are known from the request.
    pub leniencies: Vec<Leniency>,
}

impl UserReply {
    /// A user that was only read.
    fn unchanged(found: UserFound) -> UserReply {
        let UserFound { row, groups } = found;
        UserReply {
            row,
            groups,
            changed: false,
            leniencies: Vec::new(),
        }
    }
}
