//! The page: an introduction, every operation by subject, every schema.

use std::fmt::Write;

use serde_json::Value;

use super::{
    schemas::{described, example, named},
    text::{escaped, marked, paragraphs},
};
use crate::api::openapi;

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// One operation of the document.
struct Operation<'d> {
    path: &'d str,
    method: &'static str,
    value: &'d Value,
}

/// The whole page.
pub(super) fn render() -> String {
    let document = serde_json::to_value(openapi::document()).unwrap_or_default();
    let mut out = head(&document);
    let all = operations(&document);
    let sections = document["tags"].as_array().cloned().unwrap_or_default();
    out.push_str(&contents(&sections, &all));
    for section in &sections {
        let _ = writeln!(out, "<h2>{}</h2>", text(&section["name"]));
        out.push_str(&paragraphs(
            section["description"].as_str().unwrap_or_default(),
        ));
        for operation in all
            .iter()
            .filter(|it| it.value["tags"][0] == section["name"])
        {
            out.push_str(&article(operation, &document));
        }
    }
    out.push_str("<h2>Schemas</h2>\n");
    let schemas = document["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        out.push_str(&described(name, schema));
    }
    out + "</main>\n</body>\n</html>\n"
}

fn head(document: &Value) -> String {
    let version = text(&document["info"]["version"]);
    let about = paragraphs(document["info"]["description"].as_str().unwrap_or_default());
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>rolecall: the admin API</title>\n\
         <link rel=\"stylesheet\" href=\"/docs/style.css\">\n</head>\n<body>\n<main>\n\
         <h1>rolecall {version}: the admin API</h1>\n{about}\
         <p>The same as an OpenAPI 3.1 document: <a href=\"/api/v1/openapi.json\">openapi.json</a>.</p>\n"
    )
}

fn operations(document: &Value) -> Vec<Operation<'_>> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let mut all = Vec::new();
    for (path, item) in paths {
        for method in METHODS {
            let value = &item[method];
            if value.is_object() {
                all.push(Operation {
                    path,
                    method,
                    value,
                });
            }
        }
    }
    all
}

fn contents(sections: &[Value], all: &[Operation<'_>]) -> String {
    let mut out = "<nav>\n".to_owned();
    for section in sections {
        let _ = writeln!(out, "<h4>{}</h4>\n<ul>", text(&section["name"]));
        for operation in all
            .iter()
            .filter(|it| it.value["tags"][0] == section["name"])
        {
            let id = text(&operation.value["operationId"]);
            let summary = text(&operation.value["summary"]);
            let _ = writeln!(out, "<li><a href=\"#{id}\">{summary}</a></li>");
        }
        out.push_str("</ul>\n");
    }
    out + "</nav>\n"
}

fn article(operation: &Operation<'_>, document: &Value) -> String {
    let Operation {
        path,
        method,
        value,
    } = operation;
    let mut out = format!(
        "<section id=\"{}\">\n<h3>{}</h3>\n<p class=\"line\"><b>{}</b> <code>{}</code></p>\n",
        text(&value["operationId"]),
        text(&value["summary"]),
        method.to_uppercase(),
        escaped(path)
    );
    out.push_str(
        &paragraphs(value["description"].as_str().unwrap_or_default()).replace("<p></p>\n", ""),
    );
    let kinds = value["security"].as_array().into_iter().flatten();
    let kinds: Vec<&str> = kinds
        .filter_map(|kind| Some(kind.as_object()?.keys().next()?.as_str()))
        .collect();
    let _ = writeln!(out, "<p>Keys: {}</p>", escaped(&kinds.join(", ")));
    out.push_str(&parameters(value));
    let body = &value["requestBody"]["content"]["application/json"]["schema"];
    if body.is_object() {
        let _ = writeln!(out, "<p>Body: {}</p>", named(body));
        out.push_str(&example(example_of(body, document)));
    }
    out.push_str(&answers(value, document));
    out + "</section>\n"
}

fn parameters(operation: &Value) -> String {
    let Some(parameters) = operation["parameters"]
        .as_array()
        .filter(|all| !all.is_empty())
    else {
        return String::new();
    };
    let mut out = "<table>\n".to_owned();
    for parameter in parameters {
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
            text(&parameter["name"]),
            text(&parameter["in"]),
            named(&parameter["schema"]),
            marked(parameter["description"].as_str().unwrap_or_default())
        );
    }
    out + "</table>\n"
}

fn answers(operation: &Value, document: &Value) -> String {
    let mut out = "<table>\n".to_owned();
    for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
        let answer = resolved(answer, document);
        let contents = answer["content"].as_object().into_iter().flatten();
        let schemas: Vec<String> = contents
            .map(|(_, content)| named(&content["schema"]))
            .collect();
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>",
            escaped(status),
            schemas.join(" or "),
            marked(answer["description"].as_str().unwrap_or_default())
        );
    }
    out + "</table>\n"
}

/// What is really meant where an answer refers to one that several operations share.
fn resolved<'d>(answer: &'d Value, document: &'d Value) -> &'d Value {
    let place = answer["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix('#'));
    place
        .and_then(|place| document.pointer(place))
        .unwrap_or(answer)
}

/// The example of the schema that a body refers to.
fn example_of<'d>(schema: &Value, document: &'d Value) -> &'d Value {
    let name = schema["$ref"].as_str().unwrap_or_default();
    let name = name.rsplit('/').next().unwrap_or_default();
    &document["components"]["schemas"][name]["example"]
}

fn text(value: &Value) -> String {
    escaped(value.as_str().unwrap_or_default())
}
