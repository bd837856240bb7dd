//! A comparison with a column.

use domain::OrgId;
use scim::filter::{Filter, Literal, Op};
use scim::path::Target;
use uuid::Uuid;

use super::column::{column, list};
use super::{Column, Condition, Kind, Value};

/// The condition of a comparison; none where only the document can tell.
pub(super) fn compare(
    kind: Kind,
    org: OrgId,
    target: &Target,
    op: Op,
    literal: &Literal,
) -> Option<Condition> {
    let literal = match (op, literal) {
        (Op::Eq, Literal::Null) => return present(kind, target).map(Condition::not),
        (_, Literal::Null) => return present(kind, target),
        (_, literal) => literal,
    };
    match (column(kind, target)?, literal) {
        (Column::Id, Literal::Text(text)) => own_id(op, target, text),
        (Column::Key(name), Literal::Text(text)) => texts(name, op, &key(text)?),
        (Column::Exact(name), Literal::Text(text)) => nullable(name, op, text),
        (Column::Active, Literal::Bool(wanted)) => active(op, *wanted),
        (Column::Time(name), Literal::DateTime(time)) => {
            // Stored times have whole milliseconds; others are left to the evaluator.
            time.whole_milliseconds()
                .and_then(|time| numbers(name, op, time))
        }
        (Column::Emails, Literal::Text(text)) => super::element::email(org, op, text),
        (Column::Members { own, other }, Literal::Text(text)) => {
            super::element::member(org, (own, other), op, &id_text(target, text))
        }
        _ => None,
    }
}

/// The condition that the attribute has a value.
pub(super) fn present(kind: Kind, target: &Target) -> Option<Condition> {
    let list = || list(kind, target).filter(|_| target.sub.is_none());
    match column(kind, target).or_else(list)? {
        // Required, or ours.
        Column::Id | Column::Key(_) | Column::Time(_) => Some(Condition::always()),
        Column::Exact(name) => Some(Condition::new(
            format!("{name} IS NOT NULL AND {name} <> ''"),
            Vec::new(),
        )),
        Column::Members { own, .. } => Some(Condition::new(
            format!("EXISTS (SELECT m.org FROM members m WHERE m.org = t.org AND m.{own} = t.id)"),
            Vec::new(),
        )),
        // Absent counts as inactive in the column; an e-mail need not have a value.
        Column::Active | Column::Emails => None,
    }
}

/// A filter that is nothing but equality with a column: the column and the value in its form.
/// For such a one there is a prepared statement.
pub(crate) fn probe(kind: Kind, filter: &Filter) -> Option<(Column, String)> {
    let Filter::Compare {
        target,
        op: Op::Eq,
        value: Literal::Text(text),
    } = filter
    else {
        return None;
    };
    match column(kind, target)? {
        Column::Key(name) => Some((Column::Key(name), key(text)?)),
        Column::Exact(name) => Some((Column::Exact(name), plain(text)?.to_owned())),
        _ => None,
    }
}

/// Text that a database can take. What holds NUL is in no column; the evaluator knows that.
fn plain(text: &str) -> Option<&str> {
    (!text.contains('\0')).then_some(text)
}

/// A text as key columns hold it.
pub(super) fn key(text: &str) -> Option<String> {
    plain(text).map(scim::fold::key)
}

/// An id as documents spell it, where the attribute's own rule about case allows another.
fn id_text(target: &Target, text: &str) -> String {
    if target.leaf.case_exact {
        text.to_owned()
    } else {
        scim::fold::key(text)
    }
}

/// The id that a document would spell exactly like this.
pub(super) fn canonical(text: &str) -> Option<Uuid> {
    let id = Uuid::try_parse(text).ok()?;
    (id.to_string() == text).then_some(id)
}

fn own_id(op: Op, target: &Target, text: &str) -> Option<Condition> {
    let equal = match canonical(&id_text(target, text)) {
        Some(id) => Condition::new("t.id = ?", vec![Value::Bytes(id.as_bytes().to_vec())]),
        None => Condition::never(),
    };
    match op {
        Op::Eq => Some(equal.indexed()),
        Op::Ne => Some(equal.not()),
        _ => None,
    }
}

fn active(op: Op, wanted: bool) -> Option<Condition> {
    let is = |value| Condition::new("t.active = ?", vec![Value::Bool(value)]);
    match (op, wanted) {
        (Op::Eq, true) => Some(is(true)),
        (Op::Ne, true) => Some(is(false)),
        // The absent ones are among them.
        (Op::Eq, false) => Some(is(false).superset()),
        _ => None,
    }
}

fn numbers(name: &str, op: Op, value: i64) -> Option<Condition> {
    let sign = sign(op)?;
    Some(Condition::new(
        format!("{name} {sign} ?"),
        vec![Value::Int(value)],
    ))
}

fn sign(op: Op) -> Option<&'static str> {
    match op {
        Op::Eq => Some("="),
        Op::Ne => Some("<>"),
        Op::Gt => Some(">"),
        Op::Ge => Some(">="),
        Op::Lt => Some("<"),
        Op::Le => Some("<="),
        Op::Co | Op::Sw | Op::Ew => None,
    }
}

fn nullable(name: &str, op: Op, text: &str) -> Option<Condition> {
    let inner = texts(name, op, plain(text)?)?;
    let text = if op == Op::Ne {
        format!("{name} IS NULL OR {}", inner.text)
    } else {
        format!("{name} IS NOT NULL AND {}", inner.text)
    };
    Some(Condition { text, ..inner })
}

/// A comparison of a text column that is not NULL. Never LIKE: the databases differ in what it
/// ignores, and nothing has to be escaped this way.
pub(super) fn texts(name: &str, op: Op, text: &str) -> Option<Condition> {
    let value = || Value::Text(text.to_owned());
    let condition = match op {
        Op::Co => Condition::new(format!("{{find {name} ?}} > 0"), vec![value()]),
        Op::Sw | Op::Ew if text.is_empty() => Condition::always(),
        Op::Sw => prefix(name, text),
        Op::Ew => {
            let length = i64::try_from(text.chars().count()).ok()?;
            Condition::new(
                format!("{{last {name} ?}} = ?"),
                vec![Value::Int(length), value()],
            )
        }
        _ => Condition::new(format!("{name} {} ?", sign(op)?), vec![value()]),
    };
    Some(if op == Op::Eq {
        condition.indexed()
    } else {
        condition
    })
}

/// A range of the index: from the text to the first one that does not begin with it.
fn prefix(name: &str, text: &str) -> Condition {
    let from = Value::Text(text.to_owned());
    match after_prefix(text) {
        Some(end) => Condition::new(
            format!("{name} >= ? AND {name} < ?"),
            vec![from, Value::Text(end)],
        ),
        None => Condition::new(format!("{name} >= ?"), vec![from]),
    }
    .indexed()
}

/// The smallest text greater than all that begin with this one; none where there is none.
fn after_prefix(text: &str) -> Option<String> {
    let mut chars: Vec<char> = text.chars().collect();
    while let Some(last) = chars.pop() {
        // Surrogates are no characters; the range steps over them.
        if let Some(next) = (last..=char::MAX).nth(1) {
            chars.push(next);
            return Some(chars.into_iter().collect());
        }
    }
    None
}
