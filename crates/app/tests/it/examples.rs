//! Worked examples: what becomes of somebody where several rules of resolution meet.

use domain::{GrantKind, Preset, State};
use serde_json::{Value, json};

use crate::script::Do::{Active, Group, Join, Leave, Policy, User};
use crate::script::{Do, Scene};

/// A scene in an organization with nothing but its preset, these places and this mapping.
fn scene(preset: Preset, places: &[&str], mapping: Value, script: &[Do]) -> Scene {
    let mut scene = Scene::of_preset(preset);
    for place in places {
        scene.site.make_place(place).unwrap();
    }
    scene.site.put_mapping(mapping).unwrap();
    scene.play(script);
    scene
}

impl Scene {
    fn grant(&self, name: &str, scope: Option<&str>, role: Option<&str>, kind: GrantKind) {
        let user = self.users[name];
        self.site.grant(user, scope, role, kind).unwrap();
    }

    fn sign_in(&self, name: &str) {
        self.site.sign_in(self.users[name]).unwrap();
    }

    /// State, role, pending role, workspaces as `slug via`, projects as `path role` with a star
    /// where the role is inherited. Stored access has to follow from the facts, too.
    fn check(&self, name: &str, expected: (&str, &str, &str, &[&str], &[&str])) {
        let answer = self.site.answer(self.users[name]).unwrap();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let list = |name: &str, line: &dyn Fn(&Value) -> String| -> Vec<String> {
            answer[name].as_array().unwrap().iter().map(line).collect()
        };
        let star = |row: &Value| if row["inherited"] == true { "*" } else { "" };
        let workspaces = list("workspaces", &|row| {
            format!("{} {}", text(&row["slug"]), text(&row["via"]))
        });
        let projects = list("projects", &|row| {
            format!(
                "{} {}{}",
                text(&row["slug"]),
                text(&row["role"]["key"]),
                star(row)
            )
        });
        let (state, role, pending, in_workspaces, in_projects) = expected;
        assert_eq!(text(&answer["state"]), state, "{name}");
        assert_eq!(text(&answer["role"]["key"]), role, "{name}");
        assert_eq!(text(&answer["pending_role"]["key"]), pending, "{name}");
        assert_eq!(workspaces, in_workspaces, "{name}");
        assert_eq!(projects, in_projects, "{name}");
        let takes_seat = state == "active" && !role.is_empty();
        assert_eq!(answer["seat"], takes_seat, "{name}");
        let waits = state == "not_activated";
        let rows = answer["workspaces"].as_array().unwrap().iter();
        for row in rows.chain(answer["projects"].as_array().unwrap()) {
            assert_eq!(row["pending"], waits, "{name}: {row}");
        }
        self.follows_from_facts();
    }

    /// Each candidate of a scope as `candidate source`, and why it lost.
    fn because(&self, name: &str, scope: &str) -> Vec<(String, &'static str)> {
        let explanation = self.site.explain(self.users[name]).unwrap();
        let views = explanation.because.into_iter();
        views
            .filter(|view| view.scope == scope)
            .map(|view| {
                let candidate = format!("{} {}", view.candidate, view.from.kind);
                (candidate, view.lost_because.unwrap_or("won"))
            })
            .collect()
    }
}

fn reasons(expected: &[(&str, &'static str)]) -> Vec<(String, &'static str)> {
    let owned = |(candidate, why): &(&str, &'static str)| ((*candidate).to_owned(), *why);
    expected.iter().map(owned).collect()
}

/// What is granted to somebody who has not signed in yet waits with them, and beats the rules.
#[test]
fn example_01_not_activated_with_a_fixed_grant() {
    let mapping = json!({"organization": [{"group": "Managers", "role": "manager"}]});
    let script = [User("ann"), Group("m", "Managers"), Join("m", "ann")];
    let scene = scene(Preset::LabelStudio, &[], mapping, &script);
    scene.grant("ann", None, Some("reviewer"), GrantKind::Fixed);
    scene.check("ann", ("not_activated", "", "reviewer", &[], &[]));
    let expected = [
        ("reviewer manual", "won"),
        ("manager rule", "fixed_by_hand"),
        ("annotator default", "default_not_needed"),
    ];
    assert_eq!(scene.because("ann", "organization"), reasons(&expected));
    scene.sign_in("ann");
    scene.check("ann", ("active", "reviewer", "", &[], &[]));
}

/// A deactivation takes the Owner's role too, at once, and says so; it comes back with the user.
#[test]
fn example_02_a_fixed_owner_is_deactivated() {
    let mut scene = scene(Preset::LabelStudio, &["north"], json!({}), &[User("ann")]);
    scene.sign_in("ann");
    scene.grant("ann", None, Some("owner"), GrantKind::Fixed);
    scene.check("ann", ("active", "owner", "", &["north role"], &[]));
    scene.play(&[Active("ann", false)]);
    scene.check("ann", ("deactivated", "", "", &[], &[]));
    let vacant = scene.subjects_of("protected_role.vacant");
    assert_eq!(vacant, ["owner"]);
    scene.play(&[Active("ann", true)]);
    scene.check("ann", ("active", "owner", "", &["north role"], &[]));
}

/// DELETE takes everything at once, the last Admin's role as well; nobody is held.
#[test]
fn example_03_the_last_admin_is_deleted() {
    let mapping = json!({"organization": [{"group": "Admins", "role": "admin"}]});
    let script = [
        User("ann"),
        User("bob"),
        Group("a", "Admins"),
        Join("a", "ann"),
    ];
    let mut scene = scene(Preset::Plain, &[], mapping, &script);
    scene.check("ann", ("active", "admin", "", &[], &[]));
    scene.play(&[Do::Remove("ann")]);
    assert_eq!(scene.subjects_of("protected_role.vacant"), ["admin"]);
    assert!(scene.site.read(|tx| Ok(tx.holds()?)).unwrap().is_empty());
    scene.users.remove("ann");
    scene.check("bob", ("active", "member", "", &[], &[]));
}

/// Whoever is there when the policy is switched on stays active; only those who come later wait.
#[test]
fn example_04_require_activation_is_switched_on_later() {
    let script = [User("ann"), Policy("require_activation", "on"), User("bob")];
    let mut scene = scene(Preset::Plain, &[], json!({}), &script);
    scene.check("ann", ("active", "member", "", &[], &[]));
    scene.check("bob", ("not_activated", "", "member", &[], &[]));
    scene.play(&[Active("ann", false), Active("ann", true)]);
    scene.check("ann", ("active", "member", "", &[], &[]));
    scene.play(&[Policy("require_activation", "off")]);
    scene.check("bob", ("not_activated", "", "member", &[], &[]));
}

/// SC-7: users arrive as invited, with everything that is theirs pending until they sign in.
#[test]
fn example_05_invited_under_secoda() {
    let mapping = json!({
        "organization": [{"group": "Editors", "role": "editor"}],
        "workspaces": [{"group": "Editors", "workspace": "data"}],
    });
    let script = [User("ann"), Group("e", "Editors"), Join("e", "ann")];
    let scene = scene(Preset::Secoda, &["data", "data/etl"], mapping, &script);
    assert_eq!(scene.subjects_of("user.invited").len(), 1);
    let (workspaces, projects) = (&["data rule"][..], &["data/etl editor*"][..]);
    scene.check("ann", ("not_activated", "", "editor", workspaces, projects));
    scene.sign_in("ann");
    scene.check("ann", ("active", "editor", "", workspaces, projects));
}

/// Who left the last mapped group and is deactivated for it has nothing, what was given by hand
/// included; it is kept, and comes back with them.
#[test]
fn example_06_left_mapped_with_a_manual_workspace() {
    let mapping = json!({"organization": [{"group": "Managers", "role": "manager"}]});
    let script = [User("ann"), Group("m", "Managers"), Join("m", "ann")];
    let mut scene = scene(Preset::LabelStudio, &["north"], mapping, &script);
    scene.sign_in("ann");
    scene.grant("ann", Some("north"), None, GrantKind::Floor);
    scene.check("ann", ("active", "manager", "", &["north manual"], &[]));
    scene.play(&[Leave("m", "ann")]);
    scene.check("ann", ("deactivated", "", "", &[], &[]));
    let expected = [("member manual", "deactivated")];
    assert_eq!(scene.because("ann", "workspace:north"), reasons(&expected));
    scene.play(&[Join("m", "ann")]);
    scene.check("ann", ("active", "manager", "", &["north manual"], &[]));
}

/// `inherit` stands for the organization role; where there is none it gives no access, and says
/// why.
#[test]
fn example_07_inherit_without_an_organization_role() {
    let mapping = json!({"projects": [{"group": "Etl", "project": "data/etl", "role": "inherit"}]});
    let script = [User("ann"), Group("e", "Etl"), Join("e", "ann")];
    let mut scene = scene(Preset::Datahub, &["data", "data/etl"], mapping, &script);
    scene.check("ann", ("active", "", "", &[], &[]));
    let expected = [("inherit rule", "nothing_to_inherit")];
    assert_eq!(scene.because("ann", "project:data/etl"), reasons(&expected));
    scene.play(&[Policy("default_role", "reader")]);
    scene.check("ann", ("active", "reader", "", &[], &["data/etl reader*"]));
}

/// A role that sees all workspaces is never put below itself in a project.
#[test]
fn example_08_an_administrator_with_an_annotator_rule() {
    let mapping = json!({
        "organization": [{"group": "Administrators", "role": "administrator"}],
        "projects": [{"group": "Administrators", "project": "north/cats", "role": "annotator"}],
    });
    let script = [User("ann"), Group("a", "Administrators"), Join("a", "ann")];
    let scene = scene(
        Preset::LabelStudio,
        &["north", "north/cats"],
        mapping,
        &script,
    );
    scene.sign_in("ann");
    let projects = &["north/cats administrator*"][..];
    scene.check(
        "ann",
        ("active", "administrator", "", &["north role"], projects),
    );
    let expected = [
        ("inherit role", "won"),
        ("annotator rule", "below_organization_role"),
    ];
    assert_eq!(
        scene.because("ann", "project:north/cats"),
        reasons(&expected)
    );
}

/// Project access stands alone: neither the workspace nor its other projects come with it.
#[test]
fn example_09_a_project_rule_without_the_workspace() {
    let mapping =
        json!({"projects": [{"group": "Cats", "project": "north/cats", "role": "reviewer"}]});
    let script = [User("ann"), Group("c", "Cats"), Join("c", "ann")];
    let places = ["north", "north/cats", "north/dogs"];
    let mut scene = scene(Preset::Datasaur, &places, mapping, &script);
    scene.check(
        "ann",
        ("active", "labeler", "", &[], &["north/cats reviewer"]),
    );
    scene.play(&[Leave("c", "ann")]);
    scene.check("ann", ("active", "labeler", "", &[], &[]));
}

/// Losing the role that sees everything leaves what a workspace rule gives.
#[test]
fn example_10_a_role_that_sees_all_is_lost() {
    let mapping = json!({
        "organization": [{"group": "Admins", "role": "admin"}],
        "workspaces": [{"group": "North", "workspace": "north"}],
    });
    let script = [
        User("ann"),
        User("bob"),
        Group("a", "Admins"),
        Group("n", "North"),
        Join("a", "ann"),
        Join("a", "bob"),
        Join("n", "ann"),
    ];
    let places = ["north", "north/cats", "south", "south/dogs"];
    let mut scene = scene(Preset::Plain, &places, mapping, &script);
    let all = &["north/cats admin*", "south/dogs admin*"][..];
    scene.check(
        "ann",
        ("active", "admin", "", &["north rule", "south role"], all),
    );
    scene.play(&[Leave("a", "ann")]);
    let left = &["north/cats member*"][..];
    scene.check("ann", ("active", "member", "", &["north rule"], left));
}

/// D19: who comes back when all seats are taken is not activated, until a seat is free and a
/// sign-in takes it. The policy `refuse` refuses the reactivation, and changes nothing.
#[test]
fn example_11_seats_are_full_at_reactivation() {
    for policy in ["admit_not_activated", "refuse"] {
        let script = [
            User("ann"),
            User("bob"),
            Active("ann", false),
            Policy("when_full", policy),
        ];
        let mut scene = scene(Preset::Plain, &[], json!({}), &script);
        scene.site.patch_settings(json!({"seat_limit": 1})).unwrap();
        let back = json!([{"op": "replace", "path": "active", "value": true}]);
        let answer = scene.site.patch_user(scene.users["ann"], back);
        if policy == "refuse" {
            let error = answer.unwrap_err();
            assert_eq!(error.code().spec().name, "seats_full");
            assert_eq!(error.to_scim().status, 403);
            scene.check("ann", ("deactivated", "", "", &[], &[]));
            continue;
        }
        answer.unwrap();
        scene.check("ann", ("not_activated", "", "member", &[], &[]));
        scene.sign_in("ann");
        scene.check("ann", ("not_activated", "", "member", &[], &[]));
        scene.play(&[Active("bob", false)]);
        scene.sign_in("ann");
        scene.check("ann", ("active", "member", "", &[], &[]));
    }
}

/// Who left the last mapped group is taken back by a new candidate only: a rule for a group that
/// they are not in, or one that gives no organization role, changes nothing; a rule for one that
/// they are in does.
#[test]
fn example_12_mapped_left_and_an_unrelated_rule_appears() {
    let managers = json!({"group": "Managers", "role": "manager"});
    let mapping = json!({"organization": [managers]});
    let script = [
        User("ann"),
        Group("m", "Managers"),
        Group("s", "Staff"),
        Group("o", "Others"),
        Join("m", "ann"),
        Join("s", "ann"),
    ];
    let mut scene = scene(Preset::LabelStudio, &["north"], mapping, &script);
    scene.sign_in("ann");
    scene.play(&[Leave("m", "ann")]);
    scene.check("ann", ("deactivated", "", "", &[], &[]));
    let others = json!({"group": "Others", "role": "reviewer"});
    let north = json!([{"group": "Staff", "workspace": "north"}]);
    let unrelated = json!({"organization": [managers, others], "workspaces": north});
    scene.site.put_mapping(unrelated).unwrap();
    scene.check("ann", ("deactivated", "", "", &[], &[]));
    let staff = json!({"group": "Staff", "role": "annotator"});
    let related = json!({"organization": [managers, staff], "workspaces": north});
    scene.site.put_mapping(related).unwrap();
    scene.check("ann", ("active", "annotator", "", &["north rule"], &[]));
    // What a rule took away again, nobody left.
    scene
        .site
        .put_mapping(json!({"organization": [managers]}))
        .unwrap();
    let access = scene.site.access(scene.users["ann"]).unwrap().access;
    assert_eq!((access.state, access.seat), (State::Active, true));
}
