//! Groups: from a resource to a row and its keys, and back to an answer.

use domain::GroupId;
use scim::{Kind, Resource, etag::Tag, fold};
use serde_json::Value;

use super::{Links, text};
use crate::{
    port::{
        Millis,
        groups::{GroupRow, GroupWrite, Member, MemberKind},
    },
    version,
};

/// A group ready to be stored.
pub fn group_write(
    id: GroupId,
    version: i64,
    created: Millis,
    modified: Millis,
    resource: &Resource,
) -> GroupWrite {
    let display_name = resource.display_name().unwrap_or_default().to_owned();
    GroupWrite {
        name_key: fold::key(&display_name),
        external_id: resource.external_id().map(str::to_owned),
        row: GroupRow {
            id,
            display_name,
            version,
            created,
            modified,
            document: text::document(id.0, resource),
        },
    }
}

/// A group as answered. `members` is none where the client does not want them read.
pub fn group_json(row: &GroupRow, members: Option<&[Member]>, links: &Links) -> String {
    let room = 320 + members.map_or(0, |members| members.len() * 190);
    let mut out = text::open(&row.document, room);
    if let Some(members) = members {
        push_members(&mut out, members, links);
    }
    text::close_with_meta(
        &mut out,
        Kind::Group.name(),
        &links.group(row.id.0),
        group_tag(row),
        row.created,
        row.modified,
    );
    out
}

/// The group's entity tag: its version moves with its members too.
pub fn group_tag(row: &GroupRow) -> Tag {
    version::etag(row.version).into()
}

fn push_members(out: &mut String, members: &[Member], links: &Links) {
    out.push_str(",\"members\":[");
    for (place, member) in members.iter().enumerate() {
        if place > 0 {
            out.push(',');
        }
        let (kind, link) = match member.kind {
            MemberKind::User => ("User", links.user(member.id)),
            MemberKind::Group => ("Group", links.group(member.id)),
        };
        out.push_str("{\"value\":\"");
        out.push_str(&member.id.to_string());
        out.push_str("\",\"$ref\":");
        text::push_text(out, &link);
        out.push_str(",\"type\":\"");
        out.push_str(kind);
        out.push_str("\",\"display\":");
        text::push_text(out, &member.display);
        out.push('}');
    }
    out.push(']');
}

/// A group as [`scim::filter::Filter::matches`] wants to see it.
pub fn group_for_filter(row: &GroupRow, members: &[Member]) -> Value {
    serde_json::from_str(&group_json(row, Some(members), &Links::new(""))).unwrap_or(Value::Null)
}
