//! The hygiene report: what an administrator should look at.

use std::collections::BTreeSet;

use domain::GroupId;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    Result,
    grants::{self, HoldView},
    port::{
        Millis, Tx,
        keys::KeyRow,
        requests::RequestRow,
        users::{Page, Search},
    },
    representation::time,
    requests::hints::{HintView, hint},
};

/// How many of each kind are listed.
const MOST: usize = 100;
/// Silence of the identity provider that is told: two days; Entra comes every 40 minutes.
const SILENT: Millis = 2 * 24 * 60 * 60 * 1_000;
/// A day.
const DAY: Millis = 24 * 60 * 60 * 1_000;
/// How few changes say nothing about an identity provider.
const ENOUGH: usize = 20;
/// How many logged requests are looked at for unknown roles and members.
const REQUESTS: u64 = 1_000;

/// What to look at. Lists hold at most 100 entries.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Report {
    /// Group names of rules that wait for their group.
    pub rules_without_group: Vec<String>,
    /// Groups that no rule names.
    pub groups_without_rule: Vec<String>,
    /// Users who keep a protected role because nobody else would have it.
    pub holds: Vec<HoldView>,
    /// Role names that came in the `roles` attribute lately and name no role.
    pub unknown_roles: Vec<String>,
    /// Member ids that came lately and are nobody here.
    pub unknown_members: Vec<String>,
    /// When the identity provider was last heard of, and whether that is too long ago.
    pub connection: ConnectionView,
    /// Keys that end within 30 days.
    pub expiring_keys: Vec<EndingKey>,
    /// Keys whose old secret was used after their rotation, with the end of that secret.
    pub old_secrets_in_use: Vec<EndingKey>,
    /// Seats in use and how many there are.
    pub seats: SeatView,
    /// Usual mistakes in the set-up of the identity provider that the latest 1,000 logged requests
    /// show, most frequent first.
    pub hints: Vec<HintCount>,
    /// Whether so many of the latest changes were refused that identity providers slow down or stop:
    /// Entra ID puts a job into quarantine then.
    pub quarantine_risk: bool,
    /// Whether many users lost their access in the last ten minutes.
    pub mass_loss: bool,
    /// Users with anything granted by hand, and all users.
    pub manual: ManualView,
}

/// The connection's pulse.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = ConnectionPulse)]
pub struct ConnectionView {
    /// Whether SCIM is enabled.
    pub enabled: bool,
    /// The last change that the identity provider sent.
    #[schema(required = true)]
    pub last_change_at: Option<String>,
    /// Nothing was heard for two days although SCIM is enabled.
    pub stale: bool,
}

/// A key that ends soon, or whose old secret does.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct EndingKey {
    /// Its public id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// When it ends.
    pub expires_at: String,
}

/// A hint and how often it was right lately.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HintCount {
    /// What it is, and what to do.
    #[serde(flatten)]
    pub hint: HintView,
    /// For how many requests.
    pub requests: u64,
    /// The latest of them.
    pub latest: String,
}

/// Seats.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = SeatsUsed)]
pub struct SeatView {
    /// In use.
    pub used: u64,
    /// How many there are; none means no limit.
    #[schema(required = true)]
    pub limit: Option<u32>,
}

/// By hand against by mapping.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
#[schema(as = ByHand)]
pub struct ManualView {
    /// Users with at least one manual grant.
    pub users_with_grants: u64,
    /// All users.
    pub users: u64,
}

/// The report of an organization, from one snapshot.
///
/// # Errors
/// The store is away.
pub fn report(tx: &mut dyn Tx, now: Millis) -> Result<Report> {
    let org = tx.settings()?;
    let rules = tx.rules()?;
    let bound: BTreeSet<GroupId> = rules.iter().filter_map(|rule| rule.group).collect();
    let waiting = rules.into_iter().filter(|rule| rule.group.is_none());
    let waiting: BTreeSet<String> = waiting.map(|rule| rule.group_name).collect();
    let requests = tx.requests(None, REQUESTS)?;
    let notes = |pick: fn(&crate::port::requests::RequestNotes) -> &Vec<String>| {
        let all: BTreeSet<String> = requests
            .iter()
            .flat_map(|row| pick(&row.notes))
            .cloned()
            .collect();
        all.into_iter().take(MOST).collect::<Vec<_>>()
    };
    let keys = tx.keys(None, u64::MAX)?;
    let last = requests.iter().map(|row| row.at).max();
    Ok(Report {
        rules_without_group: waiting.into_iter().take(MOST).collect(),
        groups_without_rule: groups_without_rule(tx, &bound)?,
        holds: grants::holds(tx)?,
        unknown_roles: notes(|notes| &notes.unknown_roles),
        unknown_members: notes(|notes| &notes.unknown_members),
        connection: ConnectionView {
            enabled: org.connection.enabled,
            last_change_at: last.map(time),
            stale: org.connection.enabled && last.is_some_and(|last| now - last > SILENT),
        },
        expiring_keys: expiring(&keys, now),
        old_secrets_in_use: old_secrets(&keys, now),
        seats: SeatView {
            used: tx.seats_used()?,
            limit: org.seat_limit,
        },
        hints: hints(&requests),
        quarantine_risk: quarantine_risk(&requests, now),
        mass_loss: tx.losses(now, domain::brake::WINDOW_MINUTES)?.alarmed,
        manual: ManualView {
            users_with_grants: tx.users_with_grants()?,
            users: tx.all_users()?,
        },
    })
}

fn hints(requests: &[RequestRow]) -> Vec<HintCount> {
    let mut found: Vec<HintCount> = Vec::new();
    // Newest first, so that the first one of its kind is the latest.
    for row in requests {
        let Some(hint) = hint(row) else { continue };
        match found.iter_mut().find(|known| known.hint == hint) {
            Some(known) => known.requests += 1,
            None => found.push(HintCount {
                hint,
                requests: 1,
                latest: row.id.to_string(),
            }),
        }
    }
    found.sort_by_key(|hint| std::cmp::Reverse(hint.requests));
    found
}

/// Whether more than half of at least [`ENOUGH`] changes of the last day were refused.
fn quarantine_risk(requests: &[RequestRow], now: Millis) -> bool {
    let lately = requests
        .iter()
        .filter(|row| now - row.at < DAY && row.method != "GET");
    let (refused, done): (Vec<_>, Vec<_>) = lately.partition(|row| row.status >= 400);
    refused.len() + done.len() >= ENOUGH && refused.len() > done.len()
}

fn groups_without_rule(tx: &mut dyn Tx, bound: &BTreeSet<GroupId>) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut start_index = 1;
    while names.len() < MOST {
        let search = Search {
            filter: None,
            sort: None,
            after: None,
            start_index,
            count: 1_000,
            total: false,
        };
        let page: Page<_> = tx.search_groups(&search)?;
        let Some(count) = Some(page.items.len() as u64).filter(|count| *count > 0) else {
            break;
        };
        let free = page
            .items
            .into_iter()
            .filter(|group| !bound.contains(&group.id));
        names.extend(free.map(|group| group.display_name));
        start_index += count;
    }
    names.truncate(MOST);
    Ok(names)
}

fn expiring(keys: &[KeyRow], now: Millis) -> Vec<EndingKey> {
    keys.iter()
        .filter_map(|key| Some((key, key.ends_soon(now)?)))
        .take(MOST)
        .map(ending)
        .collect()
}

fn old_secrets(keys: &[KeyRow], now: Millis) -> Vec<EndingKey> {
    keys.iter()
        .filter_map(|key| Some((key, key.old_secret_in_use(now)?.until)))
        .take(MOST)
        .map(ending)
        .collect()
}

fn ending((key, end): (&KeyRow, Millis)) -> EndingKey {
    EndingKey {
        id: key.id.clone(),
        name: key.name.clone(),
        expires_at: time(end),
    }
}
