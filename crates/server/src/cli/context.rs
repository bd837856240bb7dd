//! What every command has at hand.

use std::sync::Arc;

use app::{App, port::org::OrgSettings};

use crate::{
    failure::Failure,
    out::Out,
    settings::{Origin, Settings, Sources},
    urls, wiring,
};

/// Connections of a command: it does one thing after the other.
const CONNECTIONS: u32 = 2;

/// Settings, a place to print, and how the program was called.
pub(crate) struct Context {
    /// The configuration.
    pub(crate) settings: Settings,
    /// Where answers go.
    pub(crate) out: Out,
    program: String,
}

impl Context {
    /// `config` and `flags` are repeated in the commands that are shown, so that they reach the
    /// same database; a database URL may hold a password and is not.
    pub(crate) fn new(settings: Settings, out: Out, sources: &Sources) -> Context {
        let mut program = std::env::args()
            .next()
            .unwrap_or_else(|| "rolecall".to_owned());
        if let Some(file) = &sources.file {
            program = format!("{program} --config {}", quoted(&file.to_string_lossy()));
        }
        for (key, value) in &sources.flags {
            let secret = key == "database.url" || key == "database.read_url";
            if !secret || wiring::file_of(value).is_some() {
                program = format!("{program} --set {}", quoted(&format!("{key}={value}")));
            }
        }
        Context {
            settings,
            out,
            program,
        }
    }

    /// Whether the commands that are shown reach this database by themselves: its URL is the default, in
    /// the file, or in the arguments that they repeat.
    pub(crate) fn shows_database(&self) -> bool {
        match self.settings.origin("database.url") {
            Origin::Default | Origin::File(_) => true,
            Origin::Flag => wiring::file_of(&self.settings.database.url).is_some(),
            Origin::Environment(_) => false,
        }
    }

    /// A command line of this program that can be copied: the way it was called, and `rest`.
    pub(crate) fn command(&self, rest: &str) -> String {
        format!("{} {rest}", self.program)
    }

    /// The application over its database.
    ///
    /// # Errors
    /// The database does not open, or its schema is not that of this version.
    pub(crate) fn open(&self) -> Result<Arc<App>, Failure> {
        let mut settings = self.settings.clone();
        settings.database.connections = settings.database.connections.min(CONNECTIONS);
        // What a command reads was often changed by the one before it.
        settings.database.read_url = None;
        wiring::application(&settings, &wiring::database(&settings)?)
    }

    /// The base URLs of an organization's SCIM surface.
    pub(crate) fn base_urls(&self, org: &OrgSettings) -> Vec<String> {
        let settings = &self.settings;
        let public_url = settings.public_url(settings.bind);
        urls::scim_base_urls(&public_url, &settings.mounts, org.slug.as_str())
    }
}

/// A word for the shell.
pub(crate) fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:@=,+%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}
