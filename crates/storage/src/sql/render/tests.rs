//! Templates as each database sees them.

#![expect(clippy::unwrap_used, reason = "tests")]

use super::{Dialect, Form, Spelt};

/// The text with its places numbered, so that order shows.
fn numbered(template: &str, dialect: Dialect, form: Form) -> String {
    let Spelt(texts) = Spelt::new(template, dialect, form).unwrap();
    let mut places = 0;
    let texts: Vec<String> = texts
        .into_iter()
        .map(|text| {
            places += 1;
            if places == 1 {
                text
            } else {
                format!("${}{text}", places - 1)
            }
        })
        .collect();
    texts.concat()
}

fn check(template: &str, sqlite: &str, postgres: &str) {
    for (dialect, expected) in [(Dialect::Sqlite, sqlite), (Dialect::Postgres, postgres)] {
        assert_eq!(
            numbered(template, dialect, Form::Many),
            expected,
            "{dialect:?}"
        );
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
        "FROM (SELECT value->>'i' AS i, value->>'k' AS k FROM jsonb_each($1)) AS r",
        "FROM json_to_recordset(CAST($1 AS json)) AS r (i text, k bigint)",
    );
    check("{bytes r.i}", "unhex(r.i)", "decode(r.i, 'hex')");
    check(
        "{json d.x name}",
        "d.x->>'name'",
        "CAST(d.x AS json)->>'name'",
    );
    check(
        "{pairs g.id g.name}",
        "json_group_array(json_array(hex(g.id), g.name))",
        "CAST(json_agg(json_build_array(encode(g.id, 'hex'), g.name)) AS text)",
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
    for template in ["{ids", "{nothing}", "{find a}", "{last a}", "{json a}"] {
        let spelt = Spelt::new(template, Dialect::Sqlite, Form::Many);
        assert!(spelt.is_err(), "{template}: {spelt:?}");
    }
}
