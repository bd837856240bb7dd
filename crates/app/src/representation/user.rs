//! Users: from a resource to a row and its keys, and back to an answer.

use domain::{ManagedBy, RoleClaim, UserId};
use scim::{Kind, Resource, etag::Tag, fold};
use serde_json::Value;

use super::{Links, text};
use crate::{
    port::{
        Millis,
        groups::GroupRef,
        users::{EmailKey, UserKeys, UserRow, UserWrite},
    },
    version,
};

/// A user ready to be stored, managed over SCIM: who makes one by hand says so afterwards.
pub fn user_write(
    id: UserId,
    version: i64,
    created: Millis,
    modified: Millis,
    resource: &Resource,
) -> UserWrite {
    let document = text::document(id.0, resource);
    UserWrite {
        row: UserRow {
            id,
            version,
            created,
            modified,
            managed_by: ManagedBy::Scim,
            document,
        },
        keys: user_keys(resource),
    }
}

/// What a user is matched and resolved by.
pub fn user_keys(resource: &Resource) -> UserKeys {
    UserKeys {
        user_name: fold::key(resource.user_name().unwrap_or_default()),
        external_id: resource.external_id().map(str::to_owned),
        emails: email_keys(resource),
        // Unassigned counts as inactive (D41); a create has filled it in.
        active: resource.active(),
        role_claims: role_claims(resource),
    }
}

/// The folded primary e-mail: the one marked so, or the only one.
pub fn primary_email_key(keys: &UserKeys) -> Option<&str> {
    keys.emails
        .iter()
        .find(|email| email.primary)
        .map(|email| email.key.as_str())
}

fn email_keys(resource: &Resource) -> Vec<EmailKey> {
    let primary = resource.primary_email().map(fold::key);
    let mut keys: Vec<EmailKey> = Vec::new();
    for email in resource.emails() {
        let key = fold::key(email.value);
        let kind = fold::key(email.kind.unwrap_or_default());
        let primary = primary.as_deref() == Some(&key);
        let email = EmailKey { key, kind, primary };
        if !keys.contains(&email) {
            keys.push(email);
        }
    }
    keys
}

fn role_claims(resource: &Resource) -> Vec<RoleClaim> {
    resource
        .roles()
        .map(|role| RoleClaim {
            value: role.value.to_owned(),
            display: role.display.map(str::to_owned),
            primary: role.primary,
        })
        .collect()
}

/// A user as answered: the stored text with `groups` and `meta` spliced in.
pub fn user_json(row: &UserRow, groups: &[GroupRef], links: &Links) -> String {
    let mut out = text::open(&row.document, 320 + groups.len() * 200);
    out.push_str(",\"groups\":[");
    for (place, group) in groups.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        out.push_str("{\"value\":\"");
        text::push_id(&mut out, group.id.0);
        out.push_str("\",\"$ref\":");
        text::push_text(&mut out, &links.group(group.id.0));
        out.push_str(",\"display\":");
        text::push_text(&mut out, &group.display_name);
        out.push_str(",\"type\":\"direct\"}");
    }
    out.push(']');
    text::close_with_meta(
        &mut out,
        Kind::User.name(),
        &links.user(row.id.0),
        user_tag(row, groups),
        row.created,
        row.modified,
    );
    out
}

/// The user's entity tag: its version, and a digest of its groups, so that a 304 never hides a
/// membership (D34).
pub fn user_tag(row: &UserRow, groups: &[GroupRef]) -> Tag {
    let ids: Vec<String> = groups.iter().map(|group| group.id.to_string()).collect();
    version::etag(row.version).with_groups(ids.iter().map(String::as_str))
}

/// A user as [`scim::filter::Filter::matches`] wants to see it. References are relative: filters on
/// `$ref` and `meta.location` compare what follows the base URL.
pub fn user_for_filter(row: &UserRow, groups: &[GroupRef]) -> Value {
    serde_json::from_str(&user_json(row, groups, &Links::new(""))).unwrap_or(Value::Null)
}
