//! What becomes of users and groups: made, changed, switched off and on, removed.

use domain::{Preset, State};
use rolecall_app::Code;
use serde_json::{Value, json};

use crate::script::Do::{Active, Group, Join, Map, Remove, User};
use crate::script::{Scene, check, refusal, site};

fn scene() -> Scene {
    let script = [
        Map(&[("ops", "admin")]),
        Group("g", "ops"),
        User("Ann"),
        Join("g", "Ann"),
    ];
    check(Preset::Plain, &script, &[("Ann", "admin")])
}

#[test]
fn d1_a_removed_user_is_gone_and_its_name_is_free() {
    let mut scene = scene();
    let old = scene.users["Ann"];
    scene.play(&[Remove("Ann")]);
    for answer in [scene.site.user(old).err(), scene.site.access(old).err()] {
        assert_eq!(answer.unwrap().code(), Code::NotFound);
    }
    assert_eq!(refusal(scene.site.delete_user(old)).0, "not_found");
    let group = scene.groups["g"];
    let members = scene
        .site
        .read(move |tx| Ok(tx.member_ids(group)?))
        .unwrap();
    assert!(members.is_empty());
    let last = scene
        .site
        .read(|tx| Ok(tx.feed(0, 100)?.events))
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(
        (last.kind.as_str(), last.subject),
        ("user.removed", old.to_string())
    );
    let new = scene
        .site
        .create_user(json!({"userName": "ann"}))
        .unwrap()
        .row
        .id;
    assert_ne!(new, old);
    assert_eq!(scene.site.role(new).unwrap(), "member");
}

#[test]
fn d2_an_inactive_user_has_nothing_and_comes_back_by_recomputation() {
    let mut scene = scene();
    let ann = scene.users["Ann"];
    let before = scene.site.access(ann).unwrap().access;
    scene.play(&[Active("Ann", false)]);
    let access = scene.site.access(ann).unwrap().access;
    assert_eq!(
        (access.state, access.seat, access.role),
        (State::Deactivated, false, None)
    );
    assert_eq!(
        scene.site.user(ann).unwrap().groups.len(),
        1,
        "memberships are kept"
    );
    assert_eq!(scene.site.find_users("active eq false").unwrap(), [ann]);
    scene.play(&[Active("Ann", true)]);
    assert_eq!(scene.site.access(ann).unwrap().access, before);
}

#[test]
fn d7_members_who_are_nobody_are_dropped() {
    let scene = scene();
    let (group, ann) = (scene.groups["g"], scene.users["Ann"]);
    let other = site(Preset::Plain)
        .create_user(json!({"userName": "foreign"}))
        .unwrap()
        .row
        .id;
    let nobody = "2819c223-7f76-453a-919d-413861904646";
    let named = json!([
        {"value": nobody}, {"value": "no id"}, {"value": other}, {"value": group}, {"value": ann},
    ]);
    let members = |answer: Option<Vec<rolecall_app::port::groups::Member>>| {
        let members = answer.unwrap().into_iter();
        members.map(|member| member.id).collect::<Vec<_>>()
    };
    let body = json!({"displayName": "ops", "members": named});
    let put = scene.site.put_group(group, body).unwrap();
    assert_eq!(members(put.members), [ann.0]);
    let posted = json!({"displayName": "others", "members": named});
    let expected = [ann.0, group.0];
    let mut posted = members(scene.site.create_group(posted).unwrap().members);
    posted.sort_unstable_by_key(|id| *id == group.0);
    assert_eq!(posted, expected, "another group may be a member");
    let ops = json!([{"op": "add", "path": "members", "value": [{"value": nobody}]}]);
    let before = (
        scene.site.read(move |tx| Ok(tx.group(group)?)).unwrap(),
        scene.events(),
    );
    scene.site.patch_group(group, ops).unwrap();
    let after = (
        scene.site.read(move |tx| Ok(tx.group(group)?)).unwrap(),
        scene.events(),
    );
    assert_eq!(after, before, "nothing has changed");
}

#[test]
fn d9_what_changes_nothing_moves_nothing() {
    let users = [
        json!([{"op": "replace", "path": "active", "value": true}]),
        json!([{"op": "Replace", "path": "userName", "value": "Ann"}]),
        json!([{"op": "remove", "path": "title"}]),
        json!([{"op": "replace", "value": {"active": "True", "userName": "Ann"}}]),
        json!([]),
    ];
    let mut scene = scene();
    let (ann, group) = (scene.users["Ann"], scene.groups["g"]);
    let before = (scene.site.user(ann).unwrap(), scene.events());
    for ops in users {
        let reply = scene.site.patch_user(ann, ops.clone()).unwrap();
        assert_eq!((reply, scene.events()), before, "{ops}");
    }
    let put = scene
        .site
        .put_user(ann, json!({"userName": "Ann", "active": true}))
        .unwrap();
    assert_eq!((put, scene.events()), before);
    let row = move |scene: &Scene| scene.site.read(move |tx| Ok(tx.group(group)?)).unwrap();
    let before = (row(&scene), scene.events());
    scene.play(&[Join("g", "Ann")]);
    let put = json!({"displayName": "ops", "members": [{"value": ann}]});
    scene.site.put_group(group, put).unwrap();
    assert_eq!((row(&scene), scene.events()), before);
    let ops = json!([{"op": "replace", "path": "title", "value": "Dr"}]);
    let changed = scene.site.patch_user(ann, ops).unwrap().row;
    assert_eq!(changed.version, 2, "and what changes something does");
}

#[test]
fn d10_users_made_before_are_found_and_managed() {
    let scene = Scene::new(Preset::Plain);
    let email = json!([{"value": "Ann@Example.com", "type": "work"}]);
    let body = json!({"userName": "Ann@Example.com", "emails": email});
    let ann = scene.site.create_user(body.clone()).unwrap().row.id;
    for filter in [
        "userName eq \"ann@example.com\"",
        "emails.value eq \"ANN@example.com\"",
        "emails[type eq \"work\"].value eq \"ann@example.com\"",
    ] {
        assert_eq!(scene.site.find_users(filter).unwrap(), [ann], "{filter}");
    }
    let error = scene.site.create_user(body).unwrap_err();
    let answer = error.to_scim();
    assert_eq!(
        (answer.status, answer.scim_type.is_some()),
        (409, true),
        "{answer:?}"
    );
    assert!(answer.detail.contains("userName"), "{answer:?}");
    let ops = json!([{"op": "replace", "path": "externalId", "value": "0001"}]);
    assert_eq!(scene.site.patch_user(ann, ops).unwrap().row.id, ann);
    assert_eq!(
        scene.site.find_users("externalId eq \"0001\"").unwrap(),
        [ann]
    );
}

#[test]
fn d29_put_clears_what_is_absent_but_active_and_members() {
    let mut scene = scene();
    let (ann, group) = (scene.users["Ann"], scene.groups["g"]);
    let whole = json!({
        "userName": "Ann", "title": "Dr", "externalId": "1", "emails": [{"value": "a@b.example"}],
    });
    scene.site.put_user(ann, whole).unwrap();
    scene.play(&[Active("Ann", false)]);
    let row = scene
        .site
        .put_user(ann, json!({"userName": "Ann"}))
        .unwrap()
        .row;
    let document: Value = serde_json::from_str(&row.document).unwrap();
    let expected = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": ann, "userName": "Ann", "active": false,
    });
    assert_eq!(document, expected);
    scene.play(&[Active("Ann", true)]);
    scene
        .site
        .put_group(group, json!({"displayName": "ops"}))
        .unwrap();
    scene.has(&[("Ann", "admin")]);
    let cleared = json!({"displayName": "ops", "members": []});
    scene.site.put_group(group, cleared).unwrap();
    scene.has(&[("Ann", "member")]);
    // D41: what is cleared on purpose counts as inactive.
    scene
        .site
        .put_user(ann, json!({"userName": "Ann", "active": null}))
        .unwrap();
    assert_eq!(
        scene.site.access(ann).unwrap().access.state,
        State::Deactivated
    );
}
