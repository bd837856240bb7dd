//! Which schemas apply to which resource type, and the lookup of names in them.

#[cfg(test)]
mod tests;

use std::sync::{Arc, LazyLock};

use crate::schema::{self, Attribute, Kind, Schema, attribute};

/// The schemas of one organization: the RFC's, and later its own extensions. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Registry {
    tables: Arc<Tables>,
}

#[derive(Debug, Clone)]
struct Tables {
    common: Vec<Attribute>,
    user: ResourceType,
    group: ResourceType,
}

#[derive(Debug, Clone)]
struct ResourceType {
    core: Schema,
    extensions: Vec<Schema>,
}

/// Where a name was found.
#[derive(Debug, Clone, Copy)]
pub struct Found<'a> {
    /// The extension that declares it; `None` for core and common attributes.
    pub schema: Option<&'a Schema>,
    /// What it is.
    pub attribute: &'a Attribute,
}

static CORE: LazyLock<Registry> = LazyLock::new(|| Registry {
    tables: Arc::new(Tables {
        common: schema::common::attributes(),
        user: ResourceType {
            core: schema::user::schema(),
            extensions: vec![schema::enterprise::schema()],
        },
        group: ResourceType {
            core: schema::group::schema(),
            extensions: Vec::new(),
        },
    }),
});

impl Registry {
    /// User with the enterprise extension, and Group. Built once per process.
    pub fn core() -> Registry {
        CORE.clone()
    }

    /// Resources of one schema that are not provisioned, such as [`roles`](crate::roles), so that
    /// filters, orders and projections work on them too. They stand in the place of `kind`.
    pub(crate) fn of(kind: Kind, schema: Schema) -> Registry {
        let mut tables = Tables::clone(&Registry::core().tables);
        let only = ResourceType {
            core: schema,
            extensions: Vec::new(),
        };
        match kind {
            Kind::User => tables.user = only,
            Kind::Group => tables.group = only,
        }
        Registry {
            tables: Arc::new(tables),
        }
    }

    /// This registry with one more extension of a resource type. Copies the tables: call it when
    /// an organization's schemas change, not per request.
    #[must_use]
    pub fn with_extension(&self, kind: Kind, extension: Schema) -> Registry {
        let mut tables = Tables::clone(&self.tables);
        match kind {
            Kind::User => tables.user.extensions.push(extension),
            Kind::Group => tables.group.extensions.push(extension),
        }
        Registry {
            tables: Arc::new(tables),
        }
    }

    /// Every schema in the order of `/Schemas`: both cores, then the extensions.
    pub fn schemas(&self) -> impl Iterator<Item = &Schema> {
        let Tables { user, group, .. } = &*self.tables;
        [&user.core, &group.core]
            .into_iter()
            .chain(&user.extensions)
            .chain(&group.extensions)
    }

    /// The schema with that URI; case is ignored.
    pub fn schema(&self, urn: &str) -> Option<&Schema> {
        self.schemas()
            .find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// The core schema of a resource type.
    pub fn core_schema(&self, kind: Kind) -> &Schema {
        &self.resource_type(kind).core
    }

    /// The extensions of a resource type.
    pub fn extensions(&self, kind: Kind) -> impl Iterator<Item = &Schema> {
        self.resource_type(kind).extensions.iter()
    }

    /// The extension of a resource type with that URI; case is ignored.
    pub fn extension(&self, kind: Kind, urn: &str) -> Option<&Schema> {
        self.extensions(kind)
            .find(|schema| schema.id.eq_ignore_ascii_case(urn))
    }

    /// The attributes that every resource has: `schemas`, `id`, `externalId`, `meta`.
    pub fn common(&self) -> &[Attribute] {
        &self.tables.common
    }

    /// Looks a top-level attribute up; case is ignored in name and URI.
    ///
    /// Without a URI, and with the core URI, core and common attributes are found. Without a URI
    /// a name that is in exactly one extension is found there too (identity providers send
    /// `department` without its URI).
    pub fn attribute(&self, kind: Kind, urn: Option<&str>, name: &str) -> Option<Found<'_>> {
        let core = || {
            let attribute = self
                .core_schema(kind)
                .attribute(name)
                .or_else(|| attribute::find(self.common(), name))?;
            Some(Found {
                schema: None,
                attribute,
            })
        };
        match urn {
            None => core().or_else(|| self.in_one_extension(kind, name)),
            Some(urn) if urn.eq_ignore_ascii_case(&self.core_schema(kind).id) => core(),
            Some(urn) => {
                let schema = self.extension(kind, urn)?;
                Some(Found {
                    schema: Some(schema),
                    attribute: schema.attribute(name)?,
                })
            }
        }
    }

    fn in_one_extension(&self, kind: Kind, name: &str) -> Option<Found<'_>> {
        let mut found = self.extensions(kind).filter_map(|schema| {
            Some(Found {
                schema: Some(schema),
                attribute: schema.attribute(name)?,
            })
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    fn resource_type(&self, kind: Kind) -> &ResourceType {
        match kind {
            Kind::User => &self.tables.user,
            Kind::Group => &self.tables.group,
        }
    }
}
