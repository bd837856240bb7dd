//! What one attribute is: type, plurality and characteristics (RFC 7643 sections 2.2, 2.3, 7).

use serde::{Deserialize, Serialize};

use super::Text;

/// Data types (RFC 7643 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A number with a fraction.
    Decimal,
    /// A whole number.
    Integer,
    /// An RFC 3339 timestamp with offset, as text.
    DateTime,
    /// Base64 text.
    Binary,
    /// A URI, as text.
    Reference,
    /// An object of sub-attributes.
    Complex,
}

impl Type {
    /// True for the types that are text in JSON.
    pub fn is_text(self) -> bool {
        matches!(
            self,
            Type::String | Type::DateTime | Type::Binary | Type::Reference
        )
    }

    /// What a value of this type looks like, for error texts.
    pub fn expected(self) -> &'static str {
        match self {
            Type::String => "a string",
            Type::Boolean => "true or false",
            Type::Decimal => "a number",
            Type::Integer => "a whole number",
            Type::DateTime => "a date and time such as 2030-01-31T08:00:00Z",
            Type::Binary => "a base64 string",
            Type::Reference => "a URI string",
            Type::Complex => "an object",
        }
    }
}

/// Who may change the value, and when.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mutability {
    /// Only the server.
    ReadOnly,
    /// The client, at any time.
    ReadWrite,
    /// The client, once.
    Immutable,
    /// The client, without ever reading it back.
    WriteOnly,
}

/// When the value is part of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Returned {
    /// Whatever the client asks for.
    Always,
    /// Never.
    Never,
    /// Unless the client names other attributes.
    Default,
    /// Only when named.
    Request,
}

/// Within what the value is unique.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Uniqueness {
    /// Not unique.
    None,
    /// Within one organization.
    Server,
    /// Everywhere.
    Global,
}

/// One attribute or sub-attribute. Its JSON form is the one of `/Schemas`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attribute {
    /// The name in the spelling that is stored and answered.
    pub name: Text,
    /// Data type.
    #[serde(rename = "type")]
    pub kind: Type,
    /// True when the value is a list.
    pub multi_valued: bool,
    /// For people.
    pub description: Text,
    /// True when a resource cannot be without it.
    pub required: bool,
    /// True when filters compare with case.
    pub case_exact: bool,
    /// Who may change it.
    pub mutability: Mutability,
    /// When it is answered.
    pub returned: Returned,
    /// Within what it is unique.
    pub uniqueness: Uniqueness,
    /// Suggested values; hints only, any text is accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub canonical_values: Vec<Text>,
    /// What a reference may point to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reference_types: Vec<Text>,
    /// Parts of a complex attribute.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sub_attributes: Vec<Attribute>,
}

impl Attribute {
    /// An attribute with the RFC's defaults: singular, optional, ignoring case, readWrite,
    /// returned by default, not unique.
    pub fn new(name: &'static str, kind: Type, description: &'static str) -> Attribute {
        Attribute {
            name: name.into(),
            kind,
            multi_valued: false,
            description: description.into(),
            required: false,
            case_exact: false,
            mutability: Mutability::ReadWrite,
            returned: Returned::Default,
            uniqueness: Uniqueness::None,
            canonical_values: Vec::new(),
            reference_types: Vec::new(),
            sub_attributes: Vec::new(),
        }
    }

    /// A string.
    pub fn text(name: &'static str, description: &'static str) -> Attribute {
        Attribute::new(name, Type::String, description)
    }

    /// A boolean.
    pub fn boolean(name: &'static str, description: &'static str) -> Attribute {
        Attribute::new(name, Type::Boolean, description)
    }

    /// A reference; references compare with case (RFC 7643 section 2.3.7).
    pub fn reference(
        name: &'static str,
        types: &[&'static str],
        description: &'static str,
    ) -> Attribute {
        let mut attribute = Attribute::new(name, Type::Reference, description).case_exact();
        attribute.reference_types = types.iter().map(|&text| text.into()).collect();
        attribute
    }

    /// A complex attribute.
    pub fn complex(
        name: &'static str,
        description: &'static str,
        sub_attributes: Vec<Attribute>,
    ) -> Attribute {
        Attribute {
            sub_attributes,
            ..Attribute::new(name, Type::Complex, description)
        }
    }

    /// The same, as a list.
    #[must_use]
    pub fn multi_valued(self) -> Attribute {
        Attribute {
            multi_valued: true,
            ..self
        }
    }

    /// The same, required.
    #[must_use]
    pub fn required(self) -> Attribute {
        Attribute {
            required: true,
            ..self
        }
    }

    /// The same, compared with case.
    #[must_use]
    pub fn case_exact(self) -> Attribute {
        Attribute {
            case_exact: true,
            ..self
        }
    }

    /// The same, changed by the server only, with all its sub-attributes.
    #[must_use]
    pub fn read_only(self) -> Attribute {
        let sub_attributes = self
            .sub_attributes
            .into_iter()
            .map(Attribute::read_only)
            .collect();
        Attribute {
            mutability: Mutability::ReadOnly,
            sub_attributes,
            ..self
        }
    }

    /// The same, set once.
    #[must_use]
    pub fn immutable(self) -> Attribute {
        Attribute {
            mutability: Mutability::Immutable,
            ..self
        }
    }

    /// The same, part of every answer.
    #[must_use]
    pub fn always_returned(self) -> Attribute {
        Attribute {
            returned: Returned::Always,
            ..self
        }
    }

    /// The same, unique within an organization.
    #[must_use]
    pub fn server_unique(self) -> Attribute {
        Attribute {
            uniqueness: Uniqueness::Server,
            ..self
        }
    }

    /// The same, with suggested values.
    #[must_use]
    pub fn suggesting(self, values: &[&'static str]) -> Attribute {
        Attribute {
            canonical_values: values.iter().map(|&text| text.into()).collect(),
            ..self
        }
    }

    /// The sub-attribute of that name; case is ignored.
    pub fn sub(&self, name: &str) -> Option<&Attribute> {
        find(&self.sub_attributes, name)
    }

    /// True for an object or a list of objects.
    pub fn is_complex(&self) -> bool {
        self.kind == Type::Complex
    }

    /// True for a list whose elements have no sub-attributes. An element is called `value`.
    pub fn has_simple_elements(&self) -> bool {
        self.multi_valued && !self.is_complex()
    }

    /// True when only the server changes it.
    pub fn is_read_only(&self) -> bool {
        self.mutability == Mutability::ReadOnly
    }
}

/// The attribute of that name in a list; case is ignored (RFC 7643 section 2.1).
pub fn find<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a Attribute> {
    attributes
        .iter()
        .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
}

/// The position of that name in a list; case is ignored.
pub fn position(attributes: &[Attribute], name: &str) -> Option<usize> {
    attributes
        .iter()
        .position(|attribute| attribute.name.eq_ignore_ascii_case(name))
}
