//! Comparing an answer with what the step expects of it.

use serde_json::{Map, Value};

use super::request::Answer;
use super::scenario::Step;
use super::variables::Variables;
use super::{expect, path};

/// Longest value that a problem shows.
const SHOWN: usize = 160;

/// What was wrong with an answer, and what was captured from it.
#[derive(Default)]
pub(super) struct Verdict {
    pub(super) problems: Vec<String>,
    pub(super) captured: Vec<(String, Value)>,
}

pub(super) fn judge(step: &Step, variables: &Variables, answer: &Answer) -> Verdict {
    let mut verdict = Verdict::default();
    match variables.fields(&step.expect) {
        Ok(expected) => {
            verdict.problems = problems(&expected, answer).unwrap_or_else(|bad| vec![bad]);
        }
        Err(name) => {
            verdict.problems.push(format!(
                "expectation uses {{{{{}}}}}, never captured",
                name.0
            ));
            return verdict;
        }
    }
    let document = document(answer);
    for (variable, path) in &step.capture {
        match path::get(document.as_ref(), path) {
            Ok(Some(value)) if !value.is_null() => {
                verdict
                    .captured
                    .push((variable.clone(), value.into_owned()));
            }
            Ok(_) => {
                let nothing = format!("nothing to capture for {{{{{variable}}}}} at {path}");
                verdict.problems.push(nothing);
            }
            Err(bad) => verdict.problems.push(bad),
        }
    }
    verdict
}

/// The body, where it is JSON.
fn document(answer: &Answer) -> Option<Value> {
    serde_json::from_slice(&answer.body).ok()
}

fn problems(expected: &Map<String, Value>, answer: &Answer) -> Result<Vec<String>, String> {
    let mut problems = Vec::new();
    for (part, wanted) in expected {
        let none = Map::new();
        let fields = wanted.as_object().unwrap_or(&none);
        match part.as_str() {
            "status" => problems.extend(status(answer.status, wanted)),
            "body" if answer.status != 204 => problems.extend(body(answer, fields)?),
            "headers" => problems.extend(headers(answer, fields)),
            "body" | "maxSeconds" => {}
            other => return Err(format!("unknown expectation {other}")),
        }
    }
    Ok(problems)
}

fn status(status: u16, allowed: &Value) -> Option<String> {
    let listed = allowed
        .as_array()
        .is_some_and(|list| list.iter().any(|s| *s == status));
    (!listed).then(|| format!("status {status}, allowed {allowed}"))
}

fn body(answer: &Answer, expected: &Map<String, Value>) -> Result<Vec<String>, String> {
    let document = document(answer);
    let mut problems = Vec::new();
    for (path, want) in expected {
        let actual = path::get(document.as_ref(), path)?;
        problems.extend(problem(path, actual.as_deref(), want));
    }
    Ok(problems)
}

fn headers(answer: &Answer, expected: &Map<String, Value>) -> Vec<String> {
    let compare = |(name, want): (&String, &Value)| {
        let actual = answer
            .headers
            .get(&name.to_lowercase())
            .map(|text| Value::from(text.as_str()));
        problem(&format!("header {name}"), actual.as_ref(), want)
    };
    expected.iter().filter_map(compare).collect()
}

fn problem(place: &str, actual: Option<&Value>, want: &Value) -> Option<String> {
    if expect::matches(actual, want) {
        return None;
    }
    let got = actual.map_or_else(
        || "(absent)".to_owned(),
        |value| shortened(&value.to_string()),
    );
    Some(format!(
        "{place}: got {got}, want {}",
        shortened(&want.to_string())
    ))
}

/// A text that is not too long for a line.
pub(super) fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
