//! Reading the layers and laying one over the other.

use std::path::Path;

use config::{Environment, File, FileFormat, Source, ValueKind};

use super::{
    Fault, Origin, Sources,
    values::{Values, flatten, unknown},
};

/// What begins the name of a setting in the environment.
const PREFIX: &str = "ROLECALL";
/// Settings that may also be read from a file named by `…_FILE`.
pub(super) const SECRETS: &[&str] = &["database.url", "database.read_url"];

/// The defaults with every layer over them. What is not right goes to `faults` and is left out.
pub(super) fn merge(sources: &Sources, faults: &mut Vec<Fault>) -> Values {
    let mut values = match Values::defaults() {
        Ok(values) => values,
        Err(error) => {
            faults.push(Fault::new("", &Origin::Default, error.to_string()));
            Values::none()
        }
    };
    if let Some(path) = &sources.file {
        file(path, &mut values, faults);
    }
    environment(&sources.environment, &mut values, faults);
    for (key, value) in &sources.flags {
        lay(
            &mut values,
            key,
            ValueKind::String(value.clone()),
            Origin::Flag,
            faults,
        );
    }
    values
}

fn lay(values: &mut Values, key: &str, value: ValueKind, origin: Origin, faults: &mut Vec<Fault>) {
    if let Err(fault) = values.set(key, value, origin) {
        faults.push(fault);
    }
}

fn file(path: &Path, values: &mut Values, faults: &mut Vec<Fault>) {
    let origin = Origin::File(path.to_owned());
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            let detail = format!("the file cannot be read: {error}");
            return faults.push(Fault::new("", &origin, detail));
        }
    };
    if let Ok(tree) = File::from_str(&text, FileFormat::Toml).collect() {
        for (key, value) in flatten(tree) {
            lay(values, &key, value, origin.clone(), faults);
        }
    } else {
        let detail = not_toml(&text, values.keys());
        faults.push(Fault::new("", &origin, detail));
    }
}

/// Says where a file stops being TOML without repeating its text, which may hold a password.
fn not_toml<'a>(text: &str, mut known: impl Iterator<Item = &'a str>) -> String {
    let Err(error) = text.parse::<toml::Table>() else {
        return "is not a table of settings".to_owned();
    };
    let at = error.span().map_or(0, |span| span.start);
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    // The parser's own sentence may repeat a key or a piece of a value; which key it is says the
    // table of settings, if it is one of them.
    let written = text.lines().nth(line - 1).unwrap_or_default();
    let name = written.split('=').next().unwrap_or_default().trim();
    let key = known
        .find(|key| key.rsplit('.').next() == Some(name))
        .map(|_| format!(" (at {name})"))
        .unwrap_or_default();
    format!(
        "line {line}, column {column}{key} is not TOML: texts stand in double quotes, a section is \
         [name], and each key is there once"
    )
}

fn environment(all: &[(String, String)], values: &mut Values, faults: &mut Vec<Fault>) {
    let named = all
        .iter()
        .filter(|(name, _)| name.to_uppercase().starts_with(PREFIX));
    for (name, value) in named {
        let origin = Origin::Environment(name.clone());
        let Some((key, value)) = variable(name, value) else {
            faults.extend(single_underscores(name, values, &origin));
            continue;
        };
        match secret_of(&key, values) {
            Some(secret) => match read_secret(Path::new(&value)) {
                Ok(text) => lay(values, secret, ValueKind::String(text), origin, faults),
                Err(detail) => faults.push(Fault::new(secret, &origin, detail)),
            },
            None if values.has(&key) => {
                lay(values, &key, ValueKind::String(value), origin, faults);
            }
            None => {
                let detail = unknown_variable(&key, values);
                faults.push(Fault::new(&key, &origin, detail));
            }
        }
    }
    faults.extend(both_ways(all, values));
}

/// The key and value of a variable, none where it is not one of ours.
fn variable(name: &str, value: &str) -> Option<(String, String)> {
    let one = [(name.to_owned(), value.to_owned())].into_iter().collect();
    let source = Environment::with_prefix(PREFIX)
        .prefix_separator("__")
        .separator("__")
        .source(Some(one));
    let (key, value) = source.collect().ok()?.into_iter().next()?;
    Some((key, value.into_string().ok()?))
}

fn env_name(key: &str) -> String {
    format!("{PREFIX}__{}", key.replace('.', "__").to_uppercase())
}

fn unknown_variable(key: &str, values: &Values) -> String {
    let known: Vec<&str> = values.keys().collect();
    match domain::text::nearest(key, known.iter().copied()) {
        Some(nearest) => {
            format!(
                "there is no such setting; did you mean {}?",
                env_name(nearest)
            )
        }
        None => unknown(key, known.iter().copied()),
    }
}

/// `ROLECALL_HTTP_BIND` would be passed over in silence; whoever wrote it meant a setting.
fn single_underscores(name: &str, values: &Values, origin: &Origin) -> Option<Fault> {
    let rest = name.to_lowercase();
    let rest = rest.strip_prefix("rolecall_")?.replace("__", "_");
    let key = values.keys().find(|key| key.replace('.', "_") == rest)?;
    let detail = format!("is not read under this name; write {}", env_name(key));
    Some(Fault::new(key, origin, detail))
}

/// The secret that `database.url_file` stands for.
fn secret_of(key: &str, values: &Values) -> Option<&'static str> {
    let key = key.strip_suffix("_file").filter(|_| !values.has(key))?;
    SECRETS.iter().find(|secret| **secret == key).copied()
}

pub(crate) fn read_secret(path: &Path) -> Result<String, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("the file that should hold it cannot be read: {error}"))?;
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        Err("the file that should hold it is empty".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// A secret that is given twice: which one counts would be a guess.
fn both_ways(all: &[(String, String)], values: &Values) -> Vec<Fault> {
    let set = |name: &str| all.iter().any(|(other, _)| other.to_uppercase() == name);
    SECRETS
        .iter()
        .filter(|secret| values.has(secret))
        .map(|secret| (secret, env_name(secret)))
        .filter(|(_, name)| set(name) && set(&format!("{name}_FILE")))
        .map(|(secret, name)| {
            let detail = format!("{name} and {name}_FILE are both set; unset one of them");
            Fault::new(secret, &Origin::Environment(name), detail)
        })
        .collect()
}

/// The process's environment as text; what is not text cannot be one of our settings.
pub(crate) fn process_environment() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}
