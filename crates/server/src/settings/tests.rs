#![expect(clippy::unwrap_used, reason = "tests")]

use std::{collections::BTreeSet, fs};

use super::{DEFAULTS, Settings, Sources, Written, values::flatten};
use config::{File, FileFormat, Source};

mod secrets;

/// What each layer has.
#[derive(Clone, Copy, Default)]
struct Layers<'a> {
    file: &'a str,
    environment: &'a [(&'a str, &'a str)],
    flags: &'a [(&'a str, &'a str)],
}

fn load(layers: Layers<'_>) -> Result<Settings, Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rolecall.toml");
    fs::write(&path, layers.file).unwrap();
    let owned = |pairs: &[(&str, &str)]| {
        pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect()
    };
    let sources = Sources {
        file: Some(path.clone()),
        environment: owned(layers.environment),
        flags: owned(layers.flags),
    };
    let shown = path.display().to_string();
    Settings::load(&sources).map_err(|faults| {
        faults
            .iter()
            .map(|fault| fault.to_string().replace(&shown, "FILE"))
            .collect()
    })
}

/// The faults, each by its beginning and something it has to say.
#[track_caller]
fn refused(layers: Layers<'_>, expected: &[(&str, &str)]) {
    let faults = load(layers).map(|_| ()).unwrap_err();
    assert_eq!(faults.len(), expected.len(), "{faults:#?}");
    for (begins, says) in expected {
        let found = faults
            .iter()
            .any(|fault| fault.starts_with(begins) && fault.contains(says));
        assert!(
            found,
            "no fault begins {begins:?} and says {says:?}: {faults:#?}"
        );
    }
}

#[test]
fn every_key_of_the_defaults_is_a_field_and_the_reverse() {
    let table = flatten(
        File::from_str(DEFAULTS, FileFormat::Toml)
            .collect()
            .unwrap(),
    );
    let written: Written = toml::from_str(DEFAULTS).unwrap();
    let fields = toml::to_string(&written).unwrap();
    let fields = flatten(File::from_str(&fields, FileFormat::Toml).collect().unwrap());
    let (table, fields): (BTreeSet<_>, BTreeSet<_>) =
        (table.into_keys().collect(), fields.into_keys().collect());
    assert_eq!(table, fields);
}

#[test]
fn every_key_has_its_sentence() {
    let lines: Vec<&str> = DEFAULTS.lines().collect();
    for (place, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| line.contains(" = "))
    {
        if line.starts_with('#') || line.starts_with(' ') {
            continue;
        }
        let above = lines[place - 1];
        assert!(
            above.starts_with("# ") && above.ends_with('.'),
            "{line}: no sentence above it"
        );
    }
}

#[test]
fn the_defaults_hold() {
    let settings = Settings::load(&Sources::default()).unwrap();
    assert_eq!(settings.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.public_url(settings.bind), "http://127.0.0.1:8080");
    assert_eq!(settings.database.url, "sqlite://rolecall.db");
    assert_eq!(settings.mounts, http::config::DEFAULT_MOUNTS);
    assert!(!settings.plain_in_public);
}

#[test]
fn the_example_for_production_holds() {
    let file = include_str!("../../../../config/production.toml");
    let settings = load(Layers {
        file,
        ..Layers::default()
    })
    .unwrap();
    assert_eq!(
        settings.public_url(settings.bind),
        "https://scim.example.com"
    );
    let file = include_str!("../../../../deploy/container.toml");
    let environment = &[("ROLECALL__HTTP__INSECURE_PLAIN_HTTP", "true")];
    assert!(
        load(Layers {
            file,
            environment,
            ..Layers::default()
        })
        .unwrap()
        .plain_in_public
    );
}

#[test]
fn later_layers_win() {
    let file = "[http]\nbind = '127.0.0.1:1'\nworkers = 3\n[log]\nlevel = 'warn'";
    let environment = &[
        ("ROLECALL__HTTP__BIND", "127.0.0.1:2"),
        ("rolecall__log__level", "debug"),
    ];
    let flags = &[("http.bind", "[::1]:3")];
    let settings = load(Layers {
        file,
        ..Layers::default()
    })
    .unwrap();
    assert_eq!((settings.bind.port(), settings.workers), (1, Some(3)));
    let settings = load(Layers {
        file,
        environment,
        ..Layers::default()
    })
    .unwrap();
    assert_eq!(
        (settings.bind.port(), settings.log_level.as_str()),
        (2, "debug")
    );
    let settings = load(Layers {
        file,
        environment,
        flags,
    })
    .unwrap();
    assert_eq!(settings.public_url(settings.bind), "http://[::1]:3");
}

#[test]
fn values_have_the_same_types_in_every_layer() {
    let environment = &[
        ("ROLECALL__HTTP__WORKERS", "7"),
        ("ROLECALL__SCIM__MOUNTS", "/scim/v2, /orgs/{org}/scim"),
        ("ROLECALL__LOG__FORMAT", "json"),
        ("ROLECALL__HTTP__PUBLIC_URL", "https://scim.example.com/"),
        ("ROLECALL_CRASH_ROUNDS", "3"),
        ("PATH", "/bin"),
    ];
    let settings = load(Layers {
        environment,
        ..Layers::default()
    })
    .unwrap();
    assert_eq!(settings.workers, Some(7));
    assert_eq!(settings.mounts, ["/scim/v2", "/orgs/{org}/scim"]);
    assert_eq!(settings.log_json, Some(true));
    assert_eq!(
        settings.public_url.as_deref(),
        Some("https://scim.example.com")
    );
}

#[test]
fn faults_name_key_layer_and_mend() {
    let file = |file| Layers {
        file,
        ..Layers::default()
    };
    refused(
        file("[http]\nbnid = 'x'"),
        &[("http.bnid (FILE)", "did you mean http.bind?")],
    );
    refused(
        file("[htpt]\nbind = 'x'"),
        &[("htpt.bind (FILE)", "did you mean http.bind?")],
    );
    refused(
        file("colour = 1"),
        &[(
            "colour (FILE)",
            "those there are: database.connect_timeout_seconds, ",
        )],
    );
    refused(
        file("[log]\ncolour = 1"),
        &[(
            "log.colour (FILE)",
            "those there are: log.format, log.level",
        )],
    );
    refused(
        file("http = 1"),
        &[("http (FILE)", "there is no such setting")],
    );
    refused(
        file("[http]\nworkers = '3'"),
        &[("http.workers (FILE)", "must be a whole number")],
    );
    refused(
        file("[http]\nworkers = -1"),
        &[("http.workers (FILE)", "must be a whole number")],
    );
    refused(
        file("[http]\nworkers = 5000"),
        &[("http.workers (FILE)", "must be 0 to 1024")],
    );
    refused(
        file("[database]\nconnections = 0"),
        &[("database.connections", "must be 1 to 1000")],
    );
    refused(
        file("[database]\nconnections = 9000000000"),
        &[("database.connections", "must be 1 to 1000")],
    );
    // Beyond what its field can hold.
    refused(
        file("[jobs]\nkeep_days = 99999999999"),
        &[("jobs.keep_days (FILE)", "must be 0 to 36500")],
    );
    refused(
        file("[http]\nbind = 'here'"),
        &[("http.bind (FILE)", "such as 127.0.0.1:8080")],
    );
    refused(
        file("[http]\npublic_url = 'x'"),
        &[("http.public_url (FILE)", "https://")],
    );
    refused(
        file("[scim]\nmounts = []"),
        &[("scim.mounts (FILE)", "must be 1 to 64 paths")],
    );
    refused(
        file("[scim]\nmounts = ['/a', 'b/']"),
        &[("scim.mounts (FILE)", "path 2 of the list")],
    );
    refused(
        file("[scim]\nmounts = ['/a', '/a']"),
        &[("scim.mounts (FILE)", "there twice")],
    );
    refused(
        file("[scim]\nmounts = [1]"),
        &[("scim.mounts (FILE)", "must be a list of texts")],
    );
    refused(
        file("[metrics]\nbind = '[::]:9090'"),
        &[("metrics.bind (FILE)", "`metrics.allow_others = true`")],
    );
    #[cfg(not(feature = "otlp"))]
    refused(
        file("[otlp]\nendpoint = 'http://127.0.0.1:4318'"),
        &[("otlp.endpoint (FILE)", "--features otlp")],
    );
    refused(
        file("[log]\nlevel = 'loud'"),
        &[("log.level (FILE)", "must be error, warn")],
    );
    refused(
        file("[log]\nformat = 'xml'"),
        &[("log.format (FILE)", "auto, pretty, json")],
    );
    refused(
        file("[database]\nurl = 'mysql://x'"),
        &[("database.url (FILE)", "sqlite://PATH")],
    );
    refused(file("[http\n"), &[("FILE", "line 1, column ")]);
}

#[test]
fn faults_of_the_environment_and_of_flags() {
    let environment = |environment| Layers {
        environment,
        ..Layers::default()
    };
    refused(
        environment(&[("ROLECALL__HTTP__BIN", "x")]),
        &[(
            "http.bin (environment, ROLECALL__HTTP__BIN)",
            "did you mean ROLECALL__HTTP__BIND?",
        )],
    );
    refused(
        environment(&[("ROLECALL_HTTP_BIND", "x")]),
        &[(
            "http.bind (environment, ROLECALL_HTTP_BIND)",
            "write ROLECALL__HTTP__BIND",
        )],
    );
    refused(
        environment(&[("ROLECALL__HTTP__WORKERS", "many")]),
        &[(
            "http.workers (environment, ROLECALL__HTTP__WORKERS)",
            "whole number",
        )],
    );
    refused(
        environment(&[("ROLECALL__HTTP__BEHIND_TLS_PROXY", "yes")]),
        &[(
            "http.behind_tls_proxy (environment",
            "must be true or false",
        )],
    );
    refused(
        Layers {
            flags: &[("http.port", "1")],
            ..Layers::default()
        },
        &[(
            "http.port (--set)",
            "those there are: http.behind_tls_proxy, http.bind, ",
        )],
    );
}

#[test]
fn all_faults_come_at_once() {
    refused(
        Layers {
            file: "[http]\nbnid = 'x'\n[log]\nlevel = 'loud'",
            environment: &[("ROLECALL__HTTP__WORKERS", "many")],
            flags: &[("http.bind", "here")],
        },
        &[
            ("http.bnid (FILE)", ""),
            ("log.level (FILE)", ""),
            ("http.workers (environment", ""),
            ("http.bind (--set)", ""),
        ],
    );
    refused(
        Layers {
            file: "[limits]\nrequests_per_key = 99999999999",
            flags: &[("log.level", "loud")],
            ..Layers::default()
        },
        &[
            ("limits.requests_per_key (FILE)", "must be 0 to 1000000"),
            ("log.level (--set)", ""),
        ],
    );
}

const PUBLIC: (&str, &str) = ("http.bind", "0.0.0.0:8080");

#[test]
fn an_address_that_others_can_reach_has_to_be_declared() {
    let flags = |flags| Layers {
        flags,
        ..Layers::default()
    };
    refused(
        flags(&[PUBLIC]),
        &[("http.bind (--set)", "http.behind_tls_proxy = true")],
    );
    refused(
        flags(&[PUBLIC]),
        &[("http.bind (--set)", "`http.insecure_plain_http = true`")],
    );
    refused(
        flags(&[PUBLIC, ("http.behind_tls_proxy", "true")]),
        &[("http.public_url (default)", "https:// URL of the proxy")],
    );
    refused(
        flags(&[
            PUBLIC,
            ("http.behind_tls_proxy", "true"),
            ("http.public_url", "http://x"),
        ]),
        &[("http.public_url (--set)", "https:// URL of the proxy")],
    );
    let proxy = [
        PUBLIC,
        ("http.behind_tls_proxy", "true"),
        ("http.public_url", "https://x.example"),
    ];
    assert!(!load(flags(&proxy)).unwrap().plain_in_public);
    let plain = [PUBLIC, ("http.insecure_plain_http", "true")];
    assert!(load(flags(&plain)).unwrap().plain_in_public);
    let local = [("http.bind", "localhost:9000")];
    assert_eq!(
        load(flags(&local)).unwrap().bind.to_string(),
        "127.0.0.1:9000"
    );
}
