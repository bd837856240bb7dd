//! Answers. A stored document is text already; it is taken apart only where something is left out.

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::{
        StatusCode,
        header::{ETAG, HeaderValue, LOCATION},
    },
};
use app::{
    Result,
    groups::GroupReply,
    port::StoreError,
    representation::{self, Links},
    users::UserReply,
};
use scim::{Projection, etag::Tag};
use serde_json::Value;

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
    pub(crate) fn user(&self, reply: &UserReply) -> Result<Rendered> {
        let UserReply { row, groups, .. } = reply;
        Ok(Rendered {
            tag: representation::user_tag(row, groups),
            location: self.links.user(row.id.0),
            text: self.project(representation::user_json(row, groups, &self.links))?,
        })
    }

    pub(crate) fn group(&self, reply: &GroupReply) -> Result<Rendered> {
        let GroupReply { row, members, .. } = reply;
        Ok(Rendered {
            tag: representation::group_tag(row),
            location: self.links.group(row.id.0),
            text: self.project(representation::group_json(
                row,
                members.as_deref(),
                &self.links,
            ))?,
        })
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

/// About how many bytes a group's answer takes.
pub(crate) fn group_size(reply: &GroupReply) -> usize {
    let members = reply.members.as_ref().map_or(0, Vec::len);
    // A handful of members is light, whatever their names are.
    if members <= 250 { 0 } else { LIGHT + 1 }
}

/// An answer with one resource.
pub(crate) fn resource(
    status: StatusCode,
    rendered: Rendered,
    media: &'static str,
) -> HttpResponse {
    described(status, rendered.tag, &rendered.location)
        .content_type(media)
        .body(rendered.text)
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
