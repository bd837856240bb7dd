//! Writes a filter in the grammar. Parsing what is written gives the same tree.

use std::fmt::{Display, Formatter, Result};

use super::{Filter, Literal};

impl Display for Filter {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Filter::And(terms) => joined(out, terms, " and "),
            Filter::Or(terms) => joined(out, terms, " or "),
            Filter::Not(inner) => write!(out, "not ({inner})"),
            Filter::Present(target) => write!(out, "{target} pr"),
            Filter::Compare { target, op, value } => {
                write!(out, "{target} {} {value}", op.as_str())
            }
            Filter::Element { target, filter } => write!(out, "{target}[{filter}]"),
        }
    }
}

impl Display for Literal {
    fn fmt(&self, out: &mut Formatter<'_>) -> Result {
        match self {
            Literal::Text(text) => write!(out, "{}", serde_json::Value::from(text.as_str())),
            Literal::Bool(value) => write!(out, "{value}"),
            Literal::Number(number) => write!(out, "{number}"),
            Literal::DateTime(time) => write!(out, "\"{time}\""),
            Literal::Null => out.write_str("null"),
        }
    }
}

/// `and` binds tighter than `or`, so only an `Or` inside an `And` needs brackets.
fn joined(out: &mut Formatter<'_>, terms: &[Filter], word: &str) -> Result {
    for (index, term) in terms.iter().enumerate() {
        if index > 0 {
            out.write_str(word)?;
        }
        match term {
            Filter::Or(_) => write!(out, "({term})")?,
            _ => write!(out, "{term}")?,
        }
    }
    Ok(())
}
