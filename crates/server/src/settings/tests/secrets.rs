//! Secrets come from files, and are told to nobody.

use std::fs;

use super::{Layers, load, refused};

#[test]
fn secrets_come_from_files_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    let name = path.display().to_string();
    let file_only = [("ROLECALL__DATABASE__URL_FILE", name.as_str())];
    let environment = |environment| Layers {
        environment,
        ..Layers::default()
    };
    refused(
        environment(&file_only),
        &[("database.url (environment", "cannot be read")],
    );
    fs::write(&path, "\n").unwrap();
    refused(
        environment(&file_only),
        &[("database.url (environment", "is empty")],
    );
    fs::write(&path, "postgres://a:secret@db/x\n").unwrap();
    let settings = load(environment(&file_only)).unwrap();
    assert_eq!(settings.database.url, "postgres://a:secret@db/x");
    let both = [file_only[0], ("ROLECALL__DATABASE__URL", "sqlite://x.db")];
    refused(
        environment(&both),
        &[("database.url (environment", "are both set")],
    );
    // Only secrets have this second way.
    refused(
        environment(&[("ROLECALL__HTTP__BIND_FILE", "x")]),
        &[("http.bind_file (environment", "there is no such setting")],
    );
}

#[test]
fn values_are_never_repeated() {
    let secret = "mysql://user:hunter2@db";
    let layers = [
        Layers {
            environment: &[("ROLECALL__DATABASE__URL", secret)],
            ..Layers::default()
        },
        Layers {
            flags: &[("database.url", secret)],
            ..Layers::default()
        },
        Layers {
            file: "[database]\nurl = \"hunter2",
            ..Layers::default()
        },
    ];
    for layer in layers {
        let faults = load(layer).map(|_| ()).unwrap_err();
        assert!(
            !faults.iter().any(|fault| fault.contains("hunter2")),
            "{faults:?}"
        );
    }
}
