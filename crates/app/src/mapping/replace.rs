//! Replacing the whole mapping: idempotent, and only what differs is written.

use std::collections::{BTreeSet, HashMap};

use domain::{
    GroupId, Known, Mapping, Policies, RoleKey, RuleId, RuleSpec, RuleTarget, check_mapping,
    names_group,
};
use scim::fold;

use super::{MappingReply, read::read};
use crate::{
    Error, Result, access,
    change::Change,
    error::{Code, FieldError},
    events,
    port::{Tx, org::OrgSettings, rules::RuleRow},
};

/// A PUT of the mapping. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PutMapping {
    /// The new document, whole.
    pub document: Mapping,
    /// The version the caller has seen; none to replace whatever is there.
    pub if_version: Option<i64>,
    /// Ids for new rules, drawn before: at least one per rule of the document.
    pub ids: Vec<RuleId>,
    /// When, and through whom.
    pub change: Change,
}

/// Replaces the mapping and resolves everybody whom it concerns: some at once, the rest soon, and
/// nobody reads anything old meanwhile.
///
/// # Errors
/// 412; every rule that is not right, all at once.
pub fn replace(tx: &mut dyn Tx, command: &PutMapping) -> Result<MappingReply> {
    let org = tx.settings()?;
    if command
        .if_version
        .is_some_and(|version| version != org.mapping_version)
    {
        return Err(Error::new(
            Code::PreconditionFailed,
            "The mapping was changed since you read it; read it again.",
        ));
    }
    let rules = check(&org, &command.document)?;
    let plan = plan(tx, &org.facts.policies, &rules, &command.ids)?;
    if plan.is_nothing() {
        return read(tx);
    }
    for group in &plan.touched {
        tx.mark_members_stale(*group)?;
    }
    tx.delete_rules(&plan.removed)?;
    tx.insert_rules(&plan.added)?;
    tx.move_rules(&plan.moved)?;
    for rule in &plan.added {
        if let Some(group) = rule.group {
            events::rule_bound(tx, rule, group, &command.change)?;
        }
    }
    let mut changed = OrgSettings::clone(&org);
    changed.mapping_version += 1;
    tx.save_settings(&changed)?;
    access::settle_stale(tx, &changed, &command.change)?;
    read(tx)
}

/// The document's rules, or everything that is wrong with it.
fn check(org: &OrgSettings, document: &Mapping) -> Result<Vec<RuleSpec>> {
    // No workspace and no project exists yet, so that rules which name one are refused as unknown.
    let checked = check_mapping(&org.facts, &Known::default(), document).map_err(|error| {
        let fault = |fault: &domain::MappingFault| FieldError {
            field: fault.at.clone(),
            detail: fault.problem.to_string(),
        };
        Error::fields(error.0.iter().map(fault).collect())
    })?;
    if let Some(workspace) = checked.create_workspaces.first() {
        let detail =
            format!("Workspaces do not exist in this release, so {workspace} cannot be named.");
        return Err(Error::field("workspaces", detail));
    }
    Ok(checked.rules)
}

/// What has to be written.
#[derive(Default)]
struct Plan {
    removed: Vec<RuleId>,
    added: Vec<RuleRow>,
    moved: Vec<(RuleId, i64)>,
    touched: BTreeSet<GroupId>,
}

impl Plan {
    fn is_nothing(&self) -> bool {
        self.removed.is_empty() && self.added.is_empty() && self.moved.is_empty()
    }
}

/// A rule is the same rule as long as it names the same group and role; it keeps its id and its
/// binding, unless the document binds it elsewhere.
fn plan(tx: &mut dyn Tx, policies: &Policies, rules: &[RuleSpec], ids: &[RuleId]) -> Result<Plan> {
    let mut old = Old::of(tx.rules()?);
    // Who says which group is meant chooses first: of two rules of the same name and role the
    // other then keeps what is left.
    let mut kept: Vec<Option<RuleRow>> = (0_i64..)
        .zip(rules)
        .map(|(position, rule)| rule.group_id.and_then(|_| old.take(rule, position)))
        .collect();
    let mut plan = Plan::default();
    let mut faults = Vec::new();
    for (place, (rule, id)) in rules.iter().zip(ids).enumerate() {
        let RuleTarget::Organization(role) = &rule.target else {
            continue;
        };
        let position = i64::try_from(place).unwrap_or(i64::MAX);
        if let Some(row) = kept[place].take().or_else(|| old.take(rule, position)) {
            if row.position != position {
                plan.moved.push((row.id, position));
            }
            continue;
        }
        match bound_to(tx, policies, rule)? {
            Ok(group) => plan.add(RuleRow {
                id: *id,
                group_name: rule.group.clone(),
                group_key: fold::key(&rule.group),
                group,
                role: role.clone(),
                position,
            }),
            Err(detail) => faults.push(FieldError {
                field: format!("organization[{position}].group_id"),
                detail: detail.to_owned(),
            }),
        }
    }
    for row in old.0.into_values().flatten() {
        plan.remove(row);
    }
    if faults.is_empty() {
        Ok(plan)
    } else {
        Err(Error::fields(faults))
    }
}

/// The stored rules that no entry of the document has taken yet. Several may share name and role,
/// bound to different groups.
struct Old(HashMap<(String, RoleKey), Vec<RuleRow>>);

impl Old {
    fn of(rows: Vec<RuleRow>) -> Old {
        let mut old: HashMap<_, Vec<RuleRow>> = HashMap::new();
        for row in rows {
            let key = (row.group_name.clone(), row.role.clone());
            old.entry(key).or_default().push(row);
        }
        Old(old)
    }

    /// The rule that an entry stands for, the one in its place before others.
    fn take(&mut self, entry: &RuleSpec, position: i64) -> Option<RuleRow> {
        let RuleTarget::Organization(role) = &entry.target else {
            return None;
        };
        let rows = self.0.get_mut(&(entry.group.clone(), role.clone()))?;
        let fits = |row: &RuleRow| entry.group_id.is_none() || entry.group_id == row.group;
        let place = rows
            .iter()
            .position(|row| fits(row) && row.position == position)
            .or_else(|| rows.iter().position(fits))?;
        Some(rows.remove(place))
    }
}

impl Plan {
    fn remove(&mut self, row: RuleRow) {
        self.removed.push(row.id);
        self.touched.extend(row.group);
    }

    fn add(&mut self, row: RuleRow) {
        self.touched.extend(row.group);
        self.added.push(row);
    }
}

/// The group a new rule is bound to: the one it names by id, else the one of that very name, else
/// none yet.
fn bound_to(
    tx: &mut dyn Tx,
    policies: &Policies,
    rule: &RuleSpec,
) -> Result<Result<Option<GroupId>, &'static str>> {
    if let Some(id) = rule.group_id {
        return Ok(match tx.group(id)? {
            Some(group) => Ok(Some(group.id)),
            None => Err("There is no group with this id; leave group_id out to bind by name."),
        });
    }
    let group = tx.group_by_name(&fold::key(&rule.group))?;
    let meant = group.filter(|group| names_group(policies, &rule.group, &group.display_name));
    Ok(Ok(meant.map(|group| group.id)))
}
