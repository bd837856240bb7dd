//! What the store holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::port::Millis;
use app::port::counts::Losses;
use app::port::grants::GrantScope;
use app::port::groups::{GroupWrite, MemberKind};
use app::port::history::HistoryRow;
use app::port::instance::KeyRow;
use app::port::jobs::JobRow;
use app::port::org::OrgSettings;
use app::port::outbox::FeedEvent;
use app::port::places::Atlas;
use app::port::requests::RequestRow;
use app::port::rules::RuleRow;
use app::port::users::UserWrite;
use domain::{Access, Grant, GroupId, OrgId, RoleKey, RuleId, Standing, UserId};
use uuid::Uuid;

use super::answers::Kept;

/// Everything.
#[derive(Clone, Default)]
pub(super) struct State {
    pub(super) orgs: BTreeMap<OrgId, OrgState>,
    /// The number given last; numbers are never used again.
    pub(super) last_org: i64,
    pub(super) keys: BTreeMap<String, KeyRow>,
    /// Of what belongs to no organization.
    pub(super) answers: Kept,
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
    pub(super) places: Arc<Atlas>,
    /// Of every user.
    pub(super) standing: Arc<BTreeMap<UserId, Standing>>,
    pub(super) grants: Arc<BTreeMap<(UserId, GrantScope), Grant>>,
    /// Since when.
    pub(super) holds: Arc<BTreeMap<(UserId, RoleKey), Millis>>,
    pub(super) access: Arc<BTreeMap<UserId, Access>>,
    /// Marked users, and whether the mark says that they left a group.
    pub(super) stale: Arc<BTreeMap<UserId, bool>>,
    pub(super) history: Arc<BTreeMap<(UserId, Millis), HistoryRow>>,
    /// By minute since 1970.
    pub(super) losses: Arc<BTreeMap<i64, Losses>>,
    pub(super) jobs: Arc<Vec<JobRow>>,
    pub(super) events: Arc<Vec<Arc<FeedEvent>>>,
    /// The number given to an event last.
    pub(super) feed_head: i64,
    pub(super) requests: Arc<BTreeMap<Uuid, Arc<RequestRow>>>,
    pub(super) answers: Arc<Kept>,
}

impl OrgState {
    pub(super) fn new(settings: OrgSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            users: Arc::default(),
            groups: Arc::default(),
            members: Arc::default(),
            rules: Arc::default(),
            places: Arc::default(),
            standing: Arc::default(),
            grants: Arc::default(),
            holds: Arc::default(),
            access: Arc::default(),
            stale: Arc::default(),
            history: Arc::default(),
            losses: Arc::default(),
            jobs: Arc::default(),
            events: Arc::default(),
            feed_head: 0,
            requests: Arc::default(),
            answers: Arc::default(),
        }
    }
}
