//! Listing and finding users.

use std::sync::Arc;

use domain::UniqueIdentifier;
use scim::{
    Kind, Mode, Registry,
    filter::{Filter, Literal, Op},
};
use serde_json::Value;

use super::UserReply;
use crate::{
    Result,
    port::{
        Tx,
        groups::GroupRef,
        users::{Page, Search},
    },
};

/// A list query, parsed.
#[derive(Clone, Debug)]
pub struct ListUsers {
    /// What to find.
    pub filter: Option<Filter>,
    /// First result, from 1.
    pub start_index: u64,
    /// Most results.
    pub count: u64,
}

/// One page of users.
///
/// # Errors
/// The filter is too expensive.
pub fn list(tx: &mut dyn Tx, query: &ListUsers) -> Result<Page<UserReply>> {
    let by_email = tx.settings()?.connection.unique_identifier == UniqueIdentifier::Email;
    let filter = match query.filter.clone() {
        Some(filter) if by_email => Some(also_by_email(filter)?),
        other => other,
    };
    let page = tx.search_users(&Search {
        filter: filter.map(Arc::new),
        start_index: query.start_index,
        count: query.count,
    })?;
    let ids: Vec<_> = page.items.iter().map(|row| row.id).collect();
    let mut groups = tx.groups_of(&ids)?.into_iter().peekable();
    let items = page.items.into_iter().map(|row| {
        let mut own: Vec<GroupRef> = Vec::new();
        while let Some((_, group)) = groups.next_if(|(user, _)| *user == row.id) {
            own.push(group);
        }
        UserReply {
            row,
            groups: own,
            changed: false,
        }
    });
    Ok(Page {
        total: page.total,
        items: items.collect(),
    })
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
