//! The feed, read from its beginning by an application that knows nothing else.

use std::collections::{BTreeMap, BTreeSet};

use app::port::outbox::FeedEvent;
use domain::{Access, RoleKey, State, UserId};
use serde_json::Value;

use super::play::Played;

/// What an application knows of a user.
#[derive(Clone, Debug, PartialEq)]
struct Known {
    state: State,
    role: Option<RoleKey>,
    seat: bool,
    sees_all: bool,
    workspaces: BTreeSet<String>,
    projects: BTreeMap<String, String>,
}

/// Numbers without a gap, sides that fit, and in the end the access that the model has.
pub(super) fn check(played: &Played) -> Result<(), String> {
    let read = played.site.read(|tx| Ok(tx.feed(0, 1_000_000)?.events));
    let events = read.map_err(|error| error.to_string())?;
    let mut known: BTreeMap<UserId, Known> = BTreeMap::new();
    for (event, seq) in events.iter().zip(1..) {
        if event.seq != seq {
            return Err(format!("the feed has a gap: {seq} is missing"));
        }
        apply(&mut known, event).map_err(|why| format!("{why} in {event:?}"))?;
    }
    let expected: BTreeMap<UserId, Known> = played
        .expected
        .iter()
        .map(|(id, access)| (*id, Known::of(access)))
        .collect();
    if known == expected {
        return Ok(());
    }
    Err(format!("the feed tells {known:#?}, expected {expected:#?}"))
}

impl Known {
    fn of(access: &Access) -> Known {
        Known {
            state: access.state,
            role: access.role.clone(),
            seat: access.seat,
            sees_all: access.sees_all,
            workspaces: access.workspaces.keys().map(ToString::to_string).collect(),
            projects: access
                .projects
                .iter()
                .map(|(project, role)| (project.to_string(), role.to_string()))
                .collect(),
        }
    }
}

fn apply(known: &mut BTreeMap<UserId, Known>, event: &FeedEvent) -> Result<(), String> {
    let (before, after) = (&event.body["before"], &event.body["after"]);
    let user = || {
        event
            .subject
            .parse::<UserId>()
            .map_err(|error| error.to_string())
    };
    match event.kind.as_str() {
        "user.removed" => {
            let was = known.remove(&user()?).ok_or("nobody")?;
            fits(&was.state.as_str(), &before["state"])?;
            let rest = was.role.is_none() && was.workspaces.is_empty() && was.projects.is_empty();
            fits(&rest, &Value::Bool(true))
        }
        "user.activated" | "user.deactivated" | "user.reactivated" | "user.invited" => {
            let (state, seat) = (state(after)?, flag(after, "seat")?);
            let new = Known {
                state,
                role: None,
                seat,
                sees_all: false,
                workspaces: BTreeSet::new(),
                projects: BTreeMap::new(),
            };
            if let Some(now) = known.get_mut(&user()?) {
                fits(&now.state.as_str(), &before["state"])?;
                (now.state, now.seat) = (state, seat);
            } else {
                fits(&Value::Null, before)?;
                known.insert(user()?, new);
            }
            Ok(())
        }
        "role.granted" | "role.changed" | "role.revoked" => {
            let now = known.get_mut(&user()?).ok_or("nobody")?;
            fits(&now.role.as_ref().map(RoleKey::as_str), &before["role"])?;
            let role = after["role"].as_str().map(RoleKey::new).transpose();
            now.role = role.map_err(|error| error.to_string())?;
            let given = now.role.is_some();
            now.seat = given && flag(after, "seat")?;
            now.sees_all = given && flag(after, "sees_all")?;
            Ok(())
        }
        kind => place(known, kind, event),
    }
}

/// Memberships and project roles.
fn place(known: &mut BTreeMap<UserId, Known>, kind: &str, event: &FeedEvent) -> Result<(), String> {
    if !kind.starts_with("workspace.") && !kind.starts_with("project.") {
        return Ok(());
    }
    let subject = &event.body["subject"];
    let id = |name: &str| subject[name].as_str().unwrap_or_default().to_owned();
    let user = id("user").parse::<UserId>();
    let user = user.map_err(|error| error.to_string())?;
    let now = known.get_mut(&user).ok_or("nobody")?;
    match kind {
        "workspace.member_added" => fits(&now.workspaces.insert(id("workspace")), &true.into()),
        "workspace.member_removed" => fits(&now.workspaces.remove(&id("workspace")), &true.into()),
        _ => {
            let before = &event.body["before"]["role"];
            fits(&now.projects.get(&id("project")), before)?;
            match event.body["after"]["role"].as_str() {
                Some(role) => now.projects.insert(id("project"), role.to_owned()),
                None => now.projects.remove(&id("project")),
            };
            Ok(())
        }
    }
}

fn state(side: &Value) -> Result<State, String> {
    let word = side["state"].as_str().ok_or("no state")?;
    word.parse().map_err(|_| "an unknown state".to_owned())
}

fn flag(side: &Value, name: &str) -> Result<bool, String> {
    side[name].as_bool().ok_or_else(|| format!("no {name}"))
}

/// The side of the event that tells how it was.
fn fits(known: &impl serde::Serialize, told: &Value) -> Result<(), String> {
    let known = serde_json::to_value(known).map_err(|error| error.to_string())?;
    if known == *told {
        return Ok(());
    }
    Err(format!("before was {known}"))
}
