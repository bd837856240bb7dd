//! The template of a statement, spelt for one database.
//!
//! | in the template | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `?` | `?` | `$1`, `$2`, … |
//! | `{ids}` | `IN (` ids of a bound JSON list `)` | `= ANY (ARRAY (` the same `))`, which always uses the index |
//! | the same, of one id ([`Form::One`]) | `= ?` | the same |
//! | `{each id}` | a table `r` with the column `id`: the ids of a bound JSON list | the same |
//! | `{rows a text, b bigint}` | a table `r` with these columns: the objects of a bound JSON list | the same |
//! | `{pairs t.id t.text}` | all rows as a JSON list of pairs, the id in hexadecimal; of none `[]` | the same; of none NULL |
//! | `{bytes x}` | the bytes of the hexadecimal text `x` | the same |
//! | `{json d.document name}` | the text of a member of the JSON object, or NULL | the same |
//! | `{for update}`, `{for share}` | nothing: there is one writer | the row lock |
//! | `{find a b}` | place of the text `b` in `a`, from 1; 0 where it is not | the same |
//! | `{last a n}` | the last `n` characters of `a` | the same |
//! | `{sqlite …}`, `{postgres …}` | the text, on one of them only | |

use diesel::QueryResult;
use diesel::query_builder::AstPass;
use diesel::result::Error;

use super::Bind;
use crate::connection::MultiBackend;

/// Which database's spelling is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

/// What `{ids}` stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// A list of ids.
    Many,
    /// One id, which most sets are of: the database takes no list apart for it.
    One,
}

/// A template spelt for one database: the texts around its values, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spelt(Vec<String>);

/// Why a template cannot be spelt.
pub(crate) type Unfit = &'static str;

impl Spelt {
    /// Spells a template.
    ///
    /// # Errors
    /// The template is wrong, which a test would have shown.
    pub(crate) fn new(template: &str, dialect: Dialect, form: Form) -> Result<Spelt, Unfit> {
        let mut spelt = Spelt(vec![String::new()]);
        spell(template, (dialect, form), &mut spelt)?;
        Ok(spelt)
    }

    fn text(&mut self, text: &str) {
        if let Some(last) = self.0.last_mut() {
            last.push_str(text);
        }
    }

    /// The place of the next value.
    fn bind(&mut self) {
        self.0.push(String::new());
    }
}

/// Writes a spelt template into a diesel pass with its values in order. It is walked several times
/// for each execution, so that it is not spelt here.
pub(crate) fn walk<'b>(
    spelt: Result<&Spelt, Unfit>,
    binds: &'b [Bind<'b>],
    out: &mut AstPass<'_, 'b, MultiBackend>,
) -> QueryResult<()> {
    let Spelt(texts) = spelt.map_err(unfit)?;
    if texts.len() != binds.len() + 1 {
        return Err(unfit("it has another number of places than of values"));
    }
    let mut binds = binds.iter();
    for text in texts {
        out.push_sql(text);
        if let Some(bind) = binds.next() {
            bind.push(out)?;
        }
    }
    Ok(())
}

/// Which database a pass is for.
pub(super) fn dialect_of(out: &AstPass<'_, '_, MultiBackend>) -> Dialect {
    match out.backend() {
        MultiBackend::Sqlite(_) => Dialect::Sqlite,
        MultiBackend::Postgres(_) => Dialect::Postgres,
    }
}

/// For which database, and of how many ids.
type To = (Dialect, Form);

fn spell(template: &str, to: To, out: &mut Spelt) -> Result<(), Unfit> {
    let mut rest = template;
    while let Some(at) = rest.find(['?', '{']) {
        out.text(&rest[..at]);
        if rest.as_bytes()[at] == b'?' {
            out.bind();
            rest = &rest[at + 1..];
        } else {
            let end = rest[at..].find('}').ok_or("a brace is not closed")?;
            token(&rest[at + 1..at + end], to, out)?;
            rest = &rest[at + end + 1..];
        }
    }
    out.text(rest);
    Ok(())
}

fn token(token: &str, to: To, out: &mut Spelt) -> Result<(), Unfit> {
    use Dialect::{Postgres, Sqlite};
    let (dialect, form) = to;
    let (name, rest) = token.split_once(' ').unwrap_or((token, ""));
    match (name, dialect) {
        ("ids", _) if form == Form::One => around(out, "= ", ""),
        ("ids", Sqlite) => around(out, "IN (SELECT unhex(value) FROM json_each(", "))"),
        ("ids", Postgres) => around(
            out,
            "= ANY (ARRAY (SELECT decode(value, 'hex') FROM json_array_elements_text(CAST(",
            " AS json))))",
        ),
        ("each", Sqlite) => around(out, "(SELECT unhex(value) AS id FROM json_each(", ")) AS r"),
        ("each", Postgres) => around(
            out,
            "(SELECT decode(value, 'hex') AS id FROM json_array_elements_text(CAST(",
            " AS json))) AS r",
        ),
        ("rows", Sqlite) => {
            let names = rest
                .split(", ")
                .filter_map(|column| column.split(' ').next());
            let columns: Vec<_> = names
                .map(|name| format!("value->>'{name}' AS {name}"))
                .collect();
            // Taken apart once: rows of `json_each` would be text again, to be read for each column.
            let before = format!("(SELECT {} FROM jsonb_each(", columns.join(", "));
            around(out, &before, ")) AS r");
        }
        ("rows", Postgres) => {
            let after = format!(" AS json)) AS r ({rest})");
            around(out, "json_to_recordset(CAST(", &after);
        }
        ("json", _) => {
            let (document, name) = two(rest)?;
            match dialect {
                Sqlite => out.text(&format!("{document}->>'{name}'")),
                Postgres => out.text(&format!("CAST({document} AS json)->>'{name}'")),
            }
        }
        ("bytes", Sqlite) => out.text(&format!("unhex({rest})")),
        ("bytes", Postgres) => out.text(&format!("decode({rest}, 'hex')")),
        ("pairs", _) => {
            let (id, text) = two(rest)?;
            match dialect {
                Sqlite => out.text(&format!("json_group_array(json_array(hex({id}), {text}))")),
                Postgres => out.text(&format!(
                    "CAST(json_agg(json_build_array(encode({id}, 'hex'), {text})) AS text)"
                )),
            }
        }
        ("for", Postgres) => out.text(&token.to_uppercase()),
        ("find", Sqlite) => call(out, to, ["instr(", ", ", ")"], rest)?,
        ("find", Postgres) => call(out, to, ["strpos(", ", ", ")"], rest)?,
        ("last", Sqlite) => call(out, to, ["substr(", ", -(", "))"], rest)?,
        ("last", Postgres) => call(out, to, ["right(", ", CAST(", " AS integer))"], rest)?,
        ("sqlite", Sqlite) | ("postgres", Postgres) => spell(rest, to, out)?,
        ("for" | "postgres", Sqlite) | ("sqlite", Postgres) => {}
        _ => return Err("a brace holds an unknown word"),
    }
    Ok(())
}

fn two(rest: &str) -> Result<(&str, &str), Unfit> {
    rest.split_once(' ').ok_or("a brace needs two words more")
}

/// A function of two arguments, which are templates themselves.
fn call(
    out: &mut Spelt,
    to: To,
    [before, between, after]: [&str; 3],
    rest: &str,
) -> Result<(), Unfit> {
    let (one, other) = two(rest)?;
    out.text(before);
    spell(one, to, out)?;
    out.text(between);
    spell(other, to, out)?;
    out.text(after);
    Ok(())
}

fn around(out: &mut Spelt, before: &str, after: &str) {
    out.text(before);
    out.bind();
    out.text(after);
}

fn unfit(why: &str) -> Error {
    Error::QueryBuilderError(format!("the statement's template is wrong: {why}").into())
}

#[cfg(test)]
mod tests;
