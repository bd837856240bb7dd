//! Rows of what is looked at: events, the provisioning log, what needs attention.

use app::{
    audit::AuditView,
    error::Code,
    grants::HoldView,
    jobs::JobView,
    orgs::Report,
    requests::{ReadView, RequestView, WholeRequest},
};
use domain::{Action, key::Kind};

use super::{ADMIN, Endpoint, OWNER, READ, Reply, Section, Verb, route, verb};
use crate::api::{events::EventView, openapi::Shape};

pub(super) const EVENTS: Section = Section {
    name: "Events",
    about: "Committed changes of an organization, numbered from 1 without gaps, in one order for \
            everybody.",
    routes: &[
        route(
            "/orgs/{org}/events",
            Endpoint::Events,
            &[verb("GET", READ, "Read the feed")
                .about(
                    "Events after a number. `next_cursor` is the number to pass as `after` for the \
                     next page, null where the feed ends for now. With `wait` an answer without \
                     events is held back until there is one, so many seconds at the longest. 410 \
                     says that the events after this number are not kept any more.",
                )
                .asks(&["after", "limit", "wait"])
                .gives(Reply::Page(Shape::of::<EventView>()))
                .refuses(&[Code::EventsGone])],
        ),
        route(
            "/orgs/{org}/events/stream",
            Endpoint::EventStream,
            &[verb("GET", READ, "Follow the feed")
                .about(
                    "Server-sent events: `id` is the number, `event` the type, `data` the event as \
                     the feed has it. Begins after `Last-Event-ID`, else after `after`, else at \
                     the beginning. A comment every 15 seconds keeps the connection alive; it ends \
                     after an hour, and when the key is not good any more: connect again.",
                )
                .asks(&["after"])
                .gives(Reply::Stream)
                .refuses(&[Code::EventsGone])],
        ),
    ],
};

pub(super) const SECTION: Section = Section {
    name: "Watching",
    about: "What the identity provider sent, and what an administrator should look at.",
    routes: &[
        route(
            "/orgs/{org}/requests",
            Endpoint::Requests,
            &[verb("GET", ADMIN, "Read the provisioning log")
                .about("Newest first: what came, how it ended, what it changed; never values.")
                .asks(&["status", "key", "about", "from", "until", "cursor", "limit"])
                .gives(Reply::Page(Shape::of::<RequestView>()))],
        ),
        route(
            "/orgs/{org}/requests/{request}",
            Endpoint::Request,
            &[verb("GET", ADMIN, "Read one logged request")
                .about(
                    "By the `X-Request-Id` of its answer, with its body where `connection.log_bodies` \
                     has it kept. Reads that succeeded have no row, and every operation of a Bulk \
                     has one of its own: list them with `about` and the answer's \
                     `X-Request-Id`.",
                )
                .gives(Reply::One(Shape::of::<WholeRequest>()))],
        ),
        route(
            "/orgs/{org}/requests/{request}/replay",
            Endpoint::Replay,
            &[verb("POST", ADMIN, "Send a refused request again")
                .told(Action::RequestReplayed)
                .about(
                    "Does now what the identity provider wanted, in its name, after the cause of the \
                     refusal was mended. Answers the row of the log that this has. Only requests \
                     whose body is kept, and only while nobody has changed the user or group since.",
                )
                .gives(Reply::One(Shape::of::<RequestView>()))
                .refuses(&[
                    Code::NotReplayable,
                    Code::TargetChanged,
                    Code::Taken,
                    Code::SeatsFull,
                    Code::InvalidBody,
                ])],
        ),
        route(
            "/orgs/{org}/reads",
            Endpoint::Reads,
            &[verb("GET", ADMIN, "Count the identity provider's reads")
                .about(
                    "Reads that succeeded, by key, route and minute, latest minute first; they have no \
                     row in the provisioning log. Written within ten seconds.",
                )
                .asks(&["key", "from", "until", "cursor", "limit"])
                .gives(Reply::Page(Shape::of::<ReadView>()))],
        ),
        route(
            "/orgs/{org}/audit",
            Endpoint::Audit,
            &[audit(ADMIN, "Read the audit")],
        ),
        route(
            "/audit",
            Endpoint::Audit,
            &[audit(OWNER, "Read the audit of the instance")],
        ),
        route(
            "/orgs/{org}/holds",
            Endpoint::Holds,
            &[verb("GET", ADMIN, "List holds")
                .about("Protected roles kept for active users because nobody else would have them.")
                .lags()
                .gives(Reply::Page(Shape::of::<HoldView>()))],
        ),
        route(
            "/orgs/{org}/jobs",
            Endpoint::Jobs,
            &[verb("GET", ADMIN, "List long work")
                .about("The newest 100. Whoever reads access meanwhile sees it as it will be.")
                .gives(Reply::Page(Shape::of::<JobView>()))],
        ),
        route(
            "/orgs/{org}/report",
            Endpoint::Report,
            &[verb("GET", ADMIN, "Read the report")
                .about("What an administrator should look at. Lists hold at most 100 entries.")
                .lags()
                .gives(Reply::One(Shape::of::<Report>()))],
        ),
    ],
};

const fn audit(kinds: &'static [Kind], summary: &'static str) -> Verb {
    verb("GET", kinds, summary)
        .about(
            "Newest first: what administrators did, with who, before and after, in a chain of \
             hashes that `rolecall audit verify` proves.",
        )
        .asks(&[
            "action", "key", "subject", "from", "until", "cursor", "limit",
        ])
        .gives(Reply::Page(Shape::of::<AuditView>()))
}
