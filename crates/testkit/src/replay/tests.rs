#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::Mutex;

use serde_json::{Value, json};

use super::variables::{Unresolved, Variables};
use super::*;

#[test]
fn every_conversation_loads_and_its_paths_are_paths() {
    let all = all().unwrap();
    assert!(all.len() >= 29, "{}", all.len());
    assert!(all.windows(2).all(|pair| pair[0].file < pair[1].file));
    for scenario in &all {
        for step in &scenario.steps {
            let body = step.expect.get("body").and_then(Value::as_object);
            let asked = body.into_iter().flat_map(|fields| fields.keys());
            for path in asked.chain(step.capture.values()) {
                // Variables inside are replaced before a path is read.
                let path = path.replace("{{", "").replace("}}", "");
                assert!(
                    path::parse(&path).is_ok(),
                    "{} {}: {path}",
                    scenario.file,
                    step.name
                );
            }
        }
    }
}

#[test]
fn a_scenario_that_is_none_is_refused() {
    for text in [
        "",
        "{}",
        r#"{"idp":"x","scenario":"y","steps":[{"name":"z"}]}"#,
    ] {
        assert!(Scenario::load(text).is_err(), "{text}");
    }
}

#[test]
fn paths() {
    let document = json!({
        "id": "7", "nothing": null, "name": {"givenName": "Ann"},
        "emails": [{"type": "home", "value": "h"}, {"type": "work", "value": "w", "primary": true}],
        "schemas": ["a", "b"],
        "urn:x:2.0:User": {"dept": "d"}
    });
    let check = |path: &str, expected: Option<Value>| {
        let got = path::get(Some(&document), path).unwrap();
        assert_eq!(got.map(std::borrow::Cow::into_owned), expected, "{path}");
    };
    check("id", Some(json!("7")));
    check("name.givenName", Some(json!("Ann")));
    check("emails[1].value", Some(json!("w")));
    check("emails[2].value", None);
    check("emails[type=work].value", Some(json!("w")));
    check("emails[primary=true].value", Some(json!("w")));
    check("emails[type=other].value", None);
    check("emails.#", Some(json!(2)));
    check("phones.#", Some(json!(0)));
    check("phones[0].value", None);
    check("nothing", Some(Value::Null));
    check("nothing.deeper", None);
    check("nothing.#", Some(json!(0)));
    check("schemas[=b]", Some(json!("b")));
    check("schemas[=c]", None);
    check("[\"urn:x:2.0:User\"].dept", Some(json!("d")));
    check("", Some(document.clone()));
    for bad in ["a]", "a[", "a[x]", "[\"a"] {
        assert!(path::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn writing_at_a_path() {
    let check = |path: &str, expected: Option<Value>| {
        let mut document = json!({"a": [{"b": 1}], "c": null});
        let written = path::put(&mut document, path, json!("new"));
        assert_eq!(written.ok().map(|()| document), expected, "{path}");
    };
    check("a[0].b", Some(json!({"a": [{"b": "new"}], "c": null})));
    check("c.d", Some(json!({"a": [{"b": 1}], "c": {"d": "new"}})));
    check(
        "[\"x.y\"]",
        Some(json!({"a": [{"b": 1}], "c": null, "x.y": "new"})),
    );
    check("a[1]", None);
    check("a[b=1].b", None);
    check("a.#", None);
}

#[test]
fn expectations() {
    let check = |actual: Option<Value>, want: Value, expected: bool| {
        assert_eq!(
            expect::matches(actual.as_ref(), &want),
            expected,
            "{actual:?} {want}"
        );
    };
    check(Some(json!(1)), json!(1.0), true);
    check(Some(json!(true)), json!(1), false);
    check(Some(json!("1")), json!(1), false);
    check(None, json!(1), false);
    check(Some(json!([1, {"a": 2}])), json!([1.0, {"a": 2}]), true);
    check(Some(json!({"a": 1, "b": 2})), json!({"b": 2, "a": 1}), true);
    check(Some(json!({"a": 1, "b": 2})), json!({"a": 1}), false);
    check(Some(Value::Null), json!("*exists*"), false);
    check(Some(json!("")), json!("*exists*"), true);
    check(None, json!("*absent*"), true);
    check(Some(Value::Null), json!("*absent*"), true);
    check(Some(json!([])), json!("*empty*"), true);
    check(Some(json!(0)), json!("*empty*"), false);
    check(None, json!("*empty*"), true);
    check(Some(json!(3)), json!("*int*"), true);
    check(Some(json!(3.5)), json!("*int*"), false);
    check(Some(json!("3")), json!("*int*"), false);
    check(Some(json!("3")), json!("*string*"), true);
    check(Some(json!(false)), json!("*bool*"), true);
    check(Some(json!([])), json!("*array*"), true);
    check(Some(json!({})), json!("*object*"), true);
    check(Some(json!("b")), json!({"anyOf": ["a", "b"]}), true);
    check(None, json!({"anyOf": ["a", "*absent*"]}), true);
    check(Some(json!("b")), json!({"not": "b"}), false);
    check(None, json!({"not": "b"}), true);
    check(Some(json!(5)), json!({"min": 5}), true);
    check(Some(json!(5)), json!({"max": 4}), false);
    check(Some(json!("5")), json!({"min": 1}), false);
    check(Some(json!("Hello World")), json!({"contains": "o w"}), true);
    check(None, json!({"contains": ""}), false);
    check(Some(json!("ABC")), json!({"ci": "abc"}), true);
    check(Some(json!({"other": 1})), json!({"other": 1}), true);
}

#[test]
fn variables_keep_their_type_where_they_stand_alone() {
    let mut variables = Variables::new("http://h/scim/", "key");
    variables.set("n", json!(5));
    let check = |value: Value, expected: Result<Value, &str>| {
        let expected = expected.map_err(|name| Unresolved(name.to_owned()));
        assert_eq!(variables.substitute(&value), expected);
    };
    check(json!("{{n}}"), Ok(json!(5)));
    check(json!("a{{n}}b{{n}}"), Ok(json!("a5b5")));
    check(json!({"k{{n}}": ["{{n}}"]}), Ok(json!({"k5": [5]})));
    check(json!("{{base}}/x"), Ok(json!("http://h/scim/x")));
    check(json!("{{"), Ok(json!("{{")));
    check(json!("{{a b}}"), Ok(json!("{{a b}}")));
    check(json!("x{{missing}}"), Err("missing"));
    let run = variables.get("run").unwrap().as_str().unwrap().to_owned();
    assert_eq!(run.len(), 8);
    assert_eq!(variables.get("RUN").unwrap(), &json!(run.to_uppercase()));
    assert_ne!(
        variables.get("guid1").unwrap(),
        variables.get("guid9").unwrap()
    );
}

/// Answers from a list, and remembers what it was sent.
struct Recorded {
    answers: Vec<(u16, Value)>,
    sent: Mutex<Vec<Request>>,
}

impl Transport for Recorded {
    fn send(&self, request: &Request) -> std::io::Result<Answer> {
        let mut sent = self.sent.lock().unwrap();
        sent.push(request.clone());
        let (status, body) = self.answers[(sent.len() - 1) % self.answers.len()].clone();
        let headers = [("etag".to_owned(), "W/\"1\"".to_owned())].into();
        Ok(Answer {
            status,
            headers,
            body: body.to_string().into_bytes(),
        })
    }
}

/// Plays these steps against these answers.
fn played(steps: Value, answers: Vec<(u16, Value)>) -> (Report, Vec<Request>) {
    let scenario = json!({"idp": "x", "scenario": "y", "steps": steps}).to_string();
    let server = Recorded {
        answers,
        sent: Mutex::default(),
    };
    let report = Scenario::load(&scenario)
        .unwrap()
        .play(&server, "http://h/scim", "key");
    (report, server.sent.into_inner().unwrap())
}

#[test]
fn problems_of_a_step() {
    let check = |expect: Value, capture: Value, problems: &[&str]| {
        let step = json!([{"name": "s", "request": {"method": "GET", "path": "/Users"},
            "expect": expect, "capture": capture}]);
        let (report, _) = played(step, vec![(200, json!({"id": "7", "n": 1}))]);
        assert_eq!(report.steps[0].problems, problems);
        assert_eq!(report.passed(), problems.is_empty());
    };
    check(
        json!({"status": [200], "body": {"id": "7"}, "headers": {"ETag": "*string*"}}),
        json!({}),
        &[],
    );
    check(
        json!({"status": [201, 204]}),
        json!({}),
        &["status 200, allowed [201,204]"],
    );
    check(
        json!({"body": {"id": "8"}}),
        json!({}),
        &["id: got \"7\", want \"8\""],
    );
    check(
        json!({"body": {"x": "8"}}),
        json!({}),
        &["x: got (absent), want \"8\""],
    );
    check(
        json!({"headers": {"X": "8"}}),
        json!({}),
        &["header X: got (absent), want \"8\""],
    );
    check(
        json!({}),
        json!({"v": "x"}),
        &["nothing to capture for {{v}} at x"],
    );
    check(
        json!({"body": {"id": "{{v}}"}}),
        json!({}),
        &["expectation uses {{v}}, never captured"],
    );
    check(
        json!({"stat": [1]}),
        json!({}),
        &["unknown expectation stat"],
    );
    check(json!({"maxSeconds": 0}), json!({}), &[]);
}

#[test]
fn a_body_is_not_looked_at_in_a_204() {
    let steps = json!([{"name": "s", "request": {"method": "PATCH", "path": "/x"},
        "expect": {"status": [204], "body": {"id": "*exists*"}}}]);
    assert!(played(steps, vec![(204, Value::Null)]).0.passed());
}

#[test]
fn what_is_sent() {
    let steps = json!([
        {"name": "read", "request": {"method": "GET", "path": "/Users?filter=a eq \"ü\""},
         "capture": {"user": "", "n": "n"}},
        {"name": "write", "request": {"method": "PUT", "path": "/Users/{{n}}",
         "headers": {"accept": null, "USER-AGENT": "Okta"}, "bodyFrom": "user",
         "bodySet": {"name.x": "{{n}}"}}},
        {"name": "raw", "request": {"method": "POST", "path": "/x", "rawBody": "{"}},
        {"name": "lost", "request": {"method": "GET", "path": "/{{never}}"}}
    ]);
    let (report, sent) = played(steps, vec![(200, json!({"id": "7", "n": 1}))]);
    assert_eq!(sent[0].path, "/Users?filter=a%20eq%20%22%C3%BC%22");
    assert_eq!(sent[0].headers.len(), 3, "{:?}", sent[0].headers);
    assert_eq!(sent[1].path, "/Users/1");
    assert_eq!(
        sent[1].body.as_deref(),
        Some(r#"{"id":"7","n":1,"name":{"x":1}}"#)
    );
    let headers: Vec<String> = sent[1]
        .headers
        .iter()
        .map(|(n, v)| format!("{n}: {v}"))
        .collect();
    let expected = [
        "Authorization: Bearer key",
        "Content-Type: application/scim+json",
        "USER-AGENT: Okta",
    ];
    assert_eq!(headers, expected);
    assert_eq!(sent[2].body.as_deref(), Some("{"));
    assert_eq!(sent.len(), 3);
    assert_eq!(
        report.steps[3].problems,
        ["variable {{never}} was never captured"]
    );
}

#[test]
fn repeated_steps_are_judged_in_order() {
    for parallel in [1, 4] {
        let steps = json!([{"name": "s", "request": {"method": "GET", "path": "/{{i}}"},
            "expect": {"status": [200]}, "repeat": 20, "parallel": parallel}]);
        let (report, sent) = played(steps, vec![(200, json!({}))]);
        assert!(report.passed(), "{report}");
        let mut paths: Vec<String> = sent.into_iter().map(|request| request.path).collect();
        paths.sort_by_key(|path| path[1..].parse::<u32>().unwrap());
        assert_eq!(paths, (1..=20).map(|i| format!("/{i}")).collect::<Vec<_>>());
    }
}

#[test]
fn a_real_connection() {
    let check = |answer: &'static str, expected: Option<(u16, &str)>| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}/scim/", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (stream, _) = listener.accept().unwrap();
            let mut reader = BufReader::new(stream);
            let mut head = String::new();
            while !head.ends_with("\r\n\r\n") {
                reader.read_line(&mut head).unwrap();
            }
            let mut body = [0; 2];
            reader.read_exact(&mut body).unwrap();
            reader.get_mut().write_all(answer.as_bytes()).unwrap();
            head
        });
        let headers = vec![("X-Own".to_owned(), "1".to_owned())];
        let request = Request {
            method: "POST".into(),
            path: "/Users".into(),
            headers,
            body: Some("{}".into()),
        };
        let got = HttpTransport::new(&base).unwrap().send(&request).ok();
        let got = got.map(|got| (got.status, String::from_utf8(got.body).unwrap()));
        assert_eq!(
            got.as_ref().map(|(status, body)| (*status, body.as_str())),
            expected
        );
        let head = server.join().unwrap();
        assert!(head.starts_with("POST /scim/Users HTTP/1.1\r\n"), "{head}");
        assert!(
            head.contains("X-Own: 1\r\n") && head.contains("Content-Length: 2\r\n"),
            "{head}"
        );
    };
    check(
        "HTTP/1.1 201 Created\r\nContent-Length: 3\r\n\r\nabc",
        Some((201, "abc")),
    );
    check(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1;x\r\nc\r\n0\r\n\r\n",
        Some((200, "abc")),
    );
    check(
        "HTTP/1.1 200 OK\r\n\r\nto the end",
        Some((200, "to the end")),
    );
    check(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n",
        Some((204, "")),
    );
    check("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", None);
    check(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        None,
    );
    check("nonsense\r\n\r\n", None);
    assert!(HttpTransport::new("https://h").is_err());
}
