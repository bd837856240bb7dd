//! The audit: who changed what on the admin side, in an organization or in the instance.

use actix_web::HttpResponse;
use app::{
    Result, Scope, Work, audit,
    port::{Lock, audit::AuditSearch},
};
use domain::{Action, OrgId};

use super::{
    call::Call,
    cursor, input,
    reply::{self, List},
};

/// GET `…/audit`, newest first.
pub(crate) async fn list(call: &Call<'_>) -> Result<HttpResponse> {
    let limit = input::limit(&call.query)?;
    let search = search(call)?;
    // The path of the instance's names no organization, and only owner keys come there.
    let org = call.org.as_ref().map_or(OrgId::INSTANCE, |org| org.id);
    let scope = Scope::of_key(&call.caller, org)?;
    let work = Work::new(&scope, Lock::Read, move |tx| {
        audit::list(tx, &search, limit)
    });
    let items = call.state.hop.run(work).await?;
    let whole = items.len() as u64 >= limit;
    let last = items.last().filter(|_| whole);
    let next_cursor = last.map(|row| cursor::after(&row.number.to_be_bytes()));
    Ok(reply::json(
        &mut HttpResponse::Ok(),
        &List { items, next_cursor },
    ))
}

fn search(call: &Call<'_>) -> Result<AuditSearch> {
    let query = &call.query;
    let given = |name: &str| query.get(name).map(str::to_owned);
    Ok(AuditSearch {
        before: cursor::read(query, |item| {
            Some(i64::from_be_bytes(item.try_into().ok()?))
        })?,
        action: input::word::<Action>(query, "action")?.map(|action| action.to_string()),
        key: given("key"),
        subject: given("subject"),
        from: input::moment_in(query, "from")?,
        until: input::moment_in(query, "until")?,
    })
}
