//! `/Roles` (draft-ietf-scim-roles-entitlements): the organization's role catalog, read-only. It is
//! always served, and told in discovery where the policy `advertise_roles` says so. Catalogs are
//! small and in memory, so that lists are made here.

use std::cmp::Ordering;

use actix_web::{HttpResponse, web::Bytes};
use app::Error;
use scim::{
    Projection, Query, Sort, SortKey,
    cursor::Position,
    query::Paging,
    roles::{self, KIND},
};
use serde_json::Value;

use super::{
    Context, input,
    list::outdated,
    render::{self, Shown},
    seal::Seal,
};
use crate::{refusal::Refusal, template::decode};

/// A role on its way into a list.
struct Row {
    key: Option<SortKey>,
    id: String,
    document: Value,
}

/// Answers a GET of the list.
pub(crate) fn list(context: &Context<'_>) -> Result<HttpResponse, Refusal> {
    let query = input::query(context)?;
    page(context, &query)
}

/// Answers a POST of `.search`.
pub(crate) async fn search(context: &Context<'_>, body: Bytes) -> Result<HttpResponse, Refusal> {
    let query = input::search(context, body).await?;
    page(context, &query)
}

/// Answers a GET of one role, by its key.
pub(crate) fn one(context: &Context<'_>, name: &str) -> Result<HttpResponse, Refusal> {
    let (only, without) = (
        context.query.get("attributes"),
        context.query.get("excludedAttributes"),
    );
    let projection = Projection::parse(&roles::registry(), KIND, context.mode, only, without)?;
    let key = decode(name).unwrap_or_default();
    let catalog = context.org.facts.catalog.roles().iter();
    let mut found = catalog.filter(|role| role.key.as_str() == key);
    let role = found.next().ok_or_else(|| Error::not_found("role"))?;
    let mut document = describe(role).to_json(context.links.base());
    projection.apply(&mut document);
    Ok(HttpResponse::Ok()
        .content_type(context.media)
        .body(document.to_string()))
}

fn page(context: &Context<'_>, query: &Query) -> Result<HttpResponse, Refusal> {
    let (registry, kinds, mode) = (roles::registry(), &[KIND], context.mode);
    let projections = query.projections(&registry, kinds, mode)?;
    let filter = query.filter(&registry, kinds, mode)?;
    let sort = query.sort(&registry, kinds, mode)?;
    let catalog = context.org.facts.catalog.roles().iter();
    let mut rows: Vec<Row> = catalog
        .map(|role| row(context, role, sort.as_ref()))
        .filter(|row| {
            filter
                .as_ref()
                .is_none_or(|filter| filter.matches(&row.document))
        })
        .collect();
    rows.sort_by(|one, other| compare(sort.as_ref(), (&one.key, &one.id), (&other.key, &other.id)));
    let total = rows.len() as u64;
    let (rows, shown) = part(context, query, sort.as_ref(), rows)?;
    let texts: Vec<String> = rows
        .into_iter()
        .map(|mut row| {
            for (_, projection) in &projections {
                projection.apply(&mut row.document);
            }
            row.document.to_string()
        })
        .collect();
    Ok(HttpResponse::Ok()
        .content_type(context.media)
        .body(render::list(&texts, total, shown)))
}

/// The part that is asked for, by index or by cursor.
fn part(
    context: &Context<'_>,
    query: &Query,
    sort: Option<&Sort>,
    rows: Vec<Row>,
) -> Result<(Vec<Row>, Shown), Refusal> {
    let app = &context.state.app;
    let seal = Seal::new(context, roles::NAME, query);
    let page = seal.read(app, &query.paging)?;
    let (Paging::Cursor { .. }, Some(page)) = (&query.paging, page) else {
        let window = match &query.paging {
            Paging::Index(window) => *window,
            Paging::Cursor { .. } => scim::Window::default(),
        };
        let rows = rows.into_iter().skip(size(window.offset()));
        let rows = rows.take(size(window.count)).collect();
        return Ok((rows, Shown::From(window.start_index)));
    };
    let rows: Vec<Row> = match page.after {
        None => rows,
        Some(cursor) => {
            let Position { key, id } = cursor.after;
            // A name that has become an attribute since, or is none any more, has another order.
            if key.is_some() != sort.is_some() {
                return Err(outdated().into());
            }
            let comes_after = |row: &Row| compare(sort, (&row.key, &row.id), (&key, &id)).is_gt();
            rows.into_iter().filter(comes_after).collect()
        }
    };
    let (more, count) = (rows.len() as u64 > page.count, page.count);
    let rows: Vec<Row> = rows.into_iter().take(size(count)).collect();
    let last = rows.last().filter(|_| more);
    let next = last.map(|row| {
        let after = Position {
            key: row.key.clone(),
            id: row.id.clone(),
        };
        seal.write(app, after, count)
    });
    Ok((rows, Shown::Before(next)))
}

fn row(context: &Context<'_>, role: &domain::Role, sort: Option<&Sort>) -> Row {
    let document = describe(role).to_json(context.links.base());
    Row {
        key: sort.map(|sort| sort.key(&document)),
        id: role.key.to_string(),
        document,
    }
}

fn compare(
    sort: Option<&Sort>,
    one: (&Option<SortKey>, &String),
    other: (&Option<SortKey>, &String),
) -> Ordering {
    let by_key = match (sort, one.0, other.0) {
        (Some(sort), Some(one), Some(other)) => sort.compare(one, other),
        _ => Ordering::Equal,
    };
    by_key.then_with(|| one.1.cmp(other.1))
}

/// Keys are never given to another role, as ids must be. A role that only people give by hand is
/// there, and not `supported`.
fn describe(role: &domain::Role) -> roles::Role {
    roles::Role {
        id: role.key.to_string(),
        value: role.key.to_string(),
        display: Some(role.name.clone()),
        supported: role.mappable,
        permitted: None,
        used: None,
        contains: Vec::new(),
        contained_by: Vec::new(),
    }
}

fn size(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
