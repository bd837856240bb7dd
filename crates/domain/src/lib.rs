//! Who may do what: users' facts, roles, rules, and the access that follows from them.
//!
//! Pure: no I/O, no clock, no randomness. Knows neither SCIM nor JSON documents; the
//! application layer turns resources into facts.
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`ids`] | identifiers and short names |
//! | [`role`], [`policy`], [`preset`], [`connection`] | what an organization is made of |
//! | [`facts`] | what is known about a user |
//! | [`access`] | what follows from it, as stored |
//! | [`key`] | the form of API keys |
//! | [`text`], [`words`] | suggestions, and enums with one spelling |

pub mod access;
pub mod connection;
pub mod facts;
pub mod ids;
pub mod key;
pub mod membership;
pub mod policy;
pub mod preset;
pub mod resolve;
pub mod role;
pub mod text;
pub mod words;

pub use access::{Access, State, WorkspaceVia};
pub use connection::{Connection, ConnectionError, Sso, SsoProtocol, UniqueIdentifier};
pub use facts::{
    Gives, Grant, GrantKind, MatchedRule, OrgFacts, ProjectRole, RoleClaim, UserFacts,
};
pub use ids::{GroupId, IdError, OrgId, ProjectId, RoleKey, RuleId, Slug, UserId, WorkspaceId};
pub use membership::{Admission, Standing, admit};
pub use policy::{POLICIES, Policies, PolicyError, PolicyRow};
pub use preset::Preset;
pub use resolve::{
    Candidate, Loss, Reason, Resolution, Scope, Source, StateCause, has_organization_rule, resolve,
};
pub use role::{Catalog, CatalogError, Role};
