#![expect(clippy::unwrap_used, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{MAX_DEPTH, parse};
use crate::error::ScimType;

fn check_refused(body: &[u8], part_of_detail: &str) {
    let error = parse(body).unwrap_err();
    assert_eq!(
        (error.status, error.scim_type),
        (400, Some(ScimType::InvalidSyntax))
    );
    assert!(
        error.detail.contains(part_of_detail),
        "{} lacks {part_of_detail}",
        error.detail
    );
    assert!(
        !error.detail.contains("secret"),
        "echoes the body: {}",
        error.detail
    );
}

#[test]
fn what_is_refused() {
    check_refused(b"", "needs a JSON body");
    check_refused(b"   ", "EOF");
    check_refused(b"secret", "expected value");
    check_refused(b"{\"secret\":1", "EOF");
    check_refused(b"{} {}", "trailing characters");
    check_refused(br#"{"secret":1,"secret":2}"#, "same name twice");
    check_refused(br#"{"a":{"secret":1,"SECRET":2}}"#, "same name twice");
    check_refused(br#"["secret\u0000"]"#, "NUL");
    check_refused(br#"{"secret\u0000":1}"#, "NUL");
    check_refused(br#"["secret\ud800"]"#, "line 1");
    check_refused(b"[\"secret\xff\"]", "line 1");
    check_refused(b"[1e999]", "out of range");
    check_refused("[".repeat(65).as_bytes(), "64 deep");
    check_refused("[".repeat(1_000_000).as_bytes(), "64 deep");
    check_refused("{\"a\":".repeat(65).as_bytes(), "64 deep");
}

#[test]
fn many_names_are_compared_without_case_as_well() {
    let mut names: Vec<String> = (0..100).map(|n| format!("\"name{n}\":1")).collect();
    names.push("\"NAME7\":1".to_owned());
    check_refused(
        format!("{{{}}}", names.join(",")).as_bytes(),
        "same name twice",
    );
}

#[test]
fn what_is_read() {
    let deep = format!("{}{}", "[".repeat(MAX_DEPTH), "]".repeat(MAX_DEPTH));
    assert!(parse(deep.as_bytes()).is_ok());
    let text =
        r#"{"b":[1,-2,1.5,true,null,"\ud83d\ude00"],"a":{"a":1},"A b":18446744073709551615}"#;
    assert_eq!(
        parse(text.as_bytes()).unwrap(),
        serde_json::from_str::<Value>(text).unwrap()
    );
    let keys: Vec<_> = parse(text.as_bytes())
        .unwrap()
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    assert_eq!(json!(keys), json!(["b", "a", "A b"]), "order is kept");
}

proptest! {
    #[test]
    fn no_body_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&body);
    }

    #[test]
    fn accepted_text_reads_as_serde_json_reads_it(body in "[\\[\\]{}:,\"a-c0-9. ]{0,40}") {
        if let Ok(value) = parse(body.as_bytes()) {
            prop_assert_eq!(value, serde_json::from_str::<Value>(&body).unwrap());
        }
    }
}
