//! Others who are always ahead of the users of a history.

use std::sync::Arc;

use app::port::Lock;
use app::representation;
use domain::{Access, Standing, UserId};
use scim::Kind;
use serde_json::json;
use uuid::Uuid;

use super::super::super::access::write;
use super::{Site, incoming};

impl Site {
    /// The same site with as many others as a change resolves at once, all of whom come first
    /// whenever something is written: what changes for anybody else is left to the worker.
    pub(in super::super) fn crowded(mut self) -> Result<Site, String> {
        self.crowd = settle_in(&self)?;
        Ok(self)
    }
}

fn settle_in(site: &Site) -> Result<Arc<[UserId]>, String> {
    let ids: Vec<UserId> = (1..=site.app.at_once as u128)
        .map(|number| UserId(Uuid::from_u128(number)))
        .collect();
    let mut users = Vec::new();
    for id in &ids {
        let body = json!({"userName": format!("crowd-{}", id.0.as_u128()), "active": false});
        let body = incoming(Kind::User, body).map_err(|error| error.to_string())?;
        users.push(representation::user_write(
            *id,
            1,
            0,
            0,
            &body.for_create().0,
        ));
    }
    let results: Vec<_> = ids
        .iter()
        .map(|id| write(*id, None, Access::nothing()))
        .collect();
    let stored = site.write(Lock::Shared, move |tx| {
        users
            .iter()
            .try_for_each(|user| tx.insert_user(user, Standing::default()))?;
        Ok(tx.save_access(&results)?)
    });
    stored.map_err(|error| error.to_string())?;
    Ok(ids.into())
}
