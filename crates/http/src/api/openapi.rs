//! The OpenAPI 3.1 document, made from the table of routes and the types of bodies and answers.

mod answers;
mod documents;
mod extension;
mod parameters;

use std::collections::BTreeMap;

use domain::key::Kind;
use utoipa::{
    ToSchema,
    openapi::{
        Components, ComponentsBuilder, Content, HttpMethod, InfoBuilder, License, OpenApi,
        OpenApiBuilder, PathItem, PathsBuilder, Ref, RefOr, Required, Server,
        path::{Operation, OperationBuilder},
        request_body::{RequestBody, RequestBodyBuilder},
        schema::{AnyOfBuilder, Schema},
        security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
        tag::TagBuilder,
    },
};

pub(crate) use documents::{EventBody, MappingDocument, RoleDocument, SettingsDocument};
pub(crate) use extension::{ExtensionSchema, ExtensionSchemas};

use super::routes::{Route, SECTIONS, Section, Verb};
use crate::{media::JSON, plane::API};

/// Schemas by name.
type Named = Vec<(String, RefOr<Schema>)>;

/// The form of a body or answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    schema: fn() -> RefOr<Schema>,
    collect: fn(&mut Named),
}

impl Shape {
    /// That of a type.
    pub(crate) const fn of<T: ToSchema>() -> Shape {
        Shape {
            schema: reference::<T>,
            collect: collect::<T>,
        }
    }

    /// That of one of two types. Not `oneOf`: where all fields may be left out, a value of one type
    /// is one of the other as well.
    pub(crate) const fn either<A: ToSchema, B: ToSchema>() -> Shape {
        Shape {
            schema: || {
                let both = AnyOfBuilder::new()
                    .item(reference::<A>())
                    .item(reference::<B>());
                Schema::AnyOf(both.build()).into()
            },
            collect: |named| {
                collect::<A>(named);
                collect::<B>(named);
            },
        }
    }
}

fn reference<T: ToSchema>() -> RefOr<Schema> {
    Ref::from_schema_name(T::name()).into()
}

fn collect<T: ToSchema>(named: &mut Named) {
    named.push((T::name().into_owned(), T::schema()));
    T::schemas(named);
}

/// The whole document.
pub fn document() -> OpenApi {
    let mut paths = PathsBuilder::new();
    for section in SECTIONS {
        for route in section.routes {
            paths = paths.path(format!("{API}{}", route.template), item(section, route));
        }
    }
    let tag = |section: &Section| {
        let tag = TagBuilder::new().name(section.name);
        tag.description(Some(section.about)).build()
    };
    OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("rolecall")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some(ABOUT))
                .license(Some(License::new("Apache-2.0")))
                .build(),
        )
        .servers(Some([Server::new("/")]))
        .tags(Some(SECTIONS.iter().map(tag)))
        .paths(paths)
        .components(Some(components()))
        .build()
}

const ABOUT: &str = "\
The admin API and the read plane. SCIM itself is described by its own discovery endpoints.\n\n\
Every request carries `Authorization: Bearer KEY`. A `read` key reads access, users, groups, places \
and events of its organization; an `admin` key may do everything in it; an `owner` key makes \
organizations and may do in each what an admin may.\n\n\
Lists are `{\"items\": [], \"next_cursor\": null}`: pass `next_cursor` on as `cursor` until it is null. \
Errors are problem documents (RFC 9457) with a stable `code` and, where fields are not right, `errors` \
with JSON pointers. What can be changed carries an `ETag`; send it as `If-Match`, and a change of \
something else than you saw is refused. What makes something takes an `Idempotency-Key`: sent again \
within 24 hours, the request gets its first answer again. Times are RFC 3339 in UTC with milliseconds; \
ids are UUIDs. Unknown fields and parameters are errors.";

fn item(section: &Section, route: &Route) -> PathItem {
    let mut item = PathItem::default();
    for verb in route.verbs {
        let operation = Some(operation(section, route, verb));
        match method(verb.method) {
            HttpMethod::Get => item.get = operation,
            HttpMethod::Post => item.post = operation,
            HttpMethod::Put => item.put = operation,
            HttpMethod::Patch => item.patch = operation,
            HttpMethod::Delete => item.delete = operation,
            _ => {}
        }
    }
    item
}

fn method(name: &str) -> HttpMethod {
    match name {
        "POST" => HttpMethod::Post,
        "PUT" => HttpMethod::Put,
        "PATCH" => HttpMethod::Patch,
        "DELETE" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

fn operation(section: &Section, route: &Route, verb: &Verb) -> Operation {
    let security = |kind: &Kind| SecurityRequirement::new(kind.as_str(), Vec::<String>::new());
    OperationBuilder::new()
        .tag(section.name)
        .summary(Some(verb.summary))
        .description(Some(verb.about).filter(|about| !about.is_empty()))
        .operation_id(Some(id(verb.summary)))
        .parameters(Some(parameters::of(route, verb)))
        .request_body(verb.body.map(|body| request(body.shape, body.optional)))
        .responses(answers::of(route, verb))
        .securities(Some(verb.kinds.iter().map(security)))
        .build()
}

/// `List and find users` as `list_and_find_users`.
fn id(summary: &str) -> String {
    let letter = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '_'
        }
    };
    summary.replace('\'', "").chars().map(letter).collect()
}

fn request(shape: Shape, optional: bool) -> RequestBody {
    let required = if optional {
        Required::False
    } else {
        Required::True
    };
    RequestBodyBuilder::new()
        .content(JSON, Content::new(Some((shape.schema)())))
        .required(Some(required))
        .build()
}

fn components() -> Components {
    let mut named = Named::new();
    answers::collect(&mut named);
    for verb in SECTIONS
        .iter()
        .flat_map(|section| section.routes)
        .flat_map(|route| route.verbs)
    {
        if let Some(body) = verb.body {
            (body.shape.collect)(&mut named);
        }
        if let Some(shape) = answers::shape(verb.reply) {
            (shape.collect)(&mut named);
        }
    }
    let named: BTreeMap<String, RefOr<Schema>> = named.into_iter().collect();
    let mut components = ComponentsBuilder::new();
    for (name, response) in answers::shared() {
        components = components.response(name, response);
    }
    for (name, schema) in named {
        components = components.schema(name, schema);
    }
    for (kind, about) in [
        (
            Kind::Read,
            "An organization's key for apps: reads, and reports sign-ins.",
        ),
        (
            Kind::Admin,
            "An organization's key for administrators: everything in it.",
        ),
        (Kind::Owner, "A key of the instance; made on the machine."),
    ] {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(about));
        components =
            components.security_scheme(kind.as_str(), SecurityScheme::Http(scheme.build()));
    }
    components.build()
}

/// The document as JSON text, two spaces deep, with a final newline.
///
/// # Errors
/// It cannot be written as JSON, which never was seen.
pub fn text() -> serde_json::Result<String> {
    serde_json::to_string_pretty(&document()).map(|text| text + "\n")
}

#[cfg(test)]
mod tests;
