//! The mapping as a document.

use std::collections::{HashMap, HashSet};

use domain::{Gives, Mapping, RuleId, RuleSpec, RuleTarget};

use crate::{
    Result,
    port::{Tx, places::Atlas},
};

/// The mapping and its version.
#[derive(Clone, Debug, PartialEq)]
pub struct MappingReply {
    /// In the order in which it was written.
    pub document: Mapping,
    /// Moves when an administrator changes it, never by automatic binding.
    pub version: i64,
}

/// The mapping document. A rule carries `group_id` where its bound group has another name by now.
///
/// # Errors
/// The store is away.
pub fn read(tx: &mut dyn Tx) -> Result<MappingReply> {
    let version = tx.settings()?.mapping_version;
    let atlas = tx.places()?;
    let renamed: HashMap<RuleId, _> = tx.renamed_rules()?.into_iter().collect();
    // Two rules that were told apart by their binding may say the same by now: told once, so that
    // an export can be sent back.
    let mut told = HashSet::new();
    let specs: Vec<RuleSpec> = tx
        .rules()?
        .into_iter()
        .filter_map(|rule| {
            Some(RuleSpec {
                group_id: renamed.get(&rule.id).copied(),
                target: target(&atlas, &rule.gives)?,
                group: rule.group_name,
            })
        })
        .filter(|spec| told.insert(spec.clone()))
        .collect();
    Ok(MappingReply {
        document: Mapping::of_rules(&specs),
        version,
    })
}

/// What a rule gives, by name.
fn target(atlas: &Atlas, gives: &Gives) -> Option<RuleTarget> {
    Some(match gives {
        Gives::Organization(role) => RuleTarget::Organization(role.clone()),
        Gives::Workspace(id) => RuleTarget::Workspace(atlas.workspace_by_id(*id)?.slug.clone()),
        Gives::Project(id, role) => {
            let path = atlas.path(atlas.project_by_id(*id)?)?;
            RuleTarget::Project(path, role.clone())
        }
    })
}
