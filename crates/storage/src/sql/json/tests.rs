//! The form of sets.

use uuid::Uuid;

use super::ids;

fn check(given: &[u128], expected: &str) {
    assert_eq!(ids(given.iter().map(|id| Uuid::from_u128(*id))), expected);
}

#[test]
fn ids_are_a_list_of_plain_hexadecimal() {
    check(&[], "[]");
    check(&[1], r#"["00000000000000000000000000000001"]"#);
    check(
        &[0xabc, 2],
        r#"["00000000000000000000000000000abc","00000000000000000000000000000002"]"#,
    );
}
