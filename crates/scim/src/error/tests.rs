use super::{ERROR_URN, Error, ScimType};

fn check(error: &Error, status: &str, keyword: Option<&str>) {
    let body = error.body();
    assert_eq!(body["schemas"][0], ERROR_URN);
    assert_eq!(body["status"], status, "status is text");
    assert_eq!(
        body.get("scimType").and_then(|value| value.as_str()),
        keyword
    );
    assert_eq!(body["detail"], "why");
}

#[test]
fn every_constructor_has_the_status_and_keyword_of_the_rfc() {
    check(&Error::invalid_filter("why"), "400", Some("invalidFilter"));
    check(&Error::too_many("why"), "400", Some("tooMany"));
    check(&Error::uniqueness("why"), "409", Some("uniqueness"));
    check(&Error::mutability("why"), "400", Some("mutability"));
    check(&Error::invalid_syntax("why"), "400", Some("invalidSyntax"));
    check(&Error::invalid_path("why"), "400", Some("invalidPath"));
    check(&Error::no_target("why"), "400", Some("noTarget"));
    check(&Error::invalid_value("why"), "400", Some("invalidValue"));
    check(&Error::invalid_cursor("why"), "400", Some("invalidCursor"));
    check(&Error::expired_cursor("why"), "400", Some("expiredCursor"));
    check(&Error::invalid_count("why"), "400", Some("invalidCount"));
    check(&Error::unauthorized("why"), "401", None);
    check(&Error::forbidden("why"), "403", None);
    check(&Error::not_found("why"), "404", None);
    check(&Error::precondition_failed("why"), "412", None);
    check(&Error::too_large("why"), "413", None);
    check(&Error::not_implemented("why"), "501", None);
}

#[test]
fn keywords_are_distinct() {
    let mut words: Vec<_> = ScimType::ALL.iter().map(|kind| kind.as_str()).collect();
    words.sort_unstable();
    words.dedup();
    assert_eq!(words.len(), ScimType::ALL.len());
}
