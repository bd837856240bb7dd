//! Who manages a user.

use crate::words::words;

words! {
    /// Who says what a user's attributes are (D10).
    pub enum ManagedBy {
        /// The identity provider, from its first write on.
        Scim = "scim",
        /// An administrator, who made the user by hand.
        Admin = "admin",
    }
}
