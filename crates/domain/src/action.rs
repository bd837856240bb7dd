//! The one table of audited actions.

use crate::words::words;

macro_rules! actions {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        words! {
            /// What an administrator did.
            pub enum Action { $(#[doc = $doc] $variant = $name,)+ }
        }

        impl Action {
            /// What it says, what its subject is and what its sides hold, in one sentence.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc,)+ }
            }
        }
    };
}

actions! {
    OrgCreated = "org.created",
        "An organization was made; subject: its slug; after: name and preset. In the instance's audit.";
    OrgChanged = "org.changed",
        "An organization has another name; sides: the name.";
    OrgRemoved = "org.removed",
        "An organization was removed with all that was in it; subject: its slug; before: name, preset and the last head of its audit. In the instance's audit.";
    SettingsChanged = "settings.changed",
        "Connection, policies or seat limit changed; sides: what differs.";
    RolesReplaced = "roles.replaced",
        "The role catalog changed; sides: the roles that differ, or all where their order does.";
    SchemaPut = "schema.put",
        "An extension schema was declared, or declared anew; subject: its URN; sides: the declaration.";
    SchemaRemoved = "schema.removed",
        "An extension schema was removed with all data of it; subject: its URN; before: the declaration.";
    MappingReplaced = "mapping.replaced",
        "The mapping changed; sides: the rules that differ.";
    KeyCreated = "key.created",
        "A key was made; subject: its id; after: the key without its secret.";
    KeyRotated = "key.rotated",
        "A key has another secret; subject: its id; sides: the key without its secrets.";
    KeyRevoked = "key.revoked",
        "A key was revoked; subject: its id; sides: the key without its secret.";
    PlaceCreated = "place.created",
        "A workspace or project was made; subject: its path; after: kind and name.";
    PlaceChanged = "place.changed",
        "A workspace or project has another name; subject: its path; sides: kind and name.";
    PlaceRemoved = "place.removed",
        "A workspace or project was removed; subject: its path; before: kind, name and the rules that went.";
    GrantPut = "grant.put",
        "A role or membership was given by hand; subject: the user's id; sides: the grant.";
    GrantRemoved = "grant.removed",
        "A role or membership was taken back by hand; subject: the user's id; before: the grant.";
    UserCreated = "user.created",
        "A user was made by hand; subject: its id; after: names of the attributes.";
    UserRemoved = "user.removed",
        "A user was removed by hand; subject: its id.";
    GroupCreated = "group.created",
        "A group was made by hand; subject: its id; after: its name.";
    GroupRemoved = "group.removed",
        "A group was removed by hand; subject: its id; before: its name.";
    RequestReplayed = "request.replayed",
        "A refused request was sent again; subject: its id; after: the request that it became, and the ids that changed.";
}
