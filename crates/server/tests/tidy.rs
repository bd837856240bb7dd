//! The rules of the repository that no compiler checks, as ordinary tests. Each failure says how
//! it is mended.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

/// A crate, the crates of this workspace it stands on, and, for the pure ones, all it takes from
/// outside. Direct dependencies; those of tests are free.
struct Allowed {
    krate: &'static str,
    ours: &'static [&'static str],
    outside: Option<&'static [&'static str]>,
}

/// The dependency rule of ARCHITECTURE.md: `domain` and `scim` know nobody, `app` knows them,
/// adapters know `app` and never each other, the binary knows all.
const DEPENDENCIES: &[Allowed] = &[
    Allowed {
        krate: "rolecall-domain",
        ours: &[],
        outside: Some(&["crc32fast", "serde", "serde_json", "thiserror", "uuid"]),
    },
    Allowed {
        krate: "rolecall-scim",
        ours: &[],
        outside: Some(&[
            "caseless",
            "serde",
            "serde_json",
            "thiserror",
            "unicode-normalization",
            "winnow",
        ]),
    },
    Allowed {
        krate: "rolecall-app",
        ours: &["rolecall-domain", "rolecall-scim"],
        outside: None,
    },
    Allowed {
        krate: "rolecall-http",
        ours: &["rolecall-app", "rolecall-domain", "rolecall-scim"],
        outside: None,
    },
    Allowed {
        krate: "rolecall-storage",
        ours: &["rolecall-app", "rolecall-domain", "rolecall-scim"],
        outside: None,
    },
    Allowed {
        krate: "rolecall-auth",
        ours: &["rolecall-app", "rolecall-domain"],
        outside: None,
    },
    Allowed {
        krate: "rolecall-testkit",
        ours: &["rolecall-app", "rolecall-domain", "rolecall-scim"],
        outside: None,
    },
    // Measures the built binary from outside.
    Allowed {
        krate: "rolecall-bench",
        ours: &[],
        outside: None,
    },
    Allowed {
        krate: "rolecall",
        ours: &[
            "rolecall-app",
            "rolecall-auth",
            "rolecall-domain",
            "rolecall-http",
            "rolecall-scim",
            "rolecall-storage",
        ],
        outside: None,
    },
];

/// Crates from outside that only these of ours may name, tests apart. `deny.toml` says the same of
/// the whole graph.
const ONLY_UNDER: &[(&str, &[&str])] = &[
    (
        "actix-web",
        &["rolecall", "rolecall-bench", "rolecall-http"],
    ),
    ("argon2", &["rolecall-auth"]),
    ("diesel", &["rolecall-bench", "rolecall-storage"]),
    ("diesel_migrations", &["rolecall-storage"]),
];

const LONGEST_FILE: usize = 450;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The packages of the workspace as cargo sees them.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo metadata failed: {errors}");
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap().clone();
    assert!(!packages.is_empty(), "cargo metadata names no package");
    packages
}

fn name(value: &Value) -> &str {
    value["name"].as_str().unwrap()
}

/// Names of the direct dependencies that are built into what we ship.
fn dependencies(package: &Value) -> BTreeSet<&str> {
    package["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|dependency| dependency["kind"] != "dev")
        .map(name)
        .collect()
}

/// One sentence for each difference between what a crate names and what the table allows.
fn differences(krate: &str, what: &str, found: &BTreeSet<&str>, allowed: &[&str]) -> Vec<String> {
    let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
    let extra = found.difference(&allowed).map(|extra| {
        format!(
            "{krate} must not depend on {extra} ({what}): take it out of its Cargo.toml, or, if \
             the dependency rule of ARCHITECTURE.md is to change, add it to DEPENDENCIES here"
        )
    });
    let gone = allowed.difference(found).map(|gone| {
        format!("{krate} does not depend on {gone} any more: take it out of DEPENDENCIES here")
    });
    extra.chain(gone).collect()
}

fn assert_none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
}

#[test]
fn dependencies_follow_the_rule() {
    let packages = packages();
    let ours: BTreeSet<&str> = packages.iter().map(name).collect();
    let mut faults = Vec::new();
    for package in &packages {
        let krate = name(package);
        let Some(allowed) = DEPENDENCIES.iter().find(|allowed| allowed.krate == krate) else {
            faults.push(format!(
                "{krate} is new: say in DEPENDENCIES here what it may stand on"
            ));
            continue;
        };
        let (inside, outside): (BTreeSet<&str>, BTreeSet<&str>) = dependencies(package)
            .into_iter()
            .partition(|name| ours.contains(name));
        faults.extend(differences(krate, "ours", &inside, allowed.ours));
        if let Some(allowed) = allowed.outside {
            faults.extend(differences(krate, "outside", &outside, allowed));
        }
    }
    for gone in DEPENDENCIES.iter().filter(|row| !ours.contains(row.krate)) {
        let krate = gone.krate;
        faults.push(format!(
            "there is no {krate} any more: take it out of DEPENDENCIES here"
        ));
    }
    assert_none(&faults);
}

#[test]
fn heavy_crates_stay_where_they_belong() {
    let mut faults = Vec::new();
    for package in &packages() {
        let krate = name(package);
        let found = dependencies(package);
        for (heavy, homes) in ONLY_UNDER {
            if found.contains(heavy) && !homes.contains(&krate) {
                let homes = homes.join(" and ");
                faults.push(format!(
                    "{krate} must not depend on {heavy}; only {homes} may: ask for what you need \
                     through a port of `app`"
                ));
            }
        }
    }
    assert_none(&faults);
}

#[test]
fn every_crate_inherits_the_lints() {
    let mut faults = Vec::new();
    for package in &packages() {
        let manifest = package["manifest_path"].as_str().unwrap();
        let text = fs::read_to_string(manifest).unwrap();
        let table: toml::Table = text.parse().unwrap();
        let inherits = table
            .get("lints")
            .and_then(|lints| lints.get("workspace"))
            .and_then(toml::Value::as_bool);
        if inherits != Some(true) {
            let krate = name(package);
            faults.push(format!(
                "{krate} has lints of its own: write `[lints]` and `workspace = true` in its Cargo.toml"
            ));
        }
    }
    assert_none(&faults);
}

/// Names of the folders in a folder.
fn folders(path: &Path) -> BTreeSet<String> {
    fs::read_dir(path)
        .unwrap()
        .map(Result::unwrap)
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect()
}

#[test]
fn migrations_are_paired() {
    let migrations = root().join("migrations");
    let (sqlite, postgres) = (
        folders(&migrations.join("sqlite")),
        folders(&migrations.join("postgres")),
    );
    assert!(!sqlite.is_empty(), "there are no migrations");
    let faults: Vec<String> = sqlite
        .symmetric_difference(&postgres)
        .map(|name| {
            format!(
                "migration {name} is there for one database only: one change has the same folder \
                 name under migrations/sqlite and migrations/postgres"
            )
        })
        .collect();
    assert_none(&faults);
}

/// All Rust files of the crates, tests included.
fn rust_files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![root().join("crates")];
    while let Some(folder) = open.pop() {
        for entry in fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() && entry.file_name() != "target" {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    assert!(files.len() > 10, "the crates are not where they should be");
    files
}

fn shown(path: &Path) -> String {
    let root = root();
    path.strip_prefix(&root)
        .unwrap_or(path)
        .display()
        .to_string()
}

#[test]
fn no_file_grows_too_long() {
    let faults: Vec<String> = rust_files()
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .map(|(path, lines)| {
            format!(
                "{} has {lines} lines, more than {LONGEST_FILE}: move one subject into a file of \
                 its own",
                shown(path)
            )
        })
        .collect();
    assert_none(&faults);
}

#[test]
fn modules_are_files_with_names() {
    let faults: Vec<String> = rust_files()
        .iter()
        .filter(|path| path.ends_with("mod.rs"))
        .map(|path| {
            format!(
                "{}: call it after its folder and put it beside the folder (`foo.rs`, `foo/`)",
                shown(path)
            )
        })
        .collect();
    assert_none(&faults);
}
