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
    Preview,
    /// All workspaces, or all projects of one.
    Places(Level),
    Place(Level),
    Members(Level),
    Member(Level),
    Users,
    User,
    Groups,
    Group,
    UserAccess,
    SignIn,
    Grants,
    Access,
    Holds,
    Jobs,
    Report,
    People,
    Events,
    Requests,
    Request,
}

/// Whether a place is a workspace or a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Workspace,
    Project,
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
const FIND: &[&str] = &[
    "userName", "email", "role", "group", "state", "cursor", "limit",
];
const PLACES: &[Verb] = &[paged(READ, PAGE), verb("POST", ADMIN)];
const PLACE: &[Verb] = &[
    verb("GET", READ),
    verb("PUT", ADMIN),
    asked("DELETE", ADMIN, &["force"]),
];
const MEMBERS: &[Verb] = &[paged(READ, PAGE)];
const MEMBER: &[Verb] = &[verb("PUT", ADMIN), verb("DELETE", ADMIN)];

const fn verb(method: &'static str, kinds: &'static [Kind]) -> Verb {
    Verb {
        method,
        kinds,
        parameters: &[],
    }
}

const fn paged(kinds: &'static [Kind], parameters: &'static [&'static str]) -> Verb {
    asked("GET", kinds, parameters)
}

const fn asked(
    method: &'static str,
    kinds: &'static [Kind],
    parameters: &'static [&'static str],
) -> Verb {
    Verb {
        method,
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
        &[
            verb("GET", READ),
            verb("PATCH", OWNER),
            verb("DELETE", OWNER),
        ],
    ),
    route(
        "/orgs/{org}/settings",
        Endpoint::Settings,
        &[verb("GET", ADMIN), asked("PATCH", ADMIN, &["plan"])],
    ),
    route(
        "/orgs/{org}/roles",
        Endpoint::Roles,
        &[verb("GET", READ), asked("PUT", ADMIN, &["plan"])],
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
        &[
            verb("GET", ADMIN),
            asked("PUT", ADMIN, &["dry_run", "plan"]),
        ],
    ),
    route(
        "/orgs/{org}/mapping/preview",
        Endpoint::Preview,
        &[verb("POST", ADMIN)],
    ),
    route(
        "/orgs/{org}/workspaces",
        Endpoint::Places(Level::Workspace),
        PLACES,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}",
        Endpoint::Place(Level::Workspace),
        PLACE,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/members",
        Endpoint::Members(Level::Workspace),
        MEMBERS,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/members/{user}",
        Endpoint::Member(Level::Workspace),
        MEMBER,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/projects",
        Endpoint::Places(Level::Project),
        PLACES,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/projects/{p}",
        Endpoint::Place(Level::Project),
        PLACE,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/projects/{p}/members",
        Endpoint::Members(Level::Project),
        MEMBERS,
    ),
    route(
        "/orgs/{org}/workspaces/{ws}/projects/{p}/members/{user}",
        Endpoint::Member(Level::Project),
        MEMBER,
    ),
    route(
        "/orgs/{org}/users",
        Endpoint::Users,
        &[paged(READ, FIND), verb("POST", ADMIN)],
    ),
    route(
        "/orgs/{org}/users/{id}",
        Endpoint::User,
        &[verb("GET", READ), verb("DELETE", ADMIN)],
    ),
    route(
        "/orgs/{org}/groups",
        Endpoint::Groups,
        &[
            paged(READ, &["displayName", "cursor", "limit"]),
            verb("POST", ADMIN),
        ],
    ),
    route(
        "/orgs/{org}/groups/{id}",
        Endpoint::Group,
        &[verb("GET", READ), verb("DELETE", ADMIN)],
    ),
    route(
        "/orgs/{org}/users/{id}/access",
        Endpoint::UserAccess,
        &[paged(READ, &["at", "explain"])],
    ),
    route(
        "/orgs/{org}/users/{id}/sign-in",
        Endpoint::SignIn,
        &[verb("POST", READ)],
    ),
    route(
        "/orgs/{org}/users/{id}/grants",
        Endpoint::Grants,
        &[
            verb("GET", ADMIN),
            verb("PUT", ADMIN),
            asked("DELETE", ADMIN, &["scope"]),
        ],
    ),
    route(
        "/orgs/{org}/access",
        Endpoint::Access,
        &[paged(READ, &["at", "cursor", "limit"])],
    ),
    route("/orgs/{org}/holds", Endpoint::Holds, &[verb("GET", ADMIN)]),
    route("/orgs/{org}/jobs", Endpoint::Jobs, &[verb("GET", ADMIN)]),
    route(
        "/orgs/{org}/report",
        Endpoint::Report,
        &[verb("GET", ADMIN)],
    ),
    route(
        "/orgs/{org}/requests",
        Endpoint::Requests,
        &[paged(ADMIN, PAGE)],
    ),
    route(
        "/orgs/{org}/requests/{id}",
        Endpoint::Request,
        &[verb("GET", ADMIN)],
    ),
    route(
        "/orgs/{org}/events",
        Endpoint::Events,
        &[paged(READ, &["after", "limit", "wait"])],
    ),
    route("/people", Endpoint::People, &[paged(OWNER, &["email"])]),
];

/// The row of a path, and what stands in its placeholders.
pub(crate) fn find<'p>(path: &[&'p str]) -> Option<(&'static Route, Vec<&'p str>)> {
    ROUTES
        .iter()
        .find_map(|route| Some((route, captures(route.template, path)?)))
}
