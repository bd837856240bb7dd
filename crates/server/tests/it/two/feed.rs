//! The feed of two servers that both write.

use serde_json::{Value, json};

use super::{Pair, at_once, rounds};
use crate::support::{Client, patch};

const WRITERS: usize = 4;

/// Everything from a number on until an event is found; long polls, as an application does.
fn follow_until(app: &Client, last: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut events: Vec<Value> = Vec::new();
    while !events.last().is_some_and(&last) {
        let after = events
            .last()
            .map_or(0, |event| event["seq"].as_u64().unwrap());
        let page = app.get(&format!("/events?after={after}&limit=50&wait=20"));
        let items = page["items"].as_array().unwrap();
        for event in items {
            events.push(event.clone());
            if last(event) {
                break;
            }
        }
    }
    events
}

/// Both followers read while both servers write: the same events under the same numbers, none left
/// out, none moved once it was told, and each user's in the order in which they happened.
#[test]
fn the_feed_has_no_gap_and_one_order_at_both_servers() {
    let Some(pair) = Pair::start() else { return };
    let each = 4 * rounds();
    let end = pair.idp(0).add_user("end@example.com");
    let is_end = |event: &Value| {
        event["type"] == "user.deactivated" && event["subject"]["user"] == end.as_str()
    };
    let (made, told) = std::thread::scope(|scope| {
        let followers: Vec<_> = (0..2)
            .map(|side| {
                let (app, is_end) = (pair.app(side), &is_end);
                scope.spawn(move || follow_until(&app, is_end))
            })
            .collect();
        let made: Vec<String> = at_once(WRITERS, |writer| {
            let idp = pair.idp(writer);
            (0..each)
                .map(|number| {
                    let id = idp.add_user(&format!("user{writer}-{number}@example.com"));
                    // The other server changes what this one has just made.
                    set_active(&pair.idp(writer + 1), &id, false);
                    set_active(&idp, &id, true);
                    id
                })
                .collect::<Vec<_>>()
        })
        .concat();
        set_active(&pair.idp(1), &end, false);
        let told: Vec<_> = followers
            .into_iter()
            .map(|follower| follower.join().unwrap())
            .collect();
        (made, told)
    });
    assert_eq!(told[0], told[1]);
    let seqs: Vec<u64> = told[0]
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    assert_eq!(seqs, (1..=seqs.len() as u64).collect::<Vec<_>>());
    for user in &made {
        let kinds: Vec<&str> = told[0]
            .iter()
            .filter(|event| event["subject"]["user"] == user.as_str())
            .map(|event| event["type"].as_str().unwrap())
            .filter(|kind| kind.starts_with("user.") && *kind != "user.updated")
            .collect();
        let expected = ["user.activated", "user.deactivated", "user.reactivated"];
        assert_eq!(kinds, expected, "{user}");
    }
    pair.stop();
}

fn set_active(idp: &Client, id: &str, active: bool) {
    let set = json!({"op": "replace", "path": "active", "value": active});
    idp.expect(200, "PATCH", &format!("/Users/{id}"), Some(&patch(set)));
}
