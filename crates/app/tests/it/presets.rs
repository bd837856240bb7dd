//! The worked examples of the systems whose place is taken.

use domain::Preset;

use crate::script::Do::{Active, Group, Join, Leave, Map, Patch, Policy, User, UserWith};
use crate::script::{Do, check};

/// DS-9: five groups, three roles.
const DATASAUR: Do = Map(&[
    ("Administrator", "Admin"),
    ("QA", "Reviewer"),
    ("Leads", "Reviewer"),
    ("Vendor A", "Labeler"),
    ("Vendor B", "Labeler"),
]);

#[test]
fn ds_7_without_a_mapped_group_a_user_is_a_labeler() {
    let script = [DATASAUR, User("ann"), Group("hr", "HR"), Join("hr", "ann")];
    check(Preset::Datasaur, &script, &[("ann", "labeler")]);
}

#[test]
fn ds_8_ds_9_each_group_gives_its_role() {
    let script = [
        DATASAUR,
        Group("a", "Administrator"),
        Group("q", "QA"),
        Group("l", "Leads"),
        Group("v", "Vendor A"),
        User("ann"),
        User("bob"),
        User("cem"),
        User("dee"),
        Join("a", "ann"),
        Join("q", "bob"),
        Join("l", "cem"),
        Join("v", "dee"),
    ];
    let roles = [
        ("ann", "admin"),
        ("bob", "reviewer"),
        ("cem", "reviewer"),
        ("dee", "labeler"),
    ];
    check(Preset::Datasaur, &script, &roles);
}

#[test]
fn ds_10_pushing_a_mapped_group_gives_all_its_members_the_role() {
    let mut scene = check(Preset::Datasaur, &[DATASAUR, User("ann"), User("bob")], &[]);
    let members: Vec<_> = ["ann", "bob"]
        .map(|name| serde_json::json!({"value": scene.users[name]}))
        .into();
    let body = serde_json::json!({"displayName": "QA", "members": members});
    let made = scene.site.create_group(body).unwrap();
    assert_eq!(made.members.unwrap().len(), 2);
    scene.has(&[("ann", "reviewer"), ("bob", "reviewer")]);
    scene.groups.insert("q", made.row.id);
    // D14: who leaves the last mapped group has the default role again.
    scene.play(&[Leave("q", "ann")]);
    scene.has(&[("ann", "labeler"), ("bob", "reviewer")]);
}

#[test]
fn ds_11_the_highest_role_wins() {
    let both = [
        DATASAUR,
        User("ann"),
        Group("q", "QA"),
        Group("a", "Administrator"),
        Join("q", "ann"),
        Join("a", "ann"),
    ];
    let mut scene = check(Preset::Datasaur, &both, &[("ann", "admin")]);
    scene.play(&[Leave("a", "ann")]);
    scene.has(&[("ann", "reviewer")]);
}

const GIVE: &str =
    r#"{"op": "Add", "path": "roles[primary eq \"True\"].value", "value": "Editor"}"#;
const CHANGE: &str =
    r#"{"op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "ADMIN"}"#;
const UNKNOWN: &str =
    r#"{"op": "Replace", "path": "roles[primary eq \"True\"].value", "value": "Janitor"}"#;
const TAKE: &str = r#"{"op": "Remove", "path": "roles[primary eq \"True\"].value"}"#;

/// Entra ID writes the role into `roles[primary eq "True"].value`.
#[test]
fn dh_7_the_role_comes_in_the_roles_attribute() {
    let cases: &[(&[Do], &str)] = &[
        (&[], ""),
        (&[Patch("ann", GIVE)], "editor"),
        (&[Patch("ann", GIVE), Patch("ann", CHANGE)], "admin"),
        (&[Patch("ann", CHANGE)], "admin"),
        (&[Patch("ann", GIVE), Patch("ann", UNKNOWN)], ""),
        (&[Patch("ann", GIVE), Patch("ann", TAKE)], ""),
        (&[Patch("ann", GIVE), Active("ann", false)], ""),
        (
            &[
                Patch("ann", GIVE),
                Active("ann", false),
                Active("ann", true),
            ],
            "editor",
        ),
        (&[Patch("ann", GIVE), Policy("roles_attribute", "off")], ""),
        (
            &[
                Patch("ann", GIVE),
                Map(&[("readers", "reader")]),
                Group("r", "readers"),
                Join("r", "ann"),
                Patch("ann", TAKE),
            ],
            "reader",
        ),
    ];
    for (script, role) in cases {
        let mut scene = check(Preset::Datahub, &[User("ann")], &[("ann", "")]);
        scene.play(script);
        scene.has(&[("ann", role)]);
    }
}

/// Of several entries those that are primary count, if any is.
#[test]
fn dh_7_the_primary_entry_decides() {
    let cases = [
        (
            r#"[{"value": "reader", "primary": true}, {"value": "admin"}]"#,
            "reader",
        ),
        (r#"[{"value": "reader"}, {"value": "editor"}]"#, "editor"),
        (
            r#"[{"value": "{\"id\":\"1\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"}]"#,
            "admin",
        ),
        (r#"[{"value": "f00", "display": "Editor"}]"#, "editor"),
        (r#"["reader"]"#, "reader"),
        ("[]", ""),
    ];
    for (roles, role) in cases {
        check(Preset::Datahub, &[UserWith("ann", roles)], &[("ann", role)]);
    }
}

/// LS-13: Owner is never given by the attribute either, even where attributes count.
#[test]
fn ls_13_what_is_not_mappable_is_not_given() {
    let script = [
        Policy("roles_attribute", "on"),
        UserWith("ann", r#"[{"value": "owner"}]"#),
    ];
    check(Preset::LabelStudio, &script, &[("ann", "annotator")]);
}
