//! Plans on PostgreSQL: a lock is a look at a handful of rows, however many organizations there are.

#![expect(clippy::unwrap_used, reason = "tests")]

use diesel::sql_types::Text;

use super::{All, DoorAndFree, FreeFrom, One, Revision};
use crate::config::Config;
use crate::connection::Purpose;
use crate::database::maker;
use crate::session::Session;
use crate::sql::{Bind, Fixed, Made};

const MANY: &str = "INSERT INTO org_gates (org, gate, revision) \
     SELECT o, g, 1 FROM generate_series(1, 3000) o, generate_series(0, 31) g; ANALYZE org_gates";

/// As the server plans it, for whatever organization: such a plan is the one it keeps.
fn plan(session: &mut Session, template: &str) -> String {
    let text = template
        .replace("{for update", "FOR UPDATE")
        .replace("skip locked}", "SKIP LOCKED")
        .replace('}', "");
    let mut values = Vec::new();
    let mut numbered = text;
    while numbered.contains('?') {
        values.push("7");
        numbered = numbered.replacen('?', &format!("${}", values.len()), 1);
    }
    let prepare = format!("DEALLOCATE ALL; PREPARE probe AS {numbered}");
    session.batch(&prepare).unwrap();
    let explain = format!("EXPLAIN EXECUTE probe ({})", values.join(", "));
    let query = Made::<(Text,)>::new(&explain, &[] as &[Bind<'_>]);
    let steps: Vec<(String,)> = session
        .ask(|conn| diesel::RunQueryDsl::load(query, conn))
        .unwrap();
    steps.into_iter().map(|(step,)| step + "\n").collect()
}

fn check<S: Fixed>(session: &mut Session, probes: &[&str]) {
    let plan = plan(session, S::TEXT);
    for probe in probes {
        assert!(
            plan.contains(probe),
            "{}\nshould say {probe}:\n{plan}",
            S::TEXT
        );
    }
    assert!(!plan.contains("Seq Scan"), "{}\n{plan}", S::TEXT);
}

#[test]
fn a_lock_is_a_handful_of_rows_of_an_index() {
    let Some(url) = testkit::postgres::fresh_database() else {
        return;
    };
    let session = &mut maker(&Config::new(&url))
        .unwrap()
        .make(Purpose::Writer)
        .unwrap();
    crate::migrate::migrate(session).unwrap();
    session.batch(MANY).unwrap();
    let one = "Index Cond: ((org = $1) AND (gate = $2))";
    check::<Revision>(session, &["Index Cond: ((org = $1) AND (gate = 0))"]);
    check::<One>(session, &[one]);
    let some = "Index Cond: ((org = $1) AND (gate >= $2))";
    check::<FreeFrom>(session, &["Limit", some]);
    assert!(!plan(session, FreeFrom::TEXT).contains("Sort"));
    let beyond = "Index Cond: ((org = $2) AND (gate > ";
    check::<DoorAndFree>(session, &["(gate = 0)", beyond]);
    check::<All>(session, &["Index Cond: (org = $1)"]);
}
