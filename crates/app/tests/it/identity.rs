//! Who counts as the same user or group (D5, D6).

use domain::Preset;
use rolecall_app::Code;
use serde_json::{Value, json};

use crate::script::site;

#[test]
fn d5_group_names_are_unique_ignoring_case() {
    let site = site(Preset::Plain);
    let group = site
        .create_group(json!({"displayName": "Straße"}))
        .unwrap()
        .row
        .id;
    let other = site
        .create_group(json!({"displayName": "Weg"}))
        .unwrap()
        .row
        .id;
    for name in ["Straße", "STRASSE", "straße"] {
        let made = site.create_group(json!({"displayName": name}));
        let ops = json!([{"op": "replace", "path": "displayName", "value": name}]);
        for error in [made.unwrap_err(), site.patch_group(other, ops).unwrap_err()] {
            assert_eq!(error.code(), Code::Taken, "{name}");
            assert!(error.detail().contains("displayName"), "{error:?}");
        }
    }
    let ops = json!([{"op": "replace", "path": "displayName", "value": "STRASSE"}]);
    assert_eq!(
        site.patch_group(group, ops).unwrap().row.display_name,
        "STRASSE"
    );
    assert_eq!(
        site.find_groups("displayName eq \"strasse\"").unwrap(),
        [group]
    );
}

/// Two creations: what the second answers.
fn second(preset: Preset, first: Value, second: Value) -> Option<Code> {
    let site = site(preset);
    site.create_user(first).unwrap();
    site.create_user(second).err().map(|error| error.code())
}

fn named(name: &str) -> Value {
    json!({"userName": name})
}

fn with_email(name: &str, email: &str) -> Value {
    json!({"userName": name, "emails": [{"value": email, "primary": true}]})
}

#[test]
fn d6_user_names_are_unique_by_their_key() {
    let cases = [
        ("ann", "ann", true),
        ("ann", "ANN", true),
        ("ann", "\u{ff41}\u{ff4e}\u{ff4e}", true),
        ("STRASSE", "straße", true),
        ("ann", "anna", false),
        ("ann", "\u{e5}nn", false),
    ];
    for (first, other, taken) in cases {
        let code = second(Preset::Plain, named(first), named(other));
        assert_eq!(code, taken.then_some(Code::Taken), "{first} and {other}");
    }
}

/// D40: 409 comes before 403, so that an identity provider learns whom to link.
#[test]
fn d40_a_taken_name_is_told_before_full_seats() {
    let site = site(Preset::Plain);
    site.create_user(named("ann")).unwrap();
    let full = json!({"seat_limit": 1, "policies": {"when_full": "refuse"}});
    site.patch_settings(full).unwrap();
    for (name, code) in [("ANN", Code::Taken), ("bob", Code::SeatsFull)] {
        let error = site.create_user(named(name)).unwrap_err();
        assert_eq!(error.code(), code, "{name}");
    }
}

#[test]
fn d6_where_users_are_told_apart_by_email_a_primary_email_is_unique() {
    let mail = "ann@example.com";
    let cases = [
        (
            with_email("a", mail),
            with_email("b", "ANN@example.com"),
            Some(Code::Taken),
        ),
        (
            with_email("a", mail),
            with_email("b", "bob@example.com"),
            None,
        ),
        // A missing e-mail is taken from userName, on either side.
        (with_email("a", mail), named(mail), Some(Code::Taken)),
        (named(mail), with_email("b", mail), Some(Code::Taken)),
        (
            with_email(mail, "other@example.com"),
            with_email("b", mail),
            None,
        ),
        // The first is primary where none is marked.
        (
            json!({"userName": "a", "emails": [{"value": "x@example.com"}, {"value": mail}]}),
            with_email("b", mail),
            None,
        ),
    ];
    for (first, other, expected) in cases {
        let code = second(Preset::Datasaur, first.clone(), other.clone());
        assert_eq!(code, expected, "{first} and {other}");
        let anywhere = second(Preset::Plain, first.clone(), other.clone());
        assert_eq!(
            anywhere, None,
            "e-mails are not unique elsewhere: {first} and {other}"
        );
    }
}

#[test]
fn d6_a_look_up_by_user_name_finds_the_primary_email() {
    let mail = "Ann@Example.com";
    let several = json!({"userName": "ann", "emails": [
        {"value": "home@example.com"}, {"value": mail, "primary": true},
    ]});
    let cases = [
        (Preset::Datasaur, with_email("ann", mail), true),
        (Preset::Datasaur, several.clone(), true),
        (
            Preset::Datasaur,
            json!({"userName": "ann", "emails": [{"value": mail}]}),
            true,
        ),
        (
            Preset::Datasaur,
            with_email("ann", "home@example.com"),
            false,
        ),
        (Preset::Plain, with_email("ann", mail), false),
        (Preset::Datasaur, named(mail), true),
        (Preset::Plain, named(mail), true),
    ];
    for (preset, body, found) in cases {
        let site = site(preset);
        site.create_user(body.clone()).unwrap();
        site.create_user(named("somebody else")).unwrap();
        let ids = site.find_users("userName eq \"ann@example.com\"").unwrap();
        assert_eq!(ids.len(), usize::from(found), "{preset}: {body}");
    }
}
