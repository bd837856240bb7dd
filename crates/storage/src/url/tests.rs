//! Which URLs are taken, and what is told of one that leads nowhere.

use super::{check_url, told};

#[track_caller]
fn check(url: &str, says: Option<&str>) {
    match (check_url(url), says) {
        (Ok(()), None) => {}
        (Err(found), Some(says)) => assert!(found.contains(says), "{url}: {found}"),
        (found, _) => panic!("{url}: {found:?}"),
    }
}

#[test]
fn a_url_has_its_parts_told_apart() {
    for good in [
        "sqlite://rolecall.db",
        "sqlite:///a folder/rolecall.db",
        "postgres://h/db",
        "postgresql://u:p%20w%40@h:5432/db?sslmode=require",
        "postgres://u@h1:5432,h2,h3:1/db",
        "postgres://u@[::1]:5432/db",
        "postgres://u@[::1]/db",
        "postgres://u@%2Fvar%2Frun/db",
        "postgres:///db?host=/var/run&port=5433",
        "postgres://u:p@h:/db",
    ] {
        check(good, None);
    }
    for wrong in [
        "sqlite://",
        "sqlite://a?b",
        "mysql://h/db",
        "",
        "postgres://",
    ] {
        check(wrong, Some("postgres://USER"));
    }
    for wrong in [
        "postgres://u:a/b@h/x",
        "postgres://u:a@b@h/x",
        "postgres://u:50%@h/x",
    ] {
        check(wrong, Some("%40"));
    }
    for wrong in [
        "postgres://u:super secret@h/x",
        "postgres://h/x\n",
        "postgres://h/a\tb",
    ] {
        check(wrong, Some("%20"));
    }
    for wrong in [
        "postgres://u:secret",
        "postgres://u:secret/x",
        "postgres://u:p@h:secret/x",
        "postgres://u:p@h1:1,h2:secret/x",
        "postgres://u@[::1]:x/db",
        "postgres://h:0/x",
        "postgres://h:65536/x",
        "postgres://h/x?port=secret",
    ] {
        check(wrong, Some("port"));
    }
}

#[test]
fn words_about_the_url_are_not_told_and_those_of_the_server_without_the_password() {
    let check = |url: &str, words: &str, shown: &str| assert_eq!(told(url, words), shown);
    for words in [
        "unexpected spaces found in \"super secret\", use percent-encoded spaces (%20) instead\n",
        "invalid integer value \"secret\" for connection option \"port\"\n",
        "invalid sslmode value: \"secret\"",
    ] {
        let shown = told("postgres://u:secret@h/x", words);
        assert!(
            !shown.contains("secret") && shown.contains("URL"),
            "{shown}"
        );
    }
    check(
        "postgres://u:p%20w@h/x",
        "connection to server at \"h\", port 5432 failed: no \"p w\" here\n",
        "connection to server at \"h\", port 5432 failed: no \"***\" here",
    );
    check(
        "postgres://h/x?sslpassword=abc",
        "could not translate host name \"abc\" to address",
        "could not translate host name \"***\" to address",
    );
    check(
        "postgres://h/x",
        "connection to server at \"h\" failed: FATAL:  the database system is starting up",
        "connection to server at \"h\" failed: FATAL:  the database system is starting up",
    );
}
