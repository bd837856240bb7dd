//! Who calls: the key in the `Authorization` header, and nowhere else.

use std::{sync::Arc, time::Duration};

use actix_web::{
    HttpRequest,
    http::header::{AUTHORIZATION, HeaderMap, HeaderValue, USER_AGENT},
};
use app::{
    Caller,
    error::Code,
    keys::{Candidate, Visit, unauthenticated},
    port::keys::KeyRow,
};
use domain::key::Token;

use crate::{client, refusal::Refusal, state::State};

/// How long a key from a source that sent many wrong ones waits before argon2 looks at it.
const DELAY: Duration = Duration::from_secs(1);
/// How many keys may wait for argon2; each run takes tens of milliseconds of a core.
pub(crate) const WAITING: usize = 32;
/// How many requests with one key from one source that sent many wrong ones may wait at once.
pub(crate) const SLOWED_OF_A_KEY: usize = 4;
/// The same of all keys and sources.
pub(crate) const SLOWED: usize = 1_024;

/// The caller behind a request's key.
///
/// # Errors
/// The same 401 whatever is wrong with the key; 429 for a source that sends more than its share, and
/// for whatever is wrong from a source that sent too many wrong keys; the store is away.
pub(crate) async fn caller(state: &State, request: &HttpRequest) -> Result<Caller, Refusal> {
    state
        .rates
        .of_source(client::address(request, &state.config.proxies))
        .map_err(|beyond| Refusal::later(beyond.seconds))?;
    let caller = known(state, request).await?;
    tracing::Span::current().record("key", caller.key.as_str());
    Ok(caller)
}

/// The caller, however much its source sends.
///
/// # Errors
/// As [`caller`].
pub(crate) async fn known(state: &State, request: &HttpRequest) -> Result<Caller, Refusal> {
    let Some(token) = token(request.headers()) else {
        state.failures.count_keyless();
        return Err(unauthenticated().into());
    };
    let from = client::address(request, &state.config.proxies);
    let agent = request.headers().get(USER_AGENT);
    let agent = agent.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let visit = Visit {
        from,
        agent: agent.as_deref(),
    };
    if let Some(caller) = state.app.recognize(&token, &visit) {
        return Ok(caller);
    }
    let shown = Shown { token, from, agent };
    let slowed = state.failures.slowed(from, state.app.clock.ticks());
    let shown_ = shown.clone();
    let found = state
        .hop
        .blocking(move |app| app.candidate(&shown_.token, &shown_.visit()))
        .await?;
    match (found, slowed) {
        (Candidate::Known(caller), _) => Ok(caller),
        (Candidate::Hopeless, Some(seconds)) => Err(Refusal::later(seconds)),
        (Candidate::Hopeless, None) => {
            state.failures.count(from, state.app.clock.ticks());
            Err(unauthenticated().into())
        }
        (Candidate::Unproven(row), None) => prove(state, shown, row).await,
        (Candidate::Unproven(row), Some(seconds)) => {
            let proved = prove_slowly(state, shown, row, seconds).await;
            // In the words of an id that nobody has. That it takes longer tells that there is one,
            // which is no secret: it stands in the log and in every list of keys.
            proved.map_err(|refusal| match refusal.code() {
                Code::Unauthenticated => Refusal::later(seconds),
                _ => refusal,
            })
        }
    }
}

/// Whether the key of a request that waited is still good. That its source sends too much elsewhere,
/// or that the store is away, says nothing about it.
pub(crate) async fn is_welcome(state: &State, request: &HttpRequest) -> bool {
    match known(state, request).await {
        Ok(_) => true,
        Err(refusal) => matches!(refusal.code(), Code::TooManyRequests | Code::Unavailable),
    }
}

/// A key and how it was shown, to be taken to another thread.
#[derive(Clone)]
struct Shown {
    token: Token,
    from: Option<std::net::IpAddr>,
    agent: Option<String>,
}

impl Shown {
    fn visit(&self) -> Visit<'_> {
        Visit {
            from: self.from,
            agent: self.agent.as_deref(),
        }
    }
}

/// Waits first, in one of the few places of its source and key, and takes no place of anybody
/// else's meanwhile.
async fn prove_slowly(
    state: &State,
    shown: Shown,
    row: Arc<KeyRow>,
    seconds: u64,
) -> Result<Caller, Refusal> {
    let place = |from| {
        let who = (client::source(from), row.id.clone());
        state.slowed.enter(who)
    };
    let place = shown.from.and_then(place);
    let _place = place.ok_or_else(|| Refusal::later(seconds))?;
    tokio::time::sleep(DELAY).await;
    match state.app.recognize(&shown.token, &shown.visit()) {
        Some(caller) => Ok(caller),
        None => prove(state, shown, row).await,
    }
}

/// Lets argon2 decide: as many at once as there are cores, and a bounded number waiting without a
/// thread, so that wrong secrets take nothing from those who are known.
async fn prove(state: &State, shown: Shown, row: Arc<KeyRow>) -> Result<Caller, Refusal> {
    let _place = state
        .proving
        .admitted
        .try_acquire()
        .map_err(|_| Refusal::later(1))?;
    let _turn = state
        .proving
        .running
        .acquire()
        .await
        .map_err(|_| Refusal::later(1))?;
    let (from, key) = (shown.from, row.id.clone());
    let proved = state
        .hop
        .blocking(move |app| app.prove(&shown.token, &row, &shown.visit()))
        .await;
    if proved.as_ref().is_err_and(|error| !error.is_fault()) {
        let now = state.app.clock.ticks();
        state.failures.count(from, now);
        state.failures.count_secret(&key, now);
    }
    Ok(proved?)
}

/// What a 401 says of how to authenticate (RFC 6750 section 3): that the token is not good where one
/// was sent as a bearer's, in whatever way, and nothing of the kind where none was.
pub(crate) fn challenge(headers: &HeaderMap) -> &'static str {
    let is_bearer = |value: &HeaderValue| {
        let word = value.as_bytes().split(|byte| *byte == b' ').next();
        word.is_some_and(|word| word.eq_ignore_ascii_case(b"Bearer"))
    };
    if headers.get_all(AUTHORIZATION).any(is_bearer) {
        "Bearer realm=\"rolecall\", error=\"invalid_token\""
    } else {
        "Bearer realm=\"rolecall\""
    }
}

/// The well-formed key of exactly one `Authorization: Bearer` header.
pub(crate) fn token(headers: &HeaderMap) -> Option<Token> {
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
