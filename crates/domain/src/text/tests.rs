use super::*;

#[test]
fn nearest_suggests_only_what_was_probably_meant() {
    fn check(word: &str, expected: Option<&str>) {
        let known = ["administrator", "manager", "reviewer", "viewer"];
        assert_eq!(nearest(word, known), expected, "{word}");
    }
    check("reviewr", Some("reviewer"));
    check("Viewer", Some("viewer"));
    check("vewer", Some("viewer"));
    check("mangaer", Some("manager"));
    check("administrateur", Some("administrator"));
    check("owner", None);
    check("", None);
    check(&"manager".repeat(40), None);
}

#[test]
fn case_is_ignored_beyond_ascii() {
    fn check(a: &str, b: &str, expected: bool) {
        assert_eq!(same_ignoring_case(a, b), expected, "{a} {b}");
        assert_eq!(caseless_key(a) == caseless_key(b), expected, "{a} {b}");
    }
    check("Admin", "aDMIN", true);
    check("ÄRZTE", "ärzte", true);
    check("admin", "admins", false);
    check("", "", true);
}

#[test]
fn only_plain_short_names_are_repeated() {
    fn check(name: &str, expected: &str) {
        assert_eq!(shown_name(name), expected);
    }
    check("default_rol", "default_rol");
    check("<script>", "(unreadable name)");
    check("", "(unreadable name)");
    check(&"x".repeat(65), "(unreadable name)");
}
