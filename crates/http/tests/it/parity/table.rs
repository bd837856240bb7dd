//! `docs/parity.md` has a row for every line, and names tests that exist; every test is named.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// How many lines each system has.
const LINES: &[(&str, u32)] = &[("DS", 18), ("LS", 39), ("DH", 13), ("SC", 8)];

/// What stands in the place of a test where the line is about the other side.
const THEIRS: &str = "their side: ";

#[test]
fn every_line_has_a_row() {
    let mut wanted = BTreeSet::new();
    for (system, lines) in LINES {
        wanted.extend((1..=*lines).map(|line| format!("{system}-{line}")));
    }
    let rows = rows();
    let there: BTreeSet<String> = rows.iter().map(|row| row.line.clone()).collect();
    assert_eq!(rows.len(), there.len(), "a line has two rows");
    assert_eq!(there, wanted);
}

#[test]
fn every_row_has_a_test_of_its_line_or_says_why_not() {
    for row in rows() {
        let line = format!("{}_", row.line.to_lowercase().replace('-', "_"));
        let own = row.tests.iter().any(|test| test.starts_with(&line));
        let theirs = row.proof.strip_prefix(THEIRS);
        let why = theirs.is_some_and(|why| why.split(' ').count() > 3);
        assert!(own != why, "{}: a test {line}… or {THEIRS}why", row.line);
    }
}

#[test]
fn every_named_test_exists_and_every_test_is_named() {
    let named: BTreeSet<String> = rows().into_iter().flat_map(|row| row.tests).collect();
    let written = written();
    let missing: Vec<&String> = named.difference(&written).collect();
    assert!(missing.is_empty(), "named, but no test: {missing:?}");
    let unnamed: Vec<&String> = written.difference(&named).collect();
    assert!(unnamed.is_empty(), "tests without a row: {unnamed:?}");
}

struct Row {
    line: String,
    proof: String,
    tests: Vec<String>,
}

fn rows() -> Vec<Row> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/parity.md");
    let text = fs::read_to_string(path).unwrap();
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| ")?.split(" | ");
        let name = cells.next()?.to_owned();
        let is_line = LINES
            .iter()
            .any(|(system, _)| name.strip_prefix(system).is_some_and(is_number));
        let proof = cells.nth(1)?.trim_end_matches(" |").to_owned();
        let tests = proof.split('`').skip(1).step_by(2).map(str::to_owned);
        let tests = tests.collect();
        is_line.then_some(Row {
            line: name,
            proof,
            tests,
        })
    };
    text.lines().filter_map(row).collect()
}

fn is_number(rest: &str) -> bool {
    rest.strip_prefix('-')
        .is_some_and(|number| number.parse::<u32>().is_ok())
}

/// The names of the tests beside this file.
fn written() -> BTreeSet<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/parity");
    let mut names = BTreeMap::new();
    for file in files(&root) {
        let text = fs::read_to_string(&file).unwrap();
        let after = text.split("#[actix_web::test]\nasync fn ").skip(1);
        for name in after.filter_map(|rest| rest.split('(').next()) {
            let again = names.insert(name.to_owned(), file.clone());
            assert_eq!(again, None, "{name} is there twice");
        }
    }
    names.into_keys().collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found
}
