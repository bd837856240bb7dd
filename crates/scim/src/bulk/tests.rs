#![expect(clippy::unwrap_used, reason = "tests")]

mod plan;
mod properties;
mod references;
mod request;
mod response;

use serde_json::{Value, json};

use super::{Bulk, REQUEST_URN};
use crate::mode::Mode;

/// A request of these operations.
fn bulk(operations: Value) -> Bulk {
    Bulk::parse(
        Mode::Strict,
        json!({ "schemas": [REQUEST_URN], "Operations": operations }),
    )
    .unwrap()
}

/// A new user with this name, whose `bulkId` it is; the manager is optional.
fn user(name: &str, manager: Option<&str>) -> Value {
    let mut data = json!({ "userName": name });
    if let Some(manager) = manager {
        data[crate::schema::ENTERPRISE_URN] = json!({ "manager": { "value": manager } });
    }
    json!({ "method": "POST", "path": "/Users", "bulkId": name, "data": data })
}

/// A new group with members, whose `bulkId` is its name.
fn group(name: &str, members: &[&str]) -> Value {
    let members: Vec<Value> = members.iter().map(|id| json!({ "value": id })).collect();
    let data = json!({ "displayName": name, "members": members });
    json!({ "method": "POST", "path": "/Groups", "bulkId": name, "data": data })
}

/// The reference to a `bulkId`.
fn to(name: &str) -> String {
    format!("bulkId:{name}")
}
