//! Who is behind an e-mail, in every organization; for owners.

use actix_web::HttpResponse;
use app::{Error, Result, orgs};

use super::{
    call::Call,
    reply::{self, List},
};
use crate::refusal::to_json;

/// GET `/people?email=`.
pub(crate) async fn find(call: &Call<'_>) -> Result<HttpResponse> {
    let email = call.query.get("email").filter(|email| !email.is_empty());
    let email = email
        .ok_or_else(|| Error::parameter("email", "Is required: a primary e-mail."))?
        .to_owned();
    let text = call.state.hop.blocking(move |app| {
        let items = orgs::people(app, &email)?;
        Ok(to_json(&List {
            items,
            next_cursor: None,
        }))
    });
    Ok(reply::text(text.await?))
}
