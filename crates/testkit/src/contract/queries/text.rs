//! Random filters, as text.

use scim::Kind;
use scim::schema::Type;
use serde_json::json;

use super::super::random::Random;
use super::data::Data;
use super::names::Names;
use super::values;

const EQUAL: &[&str] = &["eq", "ne"];
const ORDER: &[&str] = &["eq", "ne", "gt", "ge", "lt", "le"];
const SUBSTRING: &[&str] = &["eq", "ne", "co", "sw", "ew"];
const ALL: &[&str] = &["eq", "eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"];

/// Draws filters on these resource types.
pub(super) struct Writer<'w> {
    pub(super) names: &'w Names,
    pub(super) data: &'w Data,
    pub(super) kinds: &'w [Kind],
}

impl Writer<'_> {
    pub(super) fn filter(&self, depth: usize, random: &mut Random) -> String {
        let shape = if depth == 0 { 9 } else { random.below(12) };
        let joined = |word: &str, random: &mut Random| {
            let terms = 2 + random.below(2);
            let terms: Vec<_> = (0..terms).map(|_| self.filter(depth - 1, random)).collect();
            terms.join(word)
        };
        match shape {
            0 | 1 => joined(" and ", random),
            2 | 3 => joined(" OR ", random),
            4 => format!("not ({})", self.filter(depth - 1, random)),
            5 => format!("( {} )", self.filter(depth - 1, random)),
            6 | 7 => self.element(random),
            _ => {
                let (path, kind) = self.names.path(self.kinds, random);
                format!("{path} {}", self.condition(kind, random))
            }
        }
    }

    /// A value path, now and then with a sub-attribute behind it.
    fn element(&self, random: &mut Random) -> String {
        let (path, list) = self.names.list(self.kinds, random);
        let part = |random: &mut Random| {
            let (name, kind) = &list.parts[random.below(list.parts.len())];
            // Most filters of a list are about its values.
            let value = list.parts.iter().find(|(name, _)| name == "value");
            match value {
                Some((name, kind)) if random.once_in(2) => (name, *kind),
                _ => (name, *kind),
            }
        };
        let term = |random: &mut Random| {
            let (name, kind) = part(random);
            let term = format!("{name} {}", self.condition(Some(kind), random));
            if random.once_in(5) {
                format!("not ({term})")
            } else {
                term
            }
        };
        let word = random.one(&[" and ", " or "]);
        let terms: Vec<_> = (0..=random.below(3)).map(|_| term(random)).collect();
        let inner = terms.join(word);
        if random.once_in(4) {
            let (name, kind) = part(random);
            return format!(
                "{path}[{inner}].{name} {}",
                self.condition(Some(kind), random)
            );
        }
        format!("{path}[{inner}]")
    }

    /// Operator and literal that fit the type; a text once in a while compares with something that
    /// is nowhere.
    fn condition(&self, kind: Option<Type>, random: &mut Random) -> String {
        let Some(kind) = kind.filter(|_| !random.once_in(8)) else {
            return random.one(&["pr", "PR", "eq null", "ne null"]).to_owned();
        };
        let (operators, literal) = match kind {
            Type::Boolean => (EQUAL, values::value(kind, random).to_string()),
            Type::Integer | Type::Decimal | Type::DateTime => {
                (ORDER, values::value(kind, random).to_string())
            }
            Type::Binary => (SUBSTRING, values::value(kind, random).to_string()),
            Type::String | Type::Reference | Type::Complex => (ALL, self.literal(random)),
        };
        let operator = random.one(operators);
        if random.once_in(8) {
            return format!("{}  {literal}", operator.to_uppercase());
        }
        format!("{operator} {literal}")
    }

    fn literal(&self, random: &mut Random) -> String {
        let text = match random.below(8) {
            0 => values::text(random),
            1 | 2 => {
                let known = &self.data.texts[random.below(self.data.texts.len())];
                values::near(known, random)
            }
            _ => self.data.texts[random.below(self.data.texts.len())].clone(),
        };
        json!(text).to_string()
    }
}
