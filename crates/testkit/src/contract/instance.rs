//! Organizations and the secret.

use app::port::StoreError;
use app::port::instance::Removal;
use app::port::org::OrgSettings;
use app::port::store::Unique;
use domain::OrgId;

use super::Factory;
use super::events::event;
use super::keys::{insert, key};
use super::world::{AT, World, settings, told};

pub(super) fn organizations(factory: Factory<'_>) {
    let store = factory();
    let instance = store.instance();
    assert!(instance.orgs().unwrap().is_empty());
    let zeta = instance
        .create_org(&settings("zeta"), &told(), None)
        .unwrap()
        .unwrap();
    let acme = instance
        .create_org(&settings("acme"), &told(), None)
        .unwrap()
        .unwrap();
    assert_ne!(zeta, acme);
    let stored = |id: OrgId, slug: &str| OrgSettings {
        id,
        ..settings(slug)
    };
    assert_eq!(
        instance.orgs().unwrap(),
        [stored(acme, "acme"), stored(zeta, "zeta")]
    );
    assert_eq!(instance.org(acme).unwrap(), Some(stored(acme, "acme")));
    assert_eq!(
        instance.org_by_slug("zeta").unwrap(),
        Some(stored(zeta, "zeta"))
    );
    assert_eq!(instance.org_by_slug("nobody").unwrap(), None);
    assert_eq!(instance.org(OrgId(acme.0.max(zeta.0) + 1)).unwrap(), None);
    let again = instance.create_org(&settings("acme"), &told(), None);
    assert!(
        matches!(again, Err(StoreError::Conflict(Unique::OrgSlug))),
        "{again:?}"
    );
}

/// Its number is never given again, its name is free, and nothing of it is found there.
pub(super) fn deleting_an_organization(factory: Factory<'_>) {
    let world = World::new(factory);
    let instance = world.store.instance();
    let (ann, group) = (world.add_user("ann"), world.add_group("g"));
    world.join(group, &[ann.0]);
    world.add_rule(group, "member");
    world.shared(move |tx| {
        tx.mark_stale(&[ann], false)?;
        Ok(tx.append(vec![event("user.updated", "ann")])?)
    });
    world.feed();
    insert(&world, &key("orgs-own", Some(world.org), AT)).unwrap();
    insert(&world, &key("owners", None, AT)).unwrap();
    let other = world.other("other");
    let kept = other.add_user("ann");

    let version = instance.org(world.org).unwrap().unwrap().version;
    let remove = |seen| instance.delete_org(world.org, seen, &told()).unwrap();
    assert_eq!(remove(Some(version + 1)), Removal::Changed);
    assert!(instance.key("orgs-own").unwrap().is_some());
    assert_eq!(remove(Some(version)), Removal::Removed);
    assert_eq!(remove(Some(version)), Removal::NotThere);
    assert_eq!(instance.org(world.org).unwrap(), None);
    assert_eq!(instance.key("orgs-own").unwrap(), None);
    assert!(instance.key("owners").unwrap().is_some());
    assert!(instance.orgs_with_stale_access().unwrap().is_empty());
    assert!(other.read(move |tx| Ok(tx.user(kept)?)).is_some());

    let again = world.other("acme");
    assert_ne!(again.org, world.org);
    // Cleared beside the one that has its name by now, and nobody else's.
    while instance.removed_orgs().unwrap() == [world.org] {
        assert!(instance.clear_removed(world.org, 2).unwrap() <= 2);
    }
    assert_eq!(instance.removed_orgs().unwrap(), []);
    assert_eq!(instance.clear_removed(other.org, 2).unwrap(), 0);
    assert!(other.read(move |tx| Ok(tx.user(kept)?)).is_some());
    let left = again.read(move |tx| {
        Ok((
            tx.user(ann)?,
            tx.group(group)?,
            tx.member_ids(group)?.len(),
            tx.rules()?.len(),
        ))
    });
    assert_eq!(left, (None, None, 0, 0));
    again.add_user("ann");
    again.shared(|tx| Ok(tx.append(vec![event("user.updated", "new")])?));
    let numbers: Vec<i64> = again.feed().iter().map(|event| event.seq).collect();
    assert_eq!(numbers, [1]);
}

pub(super) fn the_secret_stays(factory: Factory<'_>) {
    let store = factory();
    let secret = store.instance().secret().unwrap();
    assert_ne!(secret, [0; 32]);
    assert_eq!(store.instance().secret().unwrap(), secret);
}

pub(super) fn stale_organizations(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let (ann, bob) = (world.add_user("ann"), other.add_user("bob"));
    let stale = || world.store.instance().orgs_with_stale_access().unwrap();
    assert!(stale().is_empty());
    other.shared(move |tx| Ok(tx.mark_stale(&[bob], false)?));
    assert_eq!(stale(), [other.org]);
    world.shared(move |tx| Ok(tx.mark_stale(&[ann], false)?));
    let mut both = stale();
    both.sort();
    assert_eq!(both, [world.org, other.org]);
    other.shared(move |tx| Ok(tx.clear_stale(&[bob])?));
    assert_eq!(stale(), [world.org]);
}
