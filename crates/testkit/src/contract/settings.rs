//! The organization's settings.

use std::collections::BTreeMap;

use app::port::Lock;
use app::port::org::OrgSettings;
use domain::{Catalog, Connection, OrgFacts, Preset, Role, Sso, SsoProtocol, UniqueIdentifier};

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
        slug: domain::Slug::new("acme").unwrap(),
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
