use super::url::with_database;
use super::{contents, fresh_database, required};

#[test]
fn another_database_keeps_everything_else() {
    fn check(url: &str, expected: Result<&str, ()>) {
        let made = with_database(url, "new");
        assert_eq!(made.as_deref().map_err(|_| ()), expected, "{url}");
    }
    check("postgres://u:p@h:1/old", Ok("postgres://u:p@h:1/new"));
    check("postgresql://h", Ok("postgresql://h/new"));
    check(
        "postgres://h/?sslmode=disable",
        Ok("postgres://h/new?sslmode=disable"),
    );
    check("sqlite://file", Err(()));
    check("h:5432/old", Err(()));
}

#[test]
fn each_database_is_new_and_answers() {
    let (Some(one), Some(two)) = (fresh_database(), fresh_database()) else {
        assert!(!required());
        return;
    };
    assert_ne!(one, two);
    let programs = super::Programs::client().map_err(|missing| missing.0);
    let made = programs.map(|programs| {
        programs
            .psql(&one, "CREATE TABLE only_in_one (id int)")
            .and_then(|()| {
                programs.psql(
                    &two,
                    "SELECT 1 / (1 - count(*)) FROM pg_class WHERE relname = 'only_in_one'",
                )
            })
    });
    // The division fails unless the count is 0.
    assert_eq!(made, Ok(Ok(())));
}

#[test]
fn whatever_a_table_holds_can_be_searched() {
    let Some(url) = fresh_database() else {
        assert!(!required());
        return;
    };
    let programs = super::Programs::client().map_err(|missing| missing.0);
    let made = programs.map(|programs| {
        programs
            .psql(&url, "CREATE TABLE one (a text, b bytea)")
            .and_then(|()| {
                programs.psql(
                    &url,
                    "INSERT INTO one VALUES ('in a text', 'in some bytes')",
                )
            })
    });
    assert_eq!(made, Ok(Ok(())));
    let found = String::from_utf8(contents(&url)).unwrap_or_default();
    assert!(
        found.contains("in a text") && found.contains("in some bytes"),
        "{found}"
    );
}
