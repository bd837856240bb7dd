//! One declared attribute: name, type and characteristics (RFC 7643 sections 2.1, 2.2, 7).

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::Fields;
use super::{Collected, MAX_NAME, MAX_SUB_ATTRIBUTES, MAX_TEXT};
use crate::path::is_name;
use crate::schema::{Attribute, Mutability, Returned, Type, Uniqueness};

/// Names that mean something on every resource.
const RESERVED: [&str; 5] = ["schemas", "id", "externalId", "meta", "password"];

/// Sub-attributes that have one meaning everywhere (RFC 7643 section 2.4), with their types.
const USUAL: [(&str, &[Type]); 4] = [
    ("primary", &[Type::Boolean]),
    ("type", &[Type::String]),
    ("display", &[Type::String]),
    ("$ref", &[Type::Reference]),
];

/// Reads a list of attributes; `parent` is the complex attribute that they are parts of.
pub(super) fn list(
    fields: &mut Fields,
    name: &str,
    most: usize,
    parent: Option<&Attribute>,
    faults: &mut Collected,
) -> Vec<Attribute> {
    let place = fields.place(name);
    let items = match fields.take(name) {
        Some(Value::Array(items)) if (1..=most).contains(&items.len()) => items,
        _ => {
            faults.add(
                &place,
                format!("must be a list of 1 to {most} attribute definitions"),
            );
            return Vec::new();
        }
    };
    let mut attributes: Vec<Attribute> = Vec::with_capacity(items.len());
    for (index, item) in items.into_iter().enumerate() {
        let place = format!("{place}[{index}]");
        let Value::Object(members) = item else {
            faults.add(&place, "must be an object with name and type");
            continue;
        };
        let attribute = read(Fields::new(members, place.clone()), parent, faults);
        if attributes
            .iter()
            .any(|other| other.name.eq_ignore_ascii_case(&attribute.name))
        {
            let problem = "must differ from the other names of the list, not only in case";
            faults.add(&format!("{place}.name"), problem);
        }
        attributes.push(attribute);
    }
    attributes
}

fn read(mut fields: Fields, parent: Option<&Attribute>, faults: &mut Collected) -> Attribute {
    let kind = word(&mut fields, "type", Type::String, TYPES, faults);
    let mut attribute = Attribute::new("", kind, "");
    let name = fields.text("name", MAX_NAME, faults);
    if !name.as_deref().is_some_and(|name| fits(name, kind, parent)) {
        faults.add(&fields.place("name"), NAMES);
    }
    attribute.name = name.unwrap_or_default().into();
    let description = fields.text("description", MAX_TEXT, faults);
    attribute.description = description.unwrap_or_default().into();
    attribute.multi_valued = fields.flag("multiValued", false, faults);
    attribute.case_exact = fields.flag("caseExact", is_exact(kind), faults);
    attribute.mutability = word(
        &mut fields,
        "mutability",
        Mutability::ReadWrite,
        MUTABILITY,
        faults,
    );
    attribute.returned = word(&mut fields, "returned", Returned::Default, RETURNED, faults);
    attribute.uniqueness = word(
        &mut fields,
        "uniqueness",
        Uniqueness::None,
        UNIQUENESS,
        faults,
    );
    let required = fields.flag("required", false, faults);
    offered(&fields, &attribute, required, faults);
    check_kind(&fields, &attribute, parent, faults);
    values(&mut fields, &mut attribute, faults);
    sub_attributes(&mut fields, &mut attribute, parent.is_some(), faults);
    fields.end(MEMBERS, faults);
    attribute
}

const NAMES: &str = "must be a name of RFC 7643 section 2.1 of at most 64 characters: a letter, \
                     then letters, digits, - and _; not schemas, id, externalId, meta or password";
const MEMBERS: &str = "an attribute has name, type, multiValued, description, required, caseExact, \
                       mutability, returned, uniqueness, canonicalValues, referenceTypes and \
                       subAttributes";
const TYPES: &str = "must be string, boolean, decimal, integer, dateTime, binary, reference or \
                     complex";
const MUTABILITY: &str = "must be readWrite or immutable";
const RETURNED: &str = "must be default or always";
const UNIQUENESS: &str = "must be none";

/// One of the words of the RFC.
fn word<T: DeserializeOwned>(
    fields: &mut Fields,
    name: &str,
    default: T,
    known: &str,
    faults: &mut Collected,
) -> T {
    let Some(value) = fields.take(name) else {
        return default;
    };
    serde_json::from_value(value).unwrap_or_else(|_| {
        faults.add(&fields.place(name), known);
        default
    })
}

/// What the RFC has and the server does not.
fn offered(fields: &Fields, attribute: &Attribute, required: bool, faults: &mut Collected) {
    let mut refuse = |name: &str, problem: &str| faults.add(&fields.place(name), problem);
    match attribute.mutability {
        Mutability::ReadWrite | Mutability::Immutable => {}
        Mutability::ReadOnly => refuse(
            "mutability",
            "must be readWrite or immutable: the server \
                                        has nothing of its own to write here",
        ),
        Mutability::WriteOnly => refuse(
            "mutability",
            "must be readWrite or immutable: writeOnly \
                                         is not offered",
        ),
    }
    match attribute.returned {
        Returned::Default | Returned::Always => {}
        Returned::Never | Returned::Request => {
            refuse(
                "returned",
                "must be default or always: never and request are not offered",
            );
        }
    }
    if attribute.uniqueness != Uniqueness::None {
        refuse(
            "uniqueness",
            "must be none: unique attributes are not offered in extensions",
        );
    }
    if required {
        refuse(
            "required",
            "must be false: resources exist that do not have the attribute",
        );
    }
}

fn check_kind(
    fields: &Fields,
    attribute: &Attribute,
    parent: Option<&Attribute>,
    faults: &mut Collected,
) {
    let mut refuse = |name: &str, problem: &str| faults.add(&fields.place(name), problem);
    if is_exact(attribute.kind) && !attribute.case_exact {
        refuse("caseExact", "must be true for reference and binary");
    }
    let Some(parent) = parent else {
        return;
    };
    if attribute.is_complex() {
        refuse("type", "must not be complex inside of a complex attribute");
    }
    if attribute.multi_valued {
        refuse("multiValued", "must be false inside of a complex attribute");
    }
    if parent.mutability == Mutability::Immutable && attribute.mutability == Mutability::ReadWrite {
        refuse(
            "mutability",
            "must be immutable inside of an immutable attribute",
        );
    }
    let usual = USUAL
        .iter()
        .find(|(name, _)| attribute.name.eq_ignore_ascii_case(name));
    if let Some((_, kinds)) = usual
        && !kinds.contains(&attribute.kind)
    {
        refuse(
            "type",
            "must be the usual one for this name: boolean for primary, string for type \
                        and display, reference for $ref",
        );
    }
}

/// Canonical values are hints, for text only; a reference says what it points to.
fn values(fields: &mut Fields, attribute: &mut Attribute, faults: &mut Collected) {
    let canonical = fields.texts("canonicalValues", faults);
    if !canonical.is_empty() && attribute.kind != Type::String {
        faults.add(
            &fields.place("canonicalValues"),
            "are for the type string only",
        );
    }
    attribute.canonical_values = canonical.into_iter().map(Into::into).collect();
    let references = fields.texts("referenceTypes", faults);
    match (attribute.kind == Type::Reference, references.is_empty()) {
        (true, true) => faults.add(
            &fields.place("referenceTypes"),
            "are required for a reference: such as User, Group, external or uri",
        ),
        (false, false) => {
            faults.add(
                &fields.place("referenceTypes"),
                "are for the type reference only",
            );
        }
        _ => {}
    }
    attribute.reference_types = references.into_iter().map(Into::into).collect();
}

fn sub_attributes(
    fields: &mut Fields,
    attribute: &mut Attribute,
    nested: bool,
    faults: &mut Collected,
) {
    if attribute.is_complex() && !nested {
        let parent = attribute.clone();
        attribute.sub_attributes = list(
            fields,
            "subAttributes",
            MAX_SUB_ATTRIBUTES,
            Some(&parent),
            faults,
        );
        return;
    }
    match fields.take("subAttributes") {
        None => {}
        Some(Value::Array(list)) if list.is_empty() => {}
        Some(_) => faults.add(
            &fields.place("subAttributes"),
            "are for the type complex only, and one level deep",
        ),
    }
}

/// `$ref` is the one name with a `$`, and only for a reference in a complex attribute.
fn fits(name: &str, kind: Type, parent: Option<&Attribute>) -> bool {
    if name.starts_with('$') {
        return name == "$ref" && parent.is_some() && kind == Type::Reference;
    }
    is_name(name)
        && (parent.is_some()
            || !RESERVED
                .iter()
                .any(|taken| taken.eq_ignore_ascii_case(name)))
}

/// References and binary values compare with case (RFC 7643 sections 2.3.6, 2.3.7).
fn is_exact(kind: Type) -> bool {
    matches!(kind, Type::Reference | Type::Binary)
}
