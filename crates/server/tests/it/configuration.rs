//! What the binary says about a configuration that is not right. The rules themselves are tested
//! beside the settings.

use std::fs;

use serde_json::Value;

use crate::support::{Db, Server, command, rolecall, run};

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
    check(
        "[scim]\nmounts = ['/scim/v2', '/livez']",
        &[],
        &["config", "check"],
        &[
            "scim.mounts (rolecall.toml)",
            "path 2 of the list would hide /livez",
        ],
    );
    check(
        "[metrics]\nbind = '0.0.0.0:9090'",
        &[],
        &["config", "check"],
        &[
            "metrics.bind (rolecall.toml)",
            "`metrics.allow_others = true`",
        ],
    );
    check(
        "[http]\nbind = '127.0.0.1:8080'\n[metrics]\nbind = 'localhost:8080'",
        &[],
        &["config", "check"],
        &[
            "metrics.bind (rolecall.toml)",
            "another address or port than http.bind",
        ],
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
fn a_check_says_what_it_does_not_try() {
    let database = Db::sqlite();
    let mut check = command(&database);
    check.args(["config", "check", "--json"]);
    let told = run(&mut check).json();
    assert_eq!(
        told["not_tried"],
        serde_json::json!(["database.url", "http.bind"])
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
    // What the database's library would take for a host or a port, and show.
    for password in ["hun%ter2", "hun/ter2", "hun@ter2", "hun?ter2", "hun#ter2"] {
        let mut wrong = command(&database);
        let url = format!("postgres://u:{password}@127.0.0.1:1/x");
        wrong.env("ROLECALL__DATABASE__URL", url).arg("migrate");
        let ran = run(&mut wrong);
        ran.refused(78, &["database.url", "percent-encoded"]);
        let shown = format!("{ran:?}");
        assert!(!shown.contains("ter2") && !shown.contains("hun"), "{shown}");
    }
}

/// libpq would repeat the password where it cannot read the URL: as two words, as a port.
#[test]
fn abuse_62_no_piece_of_a_database_url_is_told() {
    let database = Db::sqlite();
    for url in [
        "postgres://u:super hunter2@h/x",
        "postgres://u:hunter2",
        "postgres://u:hunter2/x",
        "postgres://u:p@h:hunter2/x",
    ] {
        let file = database.folder.path().join("url");
        fs::write(&file, url).unwrap();
        for arguments in [
            &["config", "check"][..],
            &["config", "show"],
            &["org", "list"],
            &["serve"],
            &["doctor"],
            &["--json", "migrate"],
        ] {
            let mut wrong = command(&database);
            wrong
                .env_remove("ROLECALL__DATABASE__URL")
                .env("ROLECALL__DATABASE__URL_FILE", &file)
                .args(arguments);
            let ran = run(&mut wrong);
            ran.refused(78, &["database.url"]);
            let shown = format!("{}{}", ran.stdout, ran.stderr);
            assert!(
                !shown.contains("hunter2") && !shown.contains("super"),
                "{ran:?}"
            );
        }
        for arguments in [
            ["--from", url, "--to", &database.url],
            ["--from", &database.url, "--to", url],
        ] {
            let ran = rolecall(&database, &[&["copy"], &arguments[..]].concat());
            assert_eq!(ran.code, 1, "{ran:?}");
            assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
        }
    }
    // Its own parameters it tells by value, too.
    let url = "postgres://u:p@127.0.0.1:1/x?sslmode=hunter2";
    let mut wrong = command(&database);
    wrong.env("ROLECALL__DATABASE__URL", url).arg("migrate");
    let ran = run(&mut wrong);
    ran.refused(1, &["database.url", "parameters"]);
    assert!(!ran.stderr.contains("hunter2"), "{ran:?}");
}

/// Behind a proxy all requests come from one address: a limit for each address is one for all.
#[test]
fn a_lowered_limit_of_addresses_behind_a_proxy_is_warned_of() {
    let check = |address: &str, expected: bool| {
        let database = Db::sqlite();
        let settings = [
            ("ROLECALL__HTTP__BEHIND_TLS_PROXY", "true"),
            ("ROLECALL__HTTP__PUBLIC_URL", "https://scim.example.com"),
            ("ROLECALL__LIMITS__REQUESTS_PER_ADDRESS", address),
        ];
        let server = Server::start_with(&database, &settings);
        server.stop();
        let log = fs::read_to_string(database.folder.path().join("server.log")).unwrap();
        let warned = log.contains("limits.requests_per_address is lowered");
        assert_eq!(warned, expected, "{address}: {log}");
    };
    check("100", true);
    check("50000", false);
    check("0", false);
}
