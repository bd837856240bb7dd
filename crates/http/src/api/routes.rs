//! The one table of the admin API: paths, methods, who may call them, what they take and answer.
//! The router, the OpenAPI document and its page all read it.

mod instance;
mod organization;
mod places;
mod users;
mod watching;

use app::error::Code;
use domain::{Action, key::Kind};

use super::openapi::Shape;
use crate::template::captures;

/// What answers a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    Orgs,
    Org,
    Settings,
    Roles,
    Schemas,
    Schema,
    Keys,
    Key,
    RotateKey,
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
    EventStream,
    Requests,
    Request,
    Replay,
    Reads,
    Audit,
}

/// Whether a place is a workspace or a project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Workspace,
    Project,
}

/// How a verb answers when all is well.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Reply {
    /// 200 with one thing.
    One(Shape),
    /// 200 with a page of things.
    Page(Shape),
    /// 200 with one thing, 201 where there was none before.
    Put(Shape),
    /// 201 with the thing that was made, its place and its entity tag.
    Made(Shape),
    /// 201 with a secret, which is never kept for a second answer.
    Secret(Shape),
    /// 204.
    Nothing,
    /// 200 with server-sent events, for as long as the client likes.
    Stream,
}

/// A method of a path.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Verb {
    pub method: &'static str,
    /// Which keys may. An organization's key may only in its organization.
    pub kinds: &'static [Kind],
    /// Which query parameters there are.
    pub parameters: &'static [&'static str],
    /// What it does, in a few words.
    pub summary: &'static str,
    /// What else there is to know; empty where that is all.
    pub about: &'static str,
    /// What the body is; none where none is read.
    pub body: Option<Body>,
    pub reply: Reply,
    /// Whether `If-Match` is looked at, and an entity tag answered.
    pub tagged: bool,
    /// Whether `If-None-Match` is looked at: its tag is that of all that is answered.
    pub cached: bool,
    /// Whether a state that is some seconds old is good enough, so that a replica may answer. Never
    /// where an entity tag is given that a change may be made with.
    pub lags: bool,
    /// What the audit calls it; none for what changes nothing, or nothing of an administrator's.
    pub action: Option<Action>,
    /// Codes besides those that every verb of its form may answer.
    pub refuses: &'static [Code],
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Body {
    pub shape: Shape,
    /// Whether it may be left out.
    pub optional: bool,
}

/// One row.
#[derive(Debug)]
pub(crate) struct Route {
    /// Below the prefix. The first placeholder is an organization's slug.
    pub template: &'static str,
    pub endpoint: Endpoint,
    pub verbs: &'static [Verb],
}

/// Rows about one subject.
#[derive(Debug)]
pub(crate) struct Section {
    pub name: &'static str,
    pub about: &'static str,
    pub routes: &'static [Route],
}

/// Every path below the prefix (DESIGN section 5 says who may what).
pub(crate) const SECTIONS: &[Section] = &[
    users::USERS,
    users::ACCESS,
    watching::EVENTS,
    places::SECTION,
    organization::MAPPING,
    organization::SETTINGS,
    organization::SCHEMAS,
    organization::KEYS,
    watching::SECTION,
    instance::SECTION,
];

const OWNER: &[Kind] = &[Kind::Owner];
const ADMIN: &[Kind] = &[Kind::Admin, Kind::Owner];
const READ: &[Kind] = &[Kind::Read, Kind::Admin, Kind::Owner];
const PAGE: &[&str] = &["cursor", "limit"];

const fn verb(method: &'static str, kinds: &'static [Kind], summary: &'static str) -> Verb {
    Verb {
        method,
        kinds,
        parameters: &[],
        summary,
        about: "",
        body: None,
        reply: Reply::Nothing,
        tagged: false,
        cached: false,
        lags: false,
        action: None,
        refuses: &[],
    }
}

impl Verb {
    const fn asks(self, parameters: &'static [&'static str]) -> Verb {
        Verb { parameters, ..self }
    }

    const fn about(self, about: &'static str) -> Verb {
        Verb { about, ..self }
    }

    const fn takes(self, shape: Shape) -> Verb {
        let body = Some(Body {
            shape,
            optional: false,
        });
        Verb { body, ..self }
    }

    const fn may_take(self, shape: Shape) -> Verb {
        let body = Some(Body {
            shape,
            optional: true,
        });
        Verb { body, ..self }
    }

    const fn gives(self, reply: Reply) -> Verb {
        Verb { reply, ..self }
    }

    const fn tagged(self) -> Verb {
        Verb {
            tagged: true,
            ..self
        }
    }

    /// [`Self::tagged`], and answered with 304 to whoever has it.
    const fn cached(self) -> Verb {
        Verb {
            cached: true,
            ..self.tagged()
        }
    }

    /// A replica may answer it.
    const fn lags(self) -> Verb {
        Verb { lags: true, ..self }
    }

    /// Told in the audit.
    const fn told(self, action: Action) -> Verb {
        Verb {
            action: Some(action),
            ..self
        }
    }

    const fn refuses(self, refuses: &'static [Code]) -> Verb {
        Verb { refuses, ..self }
    }
}

const fn route(template: &'static str, endpoint: Endpoint, verbs: &'static [Verb]) -> Route {
    Route {
        template,
        endpoint,
        verbs,
    }
}

/// All rows.
pub(crate) fn all() -> impl Iterator<Item = &'static Route> {
    SECTIONS.iter().flat_map(|section| section.routes)
}

/// The row of a path, and what stands in its placeholders.
pub(crate) fn find<'p>(path: &[&'p str]) -> Option<(&'static Route, Vec<&'p str>)> {
    all().find_map(|route| Some((route, captures(route.template, path)?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What changes nothing although its method could, or is the app's doing and has its event.
    const NOT_TOLD: &[(&str, &str)] = &[
        ("POST", "/orgs/{org}/mapping/preview"),
        ("POST", "/orgs/{org}/users/{user}/sign-in"),
    ];

    /// What a change may be made with, and what changes, is the primary's.
    #[test]
    fn what_may_lag_only_reads_and_gives_no_tag_to_change_with() {
        let verbs = || all().flat_map(|route| route.verbs);
        assert!(verbs().any(|verb| verb.lags));
        for verb in verbs().filter(|verb| verb.lags) {
            assert_eq!(verb.method, "GET", "{}", verb.summary);
            assert!(verb.cached || !verb.tagged, "{}", verb.summary);
        }
    }

    #[test]
    fn whatever_changes_something_is_audited() {
        for route in all() {
            for verb in route.verbs {
                let reads =
                    verb.method == "GET" || NOT_TOLD.contains(&(verb.method, route.template));
                let told = verb.action.is_some();
                assert_eq!(
                    told, !reads,
                    "{} {}: name its action",
                    verb.method, route.template
                );
            }
        }
    }
}
