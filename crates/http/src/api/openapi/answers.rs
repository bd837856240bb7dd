//! What a verb may answer: the one thing where all is well, and every problem by its status.

use std::collections::{BTreeMap, BTreeSet};

use app::error::Code;
use utoipa::openapi::{
    Content, Header, HeaderBuilder, Ref, RefOr, Response, ResponseBuilder, Responses,
    ResponsesBuilder,
    schema::{ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type},
};

use super::{Named, Shape, documents::ProblemDocument, parameters::placeholders};
use crate::{
    api::routes::{Reply, Route, SECTIONS, Verb},
    media::{JSON, PROBLEM},
};

/// What every key may meet everywhere.
const ALWAYS: &[Code] = &[
    Code::Unauthenticated,
    Code::WrongKind,
    Code::MethodNotAllowed,
    Code::UnknownField,
    Code::InvalidField,
    Code::TooManyRequests,
    Code::Unavailable,
    Code::Internal,
];
/// Where a body is read.
const BODY: &[Code] = &[
    Code::InvalidBody,
    Code::TooLarge,
    Code::UnsupportedMediaType,
    Code::RequestTimeout,
];
/// Where something is made that may be asked for again.
const MADE: &[Code] = &[Code::IdempotencyMismatch, Code::IdempotencyInUse];

/// Every code that a verb of a route may answer.
pub(super) fn codes(route: &Route, verb: &Verb) -> Vec<Code> {
    let mut codes = ALWAYS.to_vec();
    if placeholders(route.template).next().is_some() {
        codes.push(Code::NotFound);
    }
    if matches!(verb.method, "POST" | "PUT" | "PATCH") {
        codes.extend(BODY);
    }
    if verb.tagged && verb.method != "GET" {
        codes.push(Code::PreconditionFailed);
    }
    if matches!(verb.reply, Reply::Made(_)) {
        codes.extend(MADE);
    }
    codes.extend(verb.refuses);
    codes
}

/// The form of the thing that is answered.
pub(super) fn shape(reply: Reply) -> Option<Shape> {
    match reply {
        Reply::One(shape)
        | Reply::Page(shape)
        | Reply::Put(shape)
        | Reply::Made(shape)
        | Reply::Secret(shape) => Some(shape),
        Reply::Nothing | Reply::Stream => None,
    }
}

/// What is named whatever a verb answers.
pub(super) fn collect(named: &mut Named) {
    (Shape::of::<ProblemDocument>().collect)(named);
}

/// All answers of a verb.
pub(super) fn of(route: &Route, verb: &Verb) -> Responses {
    let (status, good) = good(verb);
    let mut all = ResponsesBuilder::new();
    if matches!(verb.reply, Reply::Put(_)) {
        let mut made = good.clone();
        "Made; there was none before.".clone_into(&mut made.description);
        all = all.response("201", made);
    }
    all = all.response(status, good);
    if verb.cached {
        let same = ResponseBuilder::new().description("The caller has it: it is as it was.");
        all = all.response("304", same.build());
    }
    for (status, names) in problems(route, verb) {
        let reference = Ref::new(format!("#/components/responses/{}", named_by(&names)));
        all = all.response(status.to_string(), reference);
    }
    all.build()
}

/// The names of a verb's codes, by status.
fn problems(route: &Route, verb: &Verb) -> BTreeMap<u16, BTreeSet<&'static str>> {
    let mut by_status: BTreeMap<u16, BTreeSet<&str>> = BTreeMap::new();
    for code in codes(route, verb) {
        let spec = code.spec();
        by_status.entry(spec.status).or_default().insert(spec.name);
    }
    by_status
}

/// A problem response is called after its codes, so that every verb that may answer just these
/// shares it.
fn named_by(names: &BTreeSet<&str>) -> String {
    let names: Vec<&str> = names.iter().copied().collect();
    names.join(".")
}

/// Every problem response that some verb may answer, by name.
pub(super) fn shared() -> BTreeMap<String, Response> {
    let mut all = BTreeMap::new();
    for section in SECTIONS {
        for route in section.routes {
            for names in route
                .verbs
                .iter()
                .flat_map(|verb| problems(route, verb).into_values())
            {
                let codes: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
                all.insert(named_by(&names), problem(&codes.join(", ")));
            }
        }
    }
    all
}

fn good(verb: &Verb) -> (&'static str, Response) {
    let json = |about: &str, schema: RefOr<Schema>| {
        ResponseBuilder::new()
            .description(about)
            .content(JSON, Content::new(Some(schema)))
    };
    let (status, response) = match verb.reply {
        Reply::One(shape) | Reply::Put(shape) => ("200", json("As it is now.", (shape.schema)())),
        Reply::Page(shape) => ("200", json("A page.", page((shape.schema)()))),
        Reply::Made(shape) => {
            let made = json("Made.", (shape.schema)())
                .header("Location", header("Where it is."))
                .header("ETag", header("Its entity tag."))
                .header(
                    "Idempotency-Replayed",
                    header("`true`: made by an earlier request."),
                );
            ("201", made)
        }
        Reply::Secret(shape) => (
            "201",
            json("Made. The secret is told once.", (shape.schema)())
                .header("ETag", header("Its entity tag.")),
        ),
        Reply::Nothing => ("204", ResponseBuilder::new().description("Done.")),
        Reply::Stream => {
            let text = ObjectBuilder::new()
                .schema_type(SchemaType::Type(Type::String))
                .build();
            let content = Content::new(Some(RefOr::T(Schema::Object(text))));
            let stream = ResponseBuilder::new().description("Events, as they come.");
            ("200", stream.content("text/event-stream", content))
        }
    };
    let response = if verb.tagged && status == "200" {
        response.header("ETag", header("The entity tag, for `If-Match`."))
    } else {
        response
    };
    (status, response.build())
}

fn header(about: &str) -> Header {
    let text = ObjectBuilder::new()
        .schema_type(SchemaType::Type(Type::String))
        .build();
    HeaderBuilder::new()
        .schema(Some(Schema::Object(text)))
        .description(Some(about))
        .build()
}

/// A page of a list.
fn page(item: RefOr<Schema>) -> RefOr<Schema> {
    let cursor = SchemaType::Array(vec![Type::String, Type::Null]);
    let cursor = ObjectBuilder::new().schema_type(cursor).description(Some(
        "What to pass on for the next page; null where this is the last one.",
    ));
    let list = ObjectBuilder::new()
        .property("items", ArrayBuilder::new().items(item).build())
        .property("next_cursor", cursor.build())
        .required("items")
        .required("next_cursor");
    RefOr::T(Schema::Object(list.build()))
}

fn problem(codes: &str) -> Response {
    let schema = Ref::from_schema_name("Problem");
    ResponseBuilder::new()
        .description(codes)
        .content(PROBLEM, Content::new(Some(schema)))
        .build()
}
