//! Rows of API keys: which columns they are, and what is asked of them whatever the organization.

use app::port::keys::{KeyRow, KeyUse, Previous, SecretUse};
use app::port::{Millis, Stored};
use diesel::sql_types::{BigInt, Nullable, Text};
use domain::OrgId;

use crate::error::Reason;
use crate::session::Session;
use crate::sql::{Bind, statements};

/// SQL types of [`KeyColumns`].
pub(crate) type KeyTypes = (
    Text,
    BigInt,
    Text,
    Text,
    Text,
    BigInt,
    Text,
    BigInt,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Text,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<Text>,
    Nullable<Text>,
);

/// A key as selected, in the order of the table's columns.
pub(crate) type KeyColumns = (
    String,
    i64,
    String,
    String,
    String,
    i64,
    String,
    i64,
    Option<i64>,
    Option<i64>,
    String,
    Option<i64>,
    Option<String>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<String>,
    Option<String>,
);

statements! {
    KeyById: "SELECT id, org, kind, name, phc, epoch, made_by, created, expires, revoked, ranges, \
         warned, previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, \
         used_agent FROM api_keys WHERE id = ?" => (KeyTypes,) as (KeyColumns,);
    KeysEnding: "SELECT id, org, kind, name, phc, epoch, made_by, created, expires, revoked, \
         ranges, warned, previous_phc, previous_until, previous_used, previous_since, confirmed, used, used_from, \
         used_agent FROM api_keys WHERE revoked IS NULL AND expires >= ? AND expires < ? \
         ORDER BY expires, id" => (KeyTypes,) as (KeyColumns,);
    /// The present secret was used.
    PresentUsed: "UPDATE api_keys SET used = ?, used_from = ?, used_agent = ?, \
         confirmed = COALESCE(confirmed, ?) \
         WHERE id = ? AND phc = ? AND (used IS NULL OR used < ? OR confirmed IS NULL)";
    /// The secret before was.
    PreviousUsed: "UPDATE api_keys SET used = ?, used_from = ?, used_agent = ?, \
         previous_used = ? \
         WHERE id = ? AND previous_phc = ? AND (previous_used IS NULL OR previous_used < ?)";
}

/// A row's columns as a key.
///
/// # Errors
/// `Broken` where they do not read back.
pub(crate) fn key((columns,): (KeyColumns,)) -> Stored<KeyRow> {
    let (id, org, kind, name, phc, epoch, made_by, created, expires, revoked, ..) = columns;
    let (
        ..,
        ranges,
        warned,
        previous_phc,
        until,
        previous_used,
        previous_since,
        confirmed,
        at,
        from,
        agent,
    ) = columns;
    let kind = kind
        .parse()
        .map_err(|_| Reason::Unreadable("kind of a key").broken())?;
    let ranges = serde_json::from_str(&ranges)
        .map_err(|_| Reason::Unreadable("addresses of a key").broken())?;
    let previous = previous_phc.zip(until.zip(previous_since));
    let previous = previous.map(|(phc, (until, since))| Previous {
        phc,
        since,
        until,
        used: previous_used,
    });
    Ok(KeyRow {
        id,
        kind,
        org: (org != OrgId::INSTANCE.0).then_some(OrgId(org)),
        name,
        phc,
        epoch,
        made_by,
        created,
        expires,
        revoked,
        ranges,
        warned: warned.and_then(|days| u32::try_from(days).ok()),
        previous,
        confirmed,
        used: at.map(|at| KeyUse { at, from, agent }),
    })
}

/// One key, of whatever organization.
pub(crate) fn by_id(session: &mut Session, id: &str) -> Stored<Option<KeyRow>> {
    KeyById::row(session, &[Bind::Text(id)])?
        .map(key)
        .transpose()
}

/// Keys that are not revoked and end in this time.
pub(crate) fn ending(session: &mut Session, from: Millis, until: Millis) -> Stored<Vec<KeyRow>> {
    let rows = KeysEnding::rows(session, &[Bind::Int(from), Bind::Int(until)])?;
    rows.into_iter().map(key).collect()
}

/// Writes uses to the rows whose secrets they are, one transaction for all, in the order of the ids
/// so that two processes do not wait for each other.
pub(crate) fn note_uses(session: &mut Session, uses: &[SecretUse]) -> Stored<()> {
    let mut uses: Vec<&SecretUse> = uses.iter().collect();
    uses.sort_by(|one, other| one.id.cmp(&other.id));
    for SecretUse { id, phc, used } in uses {
        let binds = [
            Bind::Int(used.at),
            Bind::MaybeText(used.from.as_deref()),
            Bind::MaybeText(used.agent.as_deref()),
            Bind::Int(used.at),
            Bind::Text(id),
            Bind::Text(phc),
            Bind::Int(used.at),
        ];
        if PresentUsed::run(session, &binds)? == 0 {
            PreviousUsed::run(session, &binds)?;
        }
    }
    Ok(())
}
