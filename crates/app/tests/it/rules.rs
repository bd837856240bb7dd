//! How rules find their groups (D16): by name once, by id from then on.

use domain::Preset;

use crate::script::Do::{Drop, Group, Join, Leave, Map, MapTo, Rename, User};
use crate::script::{Do, check};

const OPS: Do = Map(&[("ops", "admin")]);

#[test]
fn d16_a_rule_finds_its_group_once() {
    let cases: &[(&str, &[Do], &str)] = &[
        (
            "the rule first",
            &[OPS, Group("g", "ops"), Join("g", "ann")],
            "admin",
        ),
        (
            "the group first",
            &[Group("g", "ops"), OPS, Join("g", "ann")],
            "admin",
        ),
        (
            "the member first",
            &[Group("g", "ops"), Join("g", "ann"), OPS],
            "admin",
        ),
        (
            "another case",
            &[OPS, Group("g", "Ops"), Join("g", "ann")],
            "member",
        ),
        (
            "the case is mended",
            &[OPS, Group("g", "Ops"), Join("g", "ann"), Rename("g", "ops")],
            "admin",
        ),
        (
            "a rename keeps the binding",
            &[
                OPS,
                Group("g", "ops"),
                Join("g", "ann"),
                Rename("g", "platform"),
            ],
            "admin",
        ),
        (
            "a lookalike gets nothing",
            &[
                OPS,
                Group("g", "ops"),
                Rename("g", "platform"),
                Group("h", "ops"),
                Join("h", "ann"),
            ],
            "member",
        ),
        (
            "until the bound one is deleted",
            &[
                OPS,
                Group("g", "ops"),
                Rename("g", "platform"),
                Group("h", "ops"),
                Join("h", "ann"),
                Drop("g"),
            ],
            "admin",
        ),
        (
            "deletion takes the role",
            &[OPS, Group("g", "ops"), Join("g", "ann"), Drop("g")],
            "member",
        ),
        (
            "and the rule waits for the name",
            &[
                OPS,
                Group("g", "ops"),
                Drop("g"),
                Group("h", "ops"),
                Join("h", "ann"),
            ],
            "admin",
        ),
        (
            "a group is renamed to what a rule waits for",
            &[
                OPS,
                Group("g", "other"),
                Join("g", "ann"),
                Rename("g", "ops"),
            ],
            "admin",
        ),
        (
            "the same mapping again keeps a binding to a renamed group",
            &[
                OPS,
                Group("g", "ops"),
                Join("g", "ann"),
                Rename("g", "platform"),
                Group("h", "ops"),
                OPS,
            ],
            "admin",
        ),
        (
            "a mapping by id",
            &[
                Group("g", "platform"),
                Join("g", "ann"),
                MapTo(&[("ops", "admin", "g")]),
            ],
            "admin",
        ),
        (
            "a mapping binds elsewhere by id",
            &[
                OPS,
                Group("g", "ops"),
                Join("g", "ann"),
                Group("h", "other"),
                MapTo(&[("ops", "admin", "h")]),
            ],
            "member",
        ),
        (
            "two groups of one rule's name, told apart by id",
            &[
                Group("g", "one"),
                Group("h", "two"),
                Join("h", "ann"),
                MapTo(&[("ops", "admin", "g"), ("ops", "admin", "h")]),
            ],
            "admin",
        ),
        (
            "and both are removed",
            &[
                Group("g", "one"),
                Group("h", "two"),
                Join("h", "ann"),
                MapTo(&[("ops", "admin", "g"), ("ops", "admin", "h")]),
                Map(&[]),
            ],
            "member",
        ),
        (
            "rules are removed",
            &[OPS, Group("g", "ops"), Join("g", "ann"), Map(&[])],
            "member",
        ),
        (
            "leaving takes the role",
            &[OPS, Group("g", "ops"), Join("g", "ann"), Leave("g", "ann")],
            "member",
        ),
    ];
    for (why, script, role) in cases {
        let script = [&[User("ann")], *script].concat();
        let scene = check(Preset::Plain, &script, &[]);
        let ann = scene.users["ann"];
        assert_eq!(scene.site.role(ann).unwrap(), *role, "{why}");
        scene.has(&[("ann", role)]);
    }
}

/// Automatic binding is told, and does not move the mapping's version.
#[test]
fn d16_binding_raises_events_and_leaves_the_version() {
    let mut scene = check(Preset::Plain, &[OPS], &[]);
    let version = scene.site.mapping().unwrap().version;
    scene.play(&[Group("g", "ops"), Rename("g", "platform"), Drop("g")]);
    assert_eq!(scene.site.mapping().unwrap().version, version);
    let events = scene.site.read(|tx| Ok(tx.feed(0, 100)?.events)).unwrap();
    let about: Vec<_> = events
        .iter()
        .map(|event| event.kind.as_str())
        .filter(|kind| kind.starts_with("rule."))
        .collect();
    // `rule.group_renamed` is in the table of events as well: a rename keeps the binding, and the
    // feed says so.
    assert_eq!(about, ["rule.bound", "rule.group_renamed", "rule.unbound"]);
}
