use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{Mapped, ledger::State, scim};
use crate::support::{Client, Server};

/// A user as the server has it.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) state: State,
    /// As the application reads it.
    pub(crate) role: String,
}

/// Everybody, by userName: from the users, the group and the read plane.
pub(crate) fn around(server: &Server, mapped: &Mapped) -> BTreeMap<String, Found> {
    let scim = scim(server, mapped);
    let members = members(&scim, &mapped.group);
    let admin = server.client("/api/v1/orgs/acme", &mapped.admin_token);
    let mut roles = roles(&admin);
    let users = users(&scim);
    let ids: BTreeSet<&str> = users.iter().map(|user| text(user, "id")).collect();
    for member in &members {
        assert!(
            ids.contains(member.as_str()),
            "a member of the group is no user"
        );
    }
    assert_eq!(
        roles.len(),
        users.len(),
        "users and access rows differ in number"
    );
    users
        .iter()
        .map(|user| {
            let id = text(user, "id");
            let state = State {
                title: text(user, "title").parse().unwrap(),
                member: members.contains(id),
            };
            assert_eq!(user["emails"][0]["value"], user["userName"], "half a user");
            let role = roles.remove(id).expect("a user has access");
            (text(user, "userName").to_owned(), Found { state, role })
        })
        .collect()
}

/// Asserts that the feed has every number once and in order, and returns the roles that follow
/// from its events alone, as an application that only listens has them.
pub(crate) fn roles_by_feed(admin: &Client) -> BTreeMap<String, String> {
    let mut roles = BTreeMap::new();
    let mut seq = 0;
    loop {
        let page = admin.get(&format!("/events?after={seq}&limit=500"));
        for event in page["items"].as_array().unwrap() {
            seq += 1;
            assert_eq!(event["seq"], seq, "the feed has a gap");
            let user = || text(&event["subject"], "user").to_owned();
            match text(event, "type") {
                "role.granted" | "role.changed" => {
                    roles.insert(user(), text(&event["after"], "role").to_owned());
                }
                "role.revoked" | "user.removed" => {
                    roles.remove(&user());
                }
                _ => {}
            }
        }
        if page["next_cursor"].is_null() {
            return roles;
        }
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} is missing in {value}"))
}

fn members(scim: &Client, group: &str) -> BTreeSet<String> {
    let group = scim.get(&format!("/Groups/{group}"));
    let members = group["members"].as_array().cloned().unwrap_or_default();
    members
        .iter()
        .map(|member| text(member, "value").to_owned())
        .collect()
}

fn users(scim: &Client) -> Vec<Value> {
    let mut users = Vec::new();
    loop {
        let page = scim.get(&format!("/Users?startIndex={}&count=200", users.len() + 1));
        let found = page["Resources"].as_array().cloned().unwrap_or_default();
        if found.is_empty() {
            assert_eq!(
                page["totalResults"],
                users.len(),
                "the pages are not the whole"
            );
            return users;
        }
        users.extend(found);
    }
}

pub(crate) fn roles(admin: &Client) -> BTreeMap<String, String> {
    let mut roles = BTreeMap::new();
    let mut path = "/access?limit=200".to_owned();
    loop {
        let page = admin.get(&path);
        for item in page["items"].as_array().unwrap() {
            let role = item["role"]["key"].as_str().unwrap_or("-").to_owned();
            roles.insert(text(&item["user"], "id").to_owned(), role);
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => path = format!("/access?limit=200&cursor={cursor}"),
            None => return roles,
        }
    }
}
