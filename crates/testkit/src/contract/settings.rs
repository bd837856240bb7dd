//! The organization's settings.

use std::collections::BTreeMap;

use app::port::Lock;
use app::port::org::OrgSettings;
use app::port::places::WorkspaceRow;
use domain::{
    Catalog, Connection, OrgFacts, Preset, Role, Slug, Sso, SsoProtocol, UniqueIdentifier,
    WorkspaceId,
};
use uuid::Uuid;

use super::Factory;
use super::job::Stop;
use super::world::{World, role};

/// Everything that an administrator can set comes back, in this unit and in the next.
pub(super) fn are_replaced_whole(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let before = other.read(|tx| Ok(tx.settings()?));
    let first = everything(&world, Preset::Plain);
    let second = OrgSettings {
        version: 3,
        ..everything(&world, Preset::LabelStudio)
    };
    // An administrator who changes the mapping moves the other number only.
    let third = OrgSettings {
        mapping_version: 4,
        name: "Third".into(),
        ..second.clone()
    };
    for changed in [first, second, third] {
        let saved = changed.clone();
        let within = world.exclusive(move |tx| {
            tx.save_settings(&saved)?;
            Ok(tx.settings()?)
        });
        assert_eq!(*within, changed);
        assert_eq!(*world.read(|tx| Ok(tx.settings()?)), changed);
        assert_eq!(
            world.store.instance().org(world.org).unwrap(),
            Some(changed.clone())
        );
        let by_slug = world.store.instance().org_by_slug("acme").unwrap();
        assert_eq!(by_slug, Some(changed.clone()));
        let lost = OrgSettings {
            name: "never".into(),
            version: 99,
            ..changed.clone()
        };
        let refused = world.attempt(Lock::Exclusive, move |tx| {
            tx.save_settings(&lost)?;
            Err::<(), _>(Stop::Refuse)
        });
        assert!(refused.is_err());
        assert_eq!(*world.read(|tx| Ok(tx.settings()?)), changed);
    }
    assert_eq!(other.read(|tx| Ok(tx.settings()?)), before);
}

/// By settings and places, committed ones only, and by nothing else.
pub(super) fn move_the_revision(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let now = |world: &World| world.read(|tx| Ok(tx.revision()?));
    let (first, others) = (now(&world), now(&other));
    world.add_user("ann");
    world.add_group("g");
    assert_eq!(now(&world), first);
    let changed = everything(&world, Preset::Plain);
    let lost = changed.clone();
    let refused = world.attempt(Lock::Exclusive, move |tx| {
        tx.save_settings(&lost)?;
        Err::<(), _>(Stop::Refuse)
    });
    assert!(refused.is_err());
    assert_eq!(now(&world), first);
    world.exclusive(move |tx| Ok(tx.save_settings(&changed)?));
    let second = now(&world);
    assert_ne!(second, first);
    let workspace = WorkspaceRow {
        id: WorkspaceId(Uuid::now_v7()),
        slug: Slug::new("quality").unwrap(),
        name: "Quality".into(),
        created: 0,
    };
    let id = workspace.id;
    world.exclusive(move |tx| Ok(tx.save_workspace(&workspace)?));
    let third = now(&world);
    assert!(![first, second].contains(&third));
    world.exclusive(move |tx| Ok(tx.delete_workspace(id)?));
    assert!(![first, second, third].contains(&now(&world)));
    assert_eq!(now(&other), others);
}

fn everything(world: &World, preset: Preset) -> OrgSettings {
    let mut roles = preset.catalog().roles().to_vec();
    roles.push(Role {
        key: role("extra"),
        name: "Extra ü".into(),
        ..roles[roles.len() - 1].clone()
    });
    let flipped = BTreeMap::from([("roles_attribute", "on"), ("default_role", "extra")]);
    let policies = preset.policies().with(flipped);
    OrgSettings {
        id: world.org,
        slug: Slug::new("acme").unwrap(),
        name: "Ünique \"name\"".into(),
        preset,
        facts: OrgFacts {
            catalog: Catalog::new(roles).unwrap(),
            policies: policies.unwrap(),
        },
        connection: Connection {
            enabled: false,
            unique_identifier: UniqueIdentifier::Email,
            strict: true,
            email_domains: vec!["acme.example".into()],
            log_bodies: true,
            sso: Some(Sso {
                protocol: SsoProtocol::Saml,
                issuer: "urn:acme".into(),
                sign_in_url: "https://sso.acme.example".into(),
            }),
        },
        seat_limit: Some(u32::MAX),
        version: 2,
        mapping_version: 3,
        schemas_version: 7,
    }
}
