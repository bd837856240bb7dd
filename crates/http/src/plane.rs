//! What a path belongs to.

use crate::{
    api::routes,
    docs::Page,
    mounts::{Entered, Mounts},
    ops::Probe,
};

/// The admin API and read plane.
pub(crate) const API: &str = "/api/v1";

/// The part of the server that answers a path.
#[derive(Debug)]
pub(crate) enum Plane<'a> {
    /// A SCIM mount.
    Scim(Entered<'a>),
    /// The admin API; what is below its prefix.
    Api(&'a str),
    /// The OpenAPI document, or the page made of it.
    Docs(Page),
    /// Liveness or readiness.
    Probe(Probe),
    /// Nothing.
    Nowhere,
}

impl<'a> Plane<'a> {
    /// Mounts come first: one of them may lie below the admin API's prefix.
    pub(crate) fn of(mounts: &'a Mounts, path: &'a str) -> Plane<'a> {
        if let Some(entered) = mounts.enter(path) {
            return Plane::Scim(entered);
        }
        if let Some(page) = Page::of(path) {
            return Plane::Docs(page);
        }
        if let Some(rest) = path
            .strip_prefix(API)
            .filter(|rest| rest.is_empty() || rest.starts_with('/'))
        {
            return Plane::Api(rest);
        }
        Probe::of(path).map_or(Plane::Nowhere, Plane::Probe)
    }
}

/// Every path that is ours whatever is configured, as templates.
pub(crate) fn own_paths() -> impl Iterator<Item = String> {
    let probes = Probe::ALL.iter().map(|probe| probe.template());
    let pages = Page::ALL.iter().map(|page| page.template());
    let admin = routes::all().map(|route| format!("{API}{}", route.template));
    probes.chain(pages).map(str::to_owned).chain(admin)
}
