//! The mapping as a document.

use std::collections::{HashMap, HashSet};

use domain::{
    RuleId,
    mapping::{Mapping, OrganizationEntry},
};

use crate::{Result, port::Tx};

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
    let renamed: HashMap<RuleId, _> = tx.renamed_rules()?.into_iter().collect();
    let mut told = HashSet::new();
    let organization = tx
        .rules()?
        .into_iter()
        .map(|rule| OrganizationEntry {
            group_id: renamed.get(&rule.id).copied(),
            group: rule.group_name,
            role: rule.role.to_string(),
        })
        // Two rules that were told apart by their groups say the same once both have one group, or
        // none. A document that says something twice would be refused when it is sent back.
        .filter(|entry| told.insert((entry.group.clone(), entry.role.clone(), entry.group_id)))
        .collect();
    Ok(MappingReply {
        document: Mapping {
            organization,
            ..Mapping::default()
        },
        version,
    })
}
