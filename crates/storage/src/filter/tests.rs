//! What is pushed down, and how well. That the conditions are right is in the contract: there every
//! answer is compared with the evaluator's.

#![expect(clippy::unwrap_used, reason = "tests")]

use domain::OrgId;
use scim::filter::Filter;
use scim::{Mode, Registry, Sort};

use super::{Kind, order, push};

fn check(kind: Kind, filter: &str, expected: &str) {
    let scim_kind = match kind {
        Kind::User => scim::Kind::User,
        Kind::Group => scim::Kind::Group,
    };
    let parsed = Filter::parse(&Registry::core(), scim_kind, Mode::Strict, filter).unwrap();
    let told = match push(kind, OrgId(1), &parsed) {
        None => "documents".to_owned(),
        Some(condition) => {
            let marks = condition.text.matches('?').count();
            assert_eq!(
                marks,
                condition.values.len(),
                "{filter}: {}",
                condition.text
            );
            let how = if condition.indexed { "index" } else { "scan" };
            let what = if condition.exact { "exact" } else { "superset" };
            format!("{how} {what}")
        }
    };
    assert_eq!(told, expected, "{filter}");
}

const ID: &str = "01980000-0000-7000-8000-000000000002";

#[test]
fn users() {
    for (filter, expected) in [
        (r#"userName eq "a""#, "index exact"),
        (r#"userName sw "a""#, "index exact"),
        (r#"userName co "a""#, "scan exact"),
        (r#"userName ew "a""#, "scan exact"),
        (r#"userName ne "a""#, "scan exact"),
        (r#"externalId eq "a""#, "index exact"),
        (r#"externalId ne "a""#, "scan exact"),
        ("externalId pr", "scan exact"),
        ("active eq true", "scan exact"),
        ("active eq false", "scan superset"),
        ("active ne false", "documents"),
        (r#"emails eq "a@b""#, "index exact"),
        (r#"emails.value eq "a@b""#, "index exact"),
        (r#"emails.value ne "a@b""#, "documents"),
        (r#"emails[value eq "a@b"]"#, "index exact"),
        (
            r#"emails[type eq "work" and value eq "a@b"]"#,
            "index exact",
        ),
        (r#"emails[type sw "w" and value co "@b"]"#, "scan exact"),
        (
            r#"emails[type eq "work" and primary eq true and value eq "a@b"]"#,
            "index superset",
        ),
        (r#"emails[type eq "work"]"#, "documents"),
        (r#"emails[type eq "work" or value eq "a@b"]"#, "documents"),
        (r#"emails[not (value eq "a@b")]"#, "documents"),
        (r#"emails[type eq "work"].value eq "a@b""#, "index exact"),
        (
            r#"meta.lastModified gt "2026-01-01T00:00:00Z""#,
            "scan exact",
        ),
        (
            r#"meta.lastModified gt "2026-01-01T00:00:00.0000001Z""#,
            "documents",
        ),
        (r#"title eq "a""#, "documents"),
        (r#"not (title eq "a")"#, "documents"),
        (r#"not (userName eq "a")"#, "scan exact"),
        ("not (active eq false)", "documents"),
        (r#"userName eq "a" and title eq "b""#, "index superset"),
        (r#"not (userName eq "a" and title eq "b")"#, "documents"),
        (r#"userName eq "a" or title eq "b""#, "documents"),
        (r#"userName eq "a" or emails.value eq "b""#, "index exact"),
        (r#"userName eq "a" or active eq true"#, "scan exact"),
        (
            r#"userName eq "a" or (externalId eq "b" and title eq "c")"#,
            "index superset",
        ),
    ] {
        check(Kind::User, filter, expected);
    }
    check(Kind::User, &format!(r#"id eq "{ID}""#), "index exact");
    check(Kind::User, r#"id eq "not an id""#, "index exact");
    check(Kind::User, r#"id sw "01""#, "documents");
    check(
        Kind::User,
        &format!(r#"groups.value eq "{ID}""#),
        "index exact",
    );
}

#[test]
fn groups() {
    for (filter, expected) in [
        (r#"displayName eq "a""#, "index exact"),
        (r#"displayName eq "a" or displayName eq "b""#, "index exact"),
        (r#"externalId eq "a""#, "index exact"),
        ("members pr", "scan exact"),
        (r#"members.display eq "a""#, "documents"),
    ] {
        check(Kind::Group, filter, expected);
    }
    check(
        Kind::Group,
        &format!(r#"members.value eq "{ID}""#),
        "index exact",
    );
    check(Kind::Group, &format!(r#"members eq "{ID}""#), "index exact");
    check(
        Kind::Group,
        &format!(r#"members[value eq "{ID}"]"#),
        "index exact",
    );
    check(
        Kind::Group,
        &format!(r#"displayName eq "a" and members.value eq "{ID}""#),
        "index exact",
    );
}

#[test]
fn orders_of_columns() {
    let check = |kind: Kind, by: &str, pushed: bool| {
        let kinds = [match kind {
            Kind::User => scim::Kind::User,
            Kind::Group => scim::Kind::Group,
        }];
        let sort = Sort::parse(&Registry::core(), &kinds, Mode::Strict, Some(by), None).unwrap();
        assert_eq!(order(kind, sort.as_ref(), None).is_some(), pushed, "{by}");
    };
    for by in [
        "id",
        "userName",
        "externalId",
        "meta.created",
        "meta.lastModified",
    ] {
        check(Kind::User, by, true);
    }
    for by in [
        "id",
        "displayName",
        "externalId",
        "meta.created",
        "meta.lastModified",
    ] {
        check(Kind::Group, by, true);
    }
    // An absent `active` has no value, while its column says no.
    for by in ["active", "displayName", "emails", "groups", "title"] {
        check(Kind::User, by, false);
    }
    check(Kind::Group, "members.value", false);
    assert!(order(Kind::User, None, None).is_some_and(|order| order.by_id));
}
