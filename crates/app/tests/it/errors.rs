//! `docs/errors.md` says of every error what to do about it: codes and keywords are compared with
//! the tables of the code.

use rolecall_app::error::CODES;
use scim::ScimType;

const DOCUMENT: &str = include_str!("../../../../docs/errors.md");

/// The lines of one `## ` section.
fn section(title: &str) -> Vec<&'static str> {
    let lines: Vec<&str> = DOCUMENT
        .lines()
        .skip_while(|line| line.strip_prefix("## ") != Some(title))
        .skip(1)
        .take_while(|line| !line.starts_with("## "))
        .filter(|line| !line.is_empty())
        .collect();
    assert!(!lines.is_empty(), "docs/errors.md has no section {title}");
    lines
}

/// What is said of each code: its name, the line with status and title, and how many lines more.
fn documented_codes() -> Vec<(String, String, usize)> {
    let mut found: Vec<(String, String, usize)> = Vec::new();
    for line in section("Codes") {
        if let Some(heading) = line.strip_prefix("### ") {
            let name = heading.trim_matches('`').to_owned();
            found.push((name, String::new(), 0));
        } else if let Some((_, summary, more)) = found.last_mut() {
            if summary.is_empty() {
                line.clone_into(summary);
            } else {
                *more += 1;
            }
        }
    }
    found
}

#[test]
fn every_code_has_its_section_in_the_order_of_the_table() {
    let found = documented_codes();
    let names: Vec<&str> = found.iter().map(|(name, _, _)| name.as_str()).collect();
    let codes: Vec<&str> = CODES.iter().map(|spec| spec.name).collect();
    assert_eq!(names, codes, "docs/errors.md, headings below `## Codes`");
    for (spec, (name, summary, more)) in CODES.iter().zip(&found) {
        let right = format!("{}: {}.", spec.status, spec.title);
        assert_eq!(*summary, right, "docs/errors.md, first line of {name}");
        assert!(*more > 0, "docs/errors.md, {name}: say what to do about it");
    }
}

#[test]
fn every_keyword_of_scim_has_its_row() {
    let rows: Vec<(&str, &str)> = section("SCIM")
        .into_iter()
        .filter_map(|line| line.strip_prefix("| `")?.split_once("` | "))
        .map(|(keyword, rest)| (keyword, rest.split(" |").next().unwrap_or_default()))
        .collect();
    let right: Vec<(&str, &str)> = ScimType::ALL
        .iter()
        .map(|keyword| match keyword {
            ScimType::Uniqueness => (keyword.as_str(), "409"),
            _ => (keyword.as_str(), "400"),
        })
        .collect();
    assert_eq!(rows, right, "docs/errors.md, the table below `## SCIM`");
}
