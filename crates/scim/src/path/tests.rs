#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;

use super::{Miss, Target};
use crate::registry::Registry;
use crate::schema::Kind;

#[track_caller]
fn check(kind: Kind, text: &str, expected: Result<&str, Miss>) {
    let found = Target::resolve(&Registry::core(), kind, text);
    let shown = found.map(|target| target.to_string());
    assert_eq!(shown, expected.map(String::from), "{text}");
}

#[test]
fn paths_resolve_to_canonical_names() {
    let cases = [
        ("userName", "userName"),
        ("USERNAME", "userName"),
        ("name.FamilyName", "name.familyName"),
        ("emails.$REF", ""),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:name.givenName",
            "name.givenName",
        ),
        ("URN:IETF:params:scim:schemas:core:2.0:user:Title", "title"),
        (
            "urn:ietf:params:scim:schemas:core:2.0:User:externalId",
            "externalId",
        ),
        ("meta.lastmodified", "meta.lastModified"),
        (
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.$ref",
        ),
        (
            "department",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department",
        ),
    ];
    for (text, shown) in cases {
        let expected = if shown.is_empty() {
            Err(Miss::Unknown)
        } else {
            Ok(shown)
        };
        check(Kind::User, text, expected);
    }
    check(Kind::Group, "members.value", Ok("members.value"));
    check(Kind::Group, "userName", Err(Miss::Unknown));
}

#[test]
fn what_is_no_path_is_told_from_what_is_not_known() {
    use Miss::{Malformed, Unknown};
    let cases = [
        ("", Malformed),
        (".", Malformed),
        ("a..b", Malformed),
        ("name.", Malformed),
        (".value", Malformed),
        ("schemas[0]", Malformed),
        ("__proto__", Malformed),
        ("name.givenName.x", Malformed),
        ("user name", Malformed),
        ("urn:ietf:params:scim:schemas:core:2.0:User:a..b", Malformed),
        ("urn:ietf:params:scim:schemas:core:2.0:User:", Malformed),
        (":userName", Malformed),
        ("constructor", Unknown),
        ("userName.x", Unknown),
        ("name.x", Unknown),
        ("urn:acme:2.0:User:tag", Unknown),
        ("urn:acme:2.0", Unknown),
        (
            "http://schemas.example.com/2006/11/ADSCIM/2.0/Group",
            Unknown,
        ),
        ("urn:ietf:params:scim:schemas:core:2.0:User", Unknown),
        (
            "urn:ietf:params:scim:schemas:core:2.0:Group:members",
            Unknown,
        ),
    ];
    for (text, miss) in cases {
        check(Kind::User, text, Err(miss));
    }
}

proptest! {
    #[test]
    fn resolving_never_panics_and_is_stable(text in "[a-zA-Z:.$ \\[\\]0-9_é-]{0,40}") {
        let registry = Registry::core();
        if let Ok(target) = Target::resolve(&registry, Kind::User, &text) {
            let again = Target::resolve(&registry, Kind::User, &target.to_string()).unwrap();
            prop_assert_eq!(again, target);
        }
    }
}
