//! The client's deadlines in the URL.

use std::time::Duration;

use super::with_timeouts;

fn check(url: &str, expected: &str) {
    let alive = "keepalives_idle=10&keepalives_interval=3&keepalives_count=3\
                 &fallback_application_name=rolecall";
    let expected = format!("{expected}&{alive}");
    assert_eq!(with_timeouts(url, Duration::from_secs(5)), expected);
}

#[test]
fn deadlines_are_added_where_they_are_missing() {
    check(
        "postgres://h/db",
        "postgres://h/db?connect_timeout=5&tcp_user_timeout=10000",
    );
    check(
        "postgres://h/db?sslmode=require",
        "postgres://h/db?sslmode=require&connect_timeout=5&tcp_user_timeout=10000",
    );
    check(
        "postgres://h/db?connect_timeout=1",
        "postgres://h/db?connect_timeout=1&tcp_user_timeout=10000",
    );
}
