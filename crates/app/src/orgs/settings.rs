//! Connection, policies and seat limit of an organization.

use std::collections::BTreeMap;

use domain::{Action, Connection, ConnectionError, Policies, Sso, UniqueIdentifier};
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use crate::{
    App, Error, Result,
    access::{Unit, settle_pending_departures, settle_stale},
    audit,
    change::Change,
    error::{Code, FieldError},
    mapping,
    port::{Tx, org::OrgSettings},
    preview, version,
};

/// The settings as the admin API shows them.
#[derive(Clone, Debug, Serialize)]
pub struct SettingsView {
    /// SCIM connection.
    pub connection: Connection,
    /// Every policy by key; null for a `default_role` that is none.
    pub policies: BTreeMap<&'static str, Option<String>>,
    /// How many seats; none means no limit.
    pub seat_limit: Option<u32>,
}

impl SettingsView {
    /// What is in force.
    pub fn new(org: &OrgSettings) -> SettingsView {
        SettingsView {
            connection: org.connection.clone(),
            policies: shown(&org.facts.policies),
            seat_limit: org.seat_limit,
        }
    }
}

/// How settings are written that are a role or none.
const NONE: &str = "none";

/// Every policy; null where it is a role and none is set.
fn shown(policies: &Policies) -> BTreeMap<&'static str, Option<String>> {
    let word = |(key, word): (_, String)| (key, Some(word).filter(|word| word != NONE));
    policies.to_map().into_iter().map(word).collect()
}

/// A merge patch (RFC 7396) of the settings: what is left out stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(example = json!({"connection": {"strict": true}, "policies": {"nested_groups": "on"}, "seat_limit": null}))]
#[serde(deny_unknown_fields)]
pub struct SettingsPatch {
    /// Connection fields to change.
    #[serde(default)]
    pub connection: ConnectionPatch,
    /// Policies to change; null for no `default_role`.
    #[serde(default)]
    pub policies: BTreeMap<String, Option<String>>,
    /// A new limit, or null for none.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<u32>)]
    pub seat_limit: Option<Option<u32>>,
}

/// The connection's part of a merge patch.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionPatch {
    /// Switches SCIM on or off.
    pub enabled: Option<bool>,
    /// Which attribute tells users apart.
    #[schema(value_type = Option<String>)]
    pub unique_identifier: Option<UniqueIdentifier>,
    /// Switches the leniency off.
    pub strict: Option<bool>,
    /// Verified domains.
    pub email_domains: Option<Vec<String>>,
    /// The SSO record, or null to remove it.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<Value>)]
    pub sso: Option<Option<Sso>>,
    /// Keeps the bodies of requests, or no more from now on.
    pub log_bodies: Option<bool>,
}

/// Tells null from absent.
#[expect(clippy::option_option, reason = "a merge patch has three cases")]
fn given<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    input: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(input).map(Some)
}

/// A PATCH of the settings. Needs the exclusive lock.
#[derive(Clone, Debug)]
pub struct PatchSettings {
    /// What to change.
    pub patch: SettingsPatch,
    /// The version the caller has seen; none to change whatever is there.
    pub if_version: Option<i64>,
    /// The fingerprint of the plan that the caller has seen; none to apply whatever it does.
    pub if_plan: Option<String>,
    /// When, and through whom.
    pub change: Change,
}

/// Changes settings; a change that concerns everybody's access resolves everybody.
///
/// # Errors
/// Fields that are not right, all at once; 409 where SSO has to come first (D21).
pub fn patch_settings(tx: &mut dyn Tx, command: &PatchSettings) -> Result<OrgSettings> {
    let org = tx.settings()?;
    version::unchanged(
        command.if_version,
        org.version,
        "The settings were changed since you read them; read them again.",
    )?;
    let mut changed = OrgSettings::clone(&org);
    changed.facts.policies = policies(&org, &command.patch.policies)?;
    merge(&mut changed.connection, &command.patch.connection);
    check_connection(&changed)?;
    if let Some(limit) = command.patch.seat_limit {
        changed.seat_limit = limit;
    }
    if changed == *org {
        return Ok(changed);
    }
    settle_pending_departures(tx, Unit::provisioned(&org, &command.change))?;
    if let Some(seen) = &command.if_plan {
        preview::settings(tx, &org, &changed)?.must_be(seen)?;
    }
    changed.version += 1;
    tx.save_settings(&changed)?;
    if changed.facts != org.facts {
        let unit = Unit::administered(&changed, &command.change, "settings");
        rebind_all(tx, &org, &changed, &command.change)?;
        tx.mark_everyone_stale()?;
        settle_stale(tx, unit)?;
    }
    let (was, is) = (SettingsView::new(&org), SettingsView::new(&changed));
    let (before, after) = audit::difference(&audit::value(&was), &audit::value(&is));
    let entry = audit::Entry {
        action: Action::SettingsChanged,
        subject: String::new(),
        before,
        after,
    };
    audit::record(tx, &command.change, entry)?;
    Ok(changed)
}

/// Rules that wait may find their group when names are compared in another way.
fn rebind_all(
    tx: &mut dyn Tx,
    before: &OrgSettings,
    after: &OrgSettings,
    change: &Change,
) -> Result<()> {
    let ignores = |org: &OrgSettings| org.facts.policies.group_names_ignore_case;
    if ignores(before) || !ignores(after) {
        return Ok(());
    }
    let waiting: Vec<_> = tx
        .rules()?
        .into_iter()
        .filter(|rule| rule.group.is_none())
        .collect();
    mapping::rebind(tx, &waiting, change)?;
    Ok(())
}

/// The policies with some of them changed.
pub(crate) fn policies(
    org: &OrgSettings,
    changes: &BTreeMap<String, Option<String>>,
) -> Result<Policies> {
    let changes = changes
        .iter()
        .map(|(key, value)| (key.as_str(), value.as_deref().unwrap_or(NONE)));
    let policies = org.facts.policies.with(changes).map_err(|faults| {
        Error::fields(
            faults
                .iter()
                .map(|fault| split(&fault.to_string()))
                .collect(),
        )
    })?;
    policies
        .check_against(&org.facts.catalog)
        .map_err(|fault| Error::fields(vec![split(&fault.to_string())]))?;
    Ok(policies)
}

fn merge(connection: &mut Connection, patch: &ConnectionPatch) {
    let patch = patch.clone();
    connection.enabled = patch.enabled.unwrap_or(connection.enabled);
    connection.unique_identifier = patch
        .unique_identifier
        .unwrap_or(connection.unique_identifier);
    connection.strict = patch.strict.unwrap_or(connection.strict);
    connection.log_bodies = patch.log_bodies.unwrap_or(connection.log_bodies);
    if let Some(domains) = patch.email_domains {
        connection.email_domains = domains;
    }
    if let Some(sso) = patch.sso {
        connection.sso = sso;
    }
}

fn check_connection(org: &OrgSettings) -> Result<()> {
    org.connection
        .check()
        .map_err(|faults: Vec<ConnectionError>| {
            Error::fields(
                faults
                    .iter()
                    .map(|fault| split(&fault.to_string()))
                    .collect(),
            )
        })?;
    if org.connection.enabled && org.connection.can_enable(&org.facts.policies).is_err() {
        return Err(Error::new(
            Code::SsoRequired,
            "SCIM can be enabled once single sign-on is described: set connection.sso to \
             {\"protocol\": \"saml\" or \"oidc\", \"issuer\": …, \"sign_in_url\": …} in the same \
             or an earlier request.",
        ));
    }
    Ok(())
}

/// Domain errors read `field: what is wrong`.
fn split(message: &str) -> FieldError {
    let (field, detail) = message.split_once(": ").unwrap_or(("", message));
    FieldError::new(field, detail)
}

impl App {
    /// To be called after settings were changed here, so that this process sees it at once.
    pub fn settings_changed(&self, org: &OrgSettings) {
        self.forget_org(org);
        self.nudge.raise();
    }
}
