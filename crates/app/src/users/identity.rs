//! Who counts as the same user (D6).
//!
//! `userName` is unique by its folded key in the database itself. Where an organization tells its
//! users apart by e-mail, a new user whose primary e-mail somebody has is refused as well.

use std::sync::Arc;

use domain::UniqueIdentifier;
use scim::{Kind, Mode, Registry, filter::Filter};

use crate::{
    Result,
    port::{
        Tx,
        org::OrgSettings,
        users::{Search, UserKeys},
    },
    representation::user::primary_email_key,
};

/// Refuses a new user whose e-mail identifies somebody who is there already.
pub(super) fn check_new(tx: &mut dyn Tx, org: &OrgSettings, keys: &UserKeys) -> Result<()> {
    if org.connection.unique_identifier != UniqueIdentifier::Email {
        return Ok(());
    }
    // No unique index protects e-mails, which need not be unique in other organizations; the
    // exclusive lock keeps two creations from passing this check at once.
    tx.need_exclusive()?;
    let email = primary_email_key(keys)
        .unwrap_or(&keys.user_name)
        .to_owned();
    if tx.user_by_primary_email(&email)?.is_some() || named_so_without_email(tx, &email)? {
        return Err(scim::Error::uniqueness(
            "emails: the primary e-mail is taken by another user, and this organization tells its \
             users apart by e-mail.",
        )
        .into());
    }
    Ok(())
}

/// Whether somebody without any e-mail has this as `userName`, which stands for the missing one.
fn named_so_without_email(tx: &mut dyn Tx, email: &str) -> Result<bool> {
    let name = serde_json::Value::from(email);
    let filter = Filter::parse(
        &Registry::core(),
        Kind::User,
        Mode::Strict,
        &format!("userName eq {name} and not (emails pr)"),
    )?;
    let page = tx.search_users(&Search {
        filter: Some(Arc::new(filter)),
        start_index: 1,
        count: 0,
    })?;
    Ok(page.total > 0)
}
