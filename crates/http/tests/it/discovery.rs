//! What the server says of itself.

use serde_json::json;

use crate::world::{URL, World};

#[actix_web::test]
async fn discovery() {
    let world = World::new();
    let config = world.scim("GET /ServiceProviderConfig").send().await;
    assert_eq!(config.status, 200);
    assert_eq!(config.json()["patch"], json!({ "supported": true }));
    assert_eq!(config.json()["etag"], json!({ "supported": true }));
    assert_eq!(config.json()["sort"], json!({ "supported": true }));
    let bulk = json!({ "supported": true, "maxOperations": 1_000, "maxPayloadSize": 1_048_576 });
    assert_eq!(config.json()["bulk"], bulk);
    let pagination = &config.json()["pagination"];
    assert_eq!(
        (&pagination["cursor"], &pagination["index"]),
        (&json!(true), &json!(true))
    );
    assert_eq!(pagination["defaultPaginationMethod"], "index");
    let location = format!("{URL}/scim/v2/ServiceProviderConfig");
    assert_eq!(config.json()["meta"]["location"], json!(location));

    let types = world.scim("GET /ResourceTypes").send().await.json();
    assert_eq!(types["totalResults"], 2);
    let user = world.scim("GET /ResourceTypes/User").send().await;
    assert_eq!((user.status, &user.json()), (200, &types["Resources"][0]));

    let schemas = world.scim("GET /Schemas/").send().await.json();
    for schema in schemas["Resources"].as_array().unwrap() {
        let urn = schema["id"].as_str().unwrap();
        for path in [urn.to_owned(), urn.replace(':', "%3A")] {
            let one = world.scim(&format!("GET /Schemas/{path}")).send().await;
            assert_eq!((one.status, &one.json()), (200, schema));
        }
    }
    for line in [
        "GET /ResourceTypes/Nothing",
        "GET /Schemas/urn:x",
        "GET /Schemas/%ff",
    ] {
        world
            .scim(line)
            .send()
            .await
            .is_scim_error(404, None, "There is no");
    }
}

#[actix_web::test]
async fn discovery_is_not_filtered() {
    let world = World::new();
    for path in ["ServiceProviderConfig", "ResourceTypes", "Schemas"] {
        let line = format!("GET /{path}?filter=name+eq+%22User%22");
        world
            .scim(&line)
            .send()
            .await
            .is_scim_error(403, None, "filter");
        assert_eq!(
            world
                .scim(&format!("GET /{path}?count=1"))
                .send()
                .await
                .status,
            200
        );
    }
}
