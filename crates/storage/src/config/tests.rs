//! Which URLs are understood.

use super::Address;

fn check(url: &str, expected: Option<&str>) {
    let told = Address::parse(url).ok().map(|address| match address {
        Address::Sqlite(path) => format!("file {}", path.display()),
        Address::Postgres(url) => format!("server {url}"),
    });
    assert_eq!(told.as_deref(), expected, "{url}");
}

#[test]
fn the_scheme_decides() {
    check("sqlite://rolecall.db", Some("file rolecall.db"));
    check("sqlite:///var/lib/r.db", Some("file /var/lib/r.db"));
    check("sqlite://file:x", Some("file ./file:x"));
    check("postgres://h/db", Some("server postgres://h/db"));
    check("postgresql://h/db", Some("server postgresql://h/db"));
    check("sqlite://", None);
    check("sqlite::memory:", None);
    check("sqlite://:memory:", None);
    check("sqlite://a.db?mode=ro", None);
    check("mysql://h/db", None);
    check("rolecall.db", None);
    check("", None);
}

#[test]
fn a_refusal_says_what_is_right_and_repeats_nothing() {
    let said = Address::parse("mysql://u:secret@h/db").map_err(|error| error.to_string());
    let Err(said) = said else {
        panic!("an unknown scheme was accepted");
    };
    assert!(
        said.contains("sqlite://") && said.contains("postgres://"),
        "{said}"
    );
    assert!(!said.contains("secret"), "{said}");
}
