//! What every handler of the admin API starts from.

use std::sync::Arc;

use actix_web::{HttpRequest, web::Data};
use app::{
    Caller, Error, Result, Scope, Work,
    change::Change,
    error::Code,
    port::{Lock, Tx, org::OrgSettings},
};
use domain::UserId;
use uuid::Uuid;

use crate::{query::Query, state::State};

const NO_ID: &str = "There is no user with this id. A user is named by id here; \
     GET …/users?userName= or ?email= finds it.";

/// A request of a caller whose key may do this.
pub(crate) struct Call<'a> {
    pub state: &'a Data<State>,
    pub request: &'a HttpRequest,
    pub caller: Caller,
    pub query: Query,
    /// The names in the path after the organization's.
    pub names: Vec<String>,
    /// The request's own id.
    pub id: Uuid,
    /// Whether a replica may answer what is only read here.
    pub lags: bool,
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

    /// A name of the path: the first after the organization's is 0. Empty where there is none.
    pub(crate) fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// The user whose id is that name.
    ///
    /// # Errors
    /// Not found for what is no id, with where to find it.
    pub(crate) fn user(&self, place: usize) -> Result<UserId> {
        self.name(place)
            .parse()
            .map_err(|_| Error::new(Code::NotFound, NO_ID))
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
        Ok(Work::new(&scope, lock, run).lagging(self.lags))
    }

    /// When and through whom a change happens that is asked for here.
    pub(crate) fn change(&self) -> Change {
        Change::by_request(&self.state.app, &self.caller, &self.id.to_string())
    }
}
