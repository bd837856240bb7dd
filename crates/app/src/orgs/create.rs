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
    port::{instance::Removal, org::OrgSettings},
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
    let slug: Slug =
        Slug::new(&*new.slug).map_err(|error| Error::field("slug", error.to_string()))?;
    let preset: Preset = new
        .preset
        .parse()
        .map_err(|error: domain::words::UnknownWord| Error::field("preset", error.to_string()))?;
    let name = new.name.clone().unwrap_or_else(|| slug.to_string());
    check_name(&name)?;
    let mut settings = OrgSettings {
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
    };
    let draft = audit::draft(
        change,
        audit::Entry {
            action: Action::OrgCreated,
            subject: settings.slug.to_string(),
            before: Value::Null,
            after: told(&settings),
        },
    );
    settings.id = app.store.instance().create_org(&settings, &draft)?;
    Ok(Arc::new(settings))
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

/// Removes an organization and everything in it; `if_version` is the version the caller has seen.
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
