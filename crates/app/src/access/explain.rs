//! Why somebody has what they have: every candidate of every scope, where it came from, which won
//! and why the others lost. The reasons come from the same resolution that is stored.

use std::collections::BTreeMap;

use domain::{
    Candidate, GroupId, Loss, Reason, RuleId, Scope, Source, StateCause, UserId, resolve,
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{AccessReply, facts, read, unit::Happened};
use crate::{
    Error, Result,
    port::{Tx, org::OrgSettings, places::Atlas},
};

/// One candidate, as the access answer shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Because)]
pub struct BecauseView {
    /// `organization`, `workspace:SLUG` or `project:WORKSPACE/SLUG`.
    pub scope: String,
    /// A role's key, `inherit`, `member`, or `unrecognized` for a text that names no role.
    pub candidate: String,
    /// Whether it is what the user has.
    pub won: bool,
    /// Where it came from.
    pub from: FromView,
    /// Why it is not what the user has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lost_because: Option<&'static str>,
}

/// Where a candidate came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = From)]
pub struct FromView {
    /// `rule`, `attribute`, `manual`, `role`, `hold` or `default`.
    pub kind: &'static str,
    /// The group of a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<NamedView>,
    /// The rule: its id, and the group name it is written with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<NamedView>,
    /// The groups between the user and the rule's group, from the user's own on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub via: Vec<NamedView>,
    /// Who granted it by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// `floor` or `fixed`, of a manual grant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strength: Option<&'static str>,
    /// The entry of the `roles` attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// An id with a name for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Named)]
pub struct NamedView {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
}

/// Everything about one user's access.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// The access, as [`read()`](super::read()) gives it.
    pub reply: AccessReply,
    /// Why the state is what it is: a word of [`StateCause`].
    pub state_cause: StateCause,
    /// Every candidate; the organization first, in each scope the winner first.
    pub because: Vec<BecauseView>,
}

/// Explains one user's access, from one snapshot.
///
/// # Errors
/// Not found.
pub fn explain(tx: &mut dyn Tx, id: UserId) -> Result<Explanation> {
    let org = tx.settings()?;
    let row = tx.user(id)?.ok_or_else(|| Error::not_found("user"))?;
    let left_group = tx.access(&[id])?.first().is_some_and(|row| row.left_group);
    let mut facts = facts::load(tx, &org, &[id])?;
    let (_, mut facts) = facts.pop().ok_or_else(|| Error::not_found("user"))?;
    let standing = Happened::Rules.turn(&org.facts, &facts, left_group);
    facts.left_mapped = standing.left_mapped;
    let resolution = resolve(&org.facts, &facts);
    let places = tx.places()?;
    let names = Names::load(tx, &resolution.because)?;
    let because = resolution
        .because
        .iter()
        .map(|reason| names.because(&places, reason))
        .collect();
    let subject = read::subject(&org, &row)?;
    let reply = AccessReply {
        subject,
        access: resolution.access,
        cause: None,
        places,
    };
    Ok(Explanation {
        reply,
        state_cause: resolution.state_cause,
        because,
    })
}

/// Names of the groups and rules that reasons speak of.
struct Names {
    groups: BTreeMap<GroupId, String>,
    rules: BTreeMap<RuleId, String>,
}

impl Names {
    fn load(tx: &mut dyn Tx, because: &[Reason]) -> Result<Names> {
        let mut groups = BTreeMap::new();
        let mut bound = Vec::new();
        for reason in because {
            if let Source::Rule { group, via, .. } = &reason.from {
                bound.push(*group);
                for group in via.iter().chain([group]) {
                    groups.entry(*group).or_insert_with(String::new);
                }
            }
        }
        for (id, name) in &mut groups {
            if let Some(row) = tx.group(*id)? {
                *name = row.display_name;
            }
        }
        bound.sort_unstable();
        bound.dedup();
        let rules = tx.rules_of_groups(&bound)?;
        let rules = rules
            .into_iter()
            .map(|rule| (rule.id, rule.group_name))
            .collect();
        Ok(Names { groups, rules })
    }

    fn because(&self, places: &Atlas, reason: &Reason) -> BecauseView {
        BecauseView {
            scope: scope(places, reason.scope),
            candidate: candidate(&reason.candidate),
            won: reason.won,
            from: self.from(&reason.from),
            lost_because: reason.lost_because.map(Loss::as_str),
        }
    }

    fn from(&self, source: &Source) -> FromView {
        let mut view = FromView {
            kind: source.kind(),
            ..FromView::default()
        };
        match source {
            Source::Rule { rule, group, via } => {
                let name = self.rules.get(rule).cloned().unwrap_or_default();
                view.rule = Some(NamedView {
                    id: rule.to_string(),
                    name,
                });
                view.group = Some(self.group(group));
                view.via = via.iter().map(|group| self.group(group)).collect();
            }
            Source::Attribute { value } => view.value = Some(value.clone()),
            Source::Manual { kind, by } => {
                view.by = Some(by.clone());
                view.strength = Some(kind.as_str());
            }
            Source::OrganizationRole | Source::Hold | Source::Default => {}
        }
        view
    }

    fn group(&self, id: &GroupId) -> NamedView {
        let name = self.groups.get(id).cloned().unwrap_or_default();
        NamedView {
            id: id.to_string(),
            name,
        }
    }
}

fn scope(places: &Atlas, scope: Scope) -> String {
    match scope {
        Scope::Organization => "organization".to_owned(),
        Scope::Workspace(id) => {
            let workspace = places.workspace_by_id(id);
            format!(
                "workspace:{}",
                workspace.map_or("?", |row| row.slug.as_str())
            )
        }
        Scope::Project(id) => {
            let path = places
                .project_by_id(id)
                .and_then(|project| places.path(project));
            format!(
                "project:{}",
                path.map_or_else(|| "?".to_owned(), |path| path.to_string())
            )
        }
    }
}

fn candidate(candidate: &Candidate) -> String {
    match candidate {
        Candidate::Role(key) => key.to_string(),
        Candidate::Inherit => "inherit".to_owned(),
        Candidate::Member => "member".to_owned(),
        Candidate::Unrecognized => "unrecognized".to_owned(),
    }
}

impl Explanation {
    /// The same as plain sentences, for a terminal.
    pub fn sentences(&self, org: &OrgSettings) -> Vec<String> {
        let who = &self.reply.subject.user_name;
        let mut lines = vec![state_sentence(who, self.state_cause)];
        for view in &self.because {
            let what = thing(org, view);
            let source = source_sentence(&view.from);
            lines.push(match view.lost_because {
                None => format!("{}: {what} {source}.", place(&view.scope)),
                Some(loss) => format!(
                    "{}: not {what} {source}, because {}.",
                    place(&view.scope),
                    loss_sentence(loss)
                ),
            });
        }
        lines
    }
}

fn state_sentence(who: &str, cause: StateCause) -> String {
    match cause {
        StateCause::Active => format!("{who} is active."),
        StateCause::Inactive => {
            format!("{who} is deactivated: the identity provider says active=false.")
        }
        StateCause::LeftMapped => format!(
            "{who} is deactivated: they left the last group that gave an organization role, and \
             the policy when_unmapped says so."
        ),
        StateCause::AwaitingActivation => format!(
            "{who} is not activated: everything below is pending until the app reports a sign-in."
        ),
    }
}

fn place(scope: &str) -> String {
    match scope.split_once(':') {
        Some((kind, slug)) => format!("In {kind} {slug}"),
        None => "In the organization".to_owned(),
    }
}

fn thing(org: &OrgSettings, view: &BecauseView) -> String {
    let role = org
        .facts
        .catalog
        .roles()
        .iter()
        .find(|role| role.key.as_str() == view.candidate);
    match (role, view.candidate.as_str()) {
        (Some(role), _) => role.name.clone(),
        (None, "inherit") => "the organization role".to_owned(),
        (None, "member") => "a member".to_owned(),
        (None, other) => other.to_owned(),
    }
}

fn source_sentence(from: &FromView) -> String {
    let group = from.group.as_ref().map_or("?", |group| group.name.as_str());
    match from.kind {
        "rule" if from.via.is_empty() => format!("by the rule for group \"{group}\""),
        "rule" => {
            let path: Vec<&str> = from.via.iter().map(|group| group.name.as_str()).collect();
            format!(
                "by the rule for group \"{group}\", through \"{}\"",
                path.join("\" in \"")
            )
        }
        "attribute" => {
            let value = from.value.as_deref().unwrap_or_default();
            format!("by the entry \"{value}\" of the attribute roles")
        }
        "manual" => format!(
            "by hand ({}, by {})",
            from.strength.unwrap_or_default(),
            from.by.as_deref().unwrap_or_default()
        ),
        "role" => "because the organization role sees all workspaces and is higher".to_owned(),
        "hold" => "by a hold: nobody else active would have it".to_owned(),
        _ => "by the policy default_role".to_owned(),
    }
}

fn loss_sentence(loss: &str) -> &'static str {
    match loss {
        "lower_role" => "a higher role won",
        "already_given" => "the same is given otherwise",
        "fixed_by_hand" => "a manual grant fixes the role",
        "default_not_needed" => "there is another candidate",
        "unknown_role" => "the catalog has no such role",
        "not_mappable" => "this role comes from manual grants only",
        "not_assignable_in_projects" => "this role cannot be a role in a project",
        "attribute_off" => "the policy roles_attribute is off",
        "not_primary" => "another entry is marked primary",
        "nested_groups_off" => "the policy nested_groups is off",
        "nothing_to_inherit" => "there is no organization role to inherit",
        "below_organization_role" => "the organization role is higher and sees all workspaces",
        _ => "the user is deactivated",
    }
}
