//! Comparing everybody's access before and after.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    Access, GroupId, MatchedRule, Role, RoleKey, RuleId, UserFacts, UserId, WorkspaceId,
    holds_role, resolve,
};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    Result,
    access::{AT_ONCE, Happened, load_facts},
    mapping::Plan,
    port::{Tx, access::AccessRow, org::OrgSettings, places::WorkspaceRow},
};

/// How many users are told one by one; the counts are of all.
pub(super) const MOST_LISTED: usize = 1_000;

/// What differs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Difference {
    /// Hash of what is wanted, what it replaces, and everything that differs, whatever is listed.
    pub fingerprint: String,
    /// Users whose access differs, the first of them.
    pub changes: Vec<(UserId, Access, Access)>,
    /// How many there are in all.
    pub users: u64,
    pub seats_before: u64,
    pub seats_after: u64,
    /// Protected roles that nobody active would have any more; applying it is refused.
    pub vacant: Vec<RoleKey>,
    /// Workspaces that it makes.
    pub made: Vec<WorkspaceRow>,
}

/// Compares page by page; memory does not grow with the organization. `wanted` is what is proposed and
/// what it replaces: without it two proposals that change nobody's access today would look alike.
pub(super) fn difference(
    tx: &mut dyn Tx,
    before: &OrgSettings,
    after: &OrgSettings,
    plan: Option<&Plan>,
    wanted: &Value,
) -> Result<Difference> {
    let mut found = Difference {
        made: plan.map(|plan| plan.workspaces.clone()).unwrap_or_default(),
        ..Difference::default()
    };
    let mut hash = Sha256::new();
    hash.update(wanted.to_string());
    for workspace in &found.made {
        hash.update(workspace.slug.as_str());
        hash.update("/");
    }
    let mut holders = Holders::new(after);
    let mut held = Vec::new();
    let mut last = None;
    loop {
        let rows = tx.access_page(last, AT_ONCE as u64)?;
        let Some(row) = rows.last() else { break };
        last = Some(row.user);
        let users: Vec<UserId> = rows.iter().map(|row| row.user).collect();
        let rows: BTreeMap<UserId, AccessRow> =
            rows.into_iter().map(|row| (row.user, row)).collect();
        let extra = match plan {
            Some(plan) => added_rules(tx, after, plan, &users)?,
            None => BTreeMap::new(),
        };
        for (user, facts) in load_facts(tx, wider(before, after), &users)? {
            let Some(row) = rows.get(&user) else { continue };
            let was = access_of(before, facts.clone(), row);
            let facts = proposed(facts, plan, extra.get(&user));
            if !facts.holds.is_empty() {
                held.push((user, was, facts, row.clone()));
                continue;
            }
            let is = access_of(after, facts, row);
            holders.look(&was, &is);
            found.note(&mut hash, user, was, is);
        }
    }
    note_held(&mut found, &mut hash, &mut holders, held);
    found.vacant = holders.vacant();
    found.fingerprint = hex(&hash.finalize());
    Ok(found)
}

/// The settings under which more facts count: resolution leaves out what comes through nested
/// groups where the policy says so, but cannot add it.
fn wider<'a>(before: &'a OrgSettings, after: &'a OrgSettings) -> &'a OrgSettings {
    if after.facts.policies.nested_groups {
        after
    } else {
        before
    }
}

/// Users with a hold, of whom there are few, come last: whether they keep it turns on everybody
/// else.
fn note_held(
    found: &mut Difference,
    hash: &mut Sha256,
    holders: &mut Holders<'_>,
    held: Vec<(UserId, Access, UserFacts, AccessRow)>,
) {
    for (_, _, facts, row) in &held {
        let bare = UserFacts {
            holds: Vec::new(),
            ..facts.clone()
        };
        holders.look(&Access::nothing(), &access_of(holders.org, bare, row));
    }
    let kept = holders.wanting();
    for (user, was, mut facts, row) in held {
        facts.holds.retain(|role| kept.contains(role));
        let is = access_of(holders.org, facts, &row);
        holders.look(&was, &is);
        found.note(hash, user, was, is);
    }
}

fn access_of(org: &OrgSettings, mut facts: UserFacts, row: &AccessRow) -> Access {
    let standing = Happened::Rules.turn(&org.facts, &facts, row.left_group);
    facts.left_mapped = standing.left_mapped;
    resolve(&org.facts, &facts).access
}

/// The facts with the rules that would be there.
fn proposed(
    mut facts: UserFacts,
    plan: Option<&Plan>,
    extra: Option<&Vec<MatchedRule>>,
) -> UserFacts {
    if let Some(plan) = plan {
        let removed: BTreeSet<RuleId> = plan.removed.iter().map(|rule| rule.id).collect();
        facts.rules.retain(|rule| !removed.contains(&rule.rule));
        facts.rules.extend(extra.into_iter().flatten().cloned());
    }
    facts
}

/// The new rules of these users, through every group they are in.
fn added_rules(
    tx: &mut dyn Tx,
    org: &OrgSettings,
    plan: &Plan,
    users: &[UserId],
) -> Result<BTreeMap<UserId, Vec<MatchedRule>>> {
    let mut by_group: BTreeMap<GroupId, Vec<MatchedRule>> = BTreeMap::new();
    for rule in plan
        .added
        .iter()
        .filter_map(super::super::port::rules::RuleRow::matched)
    {
        by_group.entry(rule.group).or_default().push(rule);
    }
    if by_group.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut found: BTreeMap<UserId, Vec<MatchedRule>> = BTreeMap::new();
    for (user, ways) in crate::access::ways_to_groups(tx, org, users)? {
        for (group, via) in ways {
            for rule in by_group.get(&group).into_iter().flatten() {
                let rule = MatchedRule {
                    via: via.clone(),
                    ..rule.clone()
                };
                found.entry(user).or_default().push(rule);
            }
        }
    }
    Ok(found)
}

impl Difference {
    /// The same whenever it is asked: the ids of workspaces that are yet to be made are drawn anew
    /// each time, so that their places stand for them.
    fn lasting(&self, access: &Access) -> Access {
        let mut lasting = access.clone();
        for (place, workspace) in (1..).zip(&self.made) {
            if let Some(via) = lasting.workspaces.remove(&workspace.id) {
                let stands_in = WorkspaceId(Uuid::from_u128(place));
                lasting.workspaces.insert(stands_in, via);
            }
        }
        lasting
    }

    fn note(&mut self, hash: &mut Sha256, user: UserId, was: Access, is: Access) {
        self.seats_before += u64::from(was.seat);
        self.seats_after += u64::from(is.seat);
        if was == is {
            return;
        }
        self.users += 1;
        // Serializing plain maps and texts cannot fail; an empty text would only make two plans
        // look alike that are not, which no caller could bring about.
        let line = serde_json::to_vec(&(user, &was, self.lasting(&is))).unwrap_or_default();
        hash.update(&line);
        if self.changes.len() < MOST_LISTED {
            self.changes.push((user, was, is));
        }
    }
}

/// Who has the protected roles before and after.
struct Holders<'a> {
    org: &'a OrgSettings,
    roles: Vec<(&'a Role, bool, bool)>,
}

impl<'a> Holders<'a> {
    fn new(org: &'a OrgSettings) -> Holders<'a> {
        let held = org.facts.policies.last_holder == domain::policy::LastHolder::Hold;
        let protected = org
            .facts
            .catalog
            .roles()
            .iter()
            .filter(|role| held && role.protected);
        Holders {
            org,
            roles: protected.map(|role| (role, false, false)).collect(),
        }
    }

    fn look(&mut self, was: &Access, is: &Access) {
        for (role, before, after) in &mut self.roles {
            *before |= holds_role(&self.org.facts.catalog, &role.key, was);
            *after |= holds_role(&self.org.facts.catalog, &role.key, is);
        }
    }

    /// Protected roles that nobody has so far.
    fn wanting(&self) -> BTreeSet<RoleKey> {
        let wanting = self.roles.iter().filter(|(_, _, after)| !after);
        wanting.map(|(role, ..)| role.key.clone()).collect()
    }

    fn vacant(&self) -> Vec<RoleKey> {
        let vacant = self
            .roles
            .iter()
            .filter(|(_, before, after)| *before && !after);
        vacant.map(|(role, ..)| role.key.clone()).collect()
    }
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
