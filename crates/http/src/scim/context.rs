//! What every handler of the SCIM surface starts from: who asks, in which organization, and how.

use std::sync::Arc;

use actix_web::{
    HttpRequest,
    http::{
        Method, StatusCode,
        header::{HeaderName, IF_MATCH, IF_NONE_MATCH},
    },
};
use app::{
    Caller, Error, Result, Scope, Work,
    change::Change,
    error::Code,
    port::{
        Lock, Tx,
        org::OrgSettings,
        requests::{KeptBody, RequestNotes, RequestRow},
    },
    representation::Links,
    requests, schemas,
};
use domain::key::Kind as KeyKind;
use scim::{Kind, Mode, Registry, etag::Preconditions, profile::Rule};
use uuid::Uuid;

use super::disabled;
use crate::{entry::method, media, mounts::Entered, query::Query, state::State};

/// A request of a known caller to an organization whose connection is on.
pub(crate) struct Context<'a> {
    pub state: &'a State,
    pub request: &'a HttpRequest,
    pub org: Arc<OrgSettings>,
    pub query: Query,
    pub links: Links,
    pub mode: Mode,
    /// The organization's schemas.
    pub registry: Registry,
    /// Their version, on which writes depend.
    schemas_version: i64,
    /// Content type of the answer.
    pub media: &'static str,
    /// The request's row of the provisioning log, as far as it is known.
    pub row: RequestRow,
    /// The request's body as the log keeps it; none where it does not.
    pub body: Option<Arc<KeptBody>>,
    caller: Caller,
    scope: Scope,
}

impl<'a> Context<'a> {
    /// Checks that this key may enter here.
    ///
    /// # Errors
    /// 403 for another kind of key, 404 for another organization's path, 403 while SCIM is off.
    pub(crate) async fn open(
        state: &'a State,
        request: &'a HttpRequest,
        entered: &Entered<'_>,
        caller: Caller,
        row: RequestRow,
    ) -> Result<Context<'a>> {
        caller.must_be(&[KeyKind::Scim])?;
        let own = caller.org.ok_or_else(|| Error::not_found("organization"))?;
        let org = state.org(own).await?;
        if entered.org.is_some_and(|slug| slug != org.slug.as_str()) {
            // What the client is told is the same as where nobody has this name.
            let detail = Error::not_found("organization").detail();
            return Err(Error::new(Code::WrongBaseUrl, detail));
        }
        if !org.connection.enabled {
            return Err(disabled(org.slug.as_str()));
        }
        let mode = if org.connection.strict {
            Mode::Strict
        } else {
            Mode::Lenient
        };
        if mode.follows(Rule::OwnMediaType) {
            media::own_type(request);
        }
        let declared = state.schemas(&org).await?;
        Ok(Context {
            state,
            request,
            query: Query::parse(request.uri().query().unwrap_or_default())
                .joined(&["attributes", "excludedAttributes"]),
            links: Links::new(&format!("{}{}", state.base, entered.prefix)),
            mode,
            registry: declared.registry,
            schemas_version: declared.version,
            media: media::scim_answer(request),
            scope: Scope::of_key(&caller, own)?,
            caller,
            org,
            row,
            body: None,
        })
    }

    /// As if an operation of this Bulk had come as a request of its own. `name` is what its path
    /// has in the place of an id.
    pub(crate) fn operation(&self, method: &str, kind: Kind, name: Option<&str>) -> Context<'a> {
        let id = name.map(|name| {
            let is_id = Uuid::try_parse(name).is_ok();
            format!("/{}", if is_id { name } else { "{id}" })
        });
        let path = format!("{}{}", kind.endpoint(), id.unwrap_or_default());
        self.at(method, &path)
    }

    /// The same for an operation whose path is none.
    pub(crate) fn unknown_operation(&self, method: &str) -> Context<'a> {
        self.at(method, "")
    }

    /// A request of the same caller in the same way, with a row of its own in the provisioning
    /// log: below the path of this one, so that the log tells them from single requests.
    fn at(&self, method: &str, path: &str) -> Context<'a> {
        Context {
            state: self.state,
            request: self.request,
            org: Arc::clone(&self.org),
            query: Query::parse(""),
            links: self.links.clone(),
            mode: self.mode,
            registry: self.registry.clone(),
            schemas_version: self.schemas_version,
            media: self.media,
            row: RequestRow {
                id: Uuid::now_v7(),
                at: self.state.app.clock.now(),
                method: method.to_owned(),
                path: format!("{}{path}", self.row.path),
                notes: RequestNotes {
                    bulk: Some(self.row.id),
                    ..RequestNotes::default()
                },
                ..self.row.clone()
            },
            body: None,
            caller: self.caller.clone(),
            scope: self.scope.clone(),
        }
    }

    /// The method, for a router that has checked it; GET for HEAD.
    pub(crate) fn method(&self) -> &Method {
        method(self.request)
    }

    /// When and through whom a change happens that is asked for here.
    pub(crate) fn change(&self) -> Change {
        Change::by_request(&self.state.app, &self.caller, &self.row.id.to_string())
    }

    /// Work in the caller's organization.
    pub(crate) fn work<T: Send + 'static>(
        &self,
        lock: Lock,
        run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
    ) -> Work<T> {
        Work::new(&self.scope, lock, run)
    }

    /// Work that changes something, and in the same unit its row of the provisioning log. `tell`
    /// adds to the notes what only the reply knows.
    pub(crate) fn change_work<T: Send + 'static>(
        &self,
        lock: Lock,
        status: StatusCode,
        notes: RequestNotes,
        mut run: impl FnMut(&mut dyn Tx) -> Result<T> + Send + 'static,
        tell: impl Fn(&T, &mut RequestNotes) + Send + 'static,
    ) -> Work<T> {
        let (row, body, status) = (self.row.clone(), self.body.clone(), status.as_u16());
        let read_with = self.schemas_version;
        self.work(lock, move |tx| {
            schemas::unchanged(tx, read_with)?;
            let reply = run(tx)?;
            let mut notes = notes.clone();
            tell(&reply, &mut notes);
            requests::log(tx, &row, status, notes)?;
            requests::keep_body(tx, &row, body.as_deref())?;
            Ok(reply)
        })
    }

    /// The conditions that the request makes (RFC 7644 section 3.14).
    ///
    /// # Errors
    /// 400 for a header that is not a list of entity tags.
    pub(crate) fn conditions(&self) -> Result<Preconditions> {
        let if_match = self.header(&IF_MATCH)?;
        let if_none_match = self.header(&IF_NONE_MATCH)?;
        Ok(Preconditions::parse(
            if_match.as_deref(),
            if_none_match.as_deref(),
        )?)
    }

    /// A header; several of one name make one list (RFC 9110 section 5.3).
    fn header(&self, name: &HeaderName) -> Result<Option<String>> {
        let mut whole: Option<String> = None;
        for value in self.request.headers().get_all(name) {
            let Ok(text) = value.to_str() else {
                let detail = format!("The header {name} must be ASCII text.");
                return Err(Error::new(Code::InvalidBody, detail));
            };
            match &mut whole {
                Some(list) => {
                    list.push(',');
                    list.push_str(text);
                }
                None => whole = Some(text.to_owned()),
            }
        }
        Ok(whole)
    }
}
