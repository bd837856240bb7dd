//! The end of every chain in the log, every hour: who changes the database afterwards cannot change
//! what the log has.

use std::{
    cmp,
    collections::HashMap,
    sync::{Arc, atomic::AtomicBool},
};

use domain::OrgId;

use super::Head;
use crate::{
    App, Result, Scope, Work,
    each::each,
    hourly::hourly,
    port::{Lock, audit::AuditHead},
};

/// Runs until told to stop. Says nothing of a chain that has not grown since the last time.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let mut told = Told::default();
    hourly(stop, || round(app, &mut told));
}

/// The ends of all chains as they were told last.
#[derive(Debug, Default)]
pub struct Told(HashMap<OrgId, AuditHead>);

/// Tells once what [`run`] tells every hour, and says so where nothing failed.
pub fn round(app: &App, told: &mut Told) -> bool {
    // What failed in one organization was told to the log.
    let whole = tell(app, &mut told.0).unwrap_or_else(|error| {
        tracing::warn!(%error, "where the audit ends is told later: the store is away");
        false
    });
    if whole {
        app.pulse.beat("audit", app.clock.now());
    }
    whole
}

/// Whether all are told.
fn tell(app: &App, told: &mut HashMap<OrgId, AuditHead>) -> Result<bool> {
    let orgs = app.store.instance().orgs()?;
    let orgs = orgs.iter().map(|org| (org.id, (org.id, org.slug.as_str())));
    let all: Vec<_> = std::iter::once((OrgId::INSTANCE, (OrgId::INSTANCE, "")))
        .chain(orgs)
        .collect();
    told.retain(|known, _| all.iter().any(|(org, _)| org == known));
    let what = "where the audit of an organization ends is told later";
    let whole = each(what, all, |(org, slug)| {
        let work = Work::new(&Scope::operator(org), Lock::Read, |tx| Ok(tx.audit_head()?));
        let head = work.wait(&*app.store)?;
        let before = told.insert(org, head.clone());
        let news = news(before.as_ref(), &head);
        let head = Head(head);
        match (news, before) {
            (News::None, _) => {}
            (News::Mended, Some(before)) => {
                let before = Head(before);
                tracing::error!(
                    organization = slug, %before, %head,
                    "rows of the audit are gone or others than they were: it ended elsewhere before"
                );
            }
            _ => tracing::info!(organization = slug, %head, "the audit ends here"),
        }
        Ok(())
    });
    Ok(whole)
}

/// What there is to say of a chain.
#[derive(Debug, PartialEq, Eq)]
enum News {
    None,
    Grown,
    /// It is shorter than it was, or has another end at the same length.
    Mended,
}

fn news(before: Option<&AuditHead>, head: &AuditHead) -> News {
    let Some(before) = before else {
        return if head.seq > 0 {
            News::Grown
        } else {
            News::None
        };
    };
    match head.seq.cmp(&before.seq) {
        cmp::Ordering::Greater => News::Grown,
        cmp::Ordering::Equal if head.hash == before.hash => News::None,
        cmp::Ordering::Equal | cmp::Ordering::Less => News::Mended,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_only_grows() {
        let head = |seq: i64, hash: u8| AuditHead {
            seq,
            hash: vec![hash; 32],
        };
        let check = |before: Option<AuditHead>, now: AuditHead, expected: News| {
            assert_eq!(news(before.as_ref(), &now), expected, "{before:?} {now:?}");
        };
        check(None, head(0, 0), News::None);
        check(None, head(3, 1), News::Grown);
        check(Some(head(0, 0)), head(1, 1), News::Grown);
        check(Some(head(3, 1)), head(3, 1), News::None);
        check(Some(head(3, 1)), head(4, 2), News::Grown);
        check(Some(head(3, 1)), head(3, 2), News::Mended);
        check(Some(head(3, 1)), head(2, 9), News::Mended);
        check(Some(head(3, 1)), head(0, 0), News::Mended);
    }
}
