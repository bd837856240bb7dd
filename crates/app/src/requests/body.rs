//! The body of a request as the log keeps it, where the organization has asked for that: without
//! secrets, and not at any length.

use scim::json;
use serde_json::{Map, Value};

use crate::port::requests::KeptBody;

/// Longest body that is kept, in bytes.
pub const LONGEST_BODY: usize = 64 * 1024;
/// What the name of an attribute has in it whose value is a secret, in lower case and without `-` and
/// `_`. An odd word more is taken for one than is meant; none is kept that is one.
const INSIDE: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "secret",
    "token",
    "credential",
];
/// How such a name ends.
const AT_THE_END: &[&str] = &["key", "keys"];
/// Such a name, too short to be looked for in others.
const WHOLE: &[&str] = &["pin", "otp"];
/// No secret, though it looks like one.
const OFFICE: &str = "secretary";

/// A body without its secrets. None for what is not JSON, since nobody can tell what is secret in it,
/// and for what is longer than [`LONGEST_BODY`].
pub fn kept(body: &[u8]) -> Option<KeptBody> {
    if body.len() > LONGEST_BODY {
        return None;
    }
    let mut value = json::parse(body).ok()?;
    let mut removed = Vec::new();
    redact(&mut value, &mut removed);
    removed.sort_unstable();
    removed.dedup();
    Some(KeptBody {
        json: value.to_string(),
        removed,
    })
}

/// Whether what was removed is nothing that would be stored: SCIM passwords never are.
pub(super) fn is_whole(body: &KeptBody) -> bool {
    body.removed.iter().all(|name| name == "password")
}

fn redact(value: &mut Value, removed: &mut Vec<String>) {
    match value {
        Value::Array(items) => {
            items.retain(|item| !is_secret_operation(item, removed));
            for item in items {
                redact(item, removed);
            }
        }
        Value::Object(members) => {
            members.retain(|name, _| !is_secret(name, removed));
            for member in members.values_mut() {
                redact(member, removed);
            }
        }
        _ => {}
    }
}

/// Whether it is an operation of a PATCH whose path speaks of a secret; a filter in it may too.
fn is_secret_operation(item: &Value, removed: &mut Vec<String>) -> bool {
    let Value::Object(members) = item else {
        return false;
    };
    let Some(path) = text_of(members, "path") else {
        return false;
    };
    let (target, filter) = path.split_once('[').unwrap_or((path, ""));
    let mut found = Vec::new();
    for name in names(target) {
        is_secret(name, &mut found);
    }
    if found.is_empty() && names(filter).any(|name| is_secret(name, &mut Vec::new())) {
        // It changes something else than what it speaks of.
        found.push("secret".to_owned());
    }
    let is_one = !found.is_empty();
    removed.append(&mut found);
    is_one
}

fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split(|letter: char| !(letter.is_alphanumeric() || "-_$".contains(letter)))
}

fn text_of<'a>(members: &'a Map<String, Value>, wanted: &str) -> Option<&'a str> {
    let named = members
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
    named.and_then(|(_, value)| value.as_str())
}

/// Whether this is the name of a secret, also with a schema or a parent before it. Its kind of secret
/// is noted, which is no text of the client.
fn is_secret(name: &str, removed: &mut Vec<String>) -> bool {
    let last = name.rsplit([':', '.']).next().unwrap_or(name);
    let plain: String = last
        .chars()
        .filter(|letter| !matches!(letter, '-' | '_'))
        .collect::<String>()
        .to_lowercase();
    let plain = plain.replace(OFFICE, "");
    let inside = INSIDE.iter().find(|part| plain.contains(**part));
    let at_the_end = || AT_THE_END.iter().find(|end| plain.ends_with(**end));
    let whole = || WHOLE.iter().find(|word| plain == **word);
    let Some(kind) = inside.or_else(at_the_end).or_else(whole) else {
        return false;
    };
    // Only the attribute of the standard is never stored; one that is like it may be.
    let noted = match *kind {
        "password" if plain != "password" => "secret",
        kind => kind,
    };
    removed.push(noted.to_owned());
    true
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn check(body: &Value, expected: &Value, removed: &[&str]) {
        let expected = KeptBody {
            json: expected.to_string(),
            removed: texts(removed),
        };
        assert_eq!(kept(body.to_string().as_bytes()), Some(expected));
    }

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|&text| text.to_owned()).collect()
    }

    #[test]
    fn secrets_are_taken_out_wherever_they_stand() {
        check(
            &json!({"userName": "ann", "Password": "x", "title": "Secretary"}),
            &json!({"userName": "ann", "title": "Secretary"}),
            &["password"],
        );
        check(
            &json!({"urn:x:y": {"api_key": "x", "shipping": "dhl", "secretary": "Bo"}}),
            &json!({"urn:x:y": {"shipping": "dhl", "secretary": "Bo"}}),
            &["key"],
        );
        check(
            &json!({"urn:ietf:params:scim:schemas:core:2.0:User:password": "x",
                "oldPassword": "y", "pin": 1, "spin": 2}),
            &json!({"spin": 2}),
            &["password", "pin", "secret"],
        );
    }

    #[test]
    fn a_name_need_not_end_with_the_word() {
        for name in [
            "accessKey",
            "secretKey",
            "apiKeys",
            "recoveryTokens",
            "passwords",
            "passcode",
            "otp",
            "passwordHash",
            "token_value",
            "client-secret",
            "credentials",
        ] {
            let kept = kept(json!({ name: "x" }).to_string().as_bytes());
            let found = kept.map(|kept| (kept.json, kept.removed.len()));
            assert_eq!(found, Some(("{}".to_owned(), 1)), "{name}");
        }
    }

    /// What a filter speaks of is not what is changed: such an operation is missed.
    #[test]
    fn an_operation_that_is_missing_is_told() {
        let path = "urn:x:User:tags[type eq \"password\"].value";
        let body = json!({"Operations": [{"op": "replace", "path": path, "value": "x"}]});
        check(&body, &json!({"Operations": []}), &["secret"]);
    }

    #[test]
    fn operations_on_secrets_go_whole() {
        check(
            &json!({"Operations": [
                {"op": "replace", "Path": "password", "value": "x"},
                {"op": "replace", "path": "title", "value": "Boss"},
                {"op": "add", "value": {"name.password": "x", "nickName": "a"}},
                {"op": "remove", "path": "devices[accessToken eq \"x\"]"},
            ]}),
            &json!({"Operations": [
                {"op": "replace", "path": "title", "value": "Boss"},
                {"op": "add", "value": {"nickName": "a"}},
            ]}),
            &["password", "secret"],
        );
    }

    #[test]
    fn what_cannot_be_read_or_is_long_is_not_kept() {
        assert_eq!(kept(b"{\"password\": \"x\""), None);
        assert_eq!(kept(b""), None);
        let body = |letters: usize| json!({ "t": "x".repeat(letters) }).to_string();
        let least = body(0).len();
        assert!(kept(body(LONGEST_BODY - least).as_bytes()).is_some());
        assert_eq!(kept(body(LONGEST_BODY - least + 1).as_bytes()), None);
    }

    #[test]
    fn only_passwords_are_never_missed() {
        let kept = |removed: &[&str]| KeptBody {
            json: "{}".to_owned(),
            removed: texts(removed),
        };
        assert!(is_whole(&kept(&[])));
        assert!(is_whole(&kept(&["password"])));
        assert!(!is_whole(&kept(&["password", "token"])));
    }
}
