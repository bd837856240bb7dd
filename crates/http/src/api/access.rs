//! Effective access: the read plane. Right at once after any acknowledged change.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    access::{self, view::AccessView},
    port::Lock,
};
use domain::UserId;
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
};
use crate::refusal::to_json;

/// GET `/orgs/{org}/users/{id}/access`.
pub(crate) async fn one(call: &Call<'_>) -> Result<HttpResponse> {
    let id: UserId = call.name.parse().map_err(|_| Error::not_found("user"))?;
    let work = call.work(Lock::Read, move |tx| access::read(tx, id))?;
    let reply = call.state.hop.quick(work).await?;
    let view = AccessView::new(&call.state.app, call.org()?, &reply);
    Ok(reply::json(&mut HttpResponse::Ok(), &view))
}

/// GET `/orgs/{org}/access`: everybody's, in the order of their ids.
pub(crate) async fn page(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let after = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?.map(UserId);
    let work = call.work(Lock::Read, move |tx| access::page(tx, after, limit))?;
    let org = call.org()?.clone();
    let text = call.state.hop.blocking(move |app| {
        let replies = work.wait(&*app.store)?;
        let full = replies.len() as u64 == limit;
        let last = replies.last().filter(|_| full);
        let next_cursor = last.map(|last| cursor::after(last.subject.id.0.as_bytes()));
        let items: Vec<AccessView> = replies
            .iter()
            .map(|reply| AccessView::new(app, &org, reply))
            .collect();
        Ok(to_json(&List { items, next_cursor }))
    });
    let text = text.await?;
    Ok(HttpResponse::Ok()
        .content_type(crate::media::JSON)
        .body(text))
}
