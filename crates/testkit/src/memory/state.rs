//! What the store holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use app::port::groups::{GroupWrite, MemberKind};
use app::port::instance::KeyRow;
use app::port::org::OrgSettings;
use app::port::outbox::FeedEvent;
use app::port::rules::RuleRow;
use app::port::users::UserWrite;
use domain::{Access, GroupId, OrgId, RuleId, UserId};
use uuid::Uuid;

/// Everything.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) orgs: BTreeMap<OrgId, OrgState>,
    /// The number given last; numbers are never used again.
    pub(super) last_org: i64,
    pub(super) keys: BTreeMap<String, KeyRow>,
}

/// A membership: what the member is, and the client's text.
#[derive(Clone)]
pub(super) struct Membership {
    pub(super) kind: MemberKind,
    pub(super) display: Option<String>,
}

/// One organization. Cheap to copy; a map is copied when it is first changed.
#[derive(Clone)]
pub(super) struct OrgState {
    pub(super) settings: Arc<OrgSettings>,
    pub(super) users: Arc<BTreeMap<UserId, Arc<UserWrite>>>,
    pub(super) groups: Arc<BTreeMap<GroupId, Arc<GroupWrite>>>,
    pub(super) members: Arc<BTreeMap<(GroupId, Uuid), Membership>>,
    pub(super) rules: Arc<BTreeMap<RuleId, RuleRow>>,
    pub(super) access: Arc<BTreeMap<UserId, Access>>,
    pub(super) stale: Arc<BTreeSet<UserId>>,
    pub(super) events: Arc<Vec<Arc<FeedEvent>>>,
}

impl OrgState {
    pub(super) fn new(settings: OrgSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            users: Arc::default(),
            groups: Arc::default(),
            members: Arc::default(),
            rules: Arc::default(),
            access: Arc::default(),
            stale: Arc::default(),
            events: Arc::default(),
        }
    }
}
