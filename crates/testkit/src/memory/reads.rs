//! How often the identity provider read what.

use std::borrow::Cow;
use std::ops::Bound;
use std::sync::Arc;

use app::port::reads::{ReadCount, ReadSearch};
use app::port::{Millis, Reads, Stored};

use super::unit::MemoryTx;

impl Reads for MemoryTx {
    fn add_reads(&mut self, counts: &[ReadCount]) -> Stored<()> {
        self.may_write()?;
        let known = Arc::make_mut(&mut self.org.reads);
        for count in counts {
            let spot = (count.minute, count.key.clone(), count.route.to_string());
            *known.entry(spot).or_insert(0) += count.reads;
        }
        Ok(())
    }

    fn reads(&mut self, search: &ReadSearch, limit: u64) -> Stored<Vec<ReadCount>> {
        let limit = usize::try_from(limit.min(1_000)).unwrap_or(usize::MAX);
        let until = search
            .after
            .clone()
            .map_or(Bound::Unbounded, Bound::Excluded);
        let fits = |minute: Millis, key: &String| {
            search.key.as_ref().is_none_or(|wanted| wanted == key)
                && search.from.is_none_or(|from| minute >= from)
                && search.until.is_none_or(|until| minute < until)
        };
        let known = self.org.reads.range((Bound::Unbounded, until)).rev();
        let found = known.filter(|((minute, key, _), _)| fits(*minute, key));
        let count = |((minute, key, route), reads): (&(Millis, String, String), &u64)| ReadCount {
            minute: *minute,
            key: key.clone(),
            route: Cow::Owned(route.clone()),
            reads: *reads,
        };
        Ok(found.take(limit).map(count).collect())
    }

    fn forget_reads(&mut self, before: Millis, limit: u64) -> Stored<u64> {
        self.may_write()?;
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let known = Arc::make_mut(&mut self.org.reads);
        let old = known.keys().take_while(|spot| spot.0 < before).take(limit);
        let gone: Vec<_> = old.cloned().collect();
        for spot in &gone {
            known.remove(spot);
        }
        Ok(u64::try_from(gone.len()).unwrap_or(u64::MAX))
    }
}
