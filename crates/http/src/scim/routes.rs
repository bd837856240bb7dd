//! The one table of what is below a mount.

use scim::Kind;

use super::list::Over;
use crate::template::captures;

/// What answers a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    /// All resources of a type.
    List(Kind),
    /// POST of a query.
    Search(Over),
    /// The mount itself: a query over all types.
    Root,
    /// One resource.
    One(Kind),
    /// The roles that users can have.
    Roles,
    /// POST of a query over them.
    SearchRoles,
    /// One role.
    Role,
    /// What the server can do.
    Config,
    /// All resource types.
    Types,
    /// One resource type.
    Type,
    /// All schemas.
    Schemas,
    /// One schema.
    Schema,
    /// POST of many operations.
    Bulk,
    /// In the protocol, but not here: 501 for every method.
    NotBuilt,
}

impl Endpoint {
    /// Whether it takes a query in the body of a POST and changes nothing.
    pub(crate) fn is_search(self) -> bool {
        matches!(self, Endpoint::Search(_) | Endpoint::SearchRoles)
    }

    /// Whether it makes or changes single users or groups.
    pub(crate) fn is_of_resources(self) -> bool {
        matches!(self, Endpoint::List(_) | Endpoint::One(_))
    }
}

/// One row.
#[derive(Debug)]
pub(crate) struct Route {
    /// Below the mount.
    pub template: &'static str,
    pub endpoint: Endpoint,
    pub methods: &'static [&'static str],
}

const LIST: &[&str] = &["GET", "POST"];
const POST: &[&str] = &["POST"];
const ONE: &[&str] = &["GET", "PUT", "PATCH", "DELETE"];
const READ: &[&str] = &["GET"];

const fn route(
    template: &'static str,
    endpoint: Endpoint,
    methods: &'static [&'static str],
) -> Route {
    Route {
        template,
        endpoint,
        methods,
    }
}

/// Every path below a mount. Literals come before the template that would match them too.
pub(crate) const ROUTES: &[Route] = &[
    route("/Users", Endpoint::List(Kind::User), LIST),
    route(
        "/Users/.search",
        Endpoint::Search(Over::One(Kind::User)),
        POST,
    ),
    route("/Users/{id}", Endpoint::One(Kind::User), ONE),
    route("/Groups", Endpoint::List(Kind::Group), LIST),
    route(
        "/Groups/.search",
        Endpoint::Search(Over::One(Kind::Group)),
        POST,
    ),
    route("/Groups/{id}", Endpoint::One(Kind::Group), ONE),
    route("/Roles", Endpoint::Roles, READ),
    route("/Roles/.search", Endpoint::SearchRoles, POST),
    route("/Roles/{id}", Endpoint::Role, READ),
    route("/ServiceProviderConfig", Endpoint::Config, READ),
    route("/ResourceTypes", Endpoint::Types, READ),
    route("/ResourceTypes/{name}", Endpoint::Type, READ),
    route("/Schemas", Endpoint::Schemas, READ),
    route("/Schemas/{uri}", Endpoint::Schema, READ),
    route("/Me", Endpoint::NotBuilt, &[]),
    route("/.search", Endpoint::Search(Over::All), POST),
    route("/Bulk", Endpoint::Bulk, POST),
    route("/", Endpoint::Root, READ),
];

/// The row of a path, and what stands in its placeholders.
pub(crate) fn find<'p>(path: &[&'p str]) -> Option<(&'static Route, Vec<&'p str>)> {
    ROUTES
        .iter()
        .find_map(|route| Some((route, captures(route.template, path)?)))
}
