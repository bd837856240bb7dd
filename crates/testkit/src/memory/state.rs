//! What the store holds.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::port::Millis;
use app::port::audit::AuditRow;
use app::port::counts::Losses;
use app::port::grants::GrantScope;
use app::port::groups::{GroupWrite, MemberKind};
use app::port::history::HistoryRow;
use app::port::jobs::JobRow;
use app::port::keys::KeyRow;
use app::port::org::OrgSettings;
use app::port::outbox::FeedEvent;
use app::port::places::Atlas;
use app::port::requests::{KeptBody, RequestRow};
use app::port::rules::RuleRow;
use app::port::schemas::SchemaRow;
use app::port::users::UserWrite;
use domain::{
    Access, Connection, Grant, GroupId, OrgFacts, OrgId, Preset, RoleKey, RuleId, Slug, Standing,
    UserId,
};
use uuid::Uuid;

use super::answers::Kept;

/// Everything.
#[derive(Clone)]
pub(super) struct State {
    /// With the instance at number 0.
    pub(super) orgs: BTreeMap<OrgId, OrgState>,
    /// The number given last; numbers are never used again.
    pub(super) last_org: i64,
}

impl State {
    /// Nothing but the place of what belongs to no organization, which has settings that nobody
    /// reads.
    #[expect(clippy::expect_used, reason = "a literal that is a slug")]
    pub(super) fn new() -> Self {
        let instance = OrgSettings {
            id: OrgId::INSTANCE,
            slug: Slug::new("instance").expect("is a slug"),
            name: String::new(),
            preset: Preset::Plain,
            facts: OrgFacts {
                catalog: Preset::Plain.catalog(),
                policies: Preset::Plain.policies(),
            },
            connection: Connection::of_preset(Preset::Plain),
            seat_limit: None,
            version: 0,
            mapping_version: 0,
            schemas_version: 0,
        };
        Self {
            orgs: BTreeMap::from([(OrgId::INSTANCE, OrgState::new(instance))]),
            last_org: 0,
        }
    }

    /// The keys that belong to no organization.
    pub(super) fn owner_keys(&self) -> Arc<BTreeMap<String, KeyRow>> {
        let instance = self.orgs.get(&OrgId::INSTANCE);
        instance
            .map(|org| Arc::clone(&org.keys))
            .unwrap_or_default()
    }

    /// The organizations that somebody made.
    pub(super) fn made(&self) -> impl Iterator<Item = &OrgState> {
        let mut all = self.orgs.iter();
        all.next();
        all.map(|(_, org)| org)
    }
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
    /// Moves with the settings and the places.
    pub(super) revision: i64,
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
    pub(super) audit: Arc<Vec<AuditRow>>,
    pub(super) jobs: Arc<Vec<JobRow>>,
    pub(super) keys: Arc<BTreeMap<String, KeyRow>>,
    pub(super) events: Arc<Vec<Arc<FeedEvent>>>,
    /// The number given to an event last.
    pub(super) feed_head: i64,
    pub(super) requests: Arc<BTreeMap<Uuid, Arc<RequestRow>>>,
    /// With the moment at which the request came.
    pub(super) bodies: Arc<BTreeMap<Uuid, (Millis, KeptBody)>>,
    /// By minute, key and route.
    pub(super) reads: Arc<BTreeMap<(Millis, String, String), u64>>,
    pub(super) answers: Arc<Kept>,
    /// By URN in lower case.
    pub(super) schemas: Arc<BTreeMap<String, SchemaRow>>,
}

impl OrgState {
    pub(super) fn new(settings: OrgSettings) -> Self {
        Self {
            settings: Arc::new(settings),
            revision: 0,
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
            audit: Arc::default(),
            jobs: Arc::default(),
            keys: Arc::default(),
            events: Arc::default(),
            feed_head: 0,
            requests: Arc::default(),
            bodies: Arc::default(),
            reads: Arc::default(),
            answers: Arc::default(),
            schemas: Arc::default(),
        }
    }
}
