#![expect(clippy::unwrap_used, reason = "tests")]

use super::*;

#[test]
fn every_default_of_every_preset_reads_and_writes_itself() {
    for preset in Preset::ALL {
        let policies = preset.policies();
        let map = policies.to_map();
        for row in POLICIES {
            let default = row.default_for(*preset);
            assert_eq!(map[row.key], default, "{preset} {}", row.key);
            let read = policies.with([(row.key, default)]).unwrap();
            assert_eq!(read, policies, "{preset} {}", row.key);
        }
        let other = Preset::LabelStudio.policies();
        let all = map.iter().map(|(key, word)| (*key, word.as_str()));
        assert_eq!(other.with(all).unwrap(), policies, "{preset}");
    }
}

#[test]
fn every_allowed_word_is_taken_and_kept() {
    let policies = Preset::Plain.policies();
    for row in POLICIES {
        for word in row.values {
            assert_eq!(
                policies.with([(row.key, *word)]).unwrap().to_map()[row.key],
                *word
            );
        }
        assert!(row.doc.ends_with('.'), "{}", row.key);
    }
}

#[test]
fn a_wrong_policy_is_named_with_what_would_be_right() {
    fn check(key: &str, word: &str, expected: &str) {
        let faults = Preset::Plain.policies().with([(key, word)]).unwrap_err();
        assert_eq!(faults.len(), 1);
        let text = faults[0].to_string();
        assert!(text.starts_with(expected), "{text}");
    }
    check(
        "nested_groups",
        "onn",
        "policies.nested_groups: must be one of: on, off; did you mean on?",
    );
    check(
        "when_unmapped",
        "deactivate",
        "policies.when_unmapped: must be one of: default_role, deactivated; did you mean deactivated?",
    );
    check(
        "default_role",
        "No Such",
        "policies.default_role: must be none or the key of a role",
    );
    check(
        "nested_group",
        "on",
        "policies.nested_group: no such policy; did you mean nested_groups?",
    );
    check(
        "<b>",
        "on",
        "policies.(unreadable name): no such policy; the policies are: default_role",
    );
}

#[test]
fn all_faults_are_reported_at_once() {
    let changes = [
        ("brake", "x"),
        ("nonsense_key", "on"),
        ("require_sso", "on"),
    ];
    assert_eq!(Preset::Plain.policies().with(changes).unwrap_err().len(), 2);
}

#[test]
fn the_default_role_must_be_a_mappable_role_of_the_catalog() {
    fn check(preset: Preset, role: &str, expected: Option<&str>) {
        let policies = preset.policies().with([("default_role", role)]).unwrap();
        let fault = policies
            .check_against(&preset.catalog())
            .err()
            .map(|e| e.to_string());
        match (fault, expected) {
            (None, None) => {}
            (Some(got), Some(expected)) => assert!(got.contains(expected), "{got}"),
            (got, expected) => panic!("{got:?} instead of {expected:?}"),
        }
    }
    check(Preset::LabelStudio, "none", None);
    check(Preset::LabelStudio, "reviewer", None);
    check(Preset::LabelStudio, "owner", Some("not mappable"));
    check(
        Preset::LabelStudio,
        "reviewers",
        Some("did you mean reviewer?"),
    );
    check(Preset::Plain, "labeler", Some("one of: admin, member"));
}
