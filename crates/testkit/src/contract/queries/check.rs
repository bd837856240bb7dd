//! One query, and its answer against the evaluator's.

use std::collections::BTreeSet;
use std::fmt::{Display, Formatter};
use std::sync::Arc;

use app::port::groups::GroupRow;
use app::port::search::{Page, Place, Search};
use app::port::users::UserRow;
use app::representation::{group_for_filter, user_for_filter};
use scim::cursor::{Cursor, Lifetime, MAC_BYTES};
use scim::{Filter, Kind, Mode, Sort, SortKey};
use serde_json::Value;
use uuid::Uuid;

use super::super::random::Random;
use super::super::search::ALL;
use super::super::world::World;
use super::data::Data;
use super::is_one;
use super::names::Names;
use super::text::Writer;

/// Most pages of a walk.
const PAGES: usize = 2;

/// What is asked for.
pub(super) struct Query {
    kinds: &'static [Kind],
    filter: Option<(String, Arc<Filter>)>,
    sort: Option<Sort>,
    sorted_by: String,
    start_index: u64,
    count: u64,
}

const KINDS: &[&[Kind]] = &[
    &[Kind::User],
    &[Kind::User],
    &[Kind::Group],
    &[Kind::User, Kind::Group],
];

impl Query {
    pub(super) fn draw(names: &Names, data: &Data, random: &mut Random) -> Query {
        let kinds = random.one(KINDS);
        let writer = Writer { names, data, kinds };
        let filter = (!random.once_in(20)).then(|| {
            let depth = random.below(4);
            let text = writer.filter(depth, random);
            let parsed = Filter::parse_across(&names.registry, kinds, Mode::Strict, &text);
            let filter = parsed.unwrap_or_else(|error| panic!("{text}: {error}"));
            let printed = filter.to_string();
            let again = Filter::parse_across(&names.registry, kinds, Mode::Strict, &printed);
            // Of two types, the first that has an unqualified name says what it is.
            let same = again
                .as_ref()
                .is_ok_and(|again| *again == filter || !is_one(kinds));
            assert!(
                same,
                "{text} is printed as {printed}, which is read as {again:?}"
            );
            (text, Arc::new(filter))
        });
        let mut sorted_by = String::new();
        let mut sort = None;
        if random.once_in(2) {
            let order = random.one(&["ascending", "descending"]);
            let (path, value) = names.path(kinds, random);
            if value.is_some() {
                let parsed = Sort::parse(
                    &names.registry,
                    kinds,
                    Mode::Strict,
                    Some(&path),
                    Some(order),
                );
                sort = parsed.unwrap_or_else(|error| panic!("{path}: {error}"));
                sorted_by = format!(" sortBy {path} {order}");
            }
        }
        Query {
            kinds,
            filter,
            sort,
            sorted_by,
            start_index: 1 + random.below(12) as u64,
            count: random.below(12) as u64,
        }
    }

    fn search(&self) -> Search {
        Search {
            filter: self.filter.as_ref().map(|(_, filter)| Arc::clone(filter)),
            sort: self.sort.clone(),
            after: None,
            start_index: 1,
            count: ALL,
            total: true,
        }
    }

    fn filter(&self) -> &str {
        self.filter.as_ref().map_or("", |(text, _)| text)
    }
}

impl Display for Query {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        let (filter, sort) = (self.filter(), &self.sorted_by);
        write!(out, "{:?} filter {filter}{sort}", self.kinds)
    }
}

/// Every resource with the document that the evaluator sees.
pub(super) struct Rows {
    users: Vec<(Uuid, UserRow, Value)>,
    groups: Vec<(Uuid, GroupRow, Value)>,
}

impl Rows {
    pub(super) fn read(world: &World) -> Rows {
        let all = Search {
            filter: None,
            sort: None,
            after: None,
            start_index: 1,
            count: ALL,
            total: true,
        };
        world.read(move |tx| {
            let (mut users, mut groups) = (Vec::new(), Vec::new());
            for row in tx.search_users(&all)?.items {
                let of = tx.groups_of(&[row.id])?;
                let of: Vec<_> = of.into_iter().map(|(_, group)| group).collect();
                let document = user_for_filter(&row, &of);
                users.push((row.id.0, row, document));
            }
            for row in tx.search_groups(&all)?.items {
                let members = tx.members(row.id)?;
                let document = group_for_filter(&row, &members);
                groups.push((row.id.0, row, document));
            }
            Ok(Rows { users, groups })
        })
    }
}

/// What the queries came by.
#[derive(Default)]
pub(super) struct Reach {
    none: usize,
    some: usize,
    all: usize,
    asked: BTreeSet<String>,
}

impl Display for Reach {
    fn fmt(&self, out: &mut Formatter<'_>) -> std::fmt::Result {
        let Reach {
            none,
            some,
            all,
            asked,
        } = self;
        write!(
            out,
            "{none} found nothing, {some} a part, {all} everything; {} attributes were asked for",
            asked.len()
        )
    }
}

impl Reach {
    fn note(&mut self, query: &Query, found: usize, of: usize) {
        match found {
            0 => self.none += 1,
            found if found == of => self.all += 1,
            _ => self.some += 1,
        }
        if let Some((_, filter)) = query.filter.as_ref().filter(|_| is_one(query.kinds)) {
            targets(filter, query.kinds[0], &mut self.asked);
        }
    }

    /// A walk through answers that are all empty proves nothing.
    pub(super) fn must_be_wide(&self, enough: bool, names: &Names) {
        if !enough {
            return;
        }
        let all = self.none + self.some + self.all;
        assert!(self.some * 3 > all, "too few filters find a part: {self}");
        assert!(self.none * 20 > all, "too few filters find nothing: {self}");
        let all = names
            .paths
            .iter()
            .map(|(kind, path)| format!("{} {path}", kind.name()));
        let missed: Vec<String> = all.filter(|path| !self.asked.contains(path)).collect();
        assert!(missed.is_empty(), "no filter named {missed:?}");
    }
}

fn targets(filter: &Filter, kind: Kind, into: &mut BTreeSet<String>) {
    match filter {
        Filter::And(terms) | Filter::Or(terms) => {
            for term in terms {
                targets(term, kind, into);
            }
        }
        Filter::Not(inner) => targets(inner, kind, into),
        Filter::Compare { target, .. }
        | Filter::Present(target)
        | Filter::Element { target, .. } => {
            into.insert(format!("{} {target}", kind.name()));
        }
    }
}

/// What is wrong with the answers to a query.
pub(super) fn check(
    world: &World,
    rows: &Rows,
    query: &Query,
    reach: &mut Reach,
) -> Result<(), String> {
    for kind in query.kinds {
        match kind {
            Kind::User => {
                let ask = |search: Search| world.read(move |tx| Ok(tx.search_users(&search)?));
                Asked {
                    query,
                    kind: *kind,
                    all: &rows.users,
                    ask,
                }
                .check(reach)?;
            }
            Kind::Group => {
                let ask = |search: Search| world.read(move |tx| Ok(tx.search_groups(&search)?));
                Asked {
                    query,
                    kind: *kind,
                    all: &rows.groups,
                    ask,
                }
                .check(reach)?;
            }
        }
    }
    Ok(())
}

struct Asked<'a, T, F: Fn(Search) -> Page<T>> {
    query: &'a Query,
    kind: Kind,
    all: &'a [(Uuid, T, Value)],
    ask: F,
}

/// Key and id.
type Spot = (SortKey, Uuid);

impl<T: Clone + PartialEq, F: Fn(Search) -> Page<T>> Asked<'_, T, F> {
    fn check(&self, reach: &mut Reach) -> Result<(), String> {
        let list = self.expected();
        reach.note(self.query, list.len(), self.all.len());
        let Query {
            start_index, count, ..
        } = *self.query;
        self.page("a page", &list, start_index, count)?;
        // The walk by index, in pages of one size, to the end and one beyond it.
        let size = list.len().div_ceil(PAGES).max(1);
        for page in 0..=list.len().div_ceil(size) {
            let start_index = (1 + page * size) as u64;
            self.page("the walk by index", &list, start_index, size as u64)?;
        }
        self.walk(&list, size)
    }

    /// What the evaluator finds, in order.
    fn expected(&self) -> Vec<(Spot, T)> {
        let search = self.query.search();
        let sort = search.sort.as_ref();
        let matches = |document: &Value| search.filter.as_ref().is_none_or(|f| f.matches(document));
        let found = self.all.iter().filter(|(_, _, document)| matches(document));
        let mut list: Vec<(Spot, T)> = found
            .map(|(id, row, document)| {
                let key = sort.map_or(SortKey::Missing, |sort| sort.key(document));
                ((key, *id), row.clone())
            })
            .collect();
        list.sort_by(|((key, id), _), ((other, with), _)| {
            Search::compare(sort, (key, *id), (other, *with))
        });
        list
    }

    fn page(
        &self,
        what: &str,
        list: &[(Spot, T)],
        start_index: u64,
        count: u64,
    ) -> Result<(), String> {
        let got = (self.ask)(Search {
            start_index,
            count,
            ..self.query.search()
        });
        let skip = usize::try_from(start_index - 1).unwrap_or(usize::MAX);
        let wanted = list
            .iter()
            .skip(skip)
            .take(usize::try_from(count).unwrap_or(usize::MAX));
        let what = format!("{what}, from {start_index} on, {count} at most");
        self.same(&what, &got, wanted, list.len())
    }

    /// The walk by cursor: every place is what the text of a cursor gives back.
    fn walk(&self, list: &[(Spot, T)], size: usize) -> Result<(), String> {
        let mut after = None;
        for (number, page) in list.chunks(size).chain([&[][..]]).enumerate() {
            let got = (self.ask)(Search {
                after,
                count: size as u64,
                ..self.query.search()
            });
            let what = format!("the walk by cursor, page {number}");
            self.same(&what, &got, page.iter(), list.len())?;
            let Some(((key, id), _)) = page.last() else {
                break;
            };
            after = Some(through_text(&Place {
                key: self.query.sort.as_ref().map(|_| key.clone()),
                kind: self.kind,
                id: *id,
            }));
        }
        Ok(())
    }

    fn same<'l>(
        &self,
        what: &str,
        got: &Page<T>,
        wanted: impl Iterator<Item = &'l (Spot, T)>,
        total: usize,
    ) -> Result<(), String>
    where
        T: 'l,
    {
        let wanted: Vec<&(Spot, T)> = wanted.collect();
        let right = got.items.len() == wanted.len()
            && got
                .items
                .iter()
                .zip(&wanted)
                .all(|(got, (_, row))| got == row);
        if right && got.total == total as u64 {
            return Ok(());
        }
        let id = |row: &T| {
            self.all
                .iter()
                .find(|(_, known, _)| known == row)
                .map(|(id, _, _)| *id)
        };
        let got_ids: Vec<_> = got.items.iter().map(id).collect();
        let wanted_ids: Vec<_> = wanted.iter().map(|((_, id), _)| *id).collect();
        let differs = |(id, _, _): &&(Uuid, T, Value)| {
            got_ids.contains(&Some(*id)) != wanted_ids.contains(id)
        };
        let first = self
            .all
            .iter()
            .find(differs)
            .map(|(_, _, document)| document);
        Err(format!(
            "{:?}, {what}: {got_ids:?} of {} instead of {wanted_ids:?} of {total}; {first:?}",
            self.kind, got.total
        ))
    }
}

/// A place as the next request brings it.
fn through_text(place: &Place) -> Place {
    let mac = |bytes: &[u8]| {
        let mut tag = [0; MAC_BYTES];
        for (position, byte) in bytes.iter().enumerate() {
            tag[position % MAC_BYTES] ^= byte.rotate_left(u32::try_from(position % 7).unwrap_or(0));
        }
        tag
    };
    let cursor = Cursor {
        after: place.position(),
        count: 1,
        issued: 0,
    };
    let text = cursor.write(b"a query", mac);
    let lifetime = Lifetime {
        now: 0,
        seconds: None,
    };
    let read = Cursor::read(&text, b"a query", mac, lifetime).expect("our own cursor must be read");
    assert_eq!(read, cursor);
    Place::read(read.after).expect("our own place must be read")
}
