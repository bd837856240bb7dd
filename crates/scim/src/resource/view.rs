//! Reading a document without knowing JSON.

use serde_json::{Map, Value};

use super::Resource;
use crate::schema::Kind;

/// One element of a list such as `emails` or `roles`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// `value`.
    pub value: &'a str,
    /// `type`.
    pub kind: Option<&'a str>,
    /// `display`.
    pub display: Option<&'a str>,
    /// `primary`; absent is false.
    pub primary: bool,
}

impl Resource {
    /// URIs of the schemas in use: the core one, then those of the extensions that have data.
    pub fn schemas(&self) -> Vec<&str> {
        let extensions = self.attributes.keys().filter(|name| name.contains(':'));
        std::iter::once(self.kind.core_urn())
            .chain(extensions.map(String::as_str))
            .collect()
    }

    /// A core attribute by its canonical name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.attributes.get(name)
    }

    /// The data of an extension by its canonical URI.
    pub fn extension(&self, urn: &str) -> Option<&Map<String, Value>> {
        self.attributes.get(urn).and_then(Value::as_object)
    }

    /// `userName`; users only.
    pub fn user_name(&self) -> Option<&str> {
        self.text("userName")
    }

    /// `displayName`.
    pub fn display_name(&self) -> Option<&str> {
        self.text("displayName")
    }

    /// `externalId`.
    pub fn external_id(&self) -> Option<&str> {
        self.text("externalId")
    }

    /// `active`; unassigned counts as inactive. False for groups.
    pub fn active(&self) -> bool {
        self.kind == Kind::User && self.get("active") == Some(&Value::Bool(true))
    }

    /// E-mails that have a value, as sent.
    pub fn emails(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries("emails")
    }

    /// The e-mail marked primary, else the first.
    pub fn primary_email(&self) -> Option<&str> {
        let marked = self.emails().find(|email| email.primary);
        marked
            .or_else(|| self.emails().next())
            .map(|email| email.value)
    }

    /// Roles that have a value.
    pub fn roles(&self) -> impl Iterator<Item = Entry<'_>> {
        self.entries("roles")
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.get(name).and_then(Value::as_str)
    }

    fn entries(&self, name: &str) -> impl Iterator<Item = Entry<'_>> {
        let list = self
            .get(name)
            .and_then(Value::as_array)
            .map(Vec::as_slice)
            .unwrap_or_default();
        list.iter().filter_map(entry)
    }
}

fn entry(element: &Value) -> Option<Entry<'_>> {
    let text = |name: &str| element.get(name).and_then(Value::as_str);
    Some(Entry {
        value: text("value").filter(|value| !value.is_empty())?,
        kind: text("type"),
        display: text("display"),
        primary: element.get("primary") == Some(&Value::Bool(true)),
    })
}
