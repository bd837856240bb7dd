//! Finding and paging.

use serde_json::{Value, json};

use crate::world::World;

fn names(list: &Value) -> Vec<&str> {
    let found = list["Resources"].as_array().unwrap();
    found
        .iter()
        .map(|user| user["userName"].as_str().unwrap())
        .collect()
}

async fn three() -> World {
    let world = World::new();
    for name in ["ann", "bob", "cleo"] {
        world.user(name).await;
    }
    world
}

#[actix_web::test]
async fn an_empty_list() {
    let world = World::new();
    let wanted = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:ListResponse"],
        "totalResults": 0, "startIndex": 1, "itemsPerPage": 0, "Resources": [],
    });
    for line in [
        "GET /Users",
        "GET /Users?",
        "GET /Users?&",
        "GET /Groups/",
        "GET /Users?unknown=1",
    ] {
        world.scim(line).send().await.is(200, wanted.clone());
    }
}

#[actix_web::test]
async fn pages() {
    let world = three().await;
    let check = async |query: &str, start: u64, found: &[&str]| {
        let list = world
            .scim(&format!("GET /Users?{query}"))
            .send()
            .await
            .json();
        assert_eq!(names(&list), found, "{query}");
        assert_eq!(list["totalResults"], 3, "{query}");
        assert_eq!(list["startIndex"], start, "{query}");
        assert_eq!(list["itemsPerPage"], found.len(), "{query}");
    };
    check("", 1, &["ann", "bob", "cleo"]).await;
    check("startIndex=2", 2, &["bob", "cleo"]).await;
    check("startIndex=2&count=1", 2, &["bob"]).await;
    check("startIndex=0", 1, &["ann", "bob", "cleo"]).await;
    check("startIndex=-7&count=1", 1, &["ann"]).await;
    check("startIndex=4", 4, &[]).await;
    check("count=0", 1, &[]).await;
    check("count=-1", 1, &[]).await;
    check("count=1000000000000000000000", 1, &["ann", "bob", "cleo"]).await;
    // The largest whole number that every JSON reader keeps.
    check("startIndex=9223372036854775808", 9_007_199_254_740_991, &[]).await;
    for wrong in ["startIndex=x", "count=1.5", "count=", "startIndex=%20"] {
        let name = wrong.split('=').next().unwrap();
        let answer = world.scim(&format!("GET /Users?{wrong}")).send().await;
        answer.is_scim_error(400, Some("invalidValue"), name);
    }
}

#[actix_web::test]
async fn filters() {
    let world = three().await;
    let check = async |filter: &str, found: &[&str]| {
        let list = world
            .scim(&format!("GET /Users?filter={filter}"))
            .send()
            .await;
        assert_eq!(list.status, 200, "{filter}: {}", list.text);
        assert_eq!(names(&list.json()), found, "{filter}");
        assert_eq!(list.json()["totalResults"], found.len());
    };
    check("userName+eq+%22BOB%22", &["bob"]).await;
    check("userName%20eq%20%22bob%22", &["bob"]).await;
    check("userName+eq+%22nobody%22", &[]).await;
    check(
        "userName+sw+%22c%22+or+userName+eq+%22ann%22",
        &["ann", "cleo"],
    )
    .await;
    check("not+(active+eq+false)", &["ann", "bob", "cleo"]).await;
    check("active+eq+%22False%22", &[]).await;
    check("userName+eq+%22x'+OR+'1'='1%22", &[]).await;
    check("userName+co+%22%25%22", &[]).await;
    check(
        "meta.resourceType+eq+%22User%22+and+userName+gt+%22b%22",
        &["bob", "cleo"],
    )
    .await;
    for wrong in [
        "nothing+eq+1",
        "password+sw+%22a%22",
        "userName+xx+%22a%22",
        "(",
        "",
        "active+eq+7",
        "userName+eq+%22a%00b%22",
        "%3Cscript%3E",
    ] {
        let answer = world
            .scim(&format!("GET /Users?filter={wrong}"))
            .send()
            .await;
        answer.is_scim_error(400, Some("invalidFilter"), "filter");
        assert!(!answer.text.contains("script"));
    }
    let deep = format!("GET /Users?filter={}", "(".repeat(5_000));
    world
        .scim(&deep)
        .send()
        .await
        .is_scim_error(400, Some("invalidFilter"), "");
}

#[actix_web::test]
async fn groups_are_found_by_name_and_member() {
    let world = three().await;
    let list = world
        .scim("GET /Users?filter=userName+eq+%22ann%22")
        .send()
        .await
        .json();
    let ann = list["Resources"][0]["id"].as_str().unwrap().to_owned();
    let staff = world.group("Staff", &[&ann]).await;
    world.group("Others", &[]).await;
    for filter in [
        "displayName+eq+%22staff%22".to_owned(),
        format!("members.value+eq+%22{ann}%22"),
        format!("id+eq+%22{staff}%22"),
    ] {
        let list = world
            .scim(&format!("GET /Groups?filter={filter}"))
            .send()
            .await
            .json();
        assert_eq!(list["totalResults"], 1, "{filter}");
        assert_eq!(list["Resources"][0]["id"], json!(staff), "{filter}");
    }
    let list = world.scim(&format!("GET /Users?filter=groups.value+eq+%22{staff}%22"));
    assert_eq!(names(&list.send().await.json()), ["ann"]);
}

#[actix_web::test]
async fn a_listed_user_equals_the_single_answer() {
    let world = three().await;
    let list = world.scim("GET /Users").send().await.json();
    let ann = list["Resources"][0]["id"].as_str().unwrap().to_owned();
    world.group("Staff", &[&ann]).await;
    let single = world.scim(&format!("GET /Users/{ann}")).send().await.json();
    let list = world.scim("GET /Users").send().await.json();
    assert_eq!(list["Resources"][0], single);
}
