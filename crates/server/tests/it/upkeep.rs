//! What commands leave alone: files and databases that are not theirs, and schemas that servers use.

use std::fs;

use crate::support::{Db, both, migrate, org_with_key, rolecall};

both!(only_the_server_and_migrate_make_tables);

fn only_the_server_and_migrate_make_tables(database: &Db) {
    let commands: [&[&str]; 4] = [
        &["org", "list"],
        &["org", "create", "acme", "--preset", "plain"],
        &["key", "create", "--kind", "owner"],
        &["report", "--org", "acme"],
    ];
    if let Some(file) = database.url.strip_prefix("sqlite://") {
        for command in commands {
            rolecall(database, command).refused(1, &["there is no database", "rolecall migrate"]);
        }
        fs::write(file, "").unwrap();
    }
    for command in commands {
        rolecall(database, command).refused(1, &["database is empty", "rolecall migrate"]);
    }
    let doctor = rolecall(database, &["doctor"]);
    assert!(
        doctor.stdout.contains("the database is empty"),
        "{doctor:?}"
    );
    rolecall(database, commands[0]).refused(1, &["database is empty"]);
    migrate(database);
    assert_eq!(rolecall(database, commands[1]).code, 0);
}

/// Case 75 from the other side: a file of somebody else is not made ours.
#[test]
fn abuse_75_a_database_of_another_program_is_left_alone() {
    let database = Db::sqlite();
    let file = database.url.strip_prefix("sqlite://").unwrap();
    migrate(&database);
    let mut before = fs::read(file).unwrap();
    // Whose it is says the header of the file.
    assert_eq!(&before[68..72], b"RoLe");
    before[68..72].copy_from_slice(b"Else");
    fs::write(file, &before).unwrap();
    for command in [
        &["serve", "--set", "http.bind=127.0.0.1:0"][..],
        &["migrate"],
        &["org", "list"],
        &["org", "create", "acme", "--preset", "plain"],
    ] {
        rolecall(&database, command).refused(1, &["database.url", "belongs to another program"]);
    }
    assert_eq!(fs::read(file).unwrap(), before);
    fs::write(
        file,
        "no database at all, but a text that is long enough to be looked at",
    )
    .unwrap();
    rolecall(&database, &["org", "list"]).refused(1, &["none of SQLite's"]);
}

/// Comments and edits that were not applied are in nobody's database.
#[test]
fn an_export_overwrites_only_what_it_is_told_to() {
    let database = Db::sqlite();
    org_with_key(&database, "acme", "plain", "scim");
    let mine = database.folder.path().join("mapping.toml");
    let text = "# mine\n[[organization]]\ngroup = \"Later\"\nrole = \"admin\"\n";
    fs::write(&mine, text).unwrap();
    let export = ["mapping", "export", "--org", "acme", "mapping.toml"];
    let refused = rolecall(&database, &export);
    refused.refused(1, &["mapping.toml is there already", "--force"]);
    assert_eq!(fs::read_to_string(&mine).unwrap(), text);
    assert_eq!(
        rolecall(&database, &[&export[..], &["--force"]].concat()).code,
        0
    );
    assert!(!fs::read_to_string(&mine).unwrap().contains("mine"));
    // What other commands suggest writes to no file.
    let made = rolecall(
        &database,
        &["workspace", "create", "--org", "acme", "quality"],
    );
    assert!(
        made.stdout.contains("mapping export --org acme"),
        "{made:?}"
    );
    assert!(!made.stdout.contains("mapping.toml"), "{made:?}");
}
