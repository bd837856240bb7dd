//! A request's row of the provisioning log while the request goes on, and how it is written where
//! the request is refused.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::{Method, header::USER_AGENT},
};
use app::{
    Caller, Scope, Work,
    error::Code,
    keys::{cut_agent, why_refused},
    port::{
        Lock, Millis,
        requests::{KeptBody, RequestRow},
    },
    requests,
};
use domain::OrgId;
use uuid::Uuid;

use super::routes::Route;
use crate::{auth, client, refusal::Refusal, state::State};

/// The row of a refused request; none for faults, which the server's log tells.
pub(super) fn refused_row(
    row: &RequestRow,
    refusal: &Refusal,
    took: Option<u64>,
) -> Option<RequestRow> {
    let code = refusal.code();
    if matches!(code, Code::Internal | Code::Unavailable) {
        return None;
    }
    let error = refusal.scim_error();
    let kind = error.scim_type.map(scim::ScimType::as_str);
    Some(RequestRow {
        status: error.status,
        duration: took,
        error: Some(kind.unwrap_or(code.spec().name).to_owned()),
        detail: Some(error.detail),
        ..row.clone()
    })
}

/// What is known so far.
pub(super) struct Trace {
    pub row: RequestRow,
    /// When it came, by the clock that only goes forward.
    began: Millis,
    /// Whose log it is.
    org: Option<OrgId>,
    /// What was wrong with the key, which the client is not told.
    why: Option<&'static str>,
    /// The body as the log keeps it.
    pub body: Option<Arc<KeptBody>>,
    /// The template of the path.
    route: &'static str,
    /// Whether it asks for nothing to be changed.
    reads: bool,
}

impl Trace {
    pub(super) fn new(state: &State, request: &HttpRequest, id: Uuid) -> Trace {
        let agent = request.headers().get(USER_AGENT);
        let agent = agent.map(|value| String::from_utf8_lossy(value.as_bytes()));
        Trace {
            began: state.app.clock.ticks(),
            row: RequestRow {
                id,
                at: state.app.clock.now(),
                user_agent: agent.map(|text| cut_agent(&text)),
                method: request.method().to_string(),
                ..RequestRow::default()
            },
            org: None,
            why: None,
            body: None,
            route: "",
            reads: false,
        }
    }

    /// The path as its template, with ids in their places: anything else that stands there may be
    /// a person's data.
    pub(super) fn went_to(&mut self, route: &Route, method: &Method, names: &[&str]) {
        self.route = route.template;
        self.reads = *method == Method::GET || route.endpoint.is_search();
        let mut names = names.iter();
        let segment = |segment: &str| {
            let name = segment.starts_with('{').then(|| names.next()).flatten();
            let id = name.filter(|name| Uuid::try_parse(name).is_ok());
            id.map_or_else(|| segment.to_owned(), |id| (*id).to_owned())
        };
        let segments: Vec<String> = route.template.split('/').map(segment).collect();
        self.row.path = segments.join("/");
    }

    pub(super) fn came_from(&mut self, caller: &Caller) {
        self.org = caller.org;
        self.row.key = Some(caller.key.clone());
    }

    /// There is to be no row, because there is one like it already.
    pub(super) fn leave_out(&mut self) {
        self.org = None;
    }

    /// Notes how long a change took that was answered as it wanted; reads have no row and are
    /// counted.
    pub(super) fn answered(&self, state: &State) {
        let Some(org) = self.org else { return };
        match &self.row.key {
            Some(key) if self.reads => state.app.reads.note(org, key, self.route, self.row.at),
            _ => state.app.durations.note(org, self.row.id, self.took(state)),
        }
    }

    fn took(&self, state: &State) -> u64 {
        since(state, self.began)
    }

    /// Writes the row of a refused request, in a unit of work of its own. Faults are told to the
    /// server's log instead. That the row cannot be written changes nothing for the client.
    pub(super) async fn refused(mut self, state: &State, request: &HttpRequest, refusal: &Refusal) {
        if refusal.code() == Code::Unauthenticated {
            self.look_up_key(state, request).await;
        }
        let Some(org) = self.org else { return };
        let took = Some(self.took(state));
        let Some(mut row) = refused_row(&self.row, refusal, took) else {
            return;
        };
        if let Some(why) = self.why {
            row.detail = Some(why.to_owned());
        }
        let body = self.body.take();
        let work = Work::new(&Scope::operator(org), Lock::Shared, move |tx| {
            requests::log_refused(tx, std::slice::from_ref(&row))?;
            requests::keep_body(tx, &row, body.as_deref())
        });
        if let Err(error) = state.hop.run(work).await {
            tracing::warn!(%error, "a refused request is missing in the provisioning log");
        }
    }

    /// A key that is not good any more still tells whose it was. An id that never was tells
    /// nothing, so that nobody without a key can fill a log.
    async fn look_up_key(&mut self, state: &State, request: &HttpRequest) {
        let Some(token) = auth::token(request.headers()) else {
            return;
        };
        let id = token.id.to_string();
        let found = state
            .hop
            .blocking(move |app| Ok(app.store.instance().key(&id)?))
            .await;
        if let Ok(Some(row)) = found {
            let from = client::address(request, &state.config.proxies);
            self.why = Some(why_refused(&row, &token, from, state.app.clock.now()));
            self.org = row.org;
            self.row.key = Some(row.id);
        }
    }
}

/// Milliseconds since a moment of the clock that only goes forward.
pub(super) fn since(state: &State, began: Millis) -> u64 {
    u64::try_from(state.app.clock.ticks() - began).unwrap_or(0)
}
