//! The same human across organizations, for the app's convenience only.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use scim::fold;
use sha2::Sha256;

use crate::App;

/// A stable name for whoever has this e-mail, the same in every organization of the instance;
/// none without an e-mail. Nothing is linked by it, and it does not tell the address.
pub fn person(app: &App, email: Option<&str>) -> Option<String> {
    let email = email.filter(|email| !email.is_empty())?;
    // HMAC takes a key of any length, so that this cannot fail.
    let mut mac = Hmac::<Sha256>::new_from_slice(app.secret()).ok()?;
    mac.update(fold::key(email).as_bytes());
    let mut name = String::with_capacity(32);
    for byte in mac.finalize().into_bytes().iter().take(16) {
        // Writing to a string cannot fail.
        let _ = write!(name, "{byte:02x}");
    }
    Some(name)
}
