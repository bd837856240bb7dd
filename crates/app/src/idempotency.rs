//! Requests that make something and may be sent again: whoever lost the answer repeats the request
//! with the same `Idempotency-Key` and gets the first answer, and nothing is made twice.
//!
//! The answer is kept with what it tells of, in one transaction. A refused request keeps nothing,
//! so that it may be mended and sent again under the same key.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::OrgId;
use sha2::{Digest, Sha256};

use crate::{
    App, Caller, Error, Result, Round,
    each::each,
    error::Code,
    port::{
        Millis, Tx,
        answers::{Answer, Keeping, KeptAnswer},
    },
    version::hex,
};

/// How long an answer is kept: 24 hours.
pub const KEPT_FOR: Millis = 24 * 60 * 60 * 1_000;
/// Longest `Idempotency-Key`, in characters.
pub const LONGEST_NAME: usize = 255;

/// What a request that may be sent again is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Retry {
    key: String,
    name: String,
    fingerprint: String,
    at: Millis,
}

/// Whether something was made just now, or before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Once {
    /// By this request.
    Made(Answer),
    /// By an earlier one; this is what it was told.
    Again(Answer),
}

impl Retry {
    /// Of a request with an `Idempotency-Key`: `target` is method and path.
    ///
    /// # Errors
    /// The name is empty, too long, or not printable ASCII.
    pub fn new(app: &App, caller: &Caller, name: &str, target: &str, body: &[u8]) -> Result<Retry> {
        let plain = name
            .bytes()
            .all(|byte| byte.is_ascii_graphic() || byte == b' ');
        if name.is_empty() || name.len() > LONGEST_NAME || !plain {
            let detail = format!("Must be 1 to {LONGEST_NAME} printable ASCII characters.");
            return Err(Error::header("Idempotency-Key", detail));
        }
        let mut hash = Sha256::new();
        hash.update(target);
        hash.update([0]);
        hash.update(body);
        Ok(Retry {
            key: caller.key.clone(),
            name: name.to_owned(),
            fingerprint: hex(&hash.finalize()),
            at: app.clock.now(),
        })
    }

    fn since(&self) -> Millis {
        self.at - KEPT_FOR
    }

    /// The answer of before, if this is the same request.
    fn matching(&self, kept: KeptAnswer) -> Result<Answer> {
        if kept.fingerprint == self.fingerprint {
            return Ok(kept.answer);
        }
        Err(Error::new(
            Code::IdempotencyMismatch,
            "This Idempotency-Key was used for another request in the last 24 hours; take a new \
             one for each request.",
        ))
    }

    /// What an earlier request, the same, was answered where it made something of the instance.
    ///
    /// # Errors
    /// The key was used for another request; the store is away.
    pub(crate) fn again(&self, app: &App) -> Result<Option<Once>> {
        let instance = app.store.instance();
        let kept = instance.kept_answer(&self.key, &self.name, self.since())?;
        let answer = kept.map(|kept| self.matching(kept)).transpose()?;
        Ok(answer.map(Once::Again))
    }

    /// The answer, to be kept with what it tells of.
    pub(crate) fn keeping(&self, answer: &Answer) -> Keeping {
        Keeping {
            kept: self.kept(answer),
            since: self.since(),
        }
    }

    fn kept(&self, answer: &Answer) -> KeptAnswer {
        KeptAnswer {
            key: self.key.clone(),
            name: self.name.clone(),
            fingerprint: self.fingerprint.clone(),
            at: self.at,
            answer: answer.clone(),
        }
    }
}

/// Makes something, unless the same request made it before.
///
/// # Errors
/// What making refuses; the key was used for another request; the same request is under way.
pub fn once(
    tx: &mut dyn Tx,
    retry: Option<&Retry>,
    make: impl FnOnce(&mut dyn Tx) -> Result<Answer>,
) -> Result<Once> {
    let Some(retry) = retry else {
        return Ok(Once::Made(make(tx)?));
    };
    if let Some(kept) = tx.kept_answer(&retry.key, &retry.name, retry.since())? {
        return Ok(Once::Again(retry.matching(kept)?));
    }
    let answer = make(tx)?;
    let kept = tx.keep_answer(&retry.kept(&answer), retry.since())?;
    if kept {
        Ok(Once::Made(answer))
    } else {
        Err(under_way())
    }
}

pub(crate) fn under_way() -> Error {
    Error::new(
        Code::IdempotencyInUse,
        "Another request with this Idempotency-Key is under way; send this one again in a moment.",
    )
}

/// How many answers are forgotten at once, so that other writers pass.
const AT_ONCE: u64 = 1_000;

/// Forgets answers that nobody can ask for any more. What fails in one organization keeps nothing
/// from the others.
///
/// # Errors
/// The store is away.
pub fn forget(app: &App, stop: &AtomicBool) -> Result<Round> {
    let before = app.clock.now() - KEPT_FOR;
    let instance = app.store.instance();
    let orgs = instance
        .orgs()?
        .into_iter()
        .map(|org| (org.id, Some(org.id)));
    let places = std::iter::once((OrgId::INSTANCE, None)).chain(orgs);
    let mut done = 0;
    let whole = each("old answers are kept a little longer", places, |org| {
        while !stop.load(Ordering::Acquire) {
            let forgotten = instance.forget_answers(org, before, AT_ONCE)?;
            done += forgotten;
            if forgotten < AT_ONCE {
                break;
            }
        }
        Ok(())
    });
    Ok(Round { done, whole })
}
