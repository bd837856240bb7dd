//! Extension schemas that an organization declares.

use app::port::schemas::SchemaRow;
use scim::{Kind, Registry, Schema, declare};
use serde_json::json;
use uuid::Uuid;

use super::Factory;
use super::world::{World, group, user};

const URN: &str = "urn:example:badge_%!:1.0:User";

fn schema(urn: &str, attribute: &str) -> Schema {
    let body = json!({ "id": "urn:example:x:User", "name": "Zo\u{eb} \"x\"", "attributes": [
        { "name": attribute, "type": "complex", "multiValued": true, "returned": "always",
          "canonicalValues": [], "subAttributes": [
            { "name": "value", "type": "dateTime" },
            { "name": "kind", "type": "reference", "referenceTypes": ["User", "uri"] } ] },
        { "name": "size", "type": "decimal", "mutability": "immutable" } ] });
    let schema = declare::extension(&Registry::core(), body).expect("it is right");
    Schema {
        id: urn.to_owned().into(),
        ..schema
    }
}

fn row(kind: Kind, urn: &str, attribute: &str) -> SchemaRow {
    SchemaRow {
        kind,
        schema: schema(urn, attribute),
    }
}

pub(super) fn are_kept_as_written(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let all = |world: &World| world.read(|tx| Ok(tx.schemas()?));
    let save = |row: &SchemaRow| {
        let row = row.clone();
        world.exclusive(move |tx| Ok(tx.save_schema(&row)?));
    };
    let second = row(Kind::User, "urn:example:B:1.0:User", "b");
    let first = row(Kind::Group, "urn:example:a:1.0:Group", "a");
    save(&second);
    save(&first);
    assert_eq!(all(&world), [first.clone(), second]);
    let again = row(Kind::Group, "urn:EXAMPLE:b:1.0:User", "c");
    save(&again);
    assert_eq!(all(&world), [first.clone(), again]);
    assert!(all(&other).is_empty());
    for urn in ["URN:example:b:1.0:user", "urn:example:nothing"] {
        world.exclusive(move |tx| Ok(tx.delete_schema(urn)?));
        other.exclusive(|tx| Ok(tx.delete_schema("urn:example:a:1.0:Group")?));
        assert_eq!(all(&world), std::slice::from_ref(&first));
    }
}

/// By the document's own members; texts that look like one do not count.
pub(super) fn tell_who_has_data(factory: Factory<'_>) {
    let world = World::new(factory);
    let other = world.other("other");
    let mut with_data: Vec<Uuid> = Vec::new();
    for n in 0..4 {
        let mut user = user(json!({ "userName": format!("u{n}"),
            "title": format!("{{\"{URN}\":{{}}") }));
        if n > 0 {
            let resource = app::representation::resource(Kind::User, &user.row.document);
            let mut resource = resource.expect("it is our own");
            let data = json!({ "size": n });
            resource.attributes.insert(URN.to_owned(), data);
            let at = user.row.created;
            user = app::representation::user_write(user.row.id, 1, at, at, &resource);
            with_data.push(user.row.id.0);
        }
        world.shared(move |tx| Ok(tx.insert_user(&user, domain::Standing::default())?));
    }
    let crew = group(json!({ "displayName": "Crew" }));
    world.exclusive(move |tx| Ok(tx.insert_group(&crew)?));
    with_data.sort_unstable();
    let check = |world: &World, kind: Kind, urn: &'static str, limit: u64, expected: &[Uuid]| {
        let found = world.read(move |tx| Ok(tx.with_data_of(kind, urn, limit)?));
        assert_eq!(found, expected, "{kind:?} {urn} {limit}");
    };
    check(&world, Kind::User, URN, 10, &with_data);
    check(&world, Kind::User, URN, 2, &with_data[..2]);
    check(&world, Kind::Group, URN, 10, &[]);
    check(&world, Kind::User, "urn:example:badgeX%!:1.0:User", 10, &[]);
    check(&world, Kind::User, "urn:example:badge_%", 10, &[]);
    check(&world, Kind::User, "title", 10, &[]);
    check(&other, Kind::User, URN, 10, &[]);
}
