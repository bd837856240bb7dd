//! The client's deadlines in the URL.

use super::with_timeouts;

fn check(url: &str, expected: &str) {
    assert_eq!(with_timeouts(url), expected);
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
