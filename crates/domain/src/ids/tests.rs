#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn role_keys_are_slugs_without_reserved_words() {
    fn check(text: &str, expected: Result<(), IdError>) {
        assert_eq!(RoleKey::new(text).map(|_| ()), expected, "{text}");
    }
    check("admin", Ok(()));
    check("team-lead_2", Ok(()));
    check("0", Ok(()));
    check(&"a".repeat(64), Ok(()));
    check(&"a".repeat(65), Err(IdError::NotSlug));
    check("", Err(IdError::NotSlug));
    check("Admin", Err(IdError::NotSlug));
    check("-a", Err(IdError::NotSlug));
    check("a b", Err(IdError::NotSlug));
    check("ä", Err(IdError::NotSlug));
    check("inherit", Err(IdError::Reserved));
    check("none", Err(IdError::Reserved));
    assert!(Slug::new("none").is_ok());
}

#[test]
fn ids_go_through_text_and_json() {
    let text = "0198c0de-0000-7000-8000-000000000001";
    let id: UserId = text.parse().unwrap();
    assert_eq!(id.to_string(), text);
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{text}\""));
    assert_eq!("7".parse::<OrgId>().unwrap(), OrgId(7));
    assert_eq!("x".parse::<OrgId>().unwrap_err(), IdError::NotNumber);
    assert_eq!("x".parse::<GroupId>().unwrap_err(), IdError::NotUuid);
    assert!(serde_json::from_str::<RoleKey>("\"A\"").is_err());
}
