//! Parameters of paths, queries and headers, each described once, for every route that has it.

use domain::{Action, ManagedBy, State};
use serde_json::{Value, json};
use utoipa::openapi::{
    Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Schema, SchemaType, Type},
};

use crate::api::routes::{Reply, Route, Verb};

/// A parameter.
pub(super) struct Described {
    pub name: &'static str,
    pub about: &'static str,
    pub kind: Type,
    pub example: Option<&'static str>,
    /// Every value that is right; empty where there is no such list.
    pub words: &'static [&'static str],
    /// Least and greatest number.
    pub range: Option<(u64, u64)>,
}

const fn text(name: &'static str, about: &'static str) -> Described {
    Described {
        name,
        about,
        kind: Type::String,
        example: None,
        words: &[],
        range: None,
    }
}

const fn number(name: &'static str, about: &'static str) -> Described {
    Described {
        name,
        about,
        kind: Type::Integer,
        example: None,
        words: &[],
        range: None,
    }
}

const fn flag(name: &'static str, about: &'static str) -> Described {
    Described {
        name,
        about,
        kind: Type::Boolean,
        example: None,
        words: &[],
        range: None,
    }
}

const fn like(described: Described, example: &'static str) -> Described {
    Described {
        example: Some(example),
        ..described
    }
}

const fn one_of(described: Described, words: &'static [&'static str]) -> Described {
    Described { words, ..described }
}

const fn within(described: Described, least: u64, greatest: u64) -> Described {
    Described {
        range: Some((least, greatest)),
        ..described
    }
}

/// Every query parameter.
pub(super) const QUERY: &[Described] = &[
    text(
        "cursor",
        "The `next_cursor` of the answer before; left out for the first page.",
    ),
    within(
        number(
            "limit",
            "How many items a page has at most: 1 to 1,000, 100 by default.",
        ),
        1,
        1_000,
    ),
    like(
        text("at", "A moment in the past, RFC 3339."),
        "2026-01-31T12:00:00Z",
    ),
    flag("explain", "Whether to tell why."),
    like(
        text(
            "plan",
            "Fingerprint of a plan that was previewed; refused if it would do something else. \
          The header `If-Plan` is the same.",
        ),
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    flag("dry_run", "Whether to answer the plan and change nothing."),
    flag(
        "force",
        "Whether to remove what stands in the way, too: the rules that name a place, the data of a \
         schema.",
    ),
    like(
        text("userName", "The user with this `userName`, ignoring case."),
        "ada@example.com",
    ),
    like(
        text("email", "Users with this e-mail, ignoring case."),
        "ada@example.com",
    ),
    like(
        text(
            "role",
            "Users with this role in the organization, by its key.",
        ),
        "admin",
    ),
    like(
        text(
            "group",
            "Users who are directly in the group with this id or name.",
        ),
        "Engineering",
    ),
    one_of(text("state", "Users in this state."), State::WORDS),
    like(
        text(
            "workspace",
            "Users whose access reaches the workspace with this slug, in effect or pending.",
        ),
        "quality",
    ),
    like(
        text(
            "project",
            "Users whose access reaches the project at this place, `workspace/project`, in effect \
             or pending.",
        ),
        "quality/nightly",
    ),
    one_of(
        text(
            "managed_by",
            "`scim`: users whom the identity provider manages; `admin`: those made by hand whom it \
             has not written yet.",
        ),
        ManagedBy::WORDS,
    ),
    like(
        text("displayName", "The group with this name, ignoring case."),
        "Engineering",
    ),
    like(
        text(
            "scope",
            "Where the grant applies: a workspace's slug, or `workspace/project`.",
        ),
        "quality/nightly",
    ),
    like(
        text(
            "after",
            "Events after this number; 0 for the beginning, `latest` for none but the number \
          to go on from.",
        ),
        "0",
    ),
    one_of(text("action", "Only this action."), Action::WORDS),
    text("key", "Only what was done with the key of this id."),
    text(
        "subject",
        "Only what was done to this: an id, slug or path.",
    ),
    text("status", "`done`, `refused`, or a status such as `409`."),
    text(
        "about",
        "Only requests that name this user or group, by its id; or the `X-Request-Id` of an answer, \
         also of a Bulk.",
    ),
    like(
        text("from", "Only from this moment on, RFC 3339."),
        "2026-01-31T12:00:00Z",
    ),
    like(
        text("until", "Only before this moment, RFC 3339."),
        "2026-01-31T12:00:00Z",
    ),
    within(
        number(
            "wait",
            "Seconds to wait for an event where there is none, 0 to 60.",
        ),
        0,
        60,
    ),
];

/// Every placeholder of a path.
pub(super) const PATH: &[Described] = &[
    like(text("org", "The organization's slug."), "acme"),
    like(
        text("user", "The user's id."),
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ),
    like(
        text("group", "The group's id."),
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ),
    like(text("workspace", "The workspace's slug."), "quality"),
    like(text("project", "The project's slug."), "nightly"),
    text("key", "The key's public id."),
    like(
        text("request", "The id of the logged request."),
        "01890a5d-ac96-774b-bcce-b302099a8057",
    ),
    like(
        text("urn", "The schema's URN; case is ignored."),
        "urn:example:params:scim:schemas:extension:acme:2.0:User",
    ),
];

/// What a verb of a route takes.
pub(super) fn of(route: &Route, verb: &Verb) -> Vec<Parameter> {
    let mut all: Vec<Parameter> = placeholders(route.template)
        .filter_map(|name| PATH.iter().find(|known| known.name == name))
        .map(|known| parameter(known, ParameterIn::Path))
        .collect();
    let asked = verb.parameters.iter();
    all.extend(
        asked
            .filter_map(|name| QUERY.iter().find(|known| known.name == *name))
            .map(|known| parameter(known, ParameterIn::Query)),
    );
    let header = |name, about| parameter(&text(name, about), ParameterIn::Header);
    if verb.tagged && verb.method != "GET" {
        let about = "The `ETag` of what is to be changed, as it was read; 412 if it is another one \
                     by now.";
        all.push(header("If-Match", about));
    }
    if verb.cached {
        let about = "Entity tags of answers that the caller has: 304 without a body if it is one of \
                     them still.";
        all.push(header("If-None-Match", about));
    }
    if matches!(verb.reply, Reply::Made(_)) {
        let about = "A name for this request, such as a UUID: sent again with it within 24 hours, \
                     the request gets its first answer again.";
        all.push(header("Idempotency-Key", about));
    }
    if matches!(verb.reply, Reply::Stream) {
        all.push(header(
            "Last-Event-ID",
            "The number of the event received last.",
        ));
    }
    all
}

/// Names of the placeholders of a template.
pub(super) fn placeholders(template: &str) -> impl Iterator<Item = &str> {
    let name = |segment: &'_ str| -> Option<()> { segment.starts_with('{').then_some(()) };
    template
        .split('/')
        .filter(move |segment| name(segment).is_some())
        .map(|segment| segment.trim_matches(['{', '}']))
}

fn parameter(known: &Described, place: ParameterIn) -> Parameter {
    let in_path = place == ParameterIn::Path;
    let kind = SchemaType::Type(known.kind.clone());
    let mut schema = ObjectBuilder::new().schema_type(kind);
    if !known.words.is_empty() {
        schema = schema.enum_values(Some(known.words.iter().copied()));
    }
    if let Some((least, greatest)) = known.range {
        schema = schema.minimum(Some(least)).maximum(Some(greatest));
    }
    let schema = Schema::Object(schema.build());
    ParameterBuilder::new()
        .name(known.name)
        .parameter_in(place)
        .required(if in_path {
            Required::True
        } else {
            Required::False
        })
        .description(Some(known.about))
        .schema(Some(schema))
        .example(known.example.map(|text| -> Value { json!(text) }))
        .build()
}
