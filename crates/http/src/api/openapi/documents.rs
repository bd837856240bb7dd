//! Schemas of what has its type where no protocol is known: the problem document, and the domain's
//! roles, mapping and connection. A test compares each with what is really sent.

#![expect(dead_code, reason = "these types are only described")]

use std::collections::BTreeMap;

use serde_json::Value;
use utoipa::ToSchema;

/// Why a request was refused (RFC 9457).
#[derive(ToSchema)]
#[schema(as = Problem, example = json!({
    "type": "urn:rolecall:error:invalid_field", "title": "A field is not right", "status": 422,
    "detail": "slug: Is required.", "code": "invalid_field",
    "errors": [{ "field": "slug", "pointer": "#/slug", "detail": "Is required." }],
    "instance": "urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057",
}))]
pub(crate) struct ProblemDocument {
    /// `urn:rolecall:error:` and the code.
    r#type: String,
    /// One line for people, the same for every problem of this code.
    title: String,
    /// The status of the answer.
    status: u16,
    /// What is wrong, and what would be right.
    detail: String,
    /// Stable; programs may match on it.
    code: String,
    /// The fields that are not right, all at once.
    #[schema(required = false)]
    errors: Vec<FaultDocument>,
    /// Of `events_gone`: the number to follow the feed from after reading all access.
    #[schema(required = false)]
    snapshot_cursor: String,
    /// Of `plan_changed`: the fingerprint of the plan as it is now.
    #[schema(required = false)]
    fingerprint: String,
    /// `urn:uuid:` and the request's id, as in `X-Request-Id`, the server's log and the audit.
    instance: String,
}

/// One field that is not right.
#[derive(ToSchema)]
#[schema(as = Fault)]
pub(crate) struct FaultDocument {
    /// Dotted path into the body, or the name of the parameter or header.
    field: String,
    /// JSON pointer into the body, as a URI fragment.
    #[schema(required = false)]
    pointer: String,
    /// Name of the query parameter.
    #[schema(required = false)]
    parameter: String,
    /// Name of the header.
    #[schema(required = false)]
    header: String,
    /// What is wrong, and what would be right.
    detail: String,
}

/// A role of the catalog.
#[derive(ToSchema)]
#[schema(as = CatalogRole)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "five independent properties of a role"
)]
pub(crate) struct RoleDocument {
    /// Stable; lower-case letters, digits, `-` and `_`.
    key: String,
    /// For people.
    name: String,
    /// Whether who has it takes a seat.
    #[schema(required = false)]
    takes_seat: bool,
    /// Whether who has it reaches every workspace.
    #[schema(required = false)]
    sees_all_workspaces: bool,
    /// Whether rules may give it; if not, only manual grants do.
    #[schema(required = false)]
    mappable: bool,
    /// Whether somebody active has to have it.
    #[schema(required = false)]
    protected: bool,
    /// Whether it may be given in a project.
    #[schema(required = false)]
    project_assignable: bool,
}

/// Which group means what. Each rule may carry `group_id`.
#[derive(ToSchema)]
#[schema(as = Mapping, example = json!({
    "organization": [{ "group": "Administrators", "role": "admin" }],
    "workspaces": [{ "group": "QA", "workspace": "quality" }],
    "projects": [{ "group": "QA", "project": "quality/nightly", "role": "inherit" }],
}))]
pub(crate) struct MappingDocument {
    /// Groups that give a role in the organization.
    #[schema(required = false)]
    organization: Vec<OrganizationRule>,
    /// Groups that give membership in a workspace.
    #[schema(required = false)]
    workspaces: Vec<WorkspaceRule>,
    /// Groups that give a role in a project.
    #[schema(required = false)]
    projects: Vec<ProjectRule>,
}

/// A group that gives a role in the organization.
#[derive(ToSchema)]
pub(crate) struct OrganizationRule {
    /// The group's name; it may not be there yet.
    group: String,
    /// The group's id, where the names differ.
    #[schema(required = false)]
    group_id: String,
    /// The role's key.
    role: String,
}

/// A group that gives membership in a workspace.
#[derive(ToSchema)]
pub(crate) struct WorkspaceRule {
    /// The group's name; it may not be there yet.
    group: String,
    /// The group's id, where the names differ.
    #[schema(required = false)]
    group_id: String,
    /// The workspace's slug.
    workspace: String,
}

/// A group that gives a role in a project.
#[derive(ToSchema)]
pub(crate) struct ProjectRule {
    /// The group's name; it may not be there yet.
    group: String,
    /// The group's id, where the names differ.
    #[schema(required = false)]
    group_id: String,
    /// `workspace/project`.
    project: String,
    /// A role's key, or `inherit`.
    role: String,
}

/// The SCIM connection.
#[derive(ToSchema)]
#[schema(as = Connection)]
pub(crate) struct ConnectionDocument {
    /// Whether SCIM is on.
    enabled: bool,
    /// What tells users apart: `userName` or `email`.
    unique_identifier: String,
    /// Whether the leniency for known identity providers is off.
    strict: bool,
    /// Verified domains; where there are any, e-mails have to be of one of them.
    email_domains: Vec<String>,
    /// Single sign-on, kept for reference.
    #[schema(required = true)]
    sso: Option<SsoDocument>,
    /// Whether the provisioning log keeps the bodies of requests, without secrets.
    log_bodies: bool,
}

/// What an administrator has set.
#[derive(ToSchema)]
#[schema(as = SettingsInForce)]
pub(crate) struct SettingsDocument {
    connection: ConnectionDocument,
    /// Every policy by key; null for a `default_role` that is none.
    policies: BTreeMap<String, Option<String>>,
    /// How many seats there are; null means no limit.
    #[schema(required = true)]
    seat_limit: Option<u32>,
}

/// How single sign-on is set up. rolecall does not contact it.
#[derive(ToSchema)]
#[schema(as = Sso)]
pub(crate) struct SsoDocument {
    /// `saml` or `oidc`.
    protocol: String,
    /// The identity provider's name of itself.
    issuer: String,
    /// Where users sign in.
    sign_in_url: String,
}

/// What an event says beside its number, type and time.
#[derive(ToSchema)]
pub(crate) struct EventBody {
    /// What it is about: `type`, and ids. What is about a workspace or project has its `slug` too
    /// (`quality`, `quality/nightly`), null where it is gone.
    subject: Value,
    /// How it was; null where it did not exist.
    #[schema(required = true)]
    before: Option<Value>,
    /// How it is; null where it no longer exists.
    #[schema(required = true)]
    after: Option<Value>,
    /// By what: `kind`, and the key and request where there is one.
    cause: Value,
    /// Of `group.updated`: who came and went.
    members: Option<EventMembers>,
}

/// Who came into a group and who went, 1,000 at most: of more tell several events.
#[derive(ToSchema)]
pub(crate) struct EventMembers {
    /// Ids of users and groups.
    added: Vec<String>,
    /// The same.
    removed: Vec<String>,
    /// Which of several events about one change this is: `number`, from 1, and `of` how many. Each is
    /// a change by itself.
    part: Option<Value>,
}
