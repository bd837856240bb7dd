use std::{io, sync::mpsc::Sender};

use serde_json::json;

use super::ledger::{Ledger, Op};
use crate::support::{Client, patch, user};

/// What is done with one user after the other.
const PLANS: &[&[Op]] = &[
    &[Op::Create, Op::Join, Op::Title(1)],
    &[Op::Create, Op::Title(2), Op::Join, Op::Leave],
    &[Op::Create, Op::Join, Op::Delete],
    &[
        Op::Create,
        Op::Join,
        Op::Leave,
        Op::Join,
        Op::Title(3),
        Op::Title(4),
    ],
];

/// Writes until no answer comes any more.
pub(crate) fn write(
    client: &Client,
    group: &str,
    prefix: &str,
    acknowledge: &Sender<()>,
) -> Ledger {
    let mut ledger = Ledger::default();
    for number in 0.. {
        let name = format!("{prefix}n{number}@example.com");
        let mut id = String::new();
        for op in PLANS[number % PLANS.len()] {
            ledger.intend(&name, *op);
            match send(client, group, &name, &id, *op) {
                Ok(made) => {
                    id = made.unwrap_or(id);
                    ledger.acknowledge(&name);
                    // Nobody counts any more once the server is gone.
                    let _ = acknowledge.send(());
                }
                Err(_) => return ledger,
            }
        }
    }
    ledger
}

/// Sends a write. The id of a user just made; an error where no answer came.
fn send(client: &Client, group: &str, name: &str, id: &str, op: Op) -> io::Result<Option<String>> {
    let path = format!("/Users/{id}");
    let members = format!("/Groups/{group}");
    let change = |operation| Some(patch(operation));
    let (method, path, body) = match op {
        Op::Create => ("POST", "/Users", Some(titled(name, 0))),
        Op::Title(title) => {
            let value = title.to_string();
            let operation = json!({"op": "replace", "path": "title", "value": value});
            ("PATCH", path.as_str(), change(operation))
        }
        Op::Join => {
            let operation = json!({"op": "add", "path": "members", "value": [{"value": id}]});
            ("PATCH", members.as_str(), change(operation))
        }
        Op::Leave => {
            let one = format!("members[value eq \"{id}\"]");
            (
                "PATCH",
                members.as_str(),
                change(json!({"op": "remove", "path": one})),
            )
        }
        Op::Delete => ("DELETE", path.as_str(), None),
    };
    let answer = client.send(method, path, body.as_ref())?;
    let text = String::from_utf8_lossy(&answer.body);
    assert!(
        (200..300).contains(&answer.status),
        "{op:?}: {} {text}",
        answer.status
    );
    let made = matches!(op, Op::Create).then(|| {
        let made: serde_json::Value = serde_json::from_slice(&answer.body).unwrap();
        made["id"].as_str().unwrap().to_owned()
    });
    Ok(made)
}

fn titled(name: &str, title: u32) -> serde_json::Value {
    let mut user = user(name);
    user["title"] = json!(title.to_string());
    user
}
