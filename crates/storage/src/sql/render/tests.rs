//! Templates as each database sees them.

use diesel::QueryResult;

use super::{Dialect, Sink, spell};

/// Numbers every place, so that order shows.
#[derive(Default)]
struct Numbered {
    text: String,
    binds: usize,
}

impl Sink for Numbered {
    fn text(&mut self, text: &str) {
        self.text.push_str(text);
    }

    fn bind(&mut self) -> QueryResult<()> {
        self.binds += 1;
        self.text.push('$');
        self.text.push_str(&self.binds.to_string());
        Ok(())
    }
}

fn check(template: &str, sqlite: &str, postgres: &str) {
    for (dialect, expected) in [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres)] {
        let mut sink = Numbered::default();
        let done = spell(template, dialect, &mut sink);
        assert!(done.is_ok(), "{template}: {done:?}");
        assert_eq!(sink.text, expected, "{dialect:?}");
    }
}

#[test]
fn every_word_has_both_spellings() {
    check("a = ? AND b = ?", "a = $1 AND b = $2", "a = $1 AND b = $2");
    check(
        "id {ids}",
        "id IN (SELECT unhex(value) FROM json_each($1))",
        "id = ANY (ARRAY (SELECT decode(value, 'hex') FROM json_array_elements_text(CAST($1 AS json))))",
    );
    check(
        "FROM {each id}",
        "FROM (SELECT unhex(value) AS id FROM json_each($1)) AS r",
        "FROM (SELECT decode(value, 'hex') AS id FROM json_array_elements_text(CAST($1 AS json))) AS r",
    );
    check(
        "FROM {rows i text, k bigint}",
        "FROM (SELECT value->>'i' AS i, value->>'k' AS k FROM json_each($1)) AS r",
        "FROM json_to_recordset(CAST($1 AS json)) AS r (i text, k bigint)",
    );
    check("{bytes r.i}", "unhex(r.i)", "decode(r.i, 'hex')");
    check(
        "{json d.x name}",
        "d.x->>'name'",
        "CAST(d.x AS json)->>'name'",
    );
    check("x{for update}", "x", "xFOR UPDATE");
    check("x{for share}", "x", "xFOR SHARE");
    check(
        "{find u.name ?} > 0",
        "instr(u.name, $1) > 0",
        "strpos(u.name, $1) > 0",
    );
    check(
        "{last u.name ?} = ?",
        "substr(u.name, -($1)) = $2",
        "right(u.name, CAST($1 AS integer)) = $2",
    );
    check("{sqlite ?}{postgres now()}", "$1", "now()");
}

#[test]
fn a_wrong_template_is_an_error() {
    for template in ["{ids", "{nothing}", "{find a}", "{last a}"] {
        let mut sink = Numbered::default();
        assert!(
            spell(template, Dialect::Sqlite, &mut sink).is_err(),
            "{template}"
        );
    }
}
