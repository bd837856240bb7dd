//! Cases 31 to 38: filters, order and pages that want more than they should get.

use serde_json::{Value, json};

use super::encoded;
use crate::world::{Answer, World};

async fn find(world: &World, query: &[(&str, &str)]) -> Answer {
    let pairs: Vec<String> = query
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let line = format!("GET /Users?{}", pairs.join("&"));
    world.scim(&line).send().await
}

/// As a body, which may be longer than a URL.
async fn search(world: &World, filter: &str) -> Answer {
    let body = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],
        "filter": filter });
    world.scim("POST /Users/.search").body(&body).await
}

fn names(answer: &Answer) -> Vec<String> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let list = answer.json();
    let found = list["Resources"].as_array().cloned().unwrap_or_default();
    let name = |user: &Value| user["userName"].as_str().unwrap().to_owned();
    found.iter().map(name).collect()
}

type Test = fn(&str, &str) -> bool;
const OPERATORS: [(&str, Test); 4] = [
    ("eq", |name, text| name == text),
    ("co", |name, text| name.contains(text)),
    ("sw", |name, text| name.starts_with(text)),
    ("ew", |name, text| name.ends_with(text)),
];

#[actix_web::test]
async fn abuse_31_what_looks_like_sql_is_text() {
    const NAMES: &[&str] = &[
        "x' or '1'='1",
        "a%b",
        "a_b",
        "axb",
        "o\"neil\\",
        "; drop table users; --",
        "x'/**/union/**/select",
    ];
    let world = World::new();
    for name in NAMES {
        world.user(name).await;
    }
    let parts = [
        "' or '1'='1",
        "%",
        "_",
        "\\",
        "\"",
        "--",
        "x'",
        "a%",
        "_b",
        "';",
    ];
    for text in NAMES.iter().copied().chain(parts) {
        for (operator, holds) in OPERATORS {
            for attribute in ["userName", "displayName"] {
                let filter = format!("{attribute} {operator} {}", json!(text));
                let found = names(&find(&world, &[("filter", &filter)]).await);
                let known = NAMES.iter().filter(|_| attribute == "userName");
                let wanted: Vec<&str> = known.copied().filter(|name| holds(name, text)).collect();
                assert_eq!(found, wanted, "{filter}");
            }
        }
    }
    for wrong in [
        r#"userName eq "a\u0000b""#,
        "userName eq \"a\0b\"",
        r#"userName eq "a\"#,
    ] {
        let refused = find(&world, &[("filter", wrong)]).await;
        refused.is_scim_error(400, Some("invalidFilter"), "filter");
    }
    assert_eq!(names(&find(&world, &[]).await).len(), NAMES.len());
}

#[actix_web::test]
async fn abuse_32_names_are_looked_up_and_never_run() {
    let world = World::new();
    world.user("bob").await;
    world.user("ann").await;
    let plain = find(&world, &[]).await;
    for query in [
        ("sortBy", "userName);DROP"),
        ("sortBy", "tenant_id"),
        ("attributes", "tenant_id"),
        ("attributes", "id,(select 1)"),
        ("excludedAttributes", "org"),
    ] {
        let answer = find(&world, &[query]).await;
        assert_eq!(ids(&answer), ids(&plain), "{query:?}");
        for column in ["tenant", "\"org\"", "key_hash"] {
            assert!(!answer.text.contains(column), "{}", answer.text);
        }
    }
    for filter in [
        "key_hash pr",
        "org eq 1",
        "tenant_id eq \"1\"",
        "password pr",
        "password sw \"a\"",
        "not (password eq \"a\")",
        "user_name eq \"bob\"",
    ] {
        let refused = find(&world, &[("filter", filter)]).await;
        refused.is_scim_error(400, Some("invalidFilter"), "no such attribute");
    }
    let settings = json!({ "connection": { "strict": true } });
    world.admin("PATCH /settings").body(&settings).await;
    for name in ["sortBy", "attributes", "excludedAttributes"] {
        let refused = find(&world, &[(name, "tenant_id")]).await;
        refused.is_scim_error(400, Some("invalidSyntax"), name);
    }
}

/// The ids of a list, in its order.
fn ids(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{}", answer.text);
    let list = answer.json();
    let found = list["Resources"].as_array().cloned().unwrap_or_default();
    found.iter().map(|user| user["id"].clone()).collect()
}

#[actix_web::test]
async fn abuse_33_nesting_and_terms_have_limits() {
    let world = World::new();
    let nested = |open: &str, depth: usize| {
        format!("{}userName pr{}", open.repeat(depth), ")".repeat(depth))
    };
    let joined = |terms: usize| vec!["title pr"; terms].join(" or ");
    for (filter, status) in [
        (nested("(", 32), 200),
        (nested("(", 33), 400),
        (nested("(", 10_000), 400),
        ("(".repeat(10_000), 400),
        (nested("not (", 32), 200),
        (nested("not (", 33), 400),
        (nested("not (", 10_000), 400),
        (joined(199), 200),
        (joined(200), 400),
        (joined(5_000), 400),
        ("emails[emails[type pr]]".to_owned(), 400),
        (
            format!("{}type pr{}", "emails[".repeat(1_000), "]".repeat(1_000)),
            400,
        ),
    ] {
        let answer = search(&world, &filter).await;
        assert_eq!(
            answer.status,
            status,
            "{} bytes: {}",
            filter.len(),
            answer.text
        );
        if status == 400 {
            answer.is_scim_error(400, Some("invalidFilter"), "filter");
        }
    }
}

#[actix_web::test]
async fn abuse_34_long_needles_are_refused() {
    let world = World::new();
    world.user("ann").await;
    let long = |bytes: usize| format!("userName co \"{}\"", "a".repeat(bytes - 14));
    assert_eq!(search(&world, &long(8 * 1024)).await.status, 200);
    for bytes in [8 * 1024 + 1, 100_000] {
        let refused = search(&world, &long(bytes)).await;
        refused.is_scim_error(400, Some("invalidFilter"), "8192 bytes");
    }
    let many = vec!["nickName co \"zzzzzz\""; 199].join(" or ");
    assert!(names(&search(&world, &many).await).is_empty());
}

#[actix_web::test]
async fn abuse_35_pages_are_clamped_or_refused() {
    let world = World::new();
    for name in ["a", "b"] {
        world.user(name).await;
    }
    for (query, found) in [
        (("count", "1000000000"), 2),
        (("count", "-1"), 0),
        (("count", "0"), 0),
        (("startIndex", "0"), 2),
        (("startIndex", "-5"), 2),
        (("startIndex", "9223372036854775808"), 0),
    ] {
        let answer = find(&world, &[query]).await;
        assert_eq!(names(&answer).len(), found, "{query:?}");
        assert_eq!(answer.json()["totalResults"], 2, "{query:?}");
    }
    for name in ["count", "startIndex"] {
        for wrong in ["x", "1e3", "0x10", "1;2", "٣"] {
            let refused = find(&world, &[(name, wrong)]).await;
            refused.is_scim_error(400, Some("invalidValue"), name);
        }
    }
}

#[actix_web::test]
async fn abuse_36_errors_repeat_nothing() {
    const NASTY: &[&str] = &[
        "<script>alert(1)</script>",
        "\r\nSet-Cookie: x=1",
        "\u{1b}[31m",
    ];
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    let settings = json!({ "connection": { "strict": true } });
    world.admin("PATCH /settings").body(&settings).await;
    for text in NASTY {
        let quoted = format!("userName xx \"{text}\"");
        let operation = json!({ "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{ "op": text, "path": text, "value": text }] });
        let body = json!({ "schemas": [text], (*text): text });
        for answer in [
            find(&world, &[("filter", text)]).await,
            find(&world, &[("filter", &quoted)]).await,
            find(&world, &[("sortBy", text)]).await,
            find(&world, &[("sortOrder", text)]).await,
            find(&world, &[("count", text)]).await,
            find(&world, &[("cursor", text)]).await,
            find(&world, &[("attributes", text)]).await,
            world.scim(&format!("PATCH {user}")).body(&operation).await,
            world.scim("POST /Users").body(&body).await,
            world.scim("POST /Users").raw(text.as_bytes()).send().await,
            world
                .scim(&format!("GET /Users/{}", encoded(text)))
                .send()
                .await,
            world.scim(&format!("GET /{}", encoded(text))).send().await,
        ] {
            assert!((400..500).contains(&answer.status), "{}", answer.text);
            assert_eq!(answer.header("content-type"), Some("application/scim+json"));
            assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
            for part in ["script", "Set-Cookie", "\u{1b}", "[31m"] {
                assert!(!answer.text.contains(part), "{}", answer.text);
                let shown = answer.headers.iter().any(|(_, value)| value.contains(part));
                assert!(!shown, "{:?}", answer.headers);
            }
        }
    }
}

#[actix_web::test]
async fn abuse_37_filters_see_one_organization() {
    let world = World::new();
    let eve = json!({ "userName": "eve", "externalId": "e-1",
        "emails": [{ "value": "eve@example.com" }] });
    let call = world.anonymous("POST /scim/v2/Users").key(&world.foreign);
    let id = call.body(&eve).await.id();
    let by_id = format!("id eq \"{id}\"");
    for filter in [
        "userName eq \"eve\"",
        "externalId eq \"e-1\"",
        "emails.value eq \"eve@example.com\"",
        "userName sw \"e\" or title pr",
        "not (userName eq \"nobody\")",
        &by_id,
    ] {
        let answer = find(&world, &[("filter", filter)]).await;
        assert_eq!(names(&answer), Vec::<String>::new(), "{filter}");
        assert_eq!(answer.json()["totalResults"], 0, "{filter}");
    }
}

#[actix_web::test]
async fn abuse_38_odd_dates_are_refused() {
    let world = World::new();
    let nest = format!("{}Fri, 21 Nov 1997 09:55:06 -0600", "(".repeat(4_000));
    for (date, says) in [
        ("99999-01-01T00:00:00Z", "date and time"),
        ("-9999-01-01T00:00:00Z", "date and time"),
        ("2026-02-30T00:00:00Z", "date and time"),
        ("2026-01-01", "date and time"),
        ("2026-01-01T00:00:00[Europe/Berlin]", "date and time"),
        ("Fri, 21 Nov 1997 09:55:06 -0600", "date and time"),
        (&nest, "date and time"),
        (&"9".repeat(1_000_000), "8192 bytes"),
    ] {
        let refused = search(&world, &format!("meta.lastModified gt \"{date}\"")).await;
        refused.is_scim_error(400, Some("invalidFilter"), says);
    }
}
