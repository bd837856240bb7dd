//! The recorded conversations of identity providers, over a real connection to the real server.

use std::io::{Read, Write};
use std::net::TcpListener;

use actix_web::rt;
use rolecall_http::{HttpConfig, serve};
use serde_json::json;
use testkit::replay::{HttpTransport, all};

use crate::world::{URL, World};

/// Runs work against a listening server, then stops the server.
async fn against_server<T: Send + 'static>(
    world: &World,
    work: impl FnOnce(String) -> T + Send + 'static,
) -> T {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let server = serve(world.state.clone(), listener, None).unwrap();
    let handle = server.handle();
    let running = rt::spawn(server);
    let result = tokio::task::spawn_blocking(move || work(base))
        .await
        .unwrap();
    handle.stop(true).await;
    running.await.unwrap().unwrap();
    result
}

fn small() -> World {
    World::with(HttpConfig {
        public_url: URL.to_owned(),
        workers: 1,
        ..HttpConfig::default()
    })
}

#[actix_web::test]
async fn every_conversation_goes_through() {
    for scenario in all().unwrap() {
        let world = small();
        let (file, key) = (scenario.file.clone(), world.scim.clone());
        let report = against_server(&world, move |base| {
            let base = format!("{base}/scim/v2");
            let transport = HttpTransport::new(&base).unwrap();
            scenario.play(&transport, &base, &key)
        });
        let report = report.await;
        let problems: Vec<String> = report
            .failures()
            .map(|step| {
                format!(
                    "{} {}: {:?}\n{:?}",
                    step.number, step.name, step.problems, step.exchange
                )
            })
            .collect();
        assert!(report.passed(), "{file}:\n{}", problems.join("\n"));
    }
}

#[actix_web::test]
async fn abuse_42_a_body_over_the_limit_is_refused_before_it_ends() {
    let config = HttpConfig {
        public_url: URL.to_owned(),
        workers: 1,
        body_limit: 1_000,
        ..HttpConfig::default()
    };
    let world = World::with(config);
    for (header, start) in [
        ("Content-Length: 10000000000", "{".to_owned()),
        (
            "Transfer-Encoding: chunked",
            format!("400\r\n{}\r\n", " ".repeat(1_024)),
        ),
    ] {
        let head = format!(
            "POST /scim/v2/Users HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n{header}\r\n\r\n",
            world.scim
        );
        let answer = against_server(&world, move |base| {
            let host = base.trim_start_matches("http://");
            let mut stream = std::net::TcpStream::connect(host).unwrap();
            stream.write_all(head.as_bytes()).unwrap();
            stream.write_all(start.as_bytes()).unwrap();
            let mut answer = [0; 12];
            stream.read_exact(&mut answer).unwrap();
            String::from_utf8(answer.to_vec()).unwrap()
        });
        assert_eq!(answer.await, "HTTP/1.1 413", "{header}");
    }
}

#[actix_web::test]
async fn abuse_43_creations_race_for_a_name_and_one_wins() {
    let world = small();
    let key = world.scim.clone();
    let statuses = against_server(&world, move |base| {
        let threads: Vec<_> = (0..16)
            .map(|number| {
                let (base, key) = (format!("{base}/scim/v2"), key.clone());
                std::thread::spawn(move || {
                    let name = if number % 2 == 0 { "ann" } else { "ANN" };
                    post(&base, &key, &json!({ "userName": name }).to_string())
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect::<Vec<u16>>()
    });
    let mut statuses = statuses.await;
    statuses.sort_unstable();
    assert_eq!(statuses[0], 201);
    assert!(
        statuses[1..].iter().all(|status| *status == 409),
        "{statuses:?}"
    );
}

fn post(base: &str, key: &str, body: &str) -> u16 {
    let (host, path) = base.trim_start_matches("http://").split_once('/').unwrap();
    let mut stream = std::net::TcpStream::connect(host).unwrap();
    let request = format!(
        "POST /{path}/Users HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer {key}\
         \r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer[9..12].parse().unwrap()
}
