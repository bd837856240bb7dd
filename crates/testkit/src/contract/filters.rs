//! Filters and the rows they are tried on. Each says how many rows it finds, so that a filter
//! that finds everything or nothing by mistake is noticed.

use app::port::groups::GroupWrite;
use app::port::users::UserWrite;
use domain::{GroupId, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

use super::world::{AT, group_at, user_at};

/// Rows are a minute apart: the first was made at 2026-01-01T00:00:00.123Z.
const MINUTE: i64 = 60_000;

/// A fixed id, so that filters can name it: ...01, ...02 and so on.
pub(super) fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0198_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Users 1 to 9, in id order.
pub(super) fn users() -> Vec<UserWrite> {
    let bodies = [
        json!({"userName": "Ann@Example.com", "externalId": "Ext-1", "displayName": "Ann A",
            "name": {"familyName": "Archer", "givenName": "Ann"}, "title": "Boss",
            "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Sales"},
            "emails": [{"type": "work", "value": "ann@example.com", "primary": true},
                       {"type": "home", "value": "ann@home.org"}]}),
        json!({"userName": "bob@example.com", "externalId": "ext-1", "nickName": "Bobby",
            "emails": [{"type": "work", "value": "Bob@Example.com", "primary": true}],
            "roles": [{"value": "admin", "primary": true}]}),
        json!({"userName": "cem", "active": false}),
        json!({"userName": "dora_%x", "title": "100% _sure_", "emails": [
            {"type": "home", "value": "50%_off@x.org"}]}),
        json!({"userName": "Élodie", "externalId": "Ext-2", "title": "ÉTÉ", "emails": [
            {"type": "work", "value": "ELODIE@EXAMPLE.COM"}]}),
        json!({"userName": "zoe@example.org", "externalId": "100", "active": false, "emails": [
            {"type": "work", "value": "zoe@example.org", "primary": true},
            {"type": "other", "value": "ann@example.com"}]}),
        json!({"userName": "o\"neil\\", "externalId": "it's; --"}),
        json!({"userName": "Straße", "displayName": "Ann A"}),
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "doraXYx", "nickName": "bobby", "externalId": ""}),
    ];
    (1..)
        .zip(bodies)
        .map(|(number, body)| user_row(number, body))
        .collect()
}

fn user_row(number: u32, body: Value) -> UserWrite {
    let at = AT + i64::from(number - 1) * MINUTE;
    let mut user = user_at(
        UserId(id(number.into())),
        i64::from(number),
        at + MINUTE / 2,
        body,
    );
    user.row.created = at;
    user
}

/// Groups 21 to 24, in id order.
pub(super) fn groups() -> Vec<GroupWrite> {
    let bodies = [
        json!({"displayName": "Sales", "externalId": "G-1"}),
        json!({"displayName": "sales_east%", "externalId": "g-1"}),
        json!({"displayName": "Ärzte"}),
        json!({"displayName": "Empty"}),
    ];
    let row = |(number, body): (u128, Value)| {
        let at = AT + i64::try_from(number - 21).unwrap_or_default() * MINUTE;
        let mut group = group_at(GroupId(id(number)), 1, at, body);
        group.row.created = at;
        group
    };
    (21..).zip(bodies).map(row).collect()
}

/// Group and members, by number.
pub(super) const MEMBERS: &[(u128, &[u128])] = &[(21, &[1, 2]), (22, &[2, 21]), (23, &[8])];

/// Filters on users, and how many of the nine they find.
pub(super) const USER_FILTERS: &[(&str, usize)] = &[
    // One hot attribute.
    (r#"userName eq "ann@example.com""#, 1),
    (r#"USERNAME EQ "ANN@EXAMPLE.COM""#, 1),
    (r#"userName eq "nobody""#, 0),
    (r#"userName ne "cem""#, 8),
    (r#"userName co "EXAMPLE""#, 3),
    (r#"userName co "_%""#, 1),
    (r#"userName co """#, 9),
    (r#"userName sw "dora""#, 2),
    (r#"userName sw "dora_""#, 1),
    (r#"userName ew "\\""#, 1),
    (r#"userName ew ".COM""#, 2),
    (r#"userName eq "o\"neil\\""#, 1),
    (r#"userName eq "STRASSE""#, 1),
    (r#"userName eq "éLODIE""#, 1),
    (r#"userName gt "cem""#, 6),
    (r#"userName ge "cem""#, 7),
    (r#"userName lt "cem""#, 2),
    (r#"userName le "CEM""#, 3),
    ("userName pr", 9),
    (r#"id eq "01980000-0000-7000-8000-000000000002""#, 1),
    (r#"id eq "01980000-0000-7000-8000-0000000000ff""#, 0),
    (r#"id eq "not-an-id""#, 0),
    (r#"id ne "01980000-0000-7000-8000-000000000002""#, 8),
    ("active eq true", 7),
    ("active eq false", 2),
    ("active ne true", 2),
    ("active pr", 9),
    // Case counts in externalId.
    (r#"externalId eq "Ext-1""#, 1),
    (r#"externalId eq "EXT-1""#, 0),
    (r#"externalId ne "Ext-1""#, 8),
    (r#"externalId sw "Ext""#, 2),
    (r#"externalId co "xt-""#, 3),
    (r#"externalId ew "-1""#, 2),
    (r#"externalId gt "Ext-1""#, 3),
    (r#"externalId eq "it's; --""#, 1),
    ("externalId pr", 5),
    ("not (externalId pr)", 4),
    ("externalId eq null", 4),
    // Many values, and several conditions on one of them.
    (r#"emails eq "ANN@example.com""#, 2),
    (r#"emails.value eq "ann@example.com""#, 2),
    (
        r#"emails[type eq "work" and value eq "ann@example.com"]"#,
        1,
    ),
    (r#"emails[type eq "work"].value eq "ann@example.com""#, 1),
    (
        r#"emails[value eq "ann@example.com" and primary eq true]"#,
        1,
    ),
    (r#"emails[not (type eq "work")]"#, 3),
    (r#"emails.value co "EXAMPLE.com""#, 4),
    (r#"emails.value sw "50%_""#, 1),
    (r#"emails.value ew "@example.com""#, 4),
    (r#"emails.value ne "ann@example.com""#, 9),
    (r#"not (emails.value eq "ann@example.com")"#, 7),
    (r#"emails.type eq "home""#, 2),
    ("emails.primary eq true", 3),
    ("emails pr", 5),
    ("not (emails pr)", 4),
    // What has no column.
    (r#"title eq "boss""#, 1),
    (r#"title co "% _""#, 1),
    (r#"title eq "été""#, 1),
    ("title pr", 3),
    (r#"displayName eq "ann a""#, 2),
    (r#"nickName eq "BOBBY""#, 2),
    (r#"name.familyName sw "arch""#, 1),
    (r#"roles.value eq "admin""#, 1),
    (
        r#"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "sales""#,
        1,
    ),
    (r#"department eq "sales""#, 1),
    (
        r#"groups.value eq "01980000-0000-7000-8000-000000000015""#,
        2,
    ),
    (r#"groups.display eq "SALES""#, 2),
    (
        r#"groups[value eq "01980000-0000-7000-8000-000000000015"]"#,
        2,
    ),
    (
        r#"groups.value eq "01980000-0000-7000-8000-000000000099""#,
        0,
    ),
    ("groups pr", 3),
    ("not (groups pr)", 6),
    // Times.
    (r#"meta.created eq "2026-01-01T00:01:00.123Z""#, 1),
    (r#"meta.created eq "2026-01-01T01:01:00.123+01:00""#, 1),
    (r#"meta.created ge "2026-01-01T00:05:00.123Z""#, 4),
    (r#"meta.created gt "2026-01-01T00:05:00Z""#, 4),
    (r#"meta.lastModified lt "2026-01-01T00:02:30.123Z""#, 2),
    (r#"meta.lastModified le "2026-01-01T00:02:30.123Z""#, 3),
    (r#"meta.lastModified ne "2026-01-01T00:02:30.123Z""#, 8),
    (r#"meta.resourceType eq "User""#, 9),
    // Together.
    (r#"userName eq "cem" or userName eq "BOB@example.com""#, 2),
    (r#"userName eq "cem" or title eq "boss""#, 2),
    (
        r#"userName eq "cem" or externalId eq "100" or emails.value eq "ann@home.org""#,
        3,
    ),
    (r#"userName sw "dora" and title pr"#, 1),
    (
        r#"active eq false and emails.value eq "ann@example.com""#,
        1,
    ),
    ("active eq true and (title pr or nickName pr)", 5),
    (r#"not (userName eq "cem" or active eq true)"#, 1),
    (r#"not (userName sw "dora" and title pr)"#, 8),
    (r#"not (not (userName eq "cem"))"#, 1),
    (r#"not (active eq true) or externalId sw "Ext""#, 4),
    (r#"userName ne "cem" and not (emails pr)"#, 3),
    (r#"userName eq "cem" and userName eq "ann@example.com""#, 0),
];

/// Filters on groups, and how many of the four they find.
pub(super) const GROUP_FILTERS: &[(&str, usize)] = &[
    (r#"displayName eq "SALES""#, 1),
    (r#"displayName ne "sales""#, 3),
    (r#"displayName co "ALES""#, 2),
    (r#"displayName sw "sales_""#, 1),
    (r#"displayName ew "%""#, 1),
    (r#"displayName eq "äRZTE""#, 1),
    (r#"displayName gt "empty""#, 3),
    ("displayName pr", 4),
    (r#"externalId eq "G-1""#, 1),
    ("not (externalId pr)", 2),
    (r#"id eq "01980000-0000-7000-8000-000000000015""#, 1),
    (r#"id eq "01980000-0000-7000-8000-000000000001""#, 0),
    (r#"members eq "01980000-0000-7000-8000-000000000002""#, 2),
    (
        r#"members.value eq "01980000-0000-7000-8000-000000000002""#,
        2,
    ),
    (
        r#"members.value eq "01980000-0000-7000-8000-000000000015""#,
        1,
    ),
    (r#"members.value eq "not-an-id""#, 0),
    (
        r#"members[value eq "01980000-0000-7000-8000-000000000001"]"#,
        1,
    ),
    (
        r#"members[value eq "01980000-0000-7000-8000-000000000015" and type eq "Group"]"#,
        1,
    ),
    (
        r#"members.value ne "01980000-0000-7000-8000-000000000008""#,
        3,
    ),
    (
        r#"not (members.value eq "01980000-0000-7000-8000-000000000002")"#,
        2,
    ),
    (r#"members.type eq "Group""#, 1),
    (r#"members.display eq "ann a""#, 2),
    (r#"members.display eq "Said so""#, 1),
    ("members pr", 3),
    ("not (members pr)", 1),
    (r#"meta.created gt "2026-01-01T00:01:00.123Z""#, 2),
    (r#"meta.lastModified eq "2026-01-01T00:00:00.123Z""#, 1),
    (
        r#"displayName eq "sales" and members.value eq "01980000-0000-7000-8000-000000000002""#,
        1,
    ),
    (
        r#"displayName eq "empty" or members.value eq "01980000-0000-7000-8000-000000000002""#,
        3,
    ),
];
