//! Loading conversations.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

/// A recorded conversation.
#[derive(Clone, Debug, Deserialize)]
pub struct Scenario {
    /// The file's name; empty where it was loaded from a text.
    #[serde(skip)]
    pub file: String,
    /// The identity provider.
    pub idp: String,
    /// What happens.
    pub scenario: String,
    /// The steps in order.
    pub steps: Vec<Step>,
}

/// One step of a conversation.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What reports call it.
    pub name: String,
    /// `idp`, `seed` or `check`.
    #[serde(default = "idp")]
    pub role: String,
    /// What to send, with variables still in it.
    pub request: Value,
    /// What the answer must be like, with variables still in it.
    #[serde(default)]
    pub expect: Map<String, Value>,
    /// Variable to path in the answer.
    #[serde(default)]
    pub capture: BTreeMap<String, String>,
    /// How often to send; none means once and without `{{i}}`.
    pub repeat: Option<u32>,
    /// How many at once.
    pub parallel: Option<u32>,
}

fn idp() -> String {
    "idp".to_owned()
}

/// A conversation that cannot be read.
#[derive(Debug)]
pub struct ScenarioError {
    /// The file, where there is one.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

impl std::fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "the conversation {} cannot be read: {}",
            self.file, self.why
        )
    }
}

impl std::error::Error for ScenarioError {}

impl Scenario {
    /// Reads a conversation.
    ///
    /// # Errors
    /// It is not JSON, or has other fields than the module's documentation says.
    pub fn load(json: &str) -> Result<Self, ScenarioError> {
        serde_json::from_str(json).map_err(|error| ScenarioError {
            file: String::new(),
            why: error.to_string(),
        })
    }
}

/// All conversations that the testkit has, in the order of their file names.
///
/// # Errors
/// A file that cannot be read.
pub fn all() -> Result<Vec<Scenario>, ScenarioError> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("idp");
    let mut files: Vec<_> = std::fs::read_dir(&folder)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|error| ScenarioError {
            file: "idp".into(),
            why: error.to_string(),
        })?
        .into_iter()
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    files.iter().map(|file| load(file)).collect()
}

fn load(path: &Path) -> Result<Scenario, ScenarioError> {
    let file = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = std::fs::read_to_string(path).map_err(|error| ScenarioError {
        file: file.clone(),
        why: error.to_string(),
    })?;
    match Scenario::load(&text) {
        Ok(scenario) => Ok(Scenario { file, ..scenario }),
        Err(error) => Err(ScenarioError { file, ..error }),
    }
}
