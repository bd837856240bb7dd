//! Changing the database that a connection URL names.

/// The URL with another database; parameters stay.
pub(super) fn with_database(url: &str, database: &str) -> Result<String, String> {
    let wrong = "TEST_POSTGRES_URL must look like postgres://user:password@host:port/database";
    let (scheme, rest) = url.split_once("://").ok_or(wrong)?;
    if !matches!(scheme, "postgres" | "postgresql") {
        return Err(wrong.to_owned());
    }
    let (before, parameters) = match rest.split_once('?') {
        Some((before, parameters)) => (before, format!("?{parameters}")),
        None => (rest, String::new()),
    };
    let authority = before.split('/').next().unwrap_or_default();
    Ok(format!("{scheme}://{authority}/{database}{parameters}"))
}
