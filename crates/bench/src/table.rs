//! Every row that is measured: what it must and should be, and what it was.

use std::collections::BTreeMap;
use std::fmt::Write;

/// Which way is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Better {
    More,
    Less,
}

/// A row with its targets on SQLite and on PostgreSQL; none where there is no such target.
struct Row {
    key: &'static str,
    what: &'static str,
    unit: &'static str,
    better: Better,
    sqlite: Option<(f64, f64)>,
    postgres: Option<(f64, f64)>,
}

const fn row(
    key: &'static str,
    what: &'static str,
    unit: &'static str,
    better: Better,
    must: f64,
    aim: f64,
) -> Row {
    Row {
        key,
        what,
        unit,
        better,
        sqlite: Some((must, aim)),
        postgres: None,
    }
}

/// What a bare actix-web endpoint answered for each CPU second on the machine on which the targets
/// were set.
const BARE_THERE: f64 = 104_000.0;

/// A target of requests that read, as a share of what a bare endpoint answers: the same question
/// on a machine of another speed.
const fn over_bare(key: &'static str, what: &'static str, must: f64, aim: f64) -> Row {
    row(
        key,
        what,
        "ratio",
        More,
        must / BARE_THERE,
        aim / BARE_THERE,
    )
}

impl Row {
    const fn on_postgres(self, must: f64, aim: f64) -> Row {
        Row {
            postgres: Some((must, aim)),
            ..self
        }
    }
}

use Better::{Less, More};

/// The targets, for 100,000 users of whom each is in a mapped group.
const ROWS: &[Row] = &[
    row(
        "create8",
        "create user, 8 connections",
        "/CPU-s",
        More,
        5_000.0,
        9_000.0,
    )
    .on_postgres(2_500.0, 4_500.0),
    row(
        "create1",
        "create user, 1 connection",
        "/CPU-s",
        More,
        3_000.0,
        4_500.0,
    ),
    row(
        "lookup",
        "lookup userName eq",
        "/CPU-s",
        More,
        22_000.0,
        35_000.0,
    )
    .on_postgres(11_000.0, 11_000.0),
    row("get", "get by id", "/CPU-s", More, 20_000.0, 35_000.0).on_postgres(10_000.0, 10_000.0),
    row(
        "patch",
        "PATCH user, 8 connections",
        "/CPU-s",
        More,
        5_000.0,
        9_000.0,
    )
    .on_postgres(2_500.0, 2_500.0),
    row(
        "import",
        "import, 100 a page",
        "users/CPU-s",
        More,
        100_000.0,
        200_000.0,
    ),
    row("pages", "last page / first page", "ratio", Less, 1.5, 1.1),
    row(
        "member10",
        "add 1 member, p50 at 10 members",
        "ms",
        Less,
        0.4,
        0.2,
    ),
    row(
        "member_growth",
        "same, large group / at 10 members",
        "ratio",
        Less,
        1.5,
        1.2,
    ),
    row(
        "members100",
        "add 100 members, p50 at any size",
        "ms",
        Less,
        3.0,
        1.5,
    ),
    row(
        "initial",
        "initial cycle, 4 connections",
        "users/s",
        More,
        2_000.0,
        3_000.0,
    ),
    row(
        "changes",
        "1 % change cycle",
        "changes/s",
        More,
        1_000.0,
        3_000.0,
    ),
    row(
        "initial_slow",
        "initial cycle, fsync + 2 ms",
        "users/s",
        More,
        500.0,
        700.0,
    ),
    row(
        "changes_slow",
        "1 % change cycle, fsync + 2 ms",
        "changes/s",
        More,
        400.0,
        500.0,
    ),
    row(
        "filter10k",
        "complex filter, 10,000 users",
        "ms",
        Less,
        20.0,
        8.0,
    ),
    row(
        "filter100k",
        "complex filter, all users",
        "ms",
        Less,
        150.0,
        70.0,
    ),
    row(
        "memory_idle",
        "anonymous memory, idle",
        "MB",
        Less,
        40.0,
        20.0,
    ),
    row(
        "memory_full",
        "anonymous memory, all users",
        "MB",
        Less,
        150.0,
        90.0,
    ),
    row("start_empty", "start, empty database", "s", Less, 0.2, 0.05),
    row("start_full", "start, all users", "s", Less, 1.0, 0.1),
    row(
        "start_million",
        "start, 1,000,000 users",
        "s",
        Less,
        1.0,
        0.1,
    ),
    row(
        "disk",
        "disk per user, events and log",
        "kB",
        Less,
        4.0,
        3.0,
    ),
    row(
        "access",
        "effective access of one user",
        "/CPU-s",
        More,
        20_000.0,
        35_000.0,
    ),
    row(
        "access_304",
        "same, 304 by ETag",
        "/CPU-s",
        More,
        35_000.0,
        60_000.0,
    ),
    over_bare("lookup_bare", "lookup / bare GET", 22_000.0, 35_000.0),
    over_bare("get_bare", "get by id / bare GET", 20_000.0, 35_000.0),
    over_bare(
        "access_bare",
        "effective access / bare GET",
        20_000.0,
        35_000.0,
    ),
    over_bare("access_304_bare", "304 / bare GET", 35_000.0, 60_000.0),
    row(
        "rules",
        "rule change until all are resolved",
        "s",
        Less,
        20.0,
        8.0,
    ),
    row(
        "meanwhile",
        "other requests meanwhile, p99",
        "ms",
        Less,
        250.0,
        50.0,
    ),
];

/// What else is told, without a target.
const BESIDE: &[(&str, &str, &str)] = &[
    ("bare_get", "bare actix-web, GET of 1 kB", "/CPU-s"),
    (
        "sqlite_insert",
        "bare SQLite, insert of 1.3 kB and COMMIT",
        "/CPU-s",
    ),
    (
        "create_sqlite",
        "create, 1 connection / bare insert",
        "ratio",
    ),
    ("create8_rate", "create user, 8 connections", "/s"),
    ("create1_p50", "create user, 1 connection, p50", "ms"),
    ("lookup_p50", "lookup, 1 connection, p50", "ms"),
    ("member10_cpu", "add 1 member at 10 members, CPU", "ms"),
    (
        "member_large_cpu",
        "add 1 member to the large group, CPU",
        "ms",
    ),
    ("initial_cpu", "initial cycle", "users/CPU-s"),
    ("changes_cpu", "1 % change cycle", "changes/CPU-s"),
    ("filter_cpu", "complex filter, all users, CPU", "ms"),
    ("rules_cpu", "rule change, CPU", "s"),
];

/// What was measured, by key.
#[derive(Clone, Debug, Default)]
pub(crate) struct Figures(BTreeMap<&'static str, f64>);

impl Figures {
    /// Keeps a figure.
    pub(crate) fn put(&mut self, key: &'static str, value: f64) {
        crate::tell(&format!("  {key} = {}", number(value)));
        self.0.insert(key, value);
    }

    /// One figure over another, where both are there.
    pub(crate) fn ratio(&mut self, key: &'static str, over: &str, under: &str) {
        if let (Some(over), Some(under)) = (self.0.get(over), self.0.get(under)) {
            let ratio = over / under.max(1e-9);
            self.put(key, ratio);
        }
    }

    /// The table as Markdown.
    pub(crate) fn table(&self, postgres: bool) -> String {
        let mut out = "| workload | unit | must | aim | measured | |\n\
                       | --- | --- | ---: | ---: | ---: | --- |\n"
            .to_owned();
        for row in ROWS {
            let Some(value) = self.0.get(row.key) else {
                continue;
            };
            let targets = if postgres { row.postgres } else { row.sqlite };
            let (must, aim, verdict) = match targets {
                Some((must, aim)) => (
                    number(must),
                    number(aim),
                    verdict(row.better, *value, must, aim),
                ),
                None => (String::new(), String::new(), ""),
            };
            let (what, unit, value) = (row.what, row.unit, number(*value));
            let _ = writeln!(
                out,
                "| {what} | {unit} | {must} | {aim} | {value} | {verdict} |"
            );
        }
        for (key, what, unit) in BESIDE {
            if let Some(value) = self.0.get(key) {
                let _ = writeln!(out, "| {what} | {unit} | | | {} | |", number(*value));
            }
        }
        out
    }
}

fn verdict(better: Better, value: f64, must: f64, aim: f64) -> &'static str {
    let reaches = |target: f64| match better {
        More => value >= target,
        Less => value <= target,
    };
    match (reaches(must), reaches(aim)) {
        (_, true) => "aim",
        (true, false) => "must",
        (false, false) => "**missed**",
    }
}

/// Three digits that count, or whole thousands with commas.
fn number(value: f64) -> String {
    if value < 1_000.0 {
        let digits =
            usize::from(value < 100.0) + usize::from(value < 10.0) + usize::from(value < 0.1);
        let text = format!("{value:.digits$}");
        return if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        };
    }
    let digits = format!("{value:.0}");
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests;
