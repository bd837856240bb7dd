//! The provisioning log: what the identity provider sent, how it ended, what it changed.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    port::Lock,
    requests::{self, Answered, RequestSearch, RequestView},
};
use uuid::Uuid;

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
};

/// GET `…/requests`, newest first. A page may hold fewer than `limit` although there are more: what
/// is looked at for one page is bounded.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let before = cursor::read(&call.query, |item| Uuid::from_slice(item).ok())?;
    let wanted = wanted(call)?;
    let work = call.work(Lock::Read, move |tx| {
        requests::search(tx, &wanted, before, limit)
    })?;
    let found = call.state.hop.run(work).await?;
    let next_cursor = found.next.map(|id| cursor::after(id.as_bytes()));
    let items: Vec<RequestView> = found.rows.into_iter().map(RequestView::new).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

fn wanted(call: &Call<'_>) -> Result<RequestSearch> {
    let query = &call.query;
    let status = query.get("status").map(str::parse::<Answered>).transpose();
    Ok(RequestSearch {
        status: status.map_err(|detail| Error::parameter("status", detail))?,
        key: query.get("key").map(str::to_owned),
        about: query.get("about").map(str::to_owned),
        from: input::moment_in(query, "from")?,
        until: input::moment_in(query, "until")?,
    })
}

/// GET `…/requests/{id}`.
pub(crate) async fn read(call: &Call<'_>) -> Result<HttpResponse> {
    let id = Uuid::try_parse(call.name(0)).map_err(|_| Error::not_found("request"))?;
    let work = call.work(Lock::Read, move |tx| requests::read(tx, id))?;
    let row = call.state.hop.quick(work).await?;
    Ok(reply::json(&mut HttpResponse::Ok(), &RequestView::new(row)))
}
