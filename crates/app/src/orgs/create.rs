//! Making and removing organizations.

use std::sync::Arc;

use domain::{Action, Connection, OrgFacts, OrgId, Preset, Slug};
use serde::Deserialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::{
    App, Error, Result, audit,
    change::Change,
    error::Code,
    idempotency::{Once, Retry, under_way},
    port::{answers::Answer, audit::AuditDraft, instance::Removal, org::OrgSettings},
};

/// Longest name of an organization, in characters.
const LONGEST_NAME: usize = 200;

/// A new organization as it is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[schema(as = NewOrganization, example = json!({"slug": "acme", "name": "Acme", "preset": "plain"}))]
#[serde(deny_unknown_fields)]
pub struct NewOrg {
    /// Name in URLs.
    pub slug: String,
    /// Name for people; the slug where it is left out.
    #[serde(default)]
    pub name: Option<String>,
    /// One of the presets.
    pub preset: String,
}

/// Makes an organization from a preset.
///
/// # Errors
/// A field is not right; the slug is taken.
pub fn create(app: &App, new: &NewOrg, change: &Change) -> Result<Arc<OrgSettings>> {
    let mut settings = settings(new)?;
    let draft = created(&settings, change);
    let made = app.store.instance().create_org(&settings, &draft, None)?;
    settings.id = made.ok_or_else(under_way)?;
    Ok(Arc::new(settings))
}

/// As [`create`], for a request that may be sent again: however often it is, also at the same time,
/// there is one organization and one answer. `render` is given it without its number.
///
/// # Errors
/// As [`create`]; the key was used for another request; the same request is under way.
pub fn create_once(
    app: &App,
    new: &NewOrg,
    change: &Change,
    retry: &Retry,
    render: impl FnOnce(&OrgSettings) -> Answer,
) -> Result<Once> {
    if let Some(again) = retry.again(app)? {
        return Ok(again);
    }
    let settings = settings(new)?;
    let (draft, answer) = (created(&settings, change), render(&settings));
    let keeping = retry.keeping(&answer);
    let instance = app.store.instance();
    let refused = match instance.create_org(&settings, &draft, Some(&keeping)) {
        Ok(Some(_)) => return Ok(Once::Made(answer)),
        Ok(None) => under_way(),
        Err(error) => error.into(),
    };
    if refused.is_fault() {
        return Err(refused);
    }
    // The same request may have been quicker: then this is its answer too.
    retry.again(app)?.ok_or(refused)
}

/// The settings of an organization that is new; its number is not known yet.
fn settings(new: &NewOrg) -> Result<OrgSettings> {
    let slug: Slug =
        Slug::new(&*new.slug).map_err(|error| Error::field("slug", error.to_string()))?;
    let preset: Preset = new
        .preset
        .parse()
        .map_err(|error: domain::words::UnknownWord| Error::field("preset", error.to_string()))?;
    let name = new.name.clone().unwrap_or_else(|| slug.to_string());
    check_name(&name)?;
    Ok(OrgSettings {
        id: OrgId(0),
        slug,
        name,
        preset,
        facts: OrgFacts {
            catalog: preset.catalog(),
            policies: preset.policies(),
        },
        connection: Connection::of_preset(preset),
        seat_limit: None,
        version: 1,
        mapping_version: 1,
        schemas_version: 0,
    })
}

fn created(settings: &OrgSettings, change: &Change) -> AuditDraft {
    let entry = audit::Entry {
        action: Action::OrgCreated,
        subject: settings.slug.to_string(),
        before: Value::Null,
        after: told(settings),
    };
    audit::draft(change, entry)
}

/// What is said of an organization at another version than the caller has seen.
pub(super) const CHANGED: &str = "The organization was changed since you read it; read it again.";

/// Refuses what is no name for people.
pub(super) fn check_name(name: &str) -> Result<()> {
    if name.trim().is_empty() || name.chars().count() > LONGEST_NAME {
        let detail = format!("Must be 1 to {LONGEST_NAME} characters.");
        return Err(Error::field("name", detail));
    }
    Ok(())
}

/// Removes an organization and everything in it; `if_version` is the version the caller has seen. It
/// is gone then; what it leaves in the tables is cleared by [`super::clear`].
///
/// # Errors
/// Not found, 412.
pub fn delete(
    app: &App,
    org: &OrgSettings,
    if_version: Option<i64>,
    change: &Change,
) -> Result<()> {
    let draft = audit::draft(
        change,
        audit::Entry {
            action: Action::OrgRemoved,
            subject: org.slug.to_string(),
            before: told(org),
            after: Value::Null,
        },
    );
    let removal = app
        .store
        .instance()
        .delete_org(org.id, if_version, &draft)?;
    app.forget_org(org);
    match removal {
        Removal::Removed => Ok(()),
        Removal::NotThere => Err(Error::not_found("organization")),
        Removal::Changed => Err(Error::new(Code::PreconditionFailed, CHANGED)),
    }
}

fn told(org: &OrgSettings) -> Value {
    json!({ "name": org.name, "preset": org.preset.as_str() })
}
