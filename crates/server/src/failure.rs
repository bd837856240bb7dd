//! Why a command failed, and the exit code that says so.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::settings::Fault;

/// Exit code of the BSD conventions for a configuration that is not right.
const CONFIGURATION: u8 = 78;
/// Everything else that was refused or failed.
const FAILED: u8 = 1;

/// Why a command did not do what it should. Usage errors (exit code 2) are clap's.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Settings that are not right, all at once.
    Settings(Vec<Fault>),
    /// A use case refused, or the store is away.
    Refused(app::Error),
    /// Something around the application: a file, an address, the database's beginning.
    Other(String),
}

impl From<app::Error> for Failure {
    fn from(error: app::Error) -> Failure {
        Failure::Refused(error)
    }
}

impl Failure {
    /// A sentence of our own.
    pub(crate) fn other(text: impl Into<String>) -> Failure {
        Failure::Other(text.into())
    }

    /// The process's exit code.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Failure::Settings(_) => CONFIGURATION,
            Failure::Refused(_) | Failure::Other(_) => FAILED,
        }
    }

    /// For people, without a final line end.
    pub(crate) fn text(&self) -> String {
        match self {
            Failure::Settings(faults) => {
                let mut text = match faults.len() {
                    1 => "rolecall: a setting is not right".to_owned(),
                    many => format!("rolecall: {many} settings are not right"),
                };
                for fault in faults {
                    let _ = write!(text, "\n  {fault}");
                }
                text
            }
            Failure::Refused(error) => format!("rolecall: {}", refused(error)),
            Failure::Other(text) => format!("rolecall: {text}"),
        }
    }

    /// For programs.
    pub(crate) fn json(&self) -> Value {
        match self {
            Failure::Settings(faults) => {
                let faults: Vec<Value> = faults
                    .iter()
                    .map(|fault| {
                        json!({
                            "field": fault.key,
                            "origin": fault.origin.to_string(),
                            "detail": fault.detail,
                        })
                    })
                    .collect();
                json!({"error": {
                    "code": "invalid_settings",
                    "detail": "The configuration is not right.",
                    "errors": faults,
                }})
            }
            Failure::Refused(error) => refusal(error),
            Failure::Other(text) => json!({"error": {"code": "failed", "detail": text}}),
        }
    }
}

fn refusal(error: &app::Error) -> Value {
    let mut told = json!({
        "code": error.code().spec().name,
        "detail": error.detail(),
        "errors": fields(error),
    });
    if let app::Error::PlanChanged { fingerprint, .. } = error {
        told["fingerprint"] = fingerprint.as_str().into();
    }
    json!({ "error": told })
}

fn fields(error: &app::Error) -> &[app::error::FieldError] {
    match error {
        app::Error::Coded { fields, .. } => fields,
        _ => &[],
    }
}

fn refused(error: &app::Error) -> String {
    let mut text = error.detail();
    if fields(error).len() > 1 {
        for fault in fields(error) {
            let _ = write!(text, "\n  {}: {}", fault.field, fault.detail);
        }
    }
    // On the command line there is no log to look into.
    if error.is_fault() {
        text.push_str(&causes(error));
    }
    text
}

/// The causes of an error, each on a line of its own.
pub(crate) fn causes(error: &dyn std::error::Error) -> String {
    let mut text = String::new();
    let mut next = error.source();
    while let Some(cause) = next {
        let _ = write!(text, "\n  because: {}", cause.to_string().trim_end());
        next = cause.source();
    }
    text
}
