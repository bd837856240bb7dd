//! Cases 44 to 49: text that passes for other text.

use serde_json::json;

use crate::world::{Answer, World};

async fn make(world: &World, name: &str) -> Answer {
    let body = json!({ "userName": name });
    world.scim("POST /Users").body(&body).await
}

/// Each of these names collides with the first.
async fn all_one(names: &[&str]) {
    let world = World::new();
    let first = make(&world, names[0]).await;
    assert_eq!(first.status, 201, "{}", first.text);
    for name in &names[1..] {
        let refused = make(&world, name).await;
        refused.is_scim_error(409, Some("uniqueness"), "userName");
        let filter = super::encoded(&format!("userName eq {}", json!(name)));
        let found = world
            .scim(&format!("GET /Users?filter={filter}"))
            .send()
            .await;
        assert_eq!(found.json()["Resources"][0]["userName"], names[0], "{name}");
    }
}

/// Each of these names is another.
async fn all_different(names: &[&str]) {
    let world = World::new();
    for name in names {
        let made = make(&world, name).await;
        assert_eq!(
            (made.status, &made.json()["userName"]),
            (201, &json!(name)),
            "{}",
            made.text
        );
    }
}

#[actix_web::test]
async fn abuse_44_case_is_folded_as_unicode_has_it() {
    all_one(&[
        "STRASSE@x",
        "Straße@x",
        "strasse@X",
        "STRAẞE@x",
        "stra\u{17f}\u{17f}e@x",
    ])
    .await;
    all_one(&["\u{212a}elvin", "kelvin", "KELVIN"]).await;
    all_one(&["σίσυφος", "ΣΊΣΥΦΟΣ", "σίσυφοσ"]).await;
    all_different(&["i", "ı", "İ"]).await;
}

#[actix_web::test]
async fn abuse_45_compatibility_forms_are_the_same_name() {
    all_one(&["admin", "ａｄｍｉｎ", "ADMIN", "ⓐⓓⓜⓘⓝ"]).await;
    all_one(&["file", "ﬁle"]).await;
    all_one(&["é", "e\u{301}", "É"]).await;
}

#[actix_web::test]
async fn abuse_46_what_cannot_be_seen_makes_no_other_name() {
    let world = World::new();
    for hidden in [
        '\u{202e}', '\u{200e}', '\u{2066}', '\u{7}', '\u{1b}', '\n', '\r', '\u{85}',
    ] {
        let refused = make(&world, &format!("adm{hidden}in")).await;
        refused.is_scim_error(400, Some("invalidValue"), "userName");
    }
    for nothing in ["\u{200b}", "\u{feff}", " ", "\u{ad}\u{2060}"] {
        let refused = make(&world, nothing).await;
        refused.is_scim_error(400, Some("invalidValue"), "userName");
    }
    all_one(&[
        "admin",
        "admin\u{200b}",
        "ad\u{ad}min",
        "\u{feff}admin",
        "adm\u{2060}in",
    ])
    .await;
    // In names of groups joiners are part of the picture.
    let family = "Team \u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}";
    let group = world.group(family, &[]).await;
    let read = world.scim(&format!("GET /Groups/{group}")).send().await;
    assert_eq!(read.json()["displayName"], family);
}

#[actix_web::test]
async fn abuse_47_look_alikes_are_never_equal() {
    all_different(&["admin", "аdmin", "аdmіn", "αdmin", "adm1n"]).await;
}

#[actix_web::test]
async fn abuse_48_what_no_database_holds_is_refused() {
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    for value in [
        r#""a\u0000b""#,
        r#""\ud800""#,
        r#""\udc00\ud800""#,
        "1e999",
        "-1e999",
    ] {
        let create = format!(r#"{{"userName":"bob","title":{value}}}"#);
        let name = format!(r#"{{"userName":{value}}}"#);
        let key = format!(r#"{{"userName":"bob","urn:x:y":{{"a":[{value}]}}}}"#);
        let patch =
            format!(r#"{{"Operations":[{{"op":"replace","path":"title","value":{value}}}]}}"#);
        for (line, body) in [
            ("POST /Users".to_owned(), create.clone()),
            ("POST /Users".to_owned(), name),
            ("POST /Users".to_owned(), key),
            (format!("PUT {user}"), create),
            (format!("PATCH {user}"), patch),
        ] {
            let answer = world.scim(&line).raw(body.clone()).send().await;
            answer.is_scim_error(400, Some("invalidSyntax"), "");
        }
    }
    let bytes = b"{\"userName\":\"a\xff\"}".to_vec();
    let answer = world.scim("POST /Users").raw(bytes).send().await;
    answer.is_scim_error(400, Some("invalidSyntax"), "");
    let list = world.scim("GET /Users").send().await.json();
    assert_eq!(
        (&list["totalResults"], &list["Resources"][0]["userName"]),
        (&json!(1), &json!("ann"))
    );
}

#[actix_web::test]
async fn abuse_49_a_name_stands_once_in_an_object() {
    let world = World::new();
    let user = format!("/Users/{}", world.user("ann").await);
    let twice = [
        r#"{"userName":"a","userName":"b"}"#,
        r#"{"userName":"a","USERNAME":"b"}"#,
        r#"{"userName":"a","name":{"givenName":"x","givenname":"y"}}"#,
        r#"{"userName":"a","emails":[{"value":"x","VALUE":"y"}]}"#,
        r#"{"userName":"a","\u0075serName":"b"}"#,
    ];
    for body in twice {
        for line in ["POST /Users".to_owned(), format!("PUT {user}")] {
            let answer = world.scim(&line).raw(body).send().await;
            answer.is_scim_error(400, Some("invalidSyntax"), "");
        }
    }
    let body = r#"{"Operations":[{"op":"remove","OP":"add","path":"title","value":"x"}]}"#;
    let answer = world.scim(&format!("PATCH {user}")).raw(body).send().await;
    answer.is_scim_error(400, Some("invalidSyntax"), "");
}
