//! Case F4: the disk is full. What was acknowledged stays, what was refused is not there, reading
//! goes on, and the reserve file gives room to go on with, without a restart.
//!
//! The database lies on a small file system in memory, in a mount namespace of the server's own, so
//! that it goes when the server does. As another user than root this takes a user namespace.

use std::{
    fs::{self, File},
    io::{ErrorKind, Write},
    path::PathBuf,
    process::Command,
};

use serde_json::json;

use crate::support::{Client, Db, Server, command, eventually, key, org_with_key, rolecall, user};

/// Mounts, puts the database there, and becomes the server.
const SCRIPT: &str = "mount -t tmpfs -o size=16m tmpfs \"$1\" && cp \"$2\" \"$1/rolecall.db\" \
    && exec \"$3\" serve --json";
/// More changes than fit into what a full disk has left.
const MANY: usize = 2_000;

/// The words before a command that may mount what only it sees; none where the system forbids it.
fn namespace() -> Option<Vec<&'static str>> {
    let ways = [vec!["unshare", "-m"], vec!["unshare", "-r", "-m"]];
    ways.into_iter().find(|words| {
        let mut command = Command::new(words[0]);
        command
            .args(&words[1..])
            .args(["sh", "-c", "mount -t tmpfs tmpfs /mnt"]);
        command.output().is_ok_and(|output| output.status.success())
    })
}

/// Says past the capture of test output that this did not run; fails where all has to run.
#[expect(
    clippy::disallowed_methods,
    reason = "the environment says where all has to run"
)]
fn not_run() {
    let required = std::env::var("CI").is_ok_and(|value| value == "true" || value == "1");
    assert!(
        !required,
        "this run requires a file system of its own, which may not be mounted"
    );
    let line = b"NOT RUN on a full disk: no file system may be mounted here\n";
    std::io::stderr().write_all(line).unwrap();
}

/// A server whose database lies on a disk of 16 MiB with a reserve of 1 MiB.
struct SmallDisk {
    server: Server,
    /// As others see it.
    disk: PathBuf,
}

impl SmallDisk {
    fn start(database: &Db, namespace: &[&str]) -> SmallDisk {
        let folder = database.folder.path();
        let disk = folder.join("disk");
        fs::create_dir(&disk).unwrap();
        let plain = command(database);
        let mut command = Command::new(namespace[0]);
        command
            .args(&namespace[1..])
            .args(["sh", "-c", SCRIPT, "sh"]);
        command.arg(&disk).arg(folder.join("rolecall.db"));
        command.arg(plain.get_program()).current_dir(folder);
        let url = format!("sqlite://{}", disk.join("rolecall.db").display());
        let settings = [
            ("ROLECALL__DATABASE__URL", url.as_str()),
            ("ROLECALL__DATABASE__RESERVE_MIB", "1"),
        ];
        let server = Server::run(database, command, &settings);
        SmallDisk { server, disk }
    }

    /// A file on the disk.
    fn file(&self, name: &str) -> PathBuf {
        let root = PathBuf::from(format!("/proc/{}/root", self.server.pid()));
        root.join(self.disk.strip_prefix("/").unwrap()).join(name)
    }

    fn fill(&self) {
        let mut file = File::create(self.file("filler")).unwrap();
        // Large parts first, then what is left.
        for size in [1 << 20, 1 << 12, 1] {
            let part = vec![b'x'; size];
            let full = loop {
                if let Err(error) = file.write_all(&part) {
                    break error;
                }
            };
            assert_eq!(full.kind(), ErrorKind::StorageFull, "{full}");
        }
    }
}

/// How many users there are, by the list, by their access, and by the feed.
fn users(scim: &Client, admin: &Client) -> [usize; 3] {
    let listed = scim.get("/Users?count=0")["totalResults"].as_u64().unwrap();
    let all = |path: &str| {
        let (mut items, mut cursor) = (Vec::new(), None::<String>);
        loop {
            let more = cursor.take().map(|cursor| {
                let name = if path.contains("after") {
                    "after"
                } else {
                    "cursor"
                };
                format!("&{name}={cursor}")
            });
            let page = admin.get(&format!("{path}{}", more.unwrap_or_default()));
            items.extend(page["items"].as_array().unwrap().clone());
            let Some(next) = page["next_cursor"].as_str() else {
                return items;
            };
            cursor = Some(next.to_owned());
        }
    };
    let access = all("/access?limit=1000").len();
    let events = all("/events?limit=1000");
    let numbers: Vec<_> = events
        .iter()
        .map(|event| event["seq"].as_u64().unwrap())
        .collect();
    assert!(
        numbers.iter().copied().eq(1..=numbers.len() as u64),
        "{numbers:?}"
    );
    let activated = events
        .iter()
        .filter(|event| event["type"] == "user.activated")
        .count();
    [usize::try_from(listed).unwrap(), access, activated]
}

#[test]
fn f4_on_a_full_disk_nothing_is_lost_and_the_reserve_gives_room() {
    let Some(namespace) = namespace() else {
        return not_run();
    };
    let database = Db::sqlite();
    let scim = org_with_key(&database, "acme", "plain", "scim");
    let admin = key(&database, "acme", "admin");
    assert_eq!(rolecall(&database, &["audit", "verify"]).code, 0);
    let small = SmallDisk::start(&database, &namespace);
    let scim = small.server.client("/scim/v2", &scim);
    let admin = small.server.client("/api/v1/orgs/acme", &admin);
    assert!(small.file("rolecall.db-reserve").exists());
    let add = |name: &str| {
        let body = user(&format!("{name}@example.com"));
        scim.send("POST", "/Users", Some(&body)).unwrap()
    };
    assert_eq!(add("first").status, 201);
    small.fill();
    let mut acknowledged = 1;
    let mut refused = Vec::new();
    for number in 0..MANY {
        let name = format!("user-{number}");
        let answer = add(&name);
        match answer.status {
            201 => acknowledged += 1,
            503 => {
                assert!(answer.headers.contains_key("retry-after"), "{name}");
                refused.push(name);
            }
            other => panic!("{name} is answered {other}"),
        }
        if refused.len() == 5 {
            break;
        }
    }
    assert_eq!(refused.len(), 5, "the disk is not full");
    // Reading goes on, and finds what was acknowledged and nothing of what was refused.
    assert_eq!(users(&scim, &admin), [acknowledged; 3]);
    for name in &refused {
        let found = scim.get(&format!(
            "/Users?filter=userName+eq+%22{name}@example.com%22"
        ));
        assert_eq!(found["totalResults"], 0, "{name}");
    }
    assert_eq!(
        small.server.client("", "").ask("GET", "/readyz", None).0,
        200
    );
    let advice = "or delete";
    eventually(|| small.server.log().contains(advice));
    // What the operator is told to do.
    fs::remove_file(small.file("rolecall.db-reserve")).unwrap();
    for name in &refused {
        eventually(|| add(name).status == 201);
        acknowledged += 1;
    }
    assert_eq!(users(&scim, &admin), [acknowledged; 3]);
    // Once there is plenty the reserve is made again.
    fs::remove_file(small.file("filler")).unwrap();
    eventually(|| small.file("rolecall.db-reserve").exists());
    let settings = json!({ "seat_limit": null });
    admin.expect(200, "PATCH", "/settings", Some(&settings));
    small.server.stop();
}
