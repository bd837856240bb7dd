use serde::Deserialize;

use super::*;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read into")]
struct Outer {
    name: String,
    #[serde(default)]
    inner: Option<Inner>,
    #[serde(default)]
    list: Vec<Inner>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only read into")]
struct Inner {
    enabled: bool,
}

#[track_caller]
fn check(text: &str, code: Code, field: &str, says: &str) {
    match body::<Outer>(text.as_bytes()) {
        Err(Error::Coded {
            code: found,
            detail,
            fields,
        }) => {
            assert_eq!(found, code, "{text}");
            assert!(detail.contains(says), "{text}: {detail}");
            let found = fields.first().map_or("", |fault| fault.field.as_str());
            assert_eq!(found, field, "{text}");
        }
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn bodies_that_are_not_right() {
    check("", Code::InvalidBody, "", "JSON body");
    check("[]", Code::InvalidBody, "", "JSON object");
    check("{", Code::InvalidBody, "", "JSON");
    check("{}", Code::InvalidField, "name", "required");
    check(
        r#"{"nmae":"x"}"#,
        Code::UnknownField,
        "nmae",
        "Did you mean name?",
    );
    check(
        r#"{"name":"x","inner":{"enable":true}}"#,
        Code::UnknownField,
        "inner.enable",
        "Did you mean enabled?",
    );
    check(
        r#"{"name":7}"#,
        Code::InvalidField,
        "name",
        "Must be a string.",
    );
    check(
        r#"{"name":"x","inner":{}}"#,
        Code::InvalidField,
        "inner.enabled",
        "required",
    );
    check(
        r#"{"name":"x","list":[{"enabled":"SECRET"}]}"#,
        Code::InvalidField,
        "list[0].enabled",
        "Must be a boolean.",
    );
    check(
        r#"{"name":"x","<b>":1}"#,
        Code::UnknownField,
        "(unreadable name)",
        "fields here are",
    );
}

#[test]
fn parameters() {
    let check = |raw: &str, known: &[&str], says: Option<&str>| {
        let found = check_parameters(&Query::parse(raw), known)
            .err()
            .map(|error| error.detail());
        match (found, says) {
            (None, None) => {}
            (Some(found), Some(says)) => assert!(found.contains(says), "{raw}: {found}"),
            (found, _) => panic!("{raw}: {found:?}"),
        }
    };
    check("", &[], None);
    check("limit=1&cursor=x", &["cursor", "limit"], None);
    check("limt=1", &["cursor", "limit"], Some("Did you mean limit?"));
    check("x=1", &[], Some("There are no query parameters here"));
    let most = format!("cursor={}", "x".repeat(1_024));
    check(&most, &["cursor"], None);
    for wrong in [&format!("{most}x"), "cursor=a%00", "cursor=%C2%85"] {
        check(
            wrong,
            &["cursor"],
            Some("at most 1024 bytes without control"),
        );
    }
}

#[test]
fn limits() {
    let check = |raw: &str, found: Option<u64>| {
        assert_eq!(limit(&Query::parse(raw)).ok(), found, "{raw}");
    };
    check("", Some(100));
    check("limit=1", Some(1));
    check("limit=1000", Some(1000));
    for wrong in ["limit=0", "limit=1001", "limit=-1", "limit=", "limit=x"] {
        check(wrong, None);
    }
}
