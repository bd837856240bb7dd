use serde_json::{Value, json};

use super::{bulk, group, user};
use crate::bulk::Step;

/// The steps: `0` for run, `+0` for begin, `0+` for finish, `!0` for refused.
#[track_caller]
fn check(operations: Value, expected: &str) {
    let steps: Vec<String> = bulk(operations.clone())
        .plan()
        .into_iter()
        .map(|step| match step {
            Step::Run(index) => index.to_string(),
            Step::Begin(index) => format!("+{index}"),
            Step::Finish(index) => format!("{index}+"),
            Step::Refuse(index, _) => format!("!{index}"),
        })
        .collect();
    assert_eq!(steps.join(" "), expected, "{operations}");
}

fn on(method: &str, path: &str, member: &str) -> Value {
    let operation = json!({ "op": "add", "path": "members", "value": [{ "value": member }] });
    json!({ "method": method, "path": path, "data": { "Operations": [operation] } })
}

/// A user with a reference that cannot be added later.
fn hard(name: &str, other: &str) -> Value {
    let data = json!({ "userName": name, "roles": [{ "value": format!("bulkId:{other}") }] });
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": data })
}

#[test]
fn references_decide_the_order_and_nothing_else_does() {
    check(json!([user("a", None), group("g", &["bulkId:a"])]), "0 1");
    check(
        json!([group("g", &["bulkId:a"]), user("a", None), user("b", None)]),
        "1 0 2",
    );
    check(
        json!([
            user("a", None),
            on("DELETE", "/Users/1", "x"),
            user("b", None)
        ]),
        "0 1 2",
    );
    check(
        json!([
            user("a", Some("bulkId:b")),
            user("b", Some("bulkId:c")),
            user("c", None)
        ]),
        "2 1 0",
    );
    check(
        json!([
            on("PATCH", "/Groups/bulkId:g", "bulkId:a"),
            user("a", None),
            group("g", &[])
        ]),
        "1 2 0",
    );
}

#[test]
fn operations_on_one_resource_keep_their_order() {
    check(
        json!([
            on("PATCH", "/Groups/1", "bulkId:a"),
            on("DELETE", "/Groups/2", ""),
            on("DELETE", "/Groups/1", ""),
            user("a", None),
        ]),
        "1 3 0 2",
    );
}

#[test]
fn circles_of_members_and_managers_are_resolved() {
    check(
        json!([group("a", &["bulkId:b"]), group("b", &["bulkId:a"])]),
        "+0 1 0+",
    );
    check(
        json!([user("a", Some("bulkId:b")), user("b", Some("bulkId:a"))]),
        "+0 1 0+",
    );
    check(json!([group("a", &["bulkId:a"])]), "+0 0+");
    check(
        json!([
            group("x", &["bulkId:a"]),
            group("a", &["bulkId:b"]),
            group("b", &["bulkId:a"])
        ]),
        "+1 0 2 1+",
    );
    check(
        json!([hard("a", "b"), group("b", &["bulkId:a"])]),
        "+1 0 1+",
    );
}

#[test]
fn a_change_of_a_new_resource_waits_until_it_is_finished() {
    check(
        json!([
            group("a", &["bulkId:b"]),
            on("PATCH", "/Groups/bulkId:a", "x"),
            group("b", &["bulkId:a"])
        ]),
        "+0 2 0+ 1",
    );
}

#[test]
fn circles_that_cannot_be_resolved_are_refused() {
    check(
        json!([hard("a", "b"), hard("b", "a"), user("c", None)]),
        "!0 !1 2",
    );
    check(json!([hard("a", "a")]), "!0");
    check(
        json!([group("g", &["bulkId:a"]), hard("a", "b"), hard("b", "a")]),
        "!1 0 !2",
    );
    let steps = bulk(json!([hard("a", "a")])).plan();
    let Step::Refuse(_, error) = &steps[0] else {
        panic!("refused");
    };
    assert_eq!(error.status, 409);
}

#[test]
fn what_is_no_operation_keeps_its_place() {
    check(
        json!([
            on("PUT", "/Users/1", "x"),
            { "method": "PUT", "path": "/Users/1" },
            on("DELETE", "/Users/1", "x"),
            "nothing",
        ]),
        "0 !1 2 !3",
    );
}

#[test]
fn a_chain_as_long_as_a_request() {
    let link = |index: usize| user(&index.to_string(), Some(&format!("bulkId:{}", index + 1)));
    let mut chain: Vec<Value> = (0..999).map(link).collect();
    chain.push(user("999", None));
    let order: Vec<usize> = bulk(json!(chain))
        .plan()
        .iter()
        .map(Step::operation)
        .collect();
    assert_eq!(order, (0..1_000).rev().collect::<Vec<_>>());
    chain[999] = user("999", Some("bulkId:0"));
    assert_eq!(bulk(json!(chain)).plan().len(), 1_001);
}
