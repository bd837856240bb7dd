//! Lists: GET of a collection and of the mount itself, and POST of `.search` (RFC 7644 sections
//! 3.4.2 and 3.4.3), by index or by cursor (RFC 9865).

use actix_web::{HttpResponse, web::Bytes};
use app::{
    App, Result,
    groups::{self, ListGroups},
    list::{self, Entry, ListBoth, Listed, Part},
    port::{Lock, Tx, search::Place},
    users::{self, ListUsers},
};
use domain::UniqueIdentifier;
use scim::{
    Filter, Kind, Query, Sort,
    query::{Page, Paging},
};

use super::{
    Context, input,
    render::{self, Renderer, Shown},
    seal::Seal,
};
use crate::refusal::Refusal;

/// What is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Over {
    /// One resource type.
    One(Kind),
    /// All of them: the server root.
    All,
}

impl Over {
    /// What cursors know the endpoint by.
    fn name(self) -> &'static str {
        match self {
            Over::One(kind) => kind.name(),
            Over::All => "",
        }
    }

    /// Whether so few can be found that it takes no time worth another thread.
    fn looks_up(self, filter: Option<&Filter>) -> bool {
        matches!(self, Over::One(kind) if list::looks_up(kind, filter))
    }

    fn kinds(self) -> &'static [Kind] {
        match self {
            Over::One(Kind::User) => &[Kind::User],
            Over::One(Kind::Group) => &[Kind::Group],
            Over::All => &[Kind::User, Kind::Group],
        }
    }
}

/// Answers a GET.
pub(crate) async fn get(context: &Context<'_>, over: Over) -> Result<HttpResponse, Refusal> {
    let query = input::query(context)?;
    page(context, over, &query).await
}

/// Answers a POST of `.search`.
pub(crate) async fn search(
    context: &Context<'_>,
    over: Over,
    body: Bytes,
) -> Result<HttpResponse, Refusal> {
    let query = input::search(context, body).await?;
    page(context, over, &query).await
}

async fn page(context: &Context<'_>, over: Over, query: &Query) -> Result<HttpResponse, Refusal> {
    let (registry, kinds) = (&context.registry, over.kinds());
    let renderers: Vec<(Kind, Renderer)> = query
        .projections(registry, kinds, context.mode)?
        .into_iter()
        .map(|(kind, projection)| {
            let links = context.links.clone();
            (kind, Renderer { links, projection })
        })
        .collect();
    let filter = query.filter(registry, kinds, context.mode)?;
    let sort = query.sort(registry, kinds, context.mode)?;
    let seal = Seal::new(context, over.name(), query);
    let (part, start) = part(&context.state.app, &seal, &query.paging, sort.as_ref())?;
    let count = part.count();
    let show_members = renderers
        .iter()
        .any(|(kind, renderer)| *kind == Kind::Group && renderer.projection.wants("members"));
    let asked = ListBoth {
        filter,
        sort,
        part,
        show_members,
        by_email: context.org.connection.unique_identifier == UniqueIdentifier::Email,
    };
    let quick = over.looks_up(asked.filter.as_ref()) && !show_members;
    let lock = if quick && !asked.by_email {
        Lock::Glance
    } else {
        Lock::Read
    };
    let work = context.work(lock, move |tx| entries(tx, over, &asked));
    let answer = move |app: &App, page: Listed<Entry>| {
        let texts = page.items.iter().map(|entry| text(&renderers, entry));
        let texts: Vec<String> = texts.collect::<Result<_>>()?;
        let shown = match start {
            Some(start) => Shown::From(start),
            None => Shown::Before(
                page.next
                    .map(|place| seal.write(app, place.position(), count)),
            ),
        };
        Ok(render::list(&texts, page.total, shown))
    };
    let hop = &context.state.hop;
    let text = if quick {
        answer(&context.state.app, hop.quick(work).await?)
    } else {
        hop.blocking(move |app| answer(app, work.wait(&*app.store)?))
            .await
    };
    Ok(HttpResponse::Ok().content_type(context.media).body(text?))
}

/// The part that is asked for, and the index that the answer tells where it is one by index.
fn part(
    app: &App,
    seal: &Seal,
    paging: &Paging,
    sort: Option<&Sort>,
) -> Result<(Part, Option<u64>), Refusal> {
    if let Paging::Index(window) = paging {
        let start = window.start_index;
        let count = window.count;
        return Ok((Part::Index { start, count }, Some(start)));
    }
    let Some(Page { after, count }) = seal.read(app, paging)? else {
        return Ok((Part::Index { start: 1, count: 0 }, Some(1)));
    };
    let after = match after {
        None => None,
        Some(cursor) => {
            let place = Place::read(cursor.after);
            // A name that has become an attribute since, or is none any more, has another order.
            let fits = |place: &Place| place.key.is_some() == sort.is_some();
            Some(place.filter(fits).ok_or_else(outdated)?)
        }
    };
    Ok((Part::Cursor { after, count }, None))
}

/// A cursor that is ours, but of an order that its attribute has no more.
pub(super) fn outdated() -> scim::Error {
    scim::Error::invalid_cursor(
        "cursor belongs to an order that is no more; start again with an empty cursor",
    )
}

fn entries(tx: &mut dyn Tx, over: Over, query: &ListBoth) -> Result<Listed<Entry>> {
    let (filter, sort, part): (Option<Filter>, _, _) =
        (query.filter.clone(), query.sort.clone(), query.part.clone());
    match over {
        Over::All => list::both(tx, query),
        Over::One(Kind::User) => {
            let query = ListUsers {
                filter,
                sort,
                part,
                by_email: query.by_email,
            };
            Ok(users::list(tx, &query)?.map(Entry::User))
        }
        Over::One(Kind::Group) => {
            let query = ListGroups {
                filter,
                sort,
                part,
                show_members: query.show_members,
            };
            Ok(groups::list(tx, &query)?.map(Entry::Group))
        }
    }
}

fn text(renderers: &[(Kind, Renderer)], entry: &Entry) -> Result<String> {
    let of = |kind| renderers.iter().find(|(known, _)| *known == kind);
    Ok(of(render::kind(entry))
        .map(|(_, renderer)| renderer.text(entry))
        .transpose()?
        .unwrap_or_default())
}
