//! Listing and finding users.

use std::sync::Arc;

use scim::{
    Kind, Mode, Registry, Sort,
    filter::{Filter, Literal, Op},
};
use serde_json::Value;

use super::UserReply;
use crate::{
    Result,
    list::{Listed, Part},
    port::{Tx, search::Place},
    representation::user_for_filter,
};

/// A list query, parsed.
#[derive(Clone, Debug)]
pub struct ListUsers {
    /// What to find.
    pub filter: Option<Filter>,
    /// In which order; by id without it.
    pub sort: Option<Sort>,
    /// Which part.
    pub part: Part,
    /// Whether the organization tells its users apart by e-mail, as the request knows it: settings
    /// that are a second old are good enough to find somebody by.
    pub by_email: bool,
}

/// One page of users.
///
/// # Errors
/// The filter or the order is too expensive.
pub fn list(tx: &mut dyn Tx, query: &ListUsers) -> Result<Listed<UserReply>> {
    let filter = match query.filter.clone() {
        Some(filter) if query.by_email => Some(also_by_email(filter)?),
        other => other,
    };
    let sort = query.sort.as_ref();
    let search = query.part.search(filter.map(Arc::new), sort.cloned());
    let page = tx.list_users(&search)?;
    let items: Vec<UserReply> = page.items.into_iter().map(UserReply::unchanged).collect();
    let shown = items.len();
    Ok(query
        .part
        .listed(page.total, items, shown, |user| place(user, sort)))
}

/// Where a user stands in a list of this order.
pub(crate) fn place(user: &UserReply, sort: Option<&Sort>) -> Place {
    let document = || user_for_filter(&user.row, &user.groups);
    Place {
        key: sort.map(|sort| sort.key(&document())),
        kind: Kind::User,
        id: user.row.id.0,
    }
}

/// `userName eq` also finds the user whose primary e-mail it is (D6): an identity provider that
/// identifies people by e-mail must find those who were made by hand before. An e-mail that no
/// entry is marked primary beside counts as primary.
pub(super) fn also_by_email(filter: Filter) -> Result<Filter> {
    let each = |terms: Vec<Filter>| terms.into_iter().map(also_by_email).collect::<Result<_>>();
    Ok(match filter {
        Filter::And(terms) => Filter::And(each(terms)?),
        Filter::Or(terms) => Filter::Or(each(terms)?),
        Filter::Not(term) => Filter::Not(Box::new(also_by_email(*term)?)),
        Filter::Compare {
            ref target,
            op: Op::Eq,
            value: Literal::Text(ref text),
        } if target.is_core("userName") => {
            let email = primary_email_is(text)?;
            Filter::Or(vec![filter, email])
        }
        other => other,
    })
}

fn primary_email_is(text: &str) -> Result<Filter> {
    let text = Value::from(text);
    let email = format!(
        "emails[primary eq true and value eq {text}] or \
         (emails.value eq {text} and not (emails[primary eq true]))"
    );
    Ok(Filter::parse(
        &Registry::core(),
        Kind::User,
        Mode::Strict,
        &email,
    )?)
}
