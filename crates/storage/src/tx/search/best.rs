//! A page of an order that is only known document by document, in bounded memory.

use app::port::Stored;
use app::port::search::Search;
use scim::SortKey;
use serde_json::Value as Json;
use uuid::Uuid;

/// Takes one document of a walk.
pub(super) type Offer<'o> = dyn FnMut(Uuid, &Json) + 'o;

/// The page's ids in order, and how many documents there are. `walk` shows all documents that the
/// filter matches; it is called again for every `room` keys that come before the page.
pub(super) fn page(
    search: &Search,
    room: usize,
    walk: &mut dyn FnMut(&mut Offer<'_>) -> Stored<()>,
) -> Stored<(Vec<Uuid>, u64)> {
    let mut total = 0;
    let mut best = Best::new(search, room, search.offset(), None);
    walk(&mut |id, document| {
        total += 1;
        best.offer(id, document);
    })?;
    while let Some(next) = best.further(room) {
        best = next;
        walk(&mut |id, document| best.offer(id, document))?;
    }
    Ok((best.ids(), total))
}

/// The first of an order behind a place in it, as many as the page ends with or memory may hold.
struct Best<'s> {
    search: &'s Search,
    /// How many of them come before the page.
    skip: u64,
    /// The last of those that earlier walks have passed.
    after: Option<(SortKey, Uuid)>,
    most: usize,
    kept: Vec<(SortKey, Uuid)>,
    seen: u64,
}

impl<'s> Best<'s> {
    fn new(search: &'s Search, room: usize, skip: u64, after: Option<(SortKey, Uuid)>) -> Best<'s> {
        let end = match search.count {
            0 => 0,
            count => skip.saturating_add(count),
        };
        Best {
            search,
            skip,
            after,
            most: usize::try_from(end).unwrap_or(usize::MAX).min(room),
            kept: Vec::new(),
            seen: 0,
        }
    }

    fn offer(&mut self, id: Uuid, document: &Json) {
        let key = match &self.search.sort {
            Some(sort) if self.most > 0 => sort.key(document),
            _ => return,
        };
        if !self.search.reaches(&key, id) || !self.is_behind(&key, id) {
            return;
        }
        self.seen += 1;
        self.kept.push((key, id));
        // Twice the room, so that sorting is rare.
        if self.kept.len() / 2 > self.most {
            self.cut();
        }
    }

    fn is_behind(&self, key: &SortKey, id: Uuid) -> bool {
        let sort = self.search.sort.as_ref();
        self.after
            .as_ref()
            .is_none_or(|(after, with)| Search::compare(sort, (key, id), (after, *with)).is_gt())
    }

    fn cut(&mut self) {
        let sort = self.search.sort.as_ref();
        self.kept.sort_unstable_by(|(key, id), (other, with)| {
            Search::compare(sort, (key, *id), (other, *with))
        });
        self.kept.truncate(self.most);
    }

    /// What the next walk keeps, where the page ends behind all that this one could keep, and begins
    /// before the end of all.
    fn further(&mut self, room: usize) -> Option<Best<'s>> {
        let end = self.skip.saturating_add(self.search.count);
        if end <= self.most as u64 || self.skip >= self.seen {
            return None;
        }
        self.cut();
        let step = usize::try_from(self.skip)
            .unwrap_or(usize::MAX)
            .min(self.most);
        self.kept.truncate(step);
        let last = self.kept.pop()?;
        Some(Best::new(
            self.search,
            room,
            self.skip - step as u64,
            Some(last),
        ))
    }

    fn ids(mut self) -> Vec<Uuid> {
        self.cut();
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        self.kept.into_iter().skip(skip).map(|(_, id)| id).collect()
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use scim::{Kind, Mode, Registry, Sort};
    use serde_json::json;

    use super::*;

    const ROOM: usize = 4;

    /// A page of twenty documents, two of each title, with room for four keys; and the walks.
    fn paged(start: u64, count: u64, order: &str) -> (Vec<Uuid>, u64, usize) {
        let registry = Registry::core();
        let sort = Sort::parse(
            &registry,
            &[Kind::User],
            Mode::Strict,
            Some("title"),
            Some(order),
        );
        let search = Search {
            filter: None,
            sort: sort.unwrap(),
            after: None,
            start_index: start,
            count,
            total: true,
        };
        let mut walks = 0;
        let (ids, total) = page(&search, ROOM, &mut |offer| {
            walks += 1;
            for number in (0..20_u128).rev() {
                let title = format!("{:02}", (number * 7) % 10);
                offer(Uuid::from_u128(number), &json!({ "title": title }));
            }
            Ok(())
        })
        .unwrap();
        (ids, total, walks)
    }

    #[test]
    fn pages_of_any_depth_are_parts_of_one_order() {
        for order in ["ascending", "descending"] {
            let mut all: Vec<u128> = (0..20).collect();
            let descending = order == "descending";
            all.sort_by_key(|number| {
                let title = (number * 7) % 10;
                (if descending { 10 - title } else { title }, *number)
            });
            for start in 1..25_u64 {
                for count in 1..=3_u64 {
                    let (ids, total, walks) = paged(start, count, order);
                    let from = usize::try_from(start - 1).unwrap();
                    let expected: Vec<Uuid> = all
                        .iter()
                        .skip(from)
                        .take(usize::try_from(count).unwrap())
                        .map(|number| Uuid::from_u128(*number))
                        .collect();
                    assert_eq!((ids, total), (expected, 20), "{order} {start} {count}");
                    assert!(walks <= 1 + from / ROOM + 1, "{start} {count}: {walks}");
                }
            }
        }
    }

    #[test]
    fn a_page_behind_the_end_costs_one_walk() {
        assert_eq!(
            paged(i64::MAX.unsigned_abs(), 3, "ascending"),
            (Vec::new(), 20, 1)
        );
        assert_eq!(paged(1, 0, "ascending"), (Vec::new(), 20, 1));
    }
}
