//! Effective access: the read plane. Right at once after any acknowledged change.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    access::{
        self, AccessReply,
        explain::{Explanation, explain},
        view::AccessView,
    },
    port::Lock,
    users::{SignIn, sign_in as report},
};
use domain::{Cause, StateCause, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
    tag,
};
use crate::refusal::to_json;

/// The access answer, with what is known beside it.
#[derive(Serialize, ToSchema)]
#[schema(as = AccessWithReasons)]
pub(crate) struct Answer {
    #[serde(flatten)]
    access: AccessView,
    /// Why the state is what it is; with `explain`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    state_because: Option<StateCause>,
    /// What brought it about; of a past moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Value>)]
    cause: Option<Cause>,
}

impl Answer {
    fn new(app: &app::App, org: &app::port::org::OrgSettings, reply: &AccessReply) -> Answer {
        Answer {
            access: AccessView::new(app, org, reply),
            state_because: None,
            cause: reply.cause.clone(),
        }
    }
}

/// A sign-in has nothing to tell but that it was.
#[derive(Deserialize, ToSchema)]
#[schema(as = NoFields, example = json!({}))]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

/// GET `/orgs/{org}/users/{id}/access`.
pub(crate) async fn one(call: &Call<'_>) -> Result<HttpResponse> {
    let id = call.user(0)?;
    let at = input::moment(&call.query)?;
    if input::flag(&call.query, "explain")? {
        if at.is_some() {
            let detail = "Only the present is explained; leave at out.";
            return Err(Error::parameter("explain", detail));
        }
        let work = call.work(Lock::Read, move |tx| explain(tx, id))?;
        return explained(call, call.state.hop.run(work).await?);
    }
    let Some(at) = at else {
        return present(call, id).await;
    };
    let work = call.work(Lock::Read, move |tx| access::at(tx, id, at))?;
    let reply = call.state.hop.quick(work).await?;
    let view = Answer::new(&call.state.app, call.org()?, &reply);
    Ok(reply::json(&mut HttpResponse::Ok(), &view))
}

/// The access as it is now, or 304 where the caller has it.
async fn present(call: &Call<'_>, id: UserId) -> Result<HttpResponse> {
    let known = tag::known(call)?;
    let work = call.work(Lock::Glance, move |tx| {
        access::read_unless_known(tx, id, |tag| known.has(tag))
    })?;
    let (tag, reply) = call.state.hop.quick(work).await?;
    let Some(reply) = reply else {
        return Ok(tag::not_modified(tag));
    };
    let view = Answer::new(&call.state.app, call.org()?, &reply);
    Ok(tag::tagged(tag, &view))
}

fn explained(call: &Call<'_>, explanation: Explanation) -> Result<HttpResponse> {
    let mut view = Answer::new(&call.state.app, call.org()?, &explanation.reply);
    view.access.because = Some(explanation.because);
    view.state_because = Some(explanation.state_cause);
    Ok(reply::json(&mut HttpResponse::Ok(), &view))
}

/// POST `/orgs/{org}/users/{id}/sign-in`: the app saw the user sign in. Answers the access from
/// now on.
pub(crate) async fn sign_in(call: &Call<'_>, body: &[u8]) -> Result<HttpResponse> {
    let Nothing {} = input::optional(body)?;
    let command = SignIn {
        id: call.user(0)?,
        change: call.change(),
    };
    let work = call.work(Lock::Shared, move |tx| report(tx, &command))?;
    let reply = call.state.hop.run(work).await?;
    let view = AccessView::new(&call.state.app, call.org()?, &reply);
    Ok(reply::json(&mut HttpResponse::Ok(), &view))
}

/// GET `/orgs/{org}/access`: everybody's, in the order of their ids.
pub(crate) async fn page(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let at = input::moment(&call.query)?;
    let after = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?.map(UserId);
    let work = call.work(Lock::Read, move |tx| match at {
        Some(at) => access::page_at(tx, at, after, limit),
        None => access::page(tx, after, limit),
    })?;
    let org = call.org()?.clone();
    let text = call.state.hop.blocking(move |app| {
        let replies = work.wait(&*app.store)?;
        let full = replies.len() as u64 == limit;
        let last = replies.last().filter(|_| full);
        let next_cursor = last.map(|last| cursor::after(last.subject.id.0.as_bytes()));
        let items: Vec<Answer> = replies
            .iter()
            .map(|reply| Answer::new(app, &org, reply))
            .collect();
        Ok(to_json(&List { items, next_cursor }))
    });
    Ok(reply::text(text.await?))
}
