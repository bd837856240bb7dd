//! Collecting a body under its limits.

use actix_web::{
    HttpRequest,
    http::header::CONTENT_LENGTH,
    web::{Bytes, Payload},
};
use app::{Error, Result, error::Code};

use crate::{media, state::State};

/// The body of a request whose type is one of `known`. Never holds more than `limit` bytes.
///
/// # Errors
/// 415, 413, 408; 400 where the connection breaks off.
pub(crate) async fn collect(
    state: &State,
    request: &HttpRequest,
    payload: Payload,
    known: &[&str],
    limit: usize,
) -> Result<Bytes> {
    media::check_body(request.headers(), known)?;
    let announced = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    if announced
        .and_then(|text| text.parse::<u64>().ok())
        .is_some_and(|size| size > limit as u64)
    {
        return Err(too_large(limit));
    }
    let arriving = payload.to_bytes_limited(limit);
    match tokio::time::timeout(state.config.body_timeout, arriving).await {
        Ok(Ok(Ok(bytes))) => Ok(bytes),
        Ok(Ok(Err(_))) => Err(Error::new(
            Code::InvalidBody,
            "The body broke off before its end.",
        )),
        Ok(Err(_)) => Err(too_large(limit)),
        Err(_) => Err(Error::new(
            Code::RequestTimeout,
            format!(
                "The body did not arrive within {} s.",
                state.config.body_timeout.as_secs()
            ),
        )),
    }
}

fn too_large(limit: usize) -> Error {
    Error::new(
        Code::TooLarge,
        format!("The body is larger than the limit of {limit} bytes; send less at once."),
    )
}
