//! What somebody with a key of one organization might try, as numbered cases. What a key alone may
//! do is in `auth`; what takes a real connection is in `replay`.

mod bodies;
mod bulk;
mod floods;
mod heads;
mod identity;
mod isolation;
mod keys;
mod patches;
mod queries;
mod roles;
mod text;

use serde_json::{Value, json};

use crate::world::World;

const NOBODY: &str = "00000000-0000-7000-8000-000000000000";

async fn access(world: &World, user: &str) -> Value {
    let line = format!("GET /users/{user}/access");
    let answer = world.admin(&line).send().await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    answer.json()
}

async fn role(world: &World, user: &str) -> Value {
    access(world, user).await["role"]["key"].clone()
}

async fn policy(world: &World, key: &str, value: &str) {
    let body = json!({ "policies": { key: value } });
    let answer = world.admin("PATCH /settings").body(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

/// Gives a role by hand.
async fn grant(world: &World, user: &str, role: &str) {
    let body = json!({ "role": role, "kind": "floor" });
    let line = format!("PUT /users/{user}/grants");
    let answer = world.admin(&line).body(&body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
}

async fn feed(world: &World) -> Vec<Value> {
    let answer = world.admin("GET /events?limit=1000").send().await;
    answer.json()["items"].as_array().unwrap().clone()
}

/// Whether an event of this type was told.
async fn told(world: &World, kind: &str) -> bool {
    feed(world).await.iter().any(|event| event["type"] == kind)
}

fn patch(op: &str, path: &str, value: Value) -> Value {
    let mut operation = json!({ "op": op, "path": path });
    if !value.is_null() {
        operation["value"] = value;
    }
    json!({ "Operations": [operation] })
}

/// Sends a PATCH that has to work.
async fn change(world: &World, resource: &str, body: &Value) {
    let answer = world.scim(&format!("PATCH {resource}")).body(body).await;
    let good = (200..300).contains(&answer.status);
    assert!(good, "{resource} {body}: {} {}", answer.status, answer.text);
}

/// A text as part of a URL.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let written = |byte: u8| {
        if plain(byte) {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(written).collect()
}
