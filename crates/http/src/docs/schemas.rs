//! Schemas of the document as HTML: their names, fields and examples.

use std::fmt::Write;

use serde_json::{Value, json};

use super::text::{escaped, marked};

const PREFIX: &str = "#/components/schemas/";

/// What a schema is, in a few words, with links to those it names.
pub(super) fn named(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        let name = escaped(name.trim_start_matches(PREFIX));
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    for (word, join) in [("oneOf", " or "), ("allOf", " and "), ("anyOf", " or ")] {
        if let Some(parts) = schema[word].as_array() {
            let parts: Vec<String> = parts.iter().map(named).collect();
            return parts.join(join);
        }
    }
    match &schema["type"] {
        Value::String(kind) if kind == "array" => format!("list of {}", named(&schema["items"])),
        Value::String(kind) if kind == "object" && schema["properties"]["items"].is_object() => {
            format!("page of {}", named(&schema["properties"]["items"]["items"]))
        }
        Value::String(kind) => escaped(kind),
        Value::Array(kinds) => {
            let kinds: Vec<String> = kinds
                .iter()
                .filter_map(Value::as_str)
                .map(escaped)
                .collect();
            kinds.join(" or ")
        }
        _ => "anything".to_owned(),
    }
}

/// A schema of the document with its fields.
pub(super) fn described(name: &str, schema: &Value) -> String {
    let mut out = format!("<section id=\"schema-{0}\">\n<h3>{0}</h3>\n", escaped(name));
    if let Some(about) = schema["description"].as_str() {
        let _ = writeln!(out, "<p>{}</p>", marked(about));
    }
    let own = std::slice::from_ref(schema);
    let parts = schema["allOf"].as_array().map_or(own, Vec::as_slice);
    for part in parts {
        if part["$ref"].is_string() {
            let _ = writeln!(out, "<p>All of {}, and:</p>", named(part));
        } else if part["properties"].is_object() {
            out.push_str(&fields(part));
        } else {
            let _ = writeln!(out, "<p>{}</p>", named(part));
        }
    }
    out.push_str(&example(&schema["example"]));
    out.push_str("</section>\n");
    out
}

fn fields(schema: &Value) -> String {
    let mut out = "<table>\n".to_owned();
    let required = schema["required"].as_array().cloned().unwrap_or_default();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let there = if required.contains(&json!(name)) {
            ""
        } else {
            "may be left out"
        };
        let about = field["description"].as_str().unwrap_or_default();
        let _ = writeln!(
            out,
            "<tr><td><code>{}</code></td><td>{}</td><td>{there}</td><td>{}</td></tr>",
            escaped(name),
            named(field),
            marked(about)
        );
    }
    out + "</table>\n"
}

/// An example, where there is one.
pub(super) fn example(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("<pre>{}</pre>\n", escaped(&text))
}
