//! The end of every chain in the log, every hour: who changes the database afterwards cannot change
//! what the log has.

use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::OrgId;

use super::Head;
use crate::{App, Result, Scope, Work, nudge::Nudge, port::Lock};

/// How often to look whether to stop.
const BREATH: Duration = Duration::from_secs(1);
/// Breaths between two looks.
const LOOK_EVERY: u64 = 60 * 60;

/// Runs until told to stop. Says nothing of a chain that has not grown since the last time.
pub fn run(app: &Arc<App>, stop: &AtomicBool) {
    let rest = Nudge::default();
    let mut told = HashMap::new();
    let mut breaths = 0;
    while !stop.load(Ordering::Acquire) {
        if breaths % LOOK_EVERY == 0
            && let Err(error) = tell(app, &mut told)
        {
            tracing::warn!(%error, "where the audit ends is told later: the store is away");
        }
        breaths += 1;
        rest.wait(BREATH);
    }
}

fn tell(app: &App, told: &mut HashMap<OrgId, i64>) -> Result<()> {
    let orgs = app.store.instance().orgs()?;
    let orgs = orgs.iter().map(|org| (org.id, org.slug.as_str()));
    for (org, slug) in std::iter::once((OrgId::INSTANCE, "")).chain(orgs) {
        let work = Work::new(&Scope::operator(org), Lock::Read, |tx| Ok(tx.audit_head()?));
        let head = work.wait(&*app.store)?;
        if head.seq > told.insert(org, head.seq).unwrap_or(0) {
            tracing::info!(organization = slug, head = %Head(head), "the audit ends here");
        }
    }
    Ok(())
}
