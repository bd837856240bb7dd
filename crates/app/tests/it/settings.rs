//! Settings and the catalog: what is refused, and what becomes of everybody.

use domain::{Catalog, Preset, Role};
use serde_json::{Value, json};

use crate::script::Do::{Group, Join, Leave, Map, Policy, User};
use crate::script::{Scene, check, refusal, site};

#[test]
fn what_is_not_right_is_refused_with_its_field() {
    let cases = [
        (
            json!({"policies": {"default_role": "admn"}}),
            "policies.default_role",
            "did you mean admin?",
        ),
        (
            json!({"policies": {"roles_attribute": "maybe"}}),
            "policies.roles_attribute",
            "one of: on, off",
        ),
        (
            json!({"policies": {"defualt_role": "admin"}}),
            "policies.defualt_role",
            "did you mean default_role?",
        ),
        (
            json!({"policies": {"when_unmapped": "suspended"}}),
            "policies.when_unmapped",
            "default_role, deactivated",
        ),
        (
            json!({"policies": {"last_holder": "keep"}}),
            "policies.last_holder",
            "hold, off",
        ),
        (
            json!({"connection": {"email_domains": ["not a domain"]}}),
            "connection.email_domains[0]",
            "example.com",
        ),
        (
            json!({"connection": {"sso": {"protocol": "saml", "issuer": "x", "sign_in_url": "ftp://x"}}}),
            "connection.sso.sign_in_url",
            "https://",
        ),
    ];
    for (patch, field, right) in cases {
        let site = site(Preset::Plain);
        let before = site.read(|tx| Ok(tx.settings()?)).unwrap();
        let (code, faults) = refusal(site.patch_settings(patch.clone()));
        let [(at, detail)] = faults.as_slice() else {
            panic!("{patch}: {faults:?}");
        };
        assert_eq!((code, at.as_str()), ("invalid_field", field));
        assert!(detail.contains(right), "{patch}: {detail}");
        assert_eq!(site.read(|tx| Ok(tx.settings()?)).unwrap(), before);
    }
}

#[test]
fn ls_13_the_default_role_must_be_mappable() {
    let patch = json!({"policies": {"default_role": "owner"}});
    let (code, faults) = refusal(site(Preset::LabelStudio).patch_settings(patch));
    assert_eq!(
        (code, faults[0].0.as_str()),
        ("invalid_field", "policies.default_role")
    );
}

fn sso() -> Value {
    json!({"protocol": "saml", "issuer": "https://idp.example", "sign_in_url": "https://idp.example/in"})
}

#[test]
fn d21_single_sign_on_comes_first() {
    let enable = json!({"connection": {"enabled": true}});
    for preset in [Preset::Datasaur, Preset::LabelStudio, Preset::Secoda] {
        let site = site(preset);
        assert_eq!(
            refusal(site.patch_settings(enable.clone())).0,
            "sso_required",
            "{preset}"
        );
        let together = json!({"connection": {"enabled": true, "sso": sso()}});
        assert!(site.patch_settings(together).unwrap().connection.enabled);
        let without = json!({"connection": {"sso": null}});
        assert_eq!(
            refusal(site.patch_settings(without)).0,
            "sso_required",
            "{preset}"
        );
        site.patch_settings(json!({"connection": {"enabled": false, "sso": null}}))
            .unwrap();
        site.patch_settings(json!({"connection": {"sso": sso()}}))
            .unwrap();
        assert!(
            site.patch_settings(enable.clone())
                .unwrap()
                .connection
                .enabled
        );
    }
    for preset in [Preset::Plain, Preset::Datahub] {
        let site = site(preset);
        let before = site.read(|tx| Ok(tx.settings()?)).unwrap();
        let settings = site.patch_settings(enable.clone()).unwrap();
        assert!(settings.connection.enabled, "{preset}");
        assert_eq!(
            settings.version, before.version,
            "it is on from the start, so nothing has changed"
        );
    }
}

#[test]
fn a_default_role_changes_everybody_who_has_it() {
    let script = [
        Map(&[("ops", "member")]),
        Group("g", "ops"),
        User("ann"),
        User("bob"),
        Join("g", "bob"),
        Policy("default_role", "admin"),
    ];
    let mut scene = check(
        Preset::Plain,
        &script,
        &[("ann", "admin"), ("bob", "member")],
    );
    scene.play(&[Policy("default_role", "none")]);
    scene.has(&[("ann", ""), ("bob", "member")]);
    let events = scene.events();
    scene.play(&[Policy("default_role", "none")]);
    assert_eq!(scene.events(), events);
}

fn catalog(change: impl FnOnce(&mut Vec<Role>)) -> Catalog {
    let mut roles = Preset::Plain.catalog().roles().to_vec();
    change(&mut roles);
    Catalog::new(roles).unwrap()
}

#[test]
fn d13_the_order_of_the_catalog_decides() {
    let script = [
        Map(&[("a", "admin"), ("m", "member")]),
        Group("a", "a"),
        Group("m", "m"),
        User("ann"),
        Join("a", "ann"),
        Join("m", "ann"),
    ];
    let scene = check(Preset::Plain, &script, &[("ann", "admin")]);
    scene
        .site
        .put_roles(catalog(|roles| roles.reverse()))
        .unwrap();
    scene.has(&[("ann", "member")]);
    scene
        .site
        .put_roles(catalog(|roles| roles[0].takes_seat = false))
        .unwrap();
    scene.has(&[("ann", "admin")]);
    assert!(!scene.site.access(scene.users["ann"]).unwrap().access.seat);
}

#[test]
fn a_role_in_use_stays() {
    let cases = [
        ("a rule's", catalog(|roles| drop(roles.remove(0)))),
        ("the default", catalog(|roles| drop(roles.remove(1)))),
        (
            "not mappable any more",
            catalog(|roles| roles[0].mappable = false),
        ),
    ];
    for (why, catalog) in cases {
        let scene = check(Preset::Plain, &[Map(&[("a", "admin")])], &[]);
        let error = scene.site.put_roles(catalog).unwrap_err();
        assert_eq!(error.code().spec().name, "in_use", "{why}");
        let named = if why == "the default" {
            "member"
        } else {
            "admin"
        };
        assert!(error.detail().contains(named), "{why}: {}", error.detail());
    }
}

/// D17: a hold is for protected roles only.
#[test]
fn d17_a_hold_ends_when_its_role_is_not_protected_any_more() {
    let mut scene = Scene::of_preset(Preset::Plain);
    scene.play(&[
        Map(&[("a", "admin")]),
        Group("a", "a"),
        User("ann"),
        Join("a", "ann"),
        Leave("a", "ann"),
    ]);
    scene.has(&[("ann", "admin")]);
    let open = catalog(|roles| roles[0].protected = false);
    scene.site.put_roles(open).unwrap();
    scene.has(&[("ann", "member")]);
    assert!(scene.site.read(|tx| Ok(tx.holds()?)).unwrap().is_empty());
}
