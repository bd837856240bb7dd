//! Who may do what: users' facts, roles, rules, and the access that follows from them.
//!
//! Pure: no I/O, no clock, no randomness. Knows neither SCIM nor JSON documents; the
//! application layer turns resources into facts.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`ids`] | identifiers and short names |
//! | [`role`], [`policy`], [`preset`], [`connection`] | what an organization is made of |
//! | [`mapping`], [`binding`] | rules: the document, and how a rule comes to its group |
//! | [`facts`], [`membership`], [`nesting`], [`mod@managed_by`] | what is known about a user |
//! | [`mod@resolve`], [`last_holder`] | what follows from it, and who keeps a protected role |
//! | [`access`], [`mod@expand`] | what follows, as stored and as read |
//! | [`claims`], [`grants`], [`brake`] | what a request may do, and what raises an alarm |
//! | [`event`], [`action`] | what the feed and the audit say about a change |
//! | [`identity_provider`] | which one a client says it is |
//! | [`key`], [`address`] | the form of API keys, and from where one may be used |
//! | [`text`], [`words`] | suggestions, and enums with one spelling |

pub mod access;
pub mod action;
pub mod address;
pub mod binding;
pub mod brake;
pub mod claims;
pub mod connection;
pub mod event;
pub mod expand;
pub mod facts;
pub mod grants;
pub mod identity_provider;
pub mod ids;
pub mod key;
pub mod last_holder;
pub mod managed_by;
pub mod mapping;
pub mod membership;
pub mod nesting;
pub mod policy;
pub mod preset;
pub mod resolve;
pub mod role;
pub mod text;
pub mod words;

pub use access::{Access, State, WorkspaceVia};
pub use action::Action;
pub use binding::{Binding, BindingChange, group_name_key, names_group};
pub use brake::is_mass_loss;
pub use claims::{UnknownRoleError, check_claims};
pub use connection::{Connection, ConnectionError, Sso, SsoProtocol, UniqueIdentifier};
pub use event::{
    Cause, CauseKind, Detail, Event, EventKind, Subject, access_events, removal_events,
};
pub use expand::{Places, ProjectReach, Reach, Via, expand};
pub use facts::{
    Gives, Grant, GrantKind, MatchedRule, OrgFacts, ProjectRole, RoleClaim, UserFacts,
};
pub use grants::{GrantError, check_grant};
pub use identity_provider::IdentityProvider;
pub use ids::{GroupId, IdError, OrgId, ProjectId, RoleKey, RuleId, Slug, UserId, WorkspaceId};
pub use last_holder::{Holders, Holds, LastHolderError, Origin, holds_role, keep_last_holder};
pub use managed_by::ManagedBy;
pub use mapping::{
    Known, Mapping, MappingError, MappingFault, ProjectPath, RuleSpec, RuleTarget, Rules,
    check_mapping,
};
pub use membership::{Admission, Standing, admit};
pub use nesting::all_groups;
pub use policy::{POLICIES, Policies, PolicyError, PolicyRow};
pub use preset::Preset;
pub use resolve::{
    Candidate, Loss, Reason, Resolution, Scope, Source, StateCause, has_organization_rule, resolve,
};
pub use role::{Catalog, CatalogError, Role};
