//! What a query can name: every attribute of a registry, in every notation.

use scim::path::Target;
use scim::schema::{Attribute, Mutability, Returned, Schema, Type};
use scim::{Kind, Registry};

use super::super::random::Random;

const USER_EXTENSION: &str = "urn:example:params:scim:schemas:everything:2.0:User";
const GROUP_EXTENSION: &str = "urn:example:params:scim:schemas:everything:2.0:Group";

/// A list or an object, of which `[` may choose.
pub(super) struct List {
    pub(super) kind: Kind,
    pub(super) path: String,
    /// Names and types inside.
    pub(super) parts: Vec<(String, Type)>,
}

/// The registry and its attributes.
pub(super) struct Names {
    pub(super) registry: Registry,
    /// Paths in canonical notation.
    pub(super) paths: Vec<(Kind, String)>,
    pub(super) lists: Vec<List>,
}

/// Attributes that have a column or a side table: half of all queries name one of them.
const HOT: &[(Kind, &str)] = &[
    (Kind::User, "id"),
    (Kind::User, "userName"),
    (Kind::User, "externalId"),
    (Kind::User, "active"),
    (Kind::User, "meta.created"),
    (Kind::User, "meta.lastModified"),
    (Kind::User, "emails"),
    (Kind::User, "emails.value"),
    (Kind::User, "groups"),
    (Kind::User, "groups.value"),
    (Kind::Group, "id"),
    (Kind::Group, "displayName"),
    (Kind::Group, "externalId"),
    (Kind::Group, "meta.created"),
    (Kind::Group, "meta.lastModified"),
    (Kind::Group, "members"),
    (Kind::Group, "members.value"),
];

const HOT_LISTS: &[&str] = &["emails", "groups", "members"];

impl Names {
    pub(super) fn new() -> Names {
        let registry = Registry::core()
            .with_extension(Kind::User, everything(USER_EXTENSION))
            .with_extension(Kind::Group, everything(GROUP_EXTENSION));
        let mut names = Names {
            registry: registry.clone(),
            paths: Vec::new(),
            lists: Vec::new(),
        };
        for kind in Kind::ALL {
            let core = &registry.core_schema(kind).attributes;
            for attribute in registry.common().iter().chain(core) {
                names.add(kind, "", attribute);
            }
            for extension in registry.extensions(kind) {
                for attribute in &extension.attributes {
                    names.add(kind, &format!("{}:", extension.id), attribute);
                }
            }
        }
        names
    }

    fn add(&mut self, kind: Kind, prefix: &str, attribute: &Attribute) {
        if attribute.returned == Returned::Never {
            return;
        }
        let path = format!("{prefix}{}", attribute.name);
        let subs = &attribute.sub_attributes;
        let parts: Vec<(String, Type)> = if attribute.is_complex() {
            subs.iter()
                .map(|sub| (sub.name.to_string(), sub.kind))
                .collect()
        } else {
            vec![("value".to_owned(), attribute.kind)]
        };
        for sub in subs {
            self.paths.push((kind, format!("{path}.{}", sub.name)));
        }
        if attribute.is_complex() || attribute.multi_valued {
            let path = path.clone();
            self.lists.push(List { kind, path, parts });
        }
        self.paths.push((kind, path));
    }

    /// A path of one of these resource types, and the type of value it is compared with: none
    /// where it can only be there or not.
    pub(super) fn path(&self, kinds: &[Kind], random: &mut Random) -> (String, Option<Type>) {
        let fits = |kind: &Kind| kinds.contains(kind);
        let path = if random.once_in(2) {
            let hot: Vec<_> = HOT.iter().filter(|(kind, _)| fits(kind)).collect();
            let (kind, path) = hot[random.below(hot.len())];
            spelled(*kind, path, random)
        } else {
            let all: Vec<_> = self.paths.iter().filter(|(kind, _)| fits(kind)).collect();
            let (kind, path) = all[random.below(all.len())];
            spelled(*kind, path, random)
        };
        let compared = self.compared(kinds, &path);
        (path, compared)
    }

    pub(super) fn list(&self, kinds: &[Kind], random: &mut Random) -> (String, &List) {
        let hot = random.once_in(2);
        let fits = |list: &&List| {
            kinds.contains(&list.kind) && (!hot || HOT_LISTS.contains(&list.path.as_str()))
        };
        let lists: Vec<&List> = self.lists.iter().filter(fits).collect();
        let list = lists[random.below(lists.len())];
        (spelled(list.kind, &list.path, random), list)
    }

    /// As the first of these resource types has it that knows the name.
    pub(super) fn target(&self, kinds: &[Kind], path: &str) -> Option<Target> {
        let resolve = |kind: &Kind| Target::resolve(&self.registry, *kind, path).ok();
        kinds.iter().find_map(resolve)
    }

    fn compared(&self, kinds: &[Kind], path: &str) -> Option<Type> {
        let leaf = self.target(kinds, path).map(|target| target.leaf.kind)?;
        if leaf != Type::Complex {
            return Some(leaf);
        }
        // It means its value.
        let value = self.target(kinds, &format!("{path}.value"))?;
        Some(value.leaf.kind)
    }
}

/// The path with or without its URN, in one case of letters or another.
fn spelled(kind: Kind, path: &str, random: &mut Random) -> String {
    let path = match path
        .strip_prefix("urn:")
        .and_then(|_| path.rsplit_once(':'))
    {
        // A name that only one extension has.
        Some((_, name)) if random.once_in(4) => name.to_owned(),
        None if random.once_in(6) => format!("{}:{path}", kind.core_urn()),
        Some(_) | None => path.to_owned(),
    };
    match random.below(8) {
        0 => path.to_uppercase(),
        1 => path.to_lowercase(),
        _ => path,
    }
}

/// An extension with every type, single and in lists. Its names are in no other schema of the
/// resource type.
fn everything(urn: &'static str) -> Schema {
    let inside = || {
        vec![
            Attribute::text("word", ""),
            Attribute::new("size", Type::Integer, ""),
            Attribute::new("since", Type::DateTime, ""),
            Attribute::boolean("sure", ""),
        ]
    };
    let mut listed = inside();
    listed.extend([
        Attribute::text("value", ""),
        Attribute::boolean("primary", ""),
    ]);
    Schema {
        id: urn.into(),
        name: "Everything".into(),
        description: "Every type".into(),
        attributes: vec![
            Attribute::text("note", ""),
            Attribute::text("code", "").case_exact(),
            Attribute::new("floor", Type::Integer, ""),
            Attribute::new("share", Type::Decimal, ""),
            Attribute::boolean("remote", ""),
            Attribute::new("hired", Type::DateTime, ""),
            Attribute::new("print", Type::Binary, ""),
            Attribute::reference("page", &["external"], ""),
            Attribute::text("tags", "").multi_valued(),
            Attribute::new("levels", Type::Integer, "").multi_valued(),
            Attribute::new("moments", Type::DateTime, "").multi_valued(),
            Attribute::complex("badge", "", inside()),
            Attribute::complex("badges", "", listed).multi_valued(),
            Attribute {
                mutability: Mutability::Immutable,
                ..Attribute::text("birthplace", "")
            },
        ],
    }
}
