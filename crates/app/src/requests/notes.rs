//! What the provisioning log tells of a request: ids and names, never values; of `roles` the
//! entries that name no role, which an administrator has to see to mend them.

use scim::{Incoming, Kind, Patch, Resource, lenient::Leniency};

use crate::{
    list::Entry,
    port::{org::OrgSettings, requests::RequestNotes},
    representation,
    users::UserReply,
};

/// Longest entry of `roles` that is told, in characters, and how many are.
const LONGEST: usize = 100;
const MOST: usize = 100;

/// Of a POST or PUT.
pub fn of_body(org: &OrgSettings, body: &Incoming) -> RequestNotes {
    let mut attributes: Vec<String> = body.resource.attributes.keys().cloned().collect();
    attributes.extend(body.members.as_ref().map(|_| "members".to_owned()));
    attributes.extend(body.cleared.iter().cloned());
    RequestNotes {
        attributes,
        dropped: body.dropped.clone(),
        leniencies: words(&body.leniencies),
        unknown_roles: unknown_roles(org, &body.resource),
        ..RequestNotes::default()
    }
}

/// Of a PATCH.
pub fn of_patch(patch: &Patch) -> RequestNotes {
    let mut attributes: Vec<String> = Vec::new();
    let members = (!patch.members().is_empty()).then(|| "members".to_owned());
    for name in patch.written().chain(members) {
        if !attributes.contains(&name) {
            attributes.push(name);
        }
    }
    RequestNotes {
        attributes,
        dropped: patch.dropped().to_vec(),
        leniencies: words(patch.leniencies()),
        ..RequestNotes::default()
    }
}

/// Adds what a reply tells: what changed, and the mends that were known only when the document was
/// there.
pub fn changed(reply: &Entry, notes: &mut RequestNotes) {
    let (changed, id, mended) = match reply {
        Entry::User(user) => (user.changed, user.row.id.to_string(), &user.leniencies),
        Entry::Group(group) => {
            notes.unknown_members.clone_from(&group.unknown_members);
            let id = group.row.id.to_string();
            (group.changed, id, &group.leniencies)
        }
    };
    notes.changed.extend(changed.then_some(id));
    for word in words(mended) {
        if !notes.leniencies.contains(&word) {
            notes.leniencies.push(word);
        }
    }
}

/// Whether a PATCH writes the attribute `roles` or a part of it.
pub fn writes_roles(notes: &RequestNotes) -> bool {
    let is_roles = |name: &String| name.split('.').next() == Some("roles");
    notes.attributes.iter().any(is_roles)
}

/// The entries of `roles` of a stored user that name no role.
pub fn unknown_roles_of(org: &OrgSettings, reply: &UserReply) -> Vec<String> {
    representation::resource(Kind::User, &reply.row.document)
        .map(|resource| unknown_roles(org, &resource))
        .unwrap_or_default()
}

/// None where the policy does not look at the attribute: then it is data like any other.
fn unknown_roles(org: &OrgSettings, resource: &Resource) -> Vec<String> {
    if !org.facts.policies.roles_attribute {
        return Vec::new();
    }
    let catalog = &org.facts.catalog;
    resource
        .roles()
        .filter(|role| catalog.by_claim(role.value, role.display).is_none())
        .map(|role| role.value.chars().take(LONGEST).collect())
        .take(MOST)
        .collect()
}

fn words(leniencies: &[Leniency]) -> Vec<String> {
    let word = |leniency: &Leniency| leniency.as_str().to_owned();
    leniencies.iter().map(word).collect()
}
