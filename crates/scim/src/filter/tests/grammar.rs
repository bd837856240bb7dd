//! What parses, into what, and what is refused.

use super::{parse, refused};
use crate::Filter;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::{Attribute, Kind, Returned, Schema};

#[track_caller]
fn check(mode: Mode, text: &str, canonical: &str) {
    let filter = parse(Kind::User, mode, text);
    assert_eq!(filter.to_string(), canonical, "{text}");
    assert_eq!(parse(Kind::User, Mode::Strict, canonical), filter, "{text}");
}

#[test]
fn the_rfc_grammar_parses_in_both_modes() {
    let cases = [
        (r#"userName eq "bjensen""#, r#"userName eq "bjensen""#),
        (r#"UserName EQ "bjensen""#, r#"userName eq "bjensen""#),
        (r#"userName eq"bjensen""#, r#"userName eq "bjensen""#),
        (
            r#"name.familyName co "O'Malley""#,
            r#"name.familyName co "O'Malley""#,
        ),
        (
            r#"urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J""#,
            r#"userName sw "J""#,
        ),
        ("title pr", "title pr"),
        ("name pr", "name pr"),
        (
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
            r#"meta.lastModified gt "2011-05-13T04:42:34Z""#,
        ),
        (
            r#"meta.created le "2011-05-13T06:42:34.5+02:00""#,
            r#"meta.created le "2011-05-13T04:42:34.5Z""#,
        ),
        (
            r#"title pr and userType eq "a" or active eq true"#,
            r#"title pr and userType eq "a" or active eq true"#,
        ),
        (
            r#"title pr and (userType eq "a" or active eq true)"#,
            r#"title pr and (userType eq "a" or active eq true)"#,
        ),
        ("((title pr))", "title pr"),
        (
            "title pr and (locale pr and active pr)",
            "title pr and locale pr and active pr",
        ),
        ("NOT (title pr)", "not (title pr)"),
        ("not(not (title pr))", "not (not (title pr))"),
        (
            r#"emails co "example.com""#,
            r#"emails.value co "example.com""#,
        ),
        (
            r#"manager eq "5""#,
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value eq \"5\"",
        ),
        (
            r#"emails[type eq "work" and value co "@example.com"]"#,
            r#"emails[type eq "work" and value co "@example.com"]"#,
        ),
        (
            r#"emails[type eq "work"].value eq "x""#,
            r#"emails[type eq "work" and value eq "x"]"#,
        ),
        (
            r#"emails[type eq "work" or primary eq true].Value pr"#,
            r#"emails[(type eq "work" or primary eq true) and value pr]"#,
        ),
        (r#"name[givenName eq "A"]"#, r#"name[givenName eq "A"]"#),
        (r#"schemas eq "urn:a:b""#, r#"schemas eq "urn:a:b""#),
        ("title eq null", "title eq null"),
        ("emails ne null", "emails ne null"),
        (
            r#"displayName eq "a \"b\" \u00e9\\""#,
            r#"displayName eq "a \"b\" é\\""#,
        ),
        (r#"title eq ")] and (""#, r#"title eq ")] and (""#),
        ("\ttitle\n pr ", "title pr"),
    ];
    for (text, canonical) in cases {
        check(Mode::Strict, text, canonical);
        check(Mode::Lenient, text, canonical);
    }
}

#[test]
fn literals_of_identity_providers_parse_when_lenient_only() {
    let cases = [
        (r#"active eq "True""#, "active eq true"),
        ("active eq False", "active eq false"),
        (r#"roles[primary eq "True"]"#, "roles[primary eq true]"),
        (
            "employeeNumber eq 701984",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber eq \"701984\"",
        ),
        (
            "userName eq a.b@example.com",
            r#"userName eq "a.b@example.com""#,
        ),
        (
            "(userName eq a.b@example.com)",
            r#"userName eq "a.b@example.com""#,
        ),
        ("title eq true", r#"title eq "true""#),
    ];
    for (text, canonical) in cases {
        check(Mode::Lenient, text, canonical);
        refused(Kind::User, Mode::Strict, text);
        refused(Kind::User, Mode::Rfc, text);
    }
}

#[test]
fn single_quotes_are_refused_in_every_mode() {
    for text in ["userName eq 'bob'", "userName sw 'bob smith'", "id eq '"] {
        for mode in [Mode::Lenient, Mode::Rfc, Mode::Strict] {
            let told = refused(Kind::User, mode, text);
            assert!(told.ends_with("compare with text in double quotes, not in single ones"));
        }
    }
    check(
        Mode::Lenient,
        "userName eq o'hara",
        r#"userName eq "o'hara""#,
    );
}

#[test]
fn moments_have_no_end() {
    for text in [
        r#"meta.created lt "9999-12-31T23:59:59Z""#,
        r#"meta.created lt "9999-12-31T23:59:59.999999999Z""#,
    ] {
        check(Mode::Strict, text, text);
    }
    let told = refused(
        Kind::User,
        Mode::Strict,
        r#"meta.created lt "2020-06-01T10Z""#,
    );
    assert!(told.contains("2030-01-31T08:00:00Z"), "{told}");
}

#[test]
fn what_the_schema_does_not_allow_is_refused() {
    let cases = [
        "",
        "   ",
        "userName",
        "userName eq",
        "userName regex \"x\"",
        "userName eq \"x",
        "userName eq \"x\\\"",
        "userName eq \"x\" and",
        "userName eq \"x\" userName pr",
        "(userName pr",
        "userName pr)",
        "not userName pr",
        "eq \"x\"",
        "\"userName\" eq \"x\"",
        "favouriteColour eq \"blue\"",
        "members eq \"x\"",
        "password sw \"a\"",
        "key_hash pr",
        "name eq \"x\"",
        "addresses co \"x\"",
        "active eq \"perhaps\"",
        "active gt true",
        "active co true",
        "meta.created eq \"yesterday\"",
        "meta.created gt \"2011-05-13\"",
        "meta.created co \"2011-05-13T04:42:34Z\"",
        "x509Certificates.value gt \"a\"",
        "title gt null",
        "userName eq \"a\\u0000b\"",
        "userName eq \"\\ud800\"",
        "userName[value eq \"x\"]",
        "name.givenName[value eq \"x\"]",
        "emails[]",
        "emails[type eq \"work\"",
        "emails[nothing eq \"x\"]",
        "emails[type eq \"work\"].nothing pr",
        "emails[emails[type eq \"work\"]]",
        "emails[type eq \"work\"].value",
        "schemas[0]",
        "<script>alert(1)</script>",
    ];
    for text in cases {
        let detail = refused(Kind::User, Mode::Strict, text);
        assert!(
            !detail.contains("script") && !detail.contains("regex"),
            "{detail}"
        );
        refused(Kind::User, Mode::Lenient, text);
    }
}

#[test]
fn the_message_says_where_and_what() {
    let cases = [
        (
            "title pr and active eq 5",
            "filter, character 24: active: compare with true or false",
        ),
        (
            "active gt true",
            "filter, character 11: active: the operator gt does not apply to true or false",
        ),
        (
            "(title pr",
            "filter, character 10: expected `and`, `or` or `)`",
        ),
    ];
    for (text, detail) in cases {
        assert_eq!(refused(Kind::User, Mode::Strict, text), detail);
    }
}

#[test]
fn across_types_an_attribute_of_any_of_them_is_known() {
    let registry = Registry::core();
    let across = |text| Filter::parse_across(&registry, &Kind::ALL, Mode::Lenient, text);
    let document = serde_json::json!({ "displayName": "Team", "members": [{ "value": "5" }] });
    for (text, matches) in [
        (r#"displayName eq "team""#, true),
        (r#"userName eq "team""#, false),
        (r#"userName ne "team" and members eq "5""#, true),
    ] {
        assert_eq!(across(text).unwrap().matches(&document), matches, "{text}");
    }
    assert!(across("nothing pr").is_err());
}

#[test]
fn across_types_a_name_with_its_schema_is_about_that_type_only() {
    let registry = Registry::core();
    let across = |text: &str| Filter::parse_across(&registry, &Kind::ALL, Mode::Strict, text);
    let named = |kind: Kind| {
        let meta = serde_json::json!({ "resourceType": kind.name() });
        serde_json::json!({ "displayName": "Team", "meta": meta, "emails": [{ "value": "a" }] })
    };
    let group = "URN:ietf:params:scim:schemas:core:2.0:Group";
    let user = "urn:ietf:params:scim:schemas:core:2.0:User";
    for (text, users, groups) in [
        (format!("{group}:displayName eq \"team\""), false, true),
        (format!("{user}:displayName eq \"team\""), true, false),
        (format!("{group}:displayName pr"), false, true),
        (format!("{group}:displayName ne \"team\""), true, false),
        (format!("{group}:displayName eq null"), true, false),
        (format!("not ({group}:displayName pr)"), true, false),
        (format!("{user}:emails[value eq \"a\"]"), true, false),
        (
            format!("{user}:displayName pr or {group}:displayName pr"),
            true,
            true,
        ),
        ("displayName eq \"team\"".to_owned(), true, true),
    ] {
        let filter = across(&text).unwrap();
        for filter in [across(&filter.to_string()).unwrap(), filter] {
            let found = Kind::ALL.map(|kind| filter.matches(&named(kind)));
            assert_eq!(found, [users, groups], "{text}");
        }
    }
    // With one type there is nothing to tell apart.
    let one = parse(
        Kind::Group,
        Mode::Strict,
        &format!("{group}:displayName pr"),
    );
    assert_eq!(one.to_string(), "displayName pr");
}

#[test]
fn what_must_be_loaded_is_told() {
    let cases = [
        (r#"id eq "1" and not (members eq "2")"#, "members", true),
        (r#"members[value eq "2"]"#, "members", true),
        (
            r#"displayName pr or externalId eq "members""#,
            "members",
            false,
        ),
    ];
    for (text, attribute, expected) in cases {
        let filter = parse(Kind::Group, Mode::Strict, text);
        assert_eq!(filter.mentions(attribute), expected, "{text}");
    }
}

#[test]
fn what_is_never_answered_cannot_be_asked() {
    let registry = Registry::core().with_extension(
        Kind::User,
        Schema {
            id: "urn:example:secrets:1.0".into(),
            name: "Secrets".into(),
            description: "Never answered".into(),
            attributes: vec![Attribute {
                returned: Returned::Never,
                ..Attribute::text("pin", "")
            }],
        },
    );
    for text in [
        "pin sw \"1\"",
        "urn:example:secrets:1.0:pin pr",
        "not (pin eq null)",
    ] {
        let error = Filter::parse(&registry, Kind::User, Mode::Lenient, text).unwrap_err();
        let unknown = refused(Kind::User, Mode::Lenient, &text.replace("pin", "nip"));
        assert_eq!(
            error.detail, unknown,
            "told apart from an unknown name: {text}"
        );
    }
}
