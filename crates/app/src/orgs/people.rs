//! The users of one person across organizations, for owner keys.

use std::sync::Arc;

use scim::fold;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    App, Result, Scope, Work,
    access::{of_users, view::AccessView},
    port::{Lock, users::Search},
    users::has_email,
};

/// One user of a person.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PersonInOrganization)]
pub struct PersonView {
    /// The organization's slug.
    pub org: String,
    /// The user's access there.
    pub access: AccessView,
}

/// How many users of one organization may share a primary e-mail in the answer.
const MOST: u64 = 100;

/// Everybody whose primary e-mail this is, in every organization. Blocks; one snapshot per
/// organization.
///
/// # Errors
/// The store is away.
pub fn people(app: &App, email: &str) -> Result<Vec<PersonView>> {
    let key = fold::key(email);
    let mut found = Vec::new();
    for org in app.store.instance().orgs()? {
        let filter = has_email(&org, email)?;
        let work = Work::new(&Scope::operator(org.id), Lock::Read, move |tx| {
            let search = Search {
                filter: Some(Arc::new(filter.clone())),
                sort: None,
                after: None,
                start_index: 1,
                count: MOST,
                total: false,
            };
            let ids: Vec<_> = tx
                .search_users(&search)?
                .items
                .iter()
                .map(|row| row.id)
                .collect();
            of_users(tx, &ids)
        });
        for reply in work.wait(&*app.store)? {
            let primary = reply.subject.email.as_deref().map(fold::key);
            if primary.as_deref() == Some(&key) {
                let access = AccessView::new(app, &org, &reply);
                found.push(PersonView {
                    org: org.slug.to_string(),
                    access,
                });
            }
        }
    }
    Ok(found)
}
