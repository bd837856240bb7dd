//! PATCH on a list against a naive model of it: a vector of e-mails that is walked by hand.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{ID, document, message, registry};
use crate::mode::Mode;
use crate::patch::Patch;
use crate::schema::Kind;

/// What a client does to its e-mails. Values and types are one letter.
#[derive(Debug, Clone)]
enum Change {
    Add(char, Option<char>, bool),
    Replace(Vec<(char, char)>),
    RemoveAll,
    RemoveType(char),
    RemoveValue(char),
    SetType(char, char),
    TakeType(char),
    MakePrimary(char),
}

#[derive(Debug, Clone, Default)]
struct Mail {
    value: char,
    kind: Option<char>,
    primary: Option<bool>,
}

impl Mail {
    fn json(&self) -> Value {
        let mut mail = json!({ "value": self.value });
        if let Some(kind) = self.kind {
            mail["type"] = json!(kind);
        }
        if let Some(primary) = self.primary {
            mail["primary"] = json!(primary);
        }
        mail
    }
}

fn change() -> impl Strategy<Value = Change> {
    let value = || prop::char::range('a', 'e');
    let kind = || prop::char::range('x', 'z');
    let pairs = prop::collection::vec((value(), kind()), 1..4);
    prop_oneof![
        4 => (value(), prop::option::of(kind()), any::<bool>())
            .prop_map(|(value, kind, primary)| Change::Add(value, kind, primary)),
        1 => pairs.prop_map(Change::Replace),
        1 => Just(Change::RemoveAll),
        2 => kind().prop_map(Change::RemoveType),
        2 => value().prop_map(Change::RemoveValue),
        2 => (value(), kind()).prop_map(|(value, kind)| Change::SetType(value, kind)),
        1 => value().prop_map(Change::TakeType),
        2 => value().prop_map(Change::MakePrimary),
    ]
}

/// The mail of this value, made where there is none.
fn meant(mails: &mut Vec<Mail>, value: char) -> usize {
    if let Some(place) = mails.iter().position(|mail| mail.value == value) {
        return place;
    }
    mails.push(Mail {
        value,
        ..Mail::default()
    });
    mails.len() - 1
}

fn only_primary(mails: &mut [Mail], place: usize) {
    for (other, mail) in mails.iter_mut().enumerate() {
        if other == place {
            mail.primary = Some(true);
        } else if mail.primary == Some(true) {
            mail.primary = Some(false);
        }
    }
}

/// Does the change to the model and tells the operation; none where two mails would have the same
/// value, so that it is plain which one is meant.
fn apply(mails: &mut Vec<Mail>, change: &Change) -> Option<Value> {
    let of = |value: &char| format!("emails[value eq \"{value}\"]");
    Some(match change {
        Change::Add(value, kind, primary) => {
            if mails.iter().any(|mail| mail.value == *value) {
                return None;
            }
            let mail = Mail {
                value: *value,
                kind: *kind,
                primary: primary.then_some(true),
            };
            let sent = mail.json();
            mails.push(mail);
            if *primary {
                let last = mails.len() - 1;
                only_primary(mails, last);
            }
            json!({ "op": "add", "path": "emails", "value": [sent] })
        }
        Change::Replace(pairs) => {
            let mut new: Vec<Mail> = Vec::new();
            for (value, kind) in pairs {
                if new.iter().all(|mail| mail.value != *value) {
                    new.push(Mail {
                        value: *value,
                        kind: Some(*kind),
                        primary: None,
                    });
                }
            }
            *mails = new;
            let sent: Vec<Value> = mails.iter().map(Mail::json).collect();
            json!({ "op": "replace", "path": "emails", "value": sent })
        }
        Change::RemoveAll => {
            mails.clear();
            json!({ "op": "remove", "path": "emails" })
        }
        Change::RemoveType(kind) => {
            mails.retain(|mail| mail.kind != Some(*kind));
            json!({ "op": "remove", "path": format!("emails[type eq \"{kind}\"]") })
        }
        Change::RemoveValue(value) => {
            mails.retain(|mail| mail.value != *value);
            json!({ "op": "remove", "path": of(value) })
        }
        Change::SetType(value, kind) => {
            let place = meant(mails, *value);
            mails[place].kind = Some(*kind);
            json!({ "op": "replace", "path": format!("{}.type", of(value)), "value": kind })
        }
        Change::TakeType(value) => {
            if let Some(mail) = mails.iter_mut().find(|mail| mail.value == *value) {
                mail.kind = None;
            }
            json!({ "op": "remove", "path": format!("{}.type", of(value)) })
        }
        Change::MakePrimary(value) => {
            let place = meant(mails, *value);
            only_primary(mails, place);
            json!({ "op": "add", "path": format!("{}.primary", of(value)), "value": true })
        }
    })
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn lists_do_what_a_vector_does(changes in prop::collection::vec(change(), 1..10)) {
        let mut mails = Vec::new();
        let operations: Vec<Value> =
            changes.iter().filter_map(|change| apply(&mut mails, change)).collect();
        let mut wanted = json!({ "userName": "u" });
        if !mails.is_empty() {
            wanted["emails"] = mails.iter().map(Mail::json).collect();
        }
        let before = document(Kind::User, json!({ "userName": "u" }));
        let body = message(json!(operations));
        let patch = Patch::parse(&registry(), Kind::User, Mode::Lenient, body).unwrap();
        let after = patch.apply(&before, ID).unwrap();
        prop_assert_eq!(Value::Object(after.attributes), wanted, "{}", json!(operations));
    }
}
