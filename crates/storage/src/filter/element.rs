//! Side tables: e-mail addresses and memberships.
//!
//! A condition on one is `t.id IN (SELECT …)` with the organization and the value inside, so that
//! the side table's own index leads.

use domain::OrgId;
use scim::filter::{Filter, Literal, Op};
use scim::path::Target;

use super::column::list;
use super::compare::{canonical, key, texts};
use super::{Column, Condition, Kind, Value};

/// Users with an address in this relation to the text.
pub(super) fn email(org: OrgId, op: Op, text: &str) -> Option<Condition> {
    Some(among_emails(org, email_row(op, text)?))
}

/// Resources that have this one as a member, or are in it.
pub(super) fn member(org: OrgId, columns: (&str, &str), op: Op, text: &str) -> Option<Condition> {
    Some(among_members(
        org,
        columns.0,
        member_row(columns.1, op, text)?,
    ))
}

/// `emails[…]`, `members[…]`, `groups[…]`: one element satisfies all of the inner filter. What the
/// side table does not hold (`display`, `primary`) makes it a superset.
pub(super) fn element(
    kind: Kind,
    org: OrgId,
    target: &Target,
    filter: &Filter,
) -> Option<Condition> {
    match list(kind, target)? {
        Column::Emails => Some(among_emails(org, listed(filter, &email_leaf)?)),
        Column::Members { own, other } => {
            let leaf = |leaf: &Target, op, text: &str| member_leaf(other, leaf, op, text);
            Some(among_members(org, own, listed(filter, &leaf)?))
        }
        _ => None,
    }
}

/// An element without a value is in no side table, and may match all the same.
fn listed(filter: &Filter, leaf: &Leaf<'_>) -> Option<Condition> {
    let row = rows(filter, leaf)?;
    row.listed.then_some(row.condition)
}

fn member_leaf(other: &str, leaf: &Target, op: Op, text: &str) -> Option<Row> {
    if !named(leaf, "value") {
        return None;
    }
    let text = if leaf.leaf.case_exact {
        text.to_owned()
    } else {
        scim::fold::key(text)
    };
    member_row(other, op, &text).map(Row::listed)
}

fn email_leaf(leaf: &Target, op: Op, text: &str) -> Option<Row> {
    if leaf.leaf.case_exact {
        None
    } else if named(leaf, "value") {
        email_row(op, text).map(Row::listed)
    } else if named(leaf, "type") {
        kind_row(op, text).map(Row::perhaps_unlisted)
    } else {
        None
    }
}

fn named(leaf: &Target, name: &str) -> bool {
    leaf.name == name && leaf.sub.is_none()
}

/// A condition on one row of the side table.
struct Row {
    condition: Condition,
    /// Only an element with a value can satisfy it, and the side table has all of those.
    listed: bool,
}

impl Row {
    fn listed(condition: Condition) -> Row {
        Row {
            condition,
            listed: true,
        }
    }

    fn perhaps_unlisted(condition: Condition) -> Row {
        Row {
            condition,
            listed: false,
        }
    }
}

/// What a comparison inside the brackets means for a row; none where the row cannot tell.
type Leaf<'l> = dyn Fn(&Target, Op, &str) -> Option<Row> + 'l;

fn rows(filter: &Filter, leaf: &Leaf<'_>) -> Option<Row> {
    match filter {
        Filter::And(terms) => {
            let terms: Vec<_> = terms.iter().map(|term| rows(term, leaf)).collect();
            let listed = terms.iter().flatten().any(|row| row.listed);
            let terms = terms.into_iter().map(|row| row.map(|row| row.condition));
            let condition = super::all(terms)?;
            Some(Row { condition, listed })
        }
        Filter::Or(terms) => {
            let terms: Option<Vec<_>> = terms.iter().map(|term| rows(term, leaf)).collect();
            let terms = terms?;
            let listed = terms.iter().all(|row| row.listed);
            let terms: Vec<_> = terms.into_iter().map(|row| row.condition).collect();
            let indexed = terms.iter().all(|term| term.indexed);
            let condition = Condition {
                indexed,
                ..super::join(terms, " OR ")
            };
            Some(Row { condition, listed })
        }
        Filter::Compare {
            target,
            op,
            value: Literal::Text(text),
        } => leaf(target, *op, text),
        // An element without a value is in no side table, so neither is what `not` is about.
        _ => None,
    }
}

/// No index begins with the type.
fn kind_row(op: Op, text: &str) -> Option<Condition> {
    let key = key(text)?;
    if key.is_empty() || matches!(op, Op::Ne | Op::Lt | Op::Le) {
        return None;
    }
    let condition = texts("e.kind", op, &key)?;
    Some(Condition {
        indexed: false,
        ..condition
    })
}

fn email_row(op: Op, text: &str) -> Option<Condition> {
    let key = key(text)?;
    // An address whose key is empty, or none, is not in the table. It would come first.
    if key.is_empty() || matches!(op, Op::Ne | Op::Lt | Op::Le) {
        return None;
    }
    texts("e.email", op, &key)
}

fn member_row(other: &str, op: Op, text: &str) -> Option<Condition> {
    if op != Op::Eq {
        return None;
    }
    Some(match canonical(text) {
        Some(id) => {
            let id = Value::Bytes(id.as_bytes().to_vec());
            Condition::new(format!("m.{other} = ?"), vec![id]).indexed()
        }
        None => Condition::never(),
    })
}

fn among_emails(org: OrgId, row: Condition) -> Condition {
    among(org, "e.user_id", "user_emails e", "e.org", row)
}

fn among_members(org: OrgId, own: &str, row: Condition) -> Condition {
    among(org, &format!("m.{own}"), "members m", "m.org", row)
}

fn among(org: OrgId, column: &str, table: &str, scope: &str, row: Condition) -> Condition {
    let mut values = vec![Value::Int(org.0)];
    values.extend(row.values);
    let text = format!(
        "t.id IN (SELECT {column} FROM {table} WHERE {scope} = ? AND ({}))",
        row.text
    );
    Condition {
        text,
        values,
        ..row
    }
}
