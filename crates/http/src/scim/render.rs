//! Answers. A stored document is text already; it is taken apart only where something is left out.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{CONTENT_LOCATION, ETAG, HeaderValue, LOCATION},
    },
};
use app::{
    Result,
    groups::GroupReply,
    list::Entry,
    port::StoreError,
    representation::{self, Links},
    users::UserReply,
};
use scim::{Kind, Projection, etag::Tag};
use serde_json::Value;
use uuid::Uuid;

use super::{Context, input};

use crate::hop::LIGHT;

/// One resource, ready to be answered.
pub(crate) struct Rendered {
    pub tag: Tag,
    pub location: String,
    pub text: String,
}

/// Writes users and groups as one client sees them.
#[derive(Clone)]
pub(crate) struct Renderer {
    pub links: Links,
    pub projection: Projection,
}

impl Renderer {
    /// What the request wants to see of resources of a type.
    ///
    /// # Errors
    /// 400, as [`Projection::parse`].
    pub(crate) fn of(context: &Context<'_>, kind: Kind) -> Result<Renderer> {
        Ok(Renderer {
            links: context.links.clone(),
            projection: input::projection(context, kind)?,
        })
    }

    /// A resource as this client sees it.
    ///
    /// # Errors
    /// The stored text is not what we write.
    pub(crate) fn entry(&self, entry: &Entry) -> Result<Rendered> {
        Ok(Rendered {
            tag: tag(entry),
            location: self.location_of(entry),
            text: self.text(entry)?,
        })
    }

    /// Its text alone, as lists have it.
    ///
    /// # Errors
    /// As [`Renderer::entry`].
    pub(crate) fn text(&self, entry: &Entry) -> Result<String> {
        let text = match entry {
            Entry::User(UserReply { row, groups, .. }) => {
                representation::user_json(row, groups, &self.links)
            }
            Entry::Group(GroupReply { row, members, .. }) => {
                representation::group_json(row, members.as_deref(), &self.links)
            }
        };
        self.project(text)
    }

    /// The address of a resource.
    pub(crate) fn location_of(&self, entry: &Entry) -> String {
        self.links.of(kind(entry), id(entry))
    }

    fn project(&self, text: String) -> Result<String> {
        if self.projection.is_whole() {
            return Ok(text);
        }
        let mut document: Value = serde_json::from_str(&text)
            .map_err(|error| StoreError::Broken(std::sync::Arc::new(error)))?;
        self.projection.apply(&mut document);
        Ok(document.to_string())
    }
}

/// What `ETag` and `meta.version` say.
pub(crate) fn tag(entry: &Entry) -> Tag {
    match entry {
        Entry::User(user) => representation::user_tag(&user.row, &user.groups),
        Entry::Group(group) => representation::group_tag(&group.row),
    }
}

/// A resource's id.
pub(crate) fn id(entry: &Entry) -> Uuid {
    match entry {
        Entry::User(user) => user.row.id.0,
        Entry::Group(group) => group.row.id.0,
    }
}

/// A resource's type.
pub(crate) fn kind(entry: &Entry) -> Kind {
    match entry {
        Entry::User(_) => Kind::User,
        Entry::Group(_) => Kind::Group,
    }
}

/// About how many bytes an answer takes.
pub(crate) fn size(entry: &Entry) -> usize {
    let members = match entry {
        Entry::User(_) => 0,
        Entry::Group(group) => group.members.as_ref().map_or(0, Vec::len),
    };
    // A handful of members is light, whatever their names are.
    if members <= 250 { 0 } else { LIGHT + 1 }
}

/// An answer with one resource.
pub(crate) fn resource(
    status: StatusCode,
    rendered: Rendered,
    media: &'static str,
) -> HttpResponse {
    let mut response = described(status, rendered.tag, &rendered.location);
    // The same as `meta.location` (RFC 7643 section 3.1).
    if let Ok(location) = HeaderValue::from_str(&rendered.location) {
        response.insert_header((CONTENT_LOCATION, location));
    }
    response.content_type(media).body(rendered.text)
}

/// An answer without body that tells version and place of a resource.
pub(crate) fn described(status: StatusCode, tag: Tag, location: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    if let Ok(tag) = HeaderValue::from_str(&tag.to_string()) {
        response.insert_header((ETAG, tag));
    }
    if let Ok(location) = HeaderValue::from_str(location) {
        response.insert_header((LOCATION, location));
    }
    response
}

/// Which part of a list an answer shows.
pub(crate) enum Shown {
    /// From this index on.
    From(u64),
    /// One page of a walk by cursor, with the cursor of the next where there is one (RFC 9865
    /// section 2). Its characters need no escape.
    Before(Option<String>),
}

/// The list message (RFC 7644 section 3.4.2) around resources that are text already.
pub(crate) fn list(resources: &[String], total: u64, shown: Shown) -> String {
    let room: usize = resources.iter().map(|text| text.len() + 1).sum();
    let mut out = String::with_capacity(room + 160);
    out.push_str("{\"schemas\":[\"");
    out.push_str(scim::list::LIST_URN);
    out.push_str("\"],\"totalResults\":");
    out.push_str(&total.to_string());
    match shown {
        Shown::From(index) => out.extend([",\"startIndex\":", &index.to_string()]),
        Shown::Before(Some(next)) => out.extend([",\"nextCursor\":\"", &next, "\""]),
        Shown::Before(None) => {}
    }
    out.push_str(",\"itemsPerPage\":");
    out.push_str(&resources.len().to_string());
    out.push_str(",\"Resources\":[");
    for (place, resource) in resources.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str(resource);
    }
    out.push_str("]}");
    out
}
