//! The users of one person across organizations, for owner keys.

use scim::{Kind, Mode, Registry, filter::Filter, fold};
use serde::Serialize;
use serde_json::Value;

use crate::{
    App, Result, Scope, Work,
    access::{of_users, view::AccessView},
    port::{Lock, users::Search},
};

/// One user of a person.
#[derive(Clone, Debug, Serialize)]
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
        let text = Value::from(email).to_string();
        let work = Work::new(&Scope::operator(org.id), Lock::Read, move |tx| {
            let filter = format!("emails.value eq {text}");
            let filter = Filter::parse(&Registry::core(), Kind::User, Mode::Strict, &filter)?;
            let search = Search {
                filter: Some(filter.into()),
                sort: None,
                after: None,
                start_index: 1,
                count: MOST,
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
