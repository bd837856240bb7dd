//! Numbers that are given out go on where the source's ended.

use diesel::sql_types::{BigInt, Nullable};

use super::CopyError;
use crate::session::Session;
use crate::sql::{Bind, statements};

statements! {
    /// The number of the newest organization that ever was, also where it is gone.
    LastOrg: "{sqlite SELECT max(seq) FROM sqlite_sequence WHERE name = 'orgs'}\
        {postgres SELECT last_value FROM pg_sequences \
            WHERE schemaname = current_schema() AND sequencename = 'orgs_id_seq'}" =>
        (Nullable<BigInt>,) as (Option<i64>,);
    /// PostgreSQL.
    SetOrgs: "SELECT setval('orgs_id_seq', ?)" => (BigInt,) as (i64,);
    /// SQLite, in two.
    ForgetOrgs: "DELETE FROM sqlite_sequence WHERE name = 'orgs'";
    KeepOrgs: "INSERT INTO sqlite_sequence (name, seq) VALUES ('orgs', ?)";
    /// PostgreSQL: later than every ticket that was drawn.
    SetTickets: "SELECT setval('event_tickets', GREATEST(1, max(ticket))) FROM events" =>
        (BigInt,) as (i64,);
}

/// Sets the target's to where the source's are.
pub(super) fn hand_over(source: &mut Session, target: &mut Session) -> Result<(), CopyError> {
    let row = LastOrg::row(source, &[]);
    let row = row.map_err(|error| CopyError::Statement("source", error))?;
    let last = row.and_then(|(last,)| last);
    set(target, last).map_err(|error| CopyError::Statement("target", error))
}

fn set(target: &mut Session, last: Option<i64>) -> app::port::Stored<()> {
    if target.is_sqlite() {
        if let Some(last) = last {
            ForgetOrgs::run(target, &[])?;
            KeepOrgs::run(target, &[Bind::Int(last)])?;
        }
        return Ok(());
    }
    if let Some(last) = last {
        SetOrgs::rows(target, &[Bind::Int(last)])?;
    }
    SetTickets::rows(target, &[])?;
    Ok(())
}
