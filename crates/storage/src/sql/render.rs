//! The template of a statement, spelt for one database.
//!
//! | in the template | SQLite | PostgreSQL |
//! | --- | --- | --- |
//! | `?` | `?` | `$1`, `$2`, … |
//! | `{ids}` | `IN (` ids of a bound JSON list `)` | `= ANY (ARRAY (` the same `))`, which always uses the index |
//! | `{each id}` | a table `r` with the column `id`: the ids of a bound JSON list | the same |
//! | `{rows a text, b bigint}` | a table `r` with these columns: the objects of a bound JSON list | the same |
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

/// Where the spelt text goes.
trait Sink {
    fn text(&mut self, text: &str);
    /// The place of the next bound value.
    fn bind(&mut self) -> QueryResult<()>;
}

/// Spells a template into a diesel pass with its values in order.
pub(super) fn walk<'b>(
    template: &str,
    binds: &'b [Bind<'b>],
    out: &mut AstPass<'_, 'b, MultiBackend>,
) -> QueryResult<()> {
    let dialect = dialect_of(out);
    let mut sink = Pass {
        out,
        binds: binds.iter(),
    };
    spell(template, dialect, &mut sink)?;
    match sink.binds.next() {
        None => Ok(()),
        Some(_) => Err(unfit("it has fewer places than values")),
    }
}

fn dialect_of(out: &AstPass<'_, '_, MultiBackend>) -> Dialect {
    match out.backend() {
        MultiBackend::Sqlite(_) => Dialect::Sqlite,
        MultiBackend::Postgres(_) => Dialect::Postgres,
    }
}

struct Pass<'p, 'a, 'b> {
    out: &'p mut AstPass<'a, 'b, MultiBackend>,
    binds: std::slice::Iter<'b, Bind<'b>>,
}

impl Sink for Pass<'_, '_, '_> {
    fn text(&mut self, text: &str) {
        self.out.push_sql(text);
    }

    fn bind(&mut self) -> QueryResult<()> {
        let bind = self
            .binds
            .next()
            .ok_or_else(|| unfit("it has more places than values"))?;
        bind.push(self.out)
    }
}

fn spell(template: &str, dialect: Dialect, sink: &mut dyn Sink) -> QueryResult<()> {
    let mut rest = template;
    while let Some(at) = rest.find(['?', '{']) {
        sink.text(&rest[..at]);
        if rest.as_bytes()[at] == b'?' {
            sink.bind()?;
            rest = &rest[at + 1..];
        } else {
            let end = rest[at..]
                .find('}')
                .ok_or_else(|| unfit("a brace is not closed"))?;
            token(&rest[at + 1..at + end], dialect, sink)?;
            rest = &rest[at + end + 1..];
        }
    }
    sink.text(rest);
    Ok(())
}

fn token(token: &str, dialect: Dialect, sink: &mut dyn Sink) -> QueryResult<()> {
    let (name, rest) = token.split_once(' ').unwrap_or((token, ""));
    match (name, dialect) {
        ("ids", Dialect::Sqlite) => around(sink, "IN (SELECT unhex(value) FROM json_each(", "))"),
        ("ids", Dialect::Postgres) => around(
            sink,
            "= ANY (ARRAY (SELECT decode(value, 'hex') FROM json_array_elements_text(CAST(",
            " AS json))))",
        ),
        ("each", Dialect::Sqlite) => around(
            sink,
            "(SELECT unhex(value) AS id FROM json_each(",
            ")) AS r",
        ),
        ("each", Dialect::Postgres) => around(
            sink,
            "(SELECT decode(value, 'hex') AS id FROM json_array_elements_text(CAST(",
            " AS json))) AS r",
        ),
        ("rows", Dialect::Sqlite) => {
            sink.text("(SELECT ");
            for (place, column) in rest.split(", ").enumerate() {
                let column = column.split(' ').next().unwrap_or(column);
                sink.text(if place == 0 {
                    "value->>'"
                } else {
                    ", value->>'"
                });
                sink.text(column);
                sink.text("' AS ");
                sink.text(column);
            }
            around(sink, " FROM json_each(", ")) AS r")
        }
        ("rows", Dialect::Postgres) => {
            around(sink, "json_to_recordset(CAST(", " AS json)) AS r (")?;
            sink.text(rest);
            sink.text(")");
            Ok(())
        }
        ("json", _) => json(rest, dialect, sink),
        ("bytes", Dialect::Sqlite) => {
            wrapped(sink, "unhex(", rest, ")");
            Ok(())
        }
        ("bytes", Dialect::Postgres) => {
            wrapped(sink, "decode(", rest, ", 'hex')");
            Ok(())
        }
        ("for", Dialect::Postgres) => {
            wrapped(sink, "", &token.to_uppercase(), "");
            Ok(())
        }
        ("find", _) => {
            let (text, part) = rest
                .split_once(' ')
                .ok_or_else(|| unfit("find takes two"))?;
            sink.text(if dialect == Dialect::Sqlite {
                "instr("
            } else {
                "strpos("
            });
            spell(text, dialect, sink)?;
            sink.text(", ");
            spell(part, dialect, sink)?;
            sink.text(")");
            Ok(())
        }
        ("last", _) => {
            let (text, count) = rest
                .split_once(' ')
                .ok_or_else(|| unfit("last takes two"))?;
            sink.text(if dialect == Dialect::Sqlite {
                "substr("
            } else {
                "right("
            });
            spell(text, dialect, sink)?;
            sink.text(if dialect == Dialect::Sqlite {
                ", -("
            } else {
                ", CAST("
            });
            spell(count, dialect, sink)?;
            sink.text(if dialect == Dialect::Sqlite {
                "))"
            } else {
                " AS integer))"
            });
            Ok(())
        }
        ("sqlite", Dialect::Sqlite) | ("postgres", Dialect::Postgres) => spell(rest, dialect, sink),
        ("for" | "postgres", Dialect::Sqlite) | ("sqlite", Dialect::Postgres) => Ok(()),
        _ => Err(unfit("a brace holds an unknown word")),
    }
}

fn json(rest: &str, dialect: Dialect, sink: &mut dyn Sink) -> QueryResult<()> {
    let (document, name) = rest
        .split_once(' ')
        .ok_or_else(|| unfit("json takes two"))?;
    match dialect {
        Dialect::Sqlite => wrapped(sink, "", document, "->>'"),
        Dialect::Postgres => wrapped(sink, "CAST(", document, " AS json)->>'"),
    }
    wrapped(sink, "", name, "'");
    Ok(())
}

fn around(sink: &mut dyn Sink, before: &str, after: &str) -> QueryResult<()> {
    sink.text(before);
    sink.bind()?;
    sink.text(after);
    Ok(())
}

fn wrapped(sink: &mut dyn Sink, before: &str, middle: &str, after: &str) {
    sink.text(before);
    sink.text(middle);
    sink.text(after);
}

fn unfit(why: &str) -> Error {
    Error::QueryBuilderError(format!("the statement's template is wrong: {why}").into())
}

#[cfg(test)]
mod tests;
