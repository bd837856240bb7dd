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

/// Opens the database for a server: makes it where there is none, and brings its schema up to date.
///
/// # Errors
/// One clear sentence that names the setting.
pub(crate) fn migrated(settings: &Settings) -> Result<Arc<Database>, Failure> {
    opened(settings, Database::open(&settings.database))
}

/// Opens the database for a command, which changes no schema: servers of another version may run on
/// it. An empty one would only hide a wrong path.
///
/// # Errors
/// As [`migrated`]; there is no database, or one that wants [`migrated`] first.
pub(crate) fn database(settings: &Settings) -> Result<Arc<Database>, Failure> {
    exists(&settings.database.url)?;
    opened(settings, Database::open_current(&settings.database))
}

fn opened(
    settings: &Settings,
    opened: Result<Database, OpenError>,
) -> Result<Arc<Database>, Failure> {
    opened
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
    if let OpenError::Url(detail) = error {
        return Failure::Settings(vec![Fault::new("database.url", &Origin::Default, *detail)]);
    }
    let at = file_of(url).map(|path| format!(" ({})", whole(path)));
    let at = at.unwrap_or_default();
    Failure::other(format!("database.url: {error}{at}{}", why(error)))
}

/// What the database said, and what mends it; each on a line of its own.
pub(crate) fn why(error: &OpenError) -> String {
    let mend = error.mend().map(|mend| format!("\n  {mend}"));
    causes(error) + &mend.unwrap_or_default()
}
