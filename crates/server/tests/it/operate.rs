//! What an operator and a supervisor see of a running server: metrics, `doctor`, systemd, signals.

use std::{
    collections::BTreeSet,
    fs,
    io::{Read, Write},
    net::TcpStream,
    os::unix::net::UnixDatagram,
    path::Path,
    time::Duration,
};

use crate::support::{Client, Db, Server, both, command, key, org_with_key, rolecall, run};

both!(the_doctor_finds_what_is_wrong metrics_are_served_on_their_own_listener);

fn the_doctor_finds_what_is_wrong(database: &Db) {
    if database.url.starts_with("sqlite://") {
        let ran = rolecall(database, &["doctor"]);
        ran.refused(1, &["1 thing must be mended"]);
        assert!(ran.stdout.contains("there is no database at"), "{ran:?}");
        let there = database.folder.path().join("rolecall.db").exists();
        assert!(!there, "looking made a database");
    }
    org_with_key(database, "acme", "plain", "scim");
    let found = rolecall(database, &["doctor", "--json"]).json();
    assert_eq!(found["healthy"], true, "{found}");
    let health = |found: &serde_json::Value, what: &str| {
        let items = found["items"].as_array().unwrap();
        let item = items.iter().find(|item| item["what"] == what);
        let item = item.unwrap_or_else(|| panic!("{what} is not in {found}"));
        (
            item["health"].as_str().unwrap().to_owned(),
            item["detail"].as_str().unwrap().to_owned(),
        )
    };
    for (what, wanted) in [
        ("public URL", "warning"),
        ("network", "good"),
        ("database", "good"),
        ("clock", "good"),
        ("schema", "good"),
        ("keys", "good"),
    ] {
        assert_eq!(health(&found, what).0, wanted, "{what}: {found}");
    }
    let create = [
        "key",
        "create",
        "--kind",
        "owner",
        "--expires",
        "3d",
        "--json",
    ];
    let made = rolecall(database, &create).json();
    let mut command = command(database);
    command
        .env("ROLECALL__HTTP__BEHIND_TLS_PROXY", "true")
        .env("ROLECALL__HTTP__PUBLIC_URL", "https://localhost")
        .args(["doctor", "--json"]);
    let found = run(&mut command).json();
    assert_eq!(health(&found, "public URL").0, "good");
    let (proxy, detail) = health(&found, "proxy");
    assert_eq!(proxy, "warning");
    assert!(detail.contains("http.trusted_proxies"), "{detail}");
    let (keys, detail) = health(&found, "keys");
    assert_eq!(keys, "warning");
    let id = made["id"].as_str().unwrap();
    assert!(detail.contains(&format!("key rotate {id}`")), "{detail}");
}

/// What the doctor says to type can be typed, for a key that has ended too.
#[test]
fn the_doctor_names_what_helps_with_a_key_that_has_ended() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "scim");
    let soon = std::time::UNIX_EPOCH.elapsed().unwrap() + Duration::from_secs(2);
    let soon = app::representation::time(soon.as_millis().try_into().unwrap());
    let create = [
        "key",
        "create",
        "--org",
        "acme",
        "--kind",
        "scim",
        "--expires",
        &soon,
        "--json",
    ];
    let id = rolecall(&database, &create).json()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let doctor = || rolecall(&database, &["doctor"]).stdout;
    crate::support::eventually(|| doctor().contains(&format!("{id} (scim) ended")));
    let told = doctor();
    assert!(!told.contains("key rotate"), "{told}");
    assert!(
        told.contains("key create --kind scim --org acme`"),
        "{told}"
    );
}

/// The names in the table of `docs/observability.md`.
fn documented() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/observability.md");
    let text = fs::read_to_string(path).unwrap();
    let cells = text.lines().filter(|line| line.starts_with("| `rolecall_"));
    let names = cells.flat_map(|line| line.split('|').nth(1).unwrap().split('`'));
    names
        .filter(|name| name.starts_with("rolecall_"))
        .map(str::to_owned)
        .collect()
}

fn metrics_are_served_on_their_own_listener(database: &Db) {
    let scim = org_with_key(database, "acme", "plain", "scim");
    let bind = [("ROLECALL__METRICS__BIND", "127.0.0.1:0")];
    let server = Server::start_with(database, &bind);
    let client = server.client("/scim/v2", &scim);
    let ada = client.add_user("ada@example.com");
    client.get(&format!("/Users/{ada}"));
    let operator = Client::new(server.metrics.as_deref().unwrap(), "");
    let answer = operator.send("GET", "/metrics", None).unwrap();
    assert_eq!(answer.status, 200);
    let text = String::from_utf8(answer.body).unwrap();
    let listed: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .map(|rest| rest.split(' ').next().unwrap().to_owned())
        .collect();
    assert_eq!(listed, documented(), "docs/observability.md has the list");
    let line = "rolecall_http_requests_total{mount=\"/scim/v2\",route=\"/Users/{id}\",\
                method=\"GET\",status=\"200\"} 1";
    assert!(text.contains(line), "{text}");
    assert!(!text.contains(&ada), "an id is a label: {text}");
    for wanted in [
        "rolecall_db_up 1",
        "rolecall_key_failures_total 0",
        "rolecall_rate_limited_total{by=\"key\"} 0",
        "rolecall_jobs_unfinished 0",
        "rolecall_worker_last_success_timestamp_seconds{worker=\"access\"} ",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    server.client("/scim/v2", "").ask("GET", "/Users", None);
    let text = operator.send("GET", "/metrics", None).unwrap().body;
    let text = String::from_utf8(text).unwrap();
    assert!(text.contains("rolecall_key_failures_total 1"), "{text}");
    for path in ["/livez", "/readyz"] {
        assert_eq!(operator.ask("GET", path, None).0, 200);
    }
    for path in ["/api/v1/orgs", "/scim/v2/Users", "/"] {
        assert_eq!(operator.ask("GET", path, None).0, 404, "{path}");
    }
    assert_eq!(operator.ask("POST", "/metrics", None).0, 405);
    // On the listener for everybody it wants an owner.
    let owner = rolecall(database, &["key", "create", "--kind", "owner", "--json"]).json();
    let reader = key(database, "acme", "read");
    for (token, status) in [
        ("", 401),
        (reader.as_str(), 403),
        (owner["token"].as_str().unwrap(), 200),
    ] {
        assert_eq!(
            server.client("", token).ask("GET", "/metrics", None).0,
            status
        );
    }
    server.stop();
}

#[test]
fn systemd_is_told_of_the_beginning_and_the_end() {
    let database = Db::sqlite();
    let path = database.folder.path().join("notify");
    let socket = UnixDatagram::bind(&path).unwrap();
    let settings = [
        ("NOTIFY_SOCKET", path.to_str().unwrap()),
        ("WATCHDOG_USEC", "20000"),
    ];
    socket
        .set_read_timeout(Some(Duration::from_mins(1)))
        .unwrap();
    // Read all the while, as a supervisor does.
    let (told, messages) = std::sync::mpsc::channel();
    let listening = std::thread::spawn(move || {
        loop {
            let mut message = [0; 64];
            let length = socket.recv(&mut message).unwrap();
            let message = String::from_utf8(message[..length].to_vec()).unwrap();
            let last = message == "STOPPING=1";
            told.send(message).unwrap();
            if last {
                return;
            }
        }
    });
    let server = Server::start_with(&database, &settings);
    assert_eq!(messages.recv().unwrap(), "READY=1");
    assert_eq!(messages.recv().unwrap(), "WATCHDOG=1");
    server.stop();
    listening.join().unwrap();
    let mut after: Vec<String> = messages.iter().collect();
    assert_eq!(after.pop().as_deref(), Some("STOPPING=1"));
    assert!(
        after.iter().all(|message| message == "WATCHDOG=1"),
        "{after:?}"
    );
}

/// A request that never ends would keep a server for as long as the setting says.
#[test]
fn a_second_signal_ends_at_once() {
    let database = Db::sqlite();
    let token = org_with_key(&database, "acme", "plain", "scim");
    let patience = [("ROLECALL__HTTP__SHUTDOWN_SECONDS", "3600")];
    let server = Server::start_with(&database, &patience);
    let address = server.url.strip_prefix("http://").unwrap();
    let mut slow = TcpStream::connect(address).unwrap();
    let head = format!(
        "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\
         Content-Type: application/scim+json\r\nExpect: 100-continue\r\nContent-Length: 10\r\n\r\n"
    );
    slow.write_all(head.as_bytes()).unwrap();
    // "100 Continue" comes when the body is waited for: the request is in flight.
    slow.read_exact(&mut [0; 12]).unwrap();
    server.signal("TERM");
    crate::support::eventually(|| server.log().contains("letting requests in flight end"));
    // What comes within a moment of the first is taken for the same one.
    crate::support::eventually(|| {
        server.signal("TERM");
        server.log().contains("ending at once")
    });
    assert_eq!(server.wait(), Some(1));
}

#[test]
fn help_can_be_installed() {
    let database = Db::sqlite();
    for shell in ["bash", "zsh", "fish"] {
        let ran = rolecall(&database, &["completions", shell]);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("healthcheck"), "{shell}");
    }
    let ran = rolecall(&database, &["man"]);
    assert!(ran.stdout.contains(".TH rolecall"), "{ran:?}");
    let folder = database.folder.path().join("man");
    fs::create_dir(&folder).unwrap();
    let ran = rolecall(&database, &["man", "--folder", folder.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(folder.join("rolecall-backup.1").exists());
    // Neither needs settings, and neither makes a database.
    assert!(!database.folder.path().join("rolecall.db").exists());
}
