//! The one table of event kinds.

use crate::words::words;

macro_rules! event_kinds {
    ($($variant:ident = $name:literal, $doc:literal;)+) => {
        words! {
            /// What happened.
            pub enum EventKind { $(#[doc = $doc] $variant = $name,)+ }
        }

        impl EventKind {
            /// What it says, and what its sides hold, in one sentence.
            pub const fn doc(self) -> &'static str {
                match self { $(Self::$variant => $doc,)+ }
            }
        }
    };
}

event_kinds! {
    UserInvited = "user.invited",
        "A user waits for the first sign-in; sides: state.";
    UserActivated = "user.activated",
        "A user is active, from creation or from the first sign-in on; sides: state.";
    UserDeactivated = "user.deactivated",
        "A user is deactivated and has nothing; sides: state.";
    UserReactivated = "user.reactivated",
        "A deactivated user is taken back in; sides: state.";
    UserRemoved = "user.removed",
        "A user is gone from the organization, while the account itself is the app's; before: state.";
    UserUpdated = "user.updated",
        "Attributes of a user changed; after: their names.";
    GroupCreated = "group.created",
        "A group was created; after: the group.";
    GroupUpdated = "group.updated",
        "A group was renamed; sides: the group.";
    GroupRemoved = "group.removed",
        "A group is gone; before: the group.";
    RoleGranted = "role.granted",
        "A user without an organization role has one; after: the role.";
    RoleRevoked = "role.revoked",
        "A user has no organization role any more; before: the role.";
    RoleChanged = "role.changed",
        "A user's organization role, or what it brings, is another one; sides: the role.";
    WorkspaceMemberAdded = "workspace.member_added",
        "A user is a member of a workspace; after: where the membership comes from.";
    WorkspaceMemberRemoved = "workspace.member_removed",
        "A user is no member of a workspace any more; before: where the membership came from.";
    ProjectMemberAdded = "project.member_added",
        "A user has a role in a project; after: the role.";
    ProjectMemberRemoved = "project.member_removed",
        "A user has no role of its own in a project any more; before: the role.";
    ProjectRoleChanged = "project.role_changed",
        "A user's role in a project is another one; sides: the role.";
    HoldPlaced = "hold.placed",
        "A user keeps a protected role because nobody else would have it; after: the role.";
    HoldReleased = "hold.released",
        "A hold ended; before: the role.";
    ProtectedRoleVacant = "protected_role.vacant",
        "Nobody active has a protected role any more; sides: nothing.";
    AlarmMassLoss = "alarm.mass_loss",
        "Many users lost their access in a short time; sides: how many are active.";
    RuleBound = "rule.bound",
        "A rule found its group; after: the group.";
    RuleUnbound = "rule.unbound",
        "A rule waits for its group's name again; before: the group.";
    RuleGroupRenamed = "rule.group_renamed",
        "The group of a rule has another name and stays bound; sides: the group.";
    KeyExpiring = "key.expiring",
        "An API key ends within 30, 7 or 1 days; after: the key.";
    SeatOverLimit = "seat.over_limit",
        "More seats are in use than there are; after: both numbers.";
}
