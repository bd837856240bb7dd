//! From settings to a running application.

use std::{path::Path, sync::Arc};

use app::App;
use auth::Vault;
use storage::{Database, OpenError};

use crate::{
    clock::SystemClock,
    failure::{Failure, causes},
    settings::{Fault, Origin, Settings},
};

/// Whether a command may make the database where there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It begins something: make it.
    Create,
    /// It looks for something: an empty database would only hide a wrong path.
    Refuse,
}

/// Opens the database and brings its schema up to date.
///
/// # Errors
/// One clear sentence that names the setting.
pub(crate) fn database(settings: &Settings, missing: Missing) -> Result<Arc<Database>, Failure> {
    if missing == Missing::Refuse {
        exists(&settings.database.url)?;
    }
    Database::open(&settings.database)
        .map(Arc::new)
        .map_err(|error| failed(&settings.database.url, &error))
}

/// Puts the application together over an open database.
///
/// # Errors
/// The system gave no randomness; the database does not answer.
pub(crate) fn application(
    settings: &Settings,
    database: &Arc<Database>,
) -> Result<Arc<App>, Failure> {
    let vault = Vault::new().map_err(app::Error::from)?;
    let store = Arc::clone(database);
    let mut app = App::new(store, Arc::new(vault), Arc::new(SystemClock::new()))?;
    app.keep = settings.keep;
    Ok(Arc::new(app))
}

/// The file of a SQLite URL.
pub(crate) fn file_of(url: &str) -> Option<&Path> {
    url.strip_prefix("sqlite://").map(Path::new)
}

/// Whether a SQLite URL names a file that is there.
///
/// # Errors
/// It does not; says where it looked.
pub(crate) fn exists(url: &str) -> Result<(), Failure> {
    exists_at(url, "setting database.url")
}

/// The same of a URL that came from elsewhere.
///
/// # Errors
/// As [`exists`]; names where the URL came from.
pub(crate) fn exists_at(url: &str, named: &str) -> Result<(), Failure> {
    match file_of(url) {
        Some(path) if !path.exists() => Err(Failure::other(format!(
            "there is no database at {} ({named}); start the server once, run `rolecall migrate`, \
             or name the right file",
            whole(path)
        ))),
        _ => Ok(()),
    }
}

/// A path as it is from the root.
pub(crate) fn whole(path: &Path) -> String {
    let whole = std::path::absolute(path);
    whole
        .unwrap_or_else(|_| path.to_owned())
        .display()
        .to_string()
}

/// Why the database at a URL did not open, as one clear line. Of the URL it shows the path of a file
/// and nothing else.
pub(crate) fn failed(url: &str, error: &OpenError) -> Failure {
    if matches!(error, OpenError::Url) {
        return Failure::Settings(vec![Fault::new(
            "database.url",
            &Origin::Default,
            error.to_string(),
        )]);
    }
    let at = file_of(url).map(|path| format!(" ({})", whole(path)));
    let at = at.unwrap_or_default();
    Failure::other(format!("database.url: {error}{at}{}", causes(error)))
}
