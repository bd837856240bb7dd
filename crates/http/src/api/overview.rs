//! What an administrator looks at: holds, long work, the hygiene report.

use actix_web::HttpResponse;
use app::{Result, grants, jobs, orgs, port::Lock};

use super::{
    call::Call,
    reply::{self, List},
};
use crate::refusal::to_json;

/// GET `…/holds`.
pub(crate) async fn holds(call: &Call<'_>) -> Result<HttpResponse> {
    let work = call.work(Lock::Read, |tx| grants::holds(tx))?;
    let items = call.state.hop.run(work).await?;
    let list = List {
        items,
        next_cursor: None,
    };
    Ok(reply::json(&mut HttpResponse::Ok(), &list))
}

/// GET `…/jobs`: the newest 100.
pub(crate) async fn jobs(call: &Call<'_>) -> Result<HttpResponse> {
    let work = call.work(Lock::Read, |tx| jobs::list(tx))?;
    let items = call.state.hop.run(work).await?;
    let list = List {
        items,
        next_cursor: None,
    };
    Ok(reply::json(&mut HttpResponse::Ok(), &list))
}

/// GET `…/report`.
pub(crate) async fn report(call: &Call<'_>) -> Result<HttpResponse> {
    let now = call.state.app.clock.now();
    let work = call.work(Lock::Read, move |tx| orgs::report(tx, now))?;
    let text = call
        .state
        .hop
        .blocking(move |app| Ok(to_json(&work.wait(&*app.store)?)));
    Ok(reply::text(text.await?))
}
