//! Forgets what access was long ago, as the operator has decided.

use crate::{
    App, Result, Scope, Work,
    port::{Lock, Millis},
    retention::DAY,
};

/// Rows at once, so that other writers pass.
const AT_ONCE: u64 = 1_000;

/// Forgets, in every organization, rows that were followed by another one more than `keep_days`
/// ago; 0 keeps everything. What somebody's access was at the limit stays known. How many there
/// were.
///
/// # Errors
/// The store is away.
pub fn forget(app: &App, keep_days: u32, stop: &dyn Fn() -> bool) -> Result<u64> {
    if keep_days == 0 {
        return Ok(0);
    }
    let before = app.clock.now() - Millis::from(keep_days) * DAY;
    let mut all = 0;
    for org in app.store.instance().orgs()? {
        loop {
            if stop() {
                return Ok(all);
            }
            let work = Work::new(&Scope::operator(org.id), Lock::Shared, move |tx| {
                Ok(tx.forget_before(before, AT_ONCE)?)
            });
            let forgotten = work.wait(&*app.store)?;
            all += forgotten;
            if forgotten < AT_ONCE {
                break;
            }
        }
    }
    Ok(all)
}
