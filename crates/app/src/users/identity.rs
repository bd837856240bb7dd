//! Who counts as the same user (D6), and whose addresses are welcome (D25).
//!
//! `userName` is unique by its folded key in the database itself. Where an organization tells its
//! users apart by e-mail, a new user whose primary e-mail somebody has is refused as well.

use std::sync::Arc;

use domain::UniqueIdentifier;
use scim::{Kind, Mode, Registry, Resource, filter::Filter};
use serde_json::Value;

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

/// Refuses addresses outside the verified domains: only such as the request makes new. `userName`
/// counts where it looks like an address.
pub(super) fn check_domains(
    org: &OrgSettings,
    before: Option<&Resource>,
    after: &Resource,
) -> Result<()> {
    let known = |address: &str| {
        before.is_some_and(|before| {
            before.user_name() == Some(address)
                || before.emails().any(|email| email.value == address)
        })
    };
    let refused = |address: &&str| !known(address) && !org.connection.allows_domain(address);
    let user_name = after.user_name().filter(|name| name.contains('@'));
    let attribute = if after
        .emails()
        .map(|email| email.value)
        .any(|email| refused(&email))
    {
        "emails"
    } else if user_name.as_ref().is_some_and(refused) {
        "userName"
    } else {
        return Ok(());
    };
    Err(scim::Error::invalid_value(format!(
        "{attribute}: the address is outside this organization's verified domains; use one of: {}.",
        org.connection.email_domains.join(", ")
    ))
    .into())
}

/// Whether somebody without any e-mail has this as `userName`, which stands for the missing one.
fn named_so_without_email(tx: &mut dyn Tx, email: &str) -> Result<bool> {
    let filter = parse(&named_without_email(email))?;
    let page = tx.search_users(&Search {
        filter: Some(Arc::new(filter)),
        sort: None,
        after: None,
        start_index: 1,
        count: 1,
        total: false,
    })?;
    Ok(!page.items.is_empty())
}

/// Who has this e-mail, primary or not. Where e-mails tell users apart, also who has none and is
/// named so.
pub(crate) fn has_email(org: &OrgSettings, email: &str) -> Result<Filter> {
    let sent = format!("emails.value eq {}", Value::from(email));
    match org.connection.unique_identifier {
        UniqueIdentifier::UserName => parse(&sent),
        UniqueIdentifier::Email => parse(&format!("{sent} or ({})", named_without_email(email))),
    }
}

fn named_without_email(email: &str) -> String {
    format!("userName eq {} and not (emails pr)", Value::from(email))
}

fn parse(text: &str) -> Result<Filter> {
    let registry = Registry::core();
    Ok(Filter::parse(&registry, Kind::User, Mode::Strict, text)?)
}
