//! The one table of the admin API: paths, methods, who may call them, which parameters they take.

use domain::key::Kind;

use crate::template::captures;

/// What answers a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Orgs,
    Org,
    Settings,
    Roles,
    Keys,
    Key,
    Mapping,
    UserAccess,
    Access,
    Events,
}

/// A method of a path.
#[derive(Debug)]
pub(crate) struct Verb {
    pub method: &'static str,
    /// Which keys may. An organization's key may only in its organization.
    pub kinds: &'static [Kind],
    /// Which query parameters there are.
    pub parameters: &'static [&'static str],
}

/// One row.
#[derive(Debug)]
pub(crate) struct Route {
    /// Below the prefix. The first placeholder is an organization's slug.
    pub template: &'static str,
    pub endpoint: Endpoint,
    pub verbs: &'static [Verb],
}

const OWNER: &[Kind] = &[Kind::Owner];
const ADMIN: &[Kind] = &[Kind::Admin, Kind::Owner];
const READ: &[Kind] = &[Kind::Read, Kind::Admin, Kind::Owner];
const PAGE: &[&str] = &["cursor", "limit"];

const fn verb(method: &'static str, kinds: &'static [Kind]) -> Verb {
    Verb {
        method,
        kinds,
        parameters: &[],
    }
}

const fn paged(kinds: &'static [Kind], parameters: &'static [&'static str]) -> Verb {
    Verb {
        method: "GET",
        kinds,
        parameters,
    }
}

const fn route(template: &'static str, endpoint: Endpoint, verbs: &'static [Verb]) -> Route {
    Route {
        template,
        endpoint,
        verbs,
    }
}

/// Every path below the prefix (DESIGN section 5 says who may what).
pub(crate) const ROUTES: &[Route] = &[
    route(
        "/orgs",
        Endpoint::Orgs,
        &[paged(OWNER, PAGE), verb("POST", OWNER)],
    ),
    route(
        "/orgs/{org}",
        Endpoint::Org,
        &[verb("GET", READ), verb("DELETE", OWNER)],
    ),
    route(
        "/orgs/{org}/settings",
        Endpoint::Settings,
        &[verb("GET", ADMIN), verb("PATCH", ADMIN)],
    ),
    route(
        "/orgs/{org}/roles",
        Endpoint::Roles,
        &[verb("GET", READ), verb("PUT", ADMIN)],
    ),
    route(
        "/orgs/{org}/keys",
        Endpoint::Keys,
        &[verb("GET", ADMIN), verb("POST", ADMIN)],
    ),
    route(
        "/orgs/{org}/keys/{id}",
        Endpoint::Key,
        &[verb("DELETE", ADMIN)],
    ),
    route(
        "/orgs/{org}/mapping",
        Endpoint::Mapping,
        &[verb("GET", ADMIN), verb("PUT", ADMIN)],
    ),
    route(
        "/orgs/{org}/users/{id}/access",
        Endpoint::UserAccess,
        &[verb("GET", READ)],
    ),
    route("/orgs/{org}/access", Endpoint::Access, &[paged(READ, PAGE)]),
    route(
        "/orgs/{org}/events",
        Endpoint::Events,
        &[paged(READ, &["after", "limit"])],
    ),
];

/// The row of a path, and what stands in its placeholders.
pub(crate) fn find<'p>(path: &[&'p str]) -> Option<(&'static Route, Vec<&'p str>)> {
    ROUTES
        .iter()
        .find_map(|route| Some((route, captures(route.template, path)?)))
}
