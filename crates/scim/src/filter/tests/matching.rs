//! Evaluation.

use serde_json::{Value, json};

use super::parse;
use crate::mode::Mode;
use crate::schema::Kind;

fn person() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "Id-1",
        "userName": "Zoë@Example.com",
        "title": "Straße",
        "nickName": "",
        "active": true,
        "name": { "familyName": "Müller", "givenName": "" },
        "emails": [
            { "value": "zoe@work.example", "type": "work", "primary": true },
            { "value": "zoe@home.example", "type": "home" }
        ],
        "roles": [],
        "meta": { "created": "2026-01-02T03:04:05.678Z", "version": "W/\"7\"" },
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "department": "R&D", "manager": { "value": "m1" }
        }
    })
}

#[track_caller]
fn check(text: &str, expected: bool) {
    let filter = parse(Kind::User, Mode::Lenient, text);
    assert_eq!(filter.matches(&person()), expected, "{text}");
}

#[test]
fn text_compares_by_its_key_unless_case_exact() {
    check(r#"userName eq "zoë@example.com""#, true);
    check(r#"userName eq "ZOË@EXAMPLE.COM""#, true);
    check(r#"title eq "STRASSE""#, true);
    check(r#"title co "ass""#, true);
    check(r#"name.familyName sw "mü""#, true);
    check(r#"userName ew ".COM""#, true);
    check(r#"id eq "Id-1""#, true);
    check(r#"id eq "id-1""#, false);
    check(r#"id sw "id""#, false);
    check(r#"manager.value eq "M1""#, false);
    check(
        r#"schemas eq "URN:ietf:params:scim:schemas:core:2.0:user""#,
        true,
    );
    check(r#"title gt "strasa" and title lt "strassf""#, true);
    check(r#"userName eq "x' OR '1'='1""#, false);
    check(r#"title co "%""#, false);
}

#[test]
fn lists_match_when_any_element_does() {
    check(r#"emails eq "ZOE@home.example""#, true);
    check(r#"emails.type eq "home""#, true);
    check(r#"emails ne "zoe@work.example""#, true);
    check(r#"roles ne "admin""#, true);
    check(r#"roles eq "admin""#, false);
    check(r#"not (roles eq "admin")"#, true);
    check(r#"id ne "Id-1""#, false);
    check(r#"locale ne "de""#, true);
}

#[test]
fn an_element_filter_looks_at_one_element() {
    check(r#"emails[type eq "work" and value co "work"]"#, true);
    check(r#"emails[type eq "home" and value co "work"]"#, false);
    check(r#"emails.type eq "home" and emails.value co "work""#, true);
    check(
        r#"emails[type eq "home"].value eq "zoe@work.example""#,
        false,
    );
    check(r#"emails[type eq "home" and primary eq true]"#, false);
    check("emails[not (primary eq true)]", true);
    check(r#"emails[type eq "home" and primary eq false]"#, true);
    check(r#"emails[type eq "home" and primary ne true]"#, true);
    check(r#"emails[type eq "home" and primary pr]"#, false);
    check(r#"emails[type eq "work" and primary eq false]"#, false);
    check("emails.primary eq false", true);
    check("roles.primary eq false", false);
    check("roles.primary ne true", true);
    check("roles[value pr]", false);
    check(r#"name[familyName eq "müller"]"#, true);
    check(r#"schemas[value co "core"]"#, true);
}

#[test]
fn presence_is_having_something() {
    check("title pr", true);
    check("nickName pr", false);
    check("nickName eq null", true);
    check("title ne null", true);
    check("name pr", true);
    check("name.givenName pr", false);
    check("roles pr", false);
    check("emails.primary pr", true);
    check("manager pr", true);
    check("costCenter pr", false);
    check("active pr and active eq true", true);
}

#[test]
fn moments_compare_as_moments() {
    check(r#"meta.created eq "2026-01-02T04:04:05.678+01:00""#, true);
    check(r#"meta.created ge "2026-01-02T03:04:05.678""#, true);
    check(r#"meta.created gt "2026-01-02T03:04:05.678Z""#, false);
    check(r#"meta.created lt "2027-01-01T00:00:00Z""#, true);
}
