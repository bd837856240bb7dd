//! Who calls: the key in the `Authorization` header, and nowhere else.

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use app::{Caller, Result, keys::unauthenticated};
use domain::key::Token;

use crate::state::State;

/// The caller behind a request's key.
///
/// # Errors
/// The same 401 whatever is wrong with the key; the store is away.
pub(crate) async fn caller(state: &State, headers: &HeaderMap) -> Result<Caller> {
    let token = token(headers).ok_or_else(unauthenticated)?;
    if let Some(caller) = state.app.recognize(&token) {
        return Ok(caller);
    }
    state
        .hop
        .blocking(move |app| app.authenticate(&token))
        .await
}

/// The public id in a well-formed key, whether or not the key is good.
pub(crate) fn key_id(headers: &HeaderMap) -> Option<String> {
    Some(token(headers)?.id.to_string())
}

/// The well-formed key of exactly one `Authorization: Bearer` header.
fn token(headers: &HeaderMap) -> Option<Token> {
    let mut values = headers.get_all(AUTHORIZATION);
    // Two keys would leave it open which of them counts.
    let (Some(value), None) = (values.next(), values.next()) else {
        return None;
    };
    let (word, key) = value.to_str().ok()?.split_once(' ')?;
    if !word.eq_ignore_ascii_case("Bearer") {
        return None;
    }
    Token::parse(key.trim_matches(' ')).ok()
}
