//! `docs/conformance.md` names only tests that exist, so that its claims can be looked up.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rolecall_scim::Mode;
use rolecall_scim::profile::Rule;

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Files by the name of each test in them.
type Tests = BTreeMap<String, Vec<String>>;

/// Finds the functions in a crate that stand under a test attribute.
fn tests_of(folder: &Path, found: &mut Tests) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path
                .file_name()
                .is_none_or(|name| name != "target" && name != "fuzz")
            {
                tests_of(&path, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            for name in tests_in(&fs::read_to_string(&path).unwrap()) {
                found
                    .entry(name)
                    .or_default()
                    .push(path.display().to_string());
            }
        }
    }
}

fn tests_in(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut attribute = false;
    for line in text.lines().map(str::trim) {
        let function = line.trim_start_matches("async ").strip_prefix("fn ");
        if let Some(rest) = function
            && attribute
        {
            found.extend(rest.split(['(', '<']).next().map(str::to_owned));
        }
        attribute = line.starts_with("#[") && (attribute || line.contains("test"));
    }
    found
}

/// True for `module::test` when a file of that module has the test.
fn has(tests: &Tests, path: &str) -> bool {
    let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
    let in_module = |file: &String| file.contains(&format!("/{}", module.replace("::", "/")));
    tests
        .get(name)
        .is_some_and(|files| files.iter().any(in_module))
}

/// `crate::test` in backticks.
fn named(document: &str) -> impl Iterator<Item = (&str, &str)> {
    let words = document.split('`').skip(1).step_by(2);
    words
        .filter_map(|word| word.split_once("::"))
        .filter(|pair| *pair != ("crate", "test"))
}

#[test]
fn every_test_that_the_document_names_exists() {
    let document = fs::read_to_string(repository().join("docs/conformance.md")).unwrap();
    let mut crates: BTreeMap<&str, Tests> = BTreeMap::new();
    let mut missing = Vec::new();
    let mut count = 0;
    for (package, test) in named(&document) {
        let tests = crates.entry(package).or_insert_with(|| {
            let mut found = Tests::new();
            tests_of(&repository().join("crates").join(package), &mut found);
            found
        });
        count += 1;
        if !has(tests, test) {
            missing.push(format!("{package}::{test}"));
        }
    }
    assert!(count > 100, "the document names its tests as `crate::test`");
    assert_eq!(
        missing,
        Vec::<String>::new(),
        "in docs/conformance.md, but no test"
    );
}

#[test]
fn every_rule_of_strict_connections_has_its_row() {
    let document = fs::read_to_string(repository().join("docs/conformance.md")).unwrap();
    for rule in Rule::ALL {
        let row = format!("| `{rule:?}` | {} |", rule.section());
        let count = document.matches(&row).count();
        assert_eq!(count, 1, "docs/conformance.md: {row}");
        assert!(Mode::Strict.follows(rule) && !Mode::Lenient.follows(rule));
    }
    assert!(Mode::Strict.conforms() && !Mode::Lenient.conforms());
    for word in ["not yet", "*Engine*"] {
        assert!(!document.contains(word), "docs/conformance.md: {word}");
    }
}
