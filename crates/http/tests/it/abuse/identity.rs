//! Cases 16 to 20: addresses and passwords.

use serde_json::{Value, json};

use super::{access, change, feed, grant, patch, role};
use crate::world::World;

fn with_email(name: &str, email: &str) -> Value {
    json!({ "userName": name, "emails": [{ "value": email, "primary": true }] })
}

/// An administrator who was made by hand.
async fn boss(world: &World) -> String {
    let body = json!({ "userName": "boss", "email": "boss@example.com" });
    let made = world.admin("POST /users").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    grant(world, &made.id(), "admin").await;
    made.id()
}

#[actix_web::test]
async fn abuse_16_an_equal_address_adopts_nobody() {
    let world = World::new();
    let boss = boss(&world).await;
    let same_name = with_email("BOSS", "mallory@example.com");
    let refused = world.scim("POST /Users").body(&same_name).await;
    refused.is_scim_error(409, Some("uniqueness"), "userName");
    // Where names tell users apart, an equal address is another user with nothing of the first.
    let body = with_email("mallory", "boss@example.com");
    let mallory = world.scim("POST /Users").body(&body).await.id();
    assert_ne!(mallory, boss);
    assert_eq!(role(&world, &mallory).await, "member");
    assert_eq!(role(&world, &boss).await, "admin");
    // Where addresses do, it is refused.
    let settings = json!({ "connection": { "unique_identifier": "email" } });
    world.admin("PATCH /settings").body(&settings).await;
    let body = with_email("mallory.too", "Boss@Example.com");
    let refused = world.scim("POST /Users").body(&body).await;
    refused.is_scim_error(409, Some("uniqueness"), "emails");
}

#[actix_web::test]
async fn abuse_17_taking_over_an_address_moves_nothing() {
    let world = World::new();
    let boss = boss(&world).await;
    let body = with_email("mallory", "mallory@example.com");
    let mallory = world.scim("POST /Users").body(&body).await.id();
    let user = format!("/Users/{mallory}");
    let value = json!([{ "value": "boss@example.com", "primary": true }]);
    change(&world, &user, &patch("replace", "emails", value)).await;
    let name = patch("replace", "userName", json!("Boss"));
    let refused = world.scim(&format!("PATCH {user}")).body(&name).await;
    refused.is_scim_error(409, Some("uniqueness"), "userName");
    let found = access(&world, &mallory).await;
    assert_eq!(
        (&found["user"]["userName"], &found["role"]["key"]),
        (&json!("mallory"), &json!("member"))
    );
    assert_eq!(role(&world, &boss).await, "admin");
    let grants = world.admin(&format!("GET /users/{mallory}/grants"));
    assert_eq!(grants.send().await.json()["items"], json!([]));
    // The feed tells which attributes moved, and holds no address.
    let feed = feed(&world).await;
    let event = feed
        .iter()
        .find(|event| event["type"] == "user.updated" && event["subject"]["user"] == mallory);
    assert_eq!(event.unwrap()["after"], json!({ "attributes": ["emails"] }));
    assert!(!json!(feed).to_string().contains("@example.com"));
}

#[actix_web::test]
async fn abuse_18_no_address_is_said_to_be_verified() {
    let world = World::new();
    let mut body = with_email("ann", "ann@example.com");
    body["emailVerified"] = json!(true);
    body["emails"][0]["verified"] = json!(true);
    let made = world.scim("POST /Users").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.id();
    let user = world.admin(&format!("GET /users/{id}")).send().await;
    for text in [
        made.text,
        user.text,
        access(&world, &id).await.to_string(),
        json!(feed(&world).await).to_string(),
    ] {
        assert!(!text.contains("erified"), "{text}");
    }
}

#[actix_web::test]
async fn abuse_19_no_address_is_made_up() {
    let world = World::new();
    let body = json!({ "userName": "ann" });
    let made = world.scim("POST /Users").body(&body).await;
    assert!(!made.text.contains("emails"), "{}", made.text);
    assert!(!made.text.contains('@'), "{}", made.text);
    let user = access(&world, &made.id()).await["user"].clone();
    assert_eq!(
        (&user["email"], &user["person"]),
        (&Value::Null, &Value::Null)
    );
    // Nor from a name that is no address, where addresses tell users apart.
    let settings = json!({ "connection": { "unique_identifier": "email" } });
    world.admin("PATCH /settings").body(&settings).await;
    let body = json!({ "userName": "bob" });
    let made = world.scim("POST /Users").body(&body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    assert!(!made.text.contains('@'), "{}", made.text);
    let user = access(&world, &made.id()).await["user"].clone();
    assert!(!user["email"].to_string().contains('@'), "{user}");
}

#[actix_web::test]
async fn abuse_20_a_password_is_kept_nowhere() {
    const SECRET: &str = "correct-horse-battery";
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    for strict in [false, true] {
        let settings = json!({ "connection": { "strict": strict } });
        world.admin("PATCH /settings").body(&settings).await;
        let body = json!({ "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": format!("ann {strict}"), "password": SECRET });
        let made = world.scim("POST /Users").body(&body).await;
        let mut operation = patch("replace", "password", json!(SECRET));
        operation["schemas"] = json!(["urn:ietf:params:scim:api:messages:2.0:PatchOp"]);
        let changed = world.scim(&format!("PATCH {user}")).body(&operation).await;
        if strict {
            // The profile refuses what no schema has.
            made.is_scim_error(400, Some("invalidSyntax"), "password");
            changed.is_scim_error(400, Some("invalidSyntax"), "password");
        } else {
            assert_eq!((made.status, changed.status), (201, 200), "{}", made.text);
        }
        let line = "/Users?filter=password+eq+%22correct-horse-battery%22";
        let refused = world.scim(&format!("GET {line}")).send().await;
        refused.is_scim_error(400, Some("invalidFilter"), "");
        let read = world.scim(&format!("GET {user}?attributes=password"));
        for text in [
            made.text,
            changed.text,
            refused.text,
            read.send().await.text,
            world.admin("GET /requests").send().await.text,
            json!(feed(&world).await).to_string(),
        ] {
            assert!(!text.contains(SECRET), "{text}");
        }
    }
}
