//! The mapping document as it comes from a file: its shape, checked whole before anything is made
//! of it, so that all that is wrong is told at once and by place.

use app::error::FieldError;
use domain::{GroupId, Mapping, text::nearest};
use serde_json::Value;

/// A list of the document, and the texts that each of its entries must have.
pub(super) struct Section {
    pub(super) name: &'static str,
    pub(super) texts: &'static [&'static str],
}

/// Every section of the document (DESIGN section 5).
pub(super) const SECTIONS: &[Section] = &[
    Section {
        name: "organization",
        texts: &["group", "role"],
    },
    Section {
        name: "workspaces",
        texts: &["group", "workspace"],
    },
    Section {
        name: "projects",
        texts: &["group", "project", "role"],
    },
];

/// What any entry may have besides.
const BINDING: &str = "group_id";

/// The document.
///
/// # Errors
/// Every place that has another shape.
pub(super) fn read(value: &Value) -> Result<Mapping, Vec<FieldError>> {
    let mut faults = Vec::new();
    match value.as_object() {
        None => faults.push(fault("mapping", format!("must have the lists {}", names()))),
        Some(sections) => {
            for (name, list) in sections {
                match SECTIONS.iter().find(|section| section.name == name) {
                    Some(section) => check_list(section, list, &mut faults),
                    None => faults.push(unknown_section(name)),
                }
            }
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    serde_json::from_value(value.clone()).map_err(|_| {
        vec![fault(
            "mapping",
            "must be as `rolecall mapping export` writes it",
        )]
    })
}

fn check_list(section: &Section, list: &Value, faults: &mut Vec<FieldError>) {
    let Some(entries) = list.as_array() else {
        let detail = format!(
            "must be a list of entries with {}",
            section.texts.join(", ")
        );
        faults.push(fault(section.name, detail));
        return;
    };
    for (index, entry) in entries.iter().enumerate() {
        check_entry(
            section,
            &format!("{}[{index}]", section.name),
            entry,
            faults,
        );
    }
}

fn check_entry(section: &Section, at: &str, entry: &Value, faults: &mut Vec<FieldError>) {
    let Some(fields) = entry.as_object() else {
        let detail = format!("must be an entry with {}", section.texts.join(", "));
        faults.push(fault(at, detail));
        return;
    };
    for name in section.texts {
        match fields.get(*name) {
            Some(Value::String(_)) => {}
            Some(_) => faults.push(fault(format!("{at}.{name}"), "must be a text in quotes")),
            None => faults.push(fault(format!("{at}.{name}"), "is missing; must be a text")),
        }
    }
    for (name, value) in fields {
        if name == BINDING {
            let id = value.as_str().and_then(|id| id.parse::<GroupId>().ok());
            if id.is_none() {
                let detail = "must be the id of a group, as an export has it, or be left out";
                faults.push(fault(format!("{at}.{BINDING}"), detail));
            }
        } else if !section.texts.contains(&name.as_str()) {
            let known = || section.texts.iter().copied().chain([BINDING]);
            let list = known().collect::<Vec<_>>().join(", ");
            let detail = format!("no such field{}; use {list}", meant(name, known()));
            faults.push(fault(format!("{at}.{}", shown(name)), detail));
        }
    }
}

fn unknown_section(name: &str) -> FieldError {
    let known = SECTIONS.iter().map(|section| section.name);
    let detail = format!("no such list{}; use {}", meant(name, known), names());
    fault(shown(name), detail)
}

fn names() -> String {
    let names: Vec<&str> = SECTIONS.iter().map(|section| section.name).collect();
    names.join(", ")
}

fn meant<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(name, known) {
        Some(known) => format!("; did you mean {known}?"),
        None => String::new(),
    }
}

/// A field's name fit to be repeated.
fn shown(name: &str) -> &str {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !name.is_empty() && name.len() <= 64 && name.chars().all(plain) {
        name
    } else {
        "(unreadable name)"
    }
}

/// One thing that is wrong.
pub(super) fn fault(field: impl Into<String>, detail: impl Into<String>) -> FieldError {
    FieldError::new(field, detail)
}

#[cfg(test)]
mod tests;
