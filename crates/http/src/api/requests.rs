//! The provisioning log: what the identity provider sent, how it ended, what it changed.

use actix_web::HttpResponse;
use app::{
    Error, Result,
    port::{Lock, Millis, reads::ReadSearch},
    requests::{self, Answered, ReadView, Replay, RequestSearch, RequestView},
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
    let id = id(call)?;
    let work = call.work(Lock::Read, move |tx| requests::read_whole(tx, id))?;
    let whole = call.state.hop.quick(work).await?;
    Ok(reply::json(&mut HttpResponse::Ok(), &whole))
}

/// POST `…/requests/{id}/replay`.
pub(crate) async fn replay(call: &Call<'_>) -> Result<HttpResponse> {
    let replay = Replay {
        request: id(call)?,
        id: call.id,
        made: Uuid::now_v7(),
        change: call.change(),
    };
    let org = call.org()?.clone();
    let done = call
        .state
        .hop
        .changing(org.id, move |app| requests::replay(app, &org, &replay))
        .await?;
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &RequestView::new(done),
    ))
}

fn id(call: &Call<'_>) -> Result<Uuid> {
    Uuid::try_parse(call.name(0)).map_err(|_| Error::not_found("request"))
}

/// GET `…/reads`, latest minute first.
pub(crate) async fn reads(call: &Call<'_>) -> Result<HttpResponse> {
    let (query, limit) = (&call.query, input::limit(&call.query)?);
    let wanted = ReadSearch {
        key: query.get("key").map(str::to_owned),
        from: input::moment_in(query, "from")?,
        until: input::moment_in(query, "until")?,
        after: cursor::read(query, spot)?,
    };
    let work = call.work(Lock::Read, move |tx| requests::reads(tx, &wanted, limit))?;
    let counts = call.state.hop.run(work).await?;
    let full = counts.len() as u64 >= limit;
    let last = counts.last().filter(|_| full);
    let next_cursor = last.map(|count| {
        let spot = format!("{} {} {}", count.minute, count.key, count.route);
        cursor::after(spot.as_bytes())
    });
    let items: Vec<ReadView> = counts.into_iter().map(ReadView::new).collect();
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

/// Minute, key and route, of which only the last may hold spaces.
fn spot(item: &[u8]) -> Option<(Millis, String, String)> {
    let text = str::from_utf8(item).ok()?;
    let mut parts = text.splitn(3, ' ');
    let minute = parts.next()?.parse().ok()?;
    Some((minute, parts.next()?.to_owned(), parts.next()?.to_owned()))
}
