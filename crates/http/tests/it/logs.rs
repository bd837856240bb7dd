//! What the log is told: which route, how it ended, and nothing of what was sent.

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
};

use serde_json::json;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::world::World;

/// Keeps what is written.
#[derive(Clone, Default)]
struct Paper(Arc<Mutex<Vec<u8>>>);

impl Write for Paper {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells this thread's log to the paper.
fn listen(paper: &Paper) -> tracing::subscriber::DefaultGuard {
    let writer = paper.clone();
    let listener = tracing_subscriber::fmt()
        .json()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::set_default(listener)
}

#[actix_web::test]
async fn a_source_beyond_its_share_is_told_once_a_minute() {
    let world = World::with(rolecall_http::HttpConfig {
        requests_per_address: 2,
        ..rolecall_http::HttpConfig::default()
    });
    let paper = Paper::default();
    let _listening = listen(&paper);
    for expected in 1..=2 {
        world.clock.advance(60_000);
        for _ in 0..9 {
            world.scim("GET /Users").from("203.0.113.7").send().await;
        }
        let heard = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
        let told = heard
            .matches("more requests come from this address")
            .count();
        assert_eq!(told, expected, "{heard}");
    }
}

#[actix_web::test]
async fn abuse_62_the_log_has_templates_and_no_secrets() {
    let world = World::new();
    let paper = Paper::default();
    let _listening = listen(&paper);
    let body = json!({ "userName": "SECRET-name", "password": "SECRET-word" });
    let ann = world.scim("POST /Users").body(&body).await.id();
    world
        .scim(&format!("GET /Users/{ann}?x=SECRET"))
        .send()
        .await;
    let found = world.scim("GET /Users?filter=userName+eq+%22SECRET%22");
    found.send().await;
    world.scim("GET /SECRET").send().await;
    world.anonymous("GET /SECRET").send().await;
    let keyed = world.anonymous(&format!("GET /scim/v2/Users?key={}", world.scim));
    keyed.send().await;
    world
        .admin("PATCH /settings")
        .body(&json!({ "SECRET": 1 }))
        .await;
    world.admin("GET /access").send().await;
    let heard = String::from_utf8(paper.0.lock().unwrap().clone()).unwrap();
    for wanted in [
        r#""route":"/Users/{id}""#,
        r#""mount":"/scim/v2""#,
        r#""status":201"#,
        r#""method":"PATCH""#,
    ] {
        assert!(heard.contains(wanted), "{wanted} is not in {heard}");
    }
    for line in heard.lines() {
        for field in ["mount", "route", "status", "key"] {
            let member = format!("\"{field}\":");
            let span = line.split("\"span\":").nth(1).unwrap_or_default();
            let span = span.split("\"spans\"").next().unwrap_or_default();
            assert!(
                span.matches(&member).count() <= 1,
                "{field} is twice in {line}"
            );
        }
    }
    for secret in ["SECRET", &ann, &world.scim[14..], &world.admin[14..]] {
        assert!(!heard.contains(secret), "{secret} is in {heard}");
    }
}

/// Who calls with a trace of its own finds its ids in the log; what is none is not there.
#[actix_web::test]
async fn the_callers_trace_is_in_the_log() {
    let world = World::new();
    let paper = Paper::default();
    let _listening = listen(&paper);
    let heard = || String::from_utf8(std::mem::take(&mut *paper.0.lock().unwrap())).unwrap();
    let (trace, parent) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
    let good = format!("00-{trace}-{parent}-01");
    world
        .scim("GET /Users")
        .header("traceparent", &good)
        .send()
        .await;
    let told = heard();
    assert!(
        told.contains(&format!("\"trace_id\":\"{trace}\"")),
        "{told}"
    );
    assert!(
        told.contains(&format!("\"parent_id\":\"{parent}\"")),
        "{told}"
    );
    let twice = world.scim("GET /Users").header("traceparent", &good);
    twice.header("traceparent", &good).send().await;
    let wrong = good.replace('4', "g");
    world
        .scim("GET /Users")
        .header("traceparent", &wrong)
        .send()
        .await;
    let told = heard();
    assert!(
        told.contains("answered") && !told.contains("trace_id"),
        "{told}"
    );
    assert!(!told.contains(&wrong[3..20]), "{told}");
}
