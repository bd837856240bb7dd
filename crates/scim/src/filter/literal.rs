//! Literals: what stands right of an operator, in the type of the attribute.

use serde_json::Number;

use super::lex::Token;
use super::{Literal, Op};
use crate::date_time::Moment;
use crate::lenient::{Leniency, note};
use crate::mode::Mode;
use crate::schema::{Attribute, Type};

/// Reads a literal for an attribute and checks that the operator fits both. The error is the
/// problem, without the attribute's name.
pub(super) fn read(
    attribute: &Attribute,
    op: Op,
    token: Token<'_>,
    mode: Mode,
    acted: &mut Vec<Leniency>,
) -> Result<Literal, String> {
    if token == Token::Word("null") {
        return match op {
            Op::Eq | Op::Ne => Ok(Literal::Null),
            _ => Err("null can be compared with eq and ne only".to_owned()),
        };
    }
    if !fits(attribute.kind, op) {
        return Err(format!(
            "the operator {} does not apply to {}",
            op.as_str(),
            attribute.kind.expected()
        ));
    }
    let wrong = || format!("compare with {}", described(attribute.kind));
    match attribute.kind {
        Type::Boolean => boolean(token, mode, acted).ok_or_else(wrong),
        Type::Integer | Type::Decimal => number(token).ok_or_else(wrong),
        Type::DateTime => {
            let text = text(token, mode, acted)?.ok_or_else(wrong)?;
            Moment::read(&text).map(Literal::DateTime).ok_or_else(wrong)
        }
        Type::String | Type::Reference | Type::Binary => text(token, mode, acted)?
            .map(Literal::Text)
            .ok_or_else(wrong),
        Type::Complex => Err("name one of its sub-attributes".to_owned()),
    }
}

/// Reads a literal for an attribute that we do not know, of which only the syntax matters.
pub(super) fn any(
    token: Token<'_>,
    mode: Mode,
    acted: &mut Vec<Leniency>,
) -> Result<Literal, String> {
    if matches!(token, Token::Word("null" | "true" | "false")) {
        return Ok(Literal::Null);
    }
    match number(token) {
        Some(number) => Ok(number),
        None => text(token, mode, acted)?
            .map(Literal::Text)
            .ok_or_else(|| format!("compare with {}", described(Type::String))),
    }
}

/// RFC 7644 table 3: order is not for Boolean and Binary; substrings are for text only.
fn fits(kind: Type, op: Op) -> bool {
    match kind {
        Type::Boolean => !op.is_order() && !op.is_substring(),
        Type::Binary => !op.is_order(),
        Type::Integer | Type::Decimal | Type::DateTime => !op.is_substring(),
        Type::String | Type::Reference | Type::Complex => true,
    }
}

fn described(kind: Type) -> &'static str {
    match kind {
        Type::Boolean => "true or false",
        Type::Integer | Type::Decimal => "a number",
        Type::DateTime => "a quoted date and time such as \"2030-01-31T08:00:00Z\"",
        _ => "text in double quotes",
    }
}

/// Lenient: Entra ID writes `roles[primary eq "True"]` for the boolean.
fn boolean(token: Token<'_>, mode: Mode, acted: &mut Vec<Leniency>) -> Option<Literal> {
    let (text, exact) = match token {
        Token::Word(text) => (text, true),
        Token::Quoted(raw) => (raw.trim_matches('"'), false),
        _ => return None,
    };
    let value = match text {
        "true" if exact => return Some(Literal::Bool(true)),
        "false" if exact => return Some(Literal::Bool(false)),
        _ if mode.is_lenient() && text.eq_ignore_ascii_case("true") => true,
        _ if mode.is_lenient() && text.eq_ignore_ascii_case("false") => false,
        _ => return None,
    };
    note(acted, Leniency::BooleanText);
    Some(Literal::Bool(value))
}

fn number(token: Token<'_>) -> Option<Literal> {
    match token {
        Token::Word(text) => serde_json::from_str::<Number>(text)
            .ok()
            .map(Literal::Number),
        _ => None,
    }
}

/// Text; lenient also unquoted (a documented example of Entra ID has it so). Not in single quotes,
/// though: who writes them means what is between them, finds nobody and makes a second user.
fn text(token: Token<'_>, mode: Mode, acted: &mut Vec<Leniency>) -> Result<Option<String>, String> {
    match token {
        Token::Quoted(raw) => decode(raw).map(Some),
        Token::Word(word) if word.starts_with('\'') => {
            Err("compare with text in double quotes, not in single ones".to_owned())
        }
        Token::Word(word) if mode.is_lenient() && !word.contains('\0') => {
            note(acted, Leniency::UnquotedLiteral);
            Ok(Some(word.to_owned()))
        }
        _ => Ok(None),
    }
}

fn decode(raw: &str) -> Result<String, String> {
    let text = serde_json::from_str::<String>(raw)
        .map_err(|_| "the quoted text is not a JSON string".to_owned())?;
    if text.contains('\0') {
        return Err("text cannot hold the character NUL".to_owned());
    }
    Ok(text)
}
