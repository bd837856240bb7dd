//! What the binary says about a configuration that is not right. The rules themselves are tested
//! beside the settings.

use std::fs;

use serde_json::Value;

use crate::support::{Db, command, run};

#[track_caller]
fn check(file: &str, environment: &[(&str, &str)], arguments: &[&str], says: &[&str]) {
    let database = Db::sqlite();
    let path = database.folder.path().join("rolecall.toml");
    fs::write(&path, file).unwrap();
    let mut command = command(&database);
    command.args(["--config", "rolecall.toml"]).args(arguments);
    command.envs(environment.iter().copied());
    run(&mut command).refused(78, says);
}

#[test]
fn start_errors_name_key_layer_and_mend() {
    let bind = [("ROLECALL__HTTP__BIND", "0.0.0.0:0")];
    check(
        "",
        &bind,
        &["serve"],
        &["http.bind", "environment", "`http.behind_tls_proxy = true`"],
    );
    check("", &bind, &[], &["`http.insecure_plain_http = true`"]);
    check(
        "[http]\nbnid = ''",
        &[],
        &["serve"],
        &["http.bnid (rolecall.toml)", "http.bind?"],
    );
    check(
        "",
        &[("ROLECALL__DATABSE__URL", "x")],
        &[],
        &["did you mean ROLECALL__DATABASE__URL?"],
    );
    check(
        "",
        &[("ROLECALL__DATABASE__URL", "mysql://x")],
        &["migrate"],
        &["database.url", "sqlite://"],
    );
    check(
        "",
        &[],
        &["--set", "scim.mounts=/api/v1", "serve"],
        &["scim.mounts", "/api/v1"],
    );
}

#[test]
fn the_settings_are_checked_and_shown_without_secrets() {
    let database = Db::sqlite();
    let mut shown = command(&database);
    shown
        .env("ROLECALL__DATABASE__URL", "postgres://u:hunter2@db/x")
        .args(["config", "show", "--origin"]);
    let ran = run(&mut shown);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stdout.contains("hunter2"), "{ran:?}");
    assert!(
        ran.stdout.contains("environment, ROLECALL__DATABASE__URL"),
        "{ran:?}"
    );
    check(
        "",
        &[],
        &["config", "check", "--set", "http.tls_key=key.pem"],
        &["http.tls_certificate and http.tls_key belong together"],
    );
    check(
        "[database]\nurl = hunter2",
        &[],
        &["config", "check"],
        &["line 2, column"],
    );
    check(
        "",
        &[],
        &[
            "config",
            "check",
            "--set",
            "http.trusted_proxies=10.0.0.1/8",
        ],
        &["http.trusted_proxies", "entry 1"],
    );
}

#[test]
fn a_file_that_is_named_has_to_be_there() {
    let database = Db::sqlite();
    let mut command = command(&database);
    command.env("ROLECALL_CONFIG", "missing.toml").arg("serve");
    run(&mut command).refused(78, &["missing.toml", "cannot be read"]);
}

#[test]
fn all_faults_come_at_once_and_in_json_too() {
    let database = Db::sqlite();
    let mut command = command(&database);
    command.args([
        "--json",
        "--set",
        "http.bind=here",
        "--set",
        "log.level=loud",
        "serve",
    ]);
    let ran = run(&mut command);
    assert_eq!(ran.code, 78, "{ran:?}");
    let error: Value = serde_json::from_str(&ran.stderr).unwrap();
    let fields: Vec<&str> = error["error"]["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|fault| fault["field"].as_str().unwrap())
        .collect();
    assert_eq!(fields, ["http.bind", "log.level"]);
}

#[test]
fn a_database_that_does_not_open_is_named() {
    let database = Db::sqlite();
    let nowhere = format!(
        "sqlite://{}",
        database.folder.path().join("no/such/folder.db").display()
    );
    let mut refused = command(&database);
    refused
        .env("ROLECALL__DATABASE__URL", nowhere)
        .args(["--set", "http.bind=127.0.0.1:0"]);
    run(&mut refused).refused(1, &["database.url"]);
    let mut away = command(&database);
    away.env(
        "ROLECALL__DATABASE__URL",
        "postgres://u:hunter2@127.0.0.1:1/x",
    )
    .arg("migrate");
    let ran = run(&mut away);
    ran.refused(1, &["database.url", "cannot be reached"]);
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
}
