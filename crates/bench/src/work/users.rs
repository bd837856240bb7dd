//! One user at a time: create, look up, get, change.

use std::sync::{Mutex, PoisonError};

use crate::Fault;
use crate::drive::{Cost, Target, drive};
use crate::idp::{self, SAMPLE};
use crate::people;
use crate::table::Figures;

/// Creates users `from` to `to - 1` of a tag; their ids in order, and what it cost.
pub(crate) fn create(
    target: &Target,
    connections: usize,
    tag: &str,
    from: usize,
    to: usize,
) -> Result<(Vec<String>, Cost), Fault> {
    let made = Mutex::new(vec![String::new(); to - from]);
    let cost = drive(target, connections, to - from, |client, k| {
        let id = idp::create_user(client, tag, from + k)?;
        made.lock().unwrap_or_else(PoisonError::into_inner)[k] = id;
        Ok(())
    })?;
    Ok((
        made.into_inner().unwrap_or_else(PoisonError::into_inner),
        cost,
    ))
}

/// `userName eq`, four of five are there.
pub(crate) fn lookup(
    target: &Target,
    tag: &str,
    ids: &[String],
    count: usize,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let ask = |client: &mut _, k: usize| {
        let n = people::mixed(k) % ids.len();
        let hit = k % 5 != 4;
        let n_asked = if hit { n } else { n + 5_000_000 };
        if k % SAMPLE < 5 {
            let found = idp::find_user(client, tag, n_asked)?;
            let right = found.as_ref() == hit.then_some(&ids[n]);
            return right
                .then_some(())
                .ok_or_else(|| "lookup found another user".to_owned());
        }
        client
            .get(&idp::by_user_name(tag, n_asked))?
            .expect(&[200], "lookup")
            .map(drop)
    };
    figures.put("lookup", drive(target, 8, count, ask)?.per_cpu());
    figures.put(
        "lookup_p50",
        drive(target, 1, count / 4, ask)?.percentile_ms(0.5),
    );
    Ok(())
}

/// By id.
pub(crate) fn get(
    target: &Target,
    tag: &str,
    ids: &[String],
    count: usize,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let cost = drive(target, 8, count, |client, k| {
        let n = people::mixed(k) % ids.len();
        let reply = client
            .get(&format!("/Users/{}", ids[n]))?
            .expect(&[200], "get")?;
        if k.is_multiple_of(SAMPLE) && reply.json()?["userName"] != people::user_name(tag, n) {
            return Err("get: another user came back".to_owned());
        }
        Ok(())
    })?;
    figures.put("get", cost.per_cpu());
    Ok(())
}

/// Three attributes in one PATCH.
pub(crate) fn patch(
    target: &Target,
    ids: &[String],
    count: usize,
    figures: &mut Figures,
) -> Result<(), Fault> {
    let cost = drive(target, 8, count, |client, k| {
        let n = people::mixed(k) % ids.len();
        idp::change(client, &ids[n], n, k)
    })?;
    figures.put("patch", cost.per_cpu());
    Ok(())
}
