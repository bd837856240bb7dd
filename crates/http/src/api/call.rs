//! What every handler of the admin API starts from.

use std::sync::Arc;

use actix_web::HttpRequest;
use app::{
    Caller, Error, Result, Scope, Work,
    change::Change,
    port::{Lock, Tx, org::OrgSettings},
};
use uuid::Uuid;

use crate::{query::Query, state::State};

/// A request of a caller whose key may do this.
pub(crate) struct Call<'a> {
    pub state: &'a State,
    pub request: &'a HttpRequest,
    pub caller: Caller,
    pub query: Query,
    /// The second name in the path: a key's or user's id.
    pub name: String,
    /// The request's own id.
    pub id: Uuid,
    /// The organization that the path names.
    pub org: Option<Arc<OrgSettings>>,
}

impl Call<'_> {
    /// The organization, for handlers of paths that name one. At most a second old.
    ///
    /// # Errors
    /// Not found where the path names none, which the table of routes rules out.
    pub(crate) fn org(&self) -> Result<&Arc<OrgSettings>> {
        self.org
            .as_ref()
            .ok_or_else(|| Error::not_found("organization"))
    }

    /// Work in that organization.
    ///
    /// # Errors
    /// Not found where the key may not enter it.
    pub(crate) fn work<T: Send + 'static>(
        &self,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Result<Work<T>> {
        let scope = Scope::of_key(&self.caller, self.org()?.id)?;
        Ok(Work::new(&scope, lock, run))
    }

    /// When and through whom a change happens that is asked for here.
    pub(crate) fn change(&self) -> Change {
        Change::by_request(&self.state.app, &self.caller, &self.id.to_string())
    }
}
