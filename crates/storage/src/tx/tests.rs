//! Plans of the statements that must not depend on how much is stored, on SQLite. A plan that
//! names only the organization reads all of it.

#![expect(clippy::unwrap_used, reason = "tests")]

use diesel::sql_types::{Integer, Text};

use super::{
    access, counts, facts, grants, groups, history, jobs, members, places, reach, requests, rules,
    search, users,
};
use crate::config::{Address, Config};
use crate::connection::Purpose;
use crate::pool::Maker;
use crate::session::Session;
use crate::sql::{Bind, Fixed, Made};

fn database(dir: &tempfile::TempDir) -> Session {
    let path = dir.path().join("test.db");
    let config = Config::new(format!("sqlite://{}", path.display()));
    let maker = Maker {
        config,
        address: Address::Sqlite(path),
        statements: std::sync::Arc::default(),
        silences: std::sync::Arc::default(),
    };
    crate::migrate::migrate(&mut maker.make(Purpose::Writer).unwrap()).unwrap();
    // Connections read what the planner knows when they are opened.
    maker.make(Purpose::Reader).unwrap()
}

fn plan(session: &mut Session, template: &str) -> String {
    let places = ["?", "{ids}", "{each", "{rows"];
    let count: usize = places
        .iter()
        .map(|place| template.matches(place).count())
        .sum();
    let binds = vec![Bind::MaybeText(None); count];
    let text = format!("EXPLAIN QUERY PLAN {template}");
    let query = Made::<(Integer, Integer, Integer, Text)>::new(&text, &binds);
    let rows: Vec<(i32, i32, i32, String)> = session
        .ask(|conn| diesel::RunQueryDsl::load(query, conn))
        .unwrap();
    rows.into_iter().map(|(.., step)| step + "\n").collect()
}

fn check<S: Fixed>(session: &mut Session, probes: &[&str]) {
    let plan = plan(session, S::TEXT);
    for probe in probes {
        assert!(
            plan.contains(probe),
            "{}\nshould probe {probe}:\n{plan}",
            S::TEXT
        );
    }
    let whole = plan.lines().find(|step| {
        step.ends_with("(org=?)") || (step.starts_with("SCAN") && !step.contains("_each"))
    });
    assert_eq!(whole, None, "{}\nreads everything:\n{plan}", S::TEXT);
}

/// A table that is forgotten there would keep an organization's rows for ever.
#[test]
fn deleting_an_organization_names_every_table_of_its() {
    let dir = tempfile::tempdir().unwrap();
    let session = &mut database(&dir);
    let text = "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND c.name = 'org'";
    let query = Made::<(Text,)>::new(text, &[]);
    let rows: Vec<(String,)> = session
        .ask(|conn| diesel::RunQueryDsl::load(query, conn))
        .unwrap();
    let mut there: Vec<String> = rows.into_iter().map(|(table,)| table).collect();
    let mut told: Vec<_> = crate::removal::OF_ORG
        .iter()
        .map(|(table, _)| *table)
        .collect();
    there.sort_unstable();
    told.sort_unstable();
    assert_eq!(there, told);
}

/// Neither what is to go nor what it is found by is looked for beyond the slice.
#[test]
fn clearing_an_organization_walks_keys_and_sorts_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let session = &mut database(&dir);
    for text in crate::removal::statements() {
        let plan = plan(session, &text);
        let sorts = plan.contains("TEMP B-TREE FOR ORDER BY") || plan.contains("SCAN");
        assert!(!sorts, "{text}:\n{plan}");
        let outer = plan.lines().next().unwrap();
        let whole = outer.ends_with("(org=?)") && text.contains("LIMIT");
        assert!(!whole, "{text}\nreads everything:\n{plan}");
    }
}

#[test]
fn hot_statements_probe_an_index() {
    let dir = tempfile::tempdir().unwrap();
    let session = &mut database(&dir);
    check::<users::UserById>(session, &["u USING PRIMARY KEY (org=? AND id=?)"]);
    check::<users::UsersByIds>(session, &["u USING PRIMARY KEY (org=? AND id=?)"]);
    check::<users::UserByPrimaryEmail>(session, &["(org=? AND email=?)"]);
    check::<users::UpdateUser>(session, &["(org=? AND id=?)"]);
    check::<search::UserByName>(session, &["(org=? AND user_name=?)"]);
    check::<search::UsersByExternalId>(session, &["(org=? AND external_id=?)"]);
    check::<search::GroupByName>(session, &["(org=? AND name_key=?)"]);
    check::<groups::GroupById>(session, &["g USING PRIMARY KEY (org=? AND id=?)"]);
    check::<groups::DeleteMemberships>(session, &["(org=? AND member_id=?)"]);
    check::<members::UsersAmong>(session, &["(org=? AND id=?)"]);
    check::<members::RemoveMembers>(session, &["AND group_id=?"]);
    check::<members::MembersOf>(session, &["m USING PRIMARY KEY (org=? AND group_id=?)"]);
    check::<members::GroupsOf>(session, &["(org=? AND member_id=?)", "(org=? AND id=?)"]);
    check::<members::TouchGroupsOf>(session, &["(org=? AND member_id=?)"]);
    check::<facts::FlagsOf>(session, &["(org=? AND id=?)"]);
    check::<facts::RulesOf>(
        session,
        &["(org=? AND member_id=?)", "(org=? AND group_id=?)"],
    );
    check::<access::AccessOf>(session, &["a USING PRIMARY KEY (org=? AND user_id=?)"]);
    check::<access::ClearStale>(session, &["(org=? AND user_id=?)"]);
    check::<rules::RulesOfGroups>(session, &["(org=? AND group_id=?)"]);
    check::<rules::WaitingRules>(session, &["(org=? AND group_key=?"]);
}

#[test]
fn what_grew_with_the_second_stage_probes_an_index_too() {
    let dir = tempfile::tempdir().unwrap();
    let session = &mut database(&dir);
    let of_user = ["(org=? AND user_id=?)"];
    check::<facts::GrantsOf>(session, &of_user);
    check::<facts::HoldsOf>(session, &of_user);
    check::<grants::DeleteGrant>(session, &["(org=? AND user_id=? AND place=?)"]);
    check::<members::ParentsOf>(session, &["(org=? AND member_id=?)"]);
    check::<members::GroupsIn>(session, &["members_nested (org=? AND group_id=?)"]);
    check::<access::SaveStanding>(session, &["(org=? AND id=?)"]);
    check::<access::StalePage>(session, &["(org=? AND user_id>?)"]);
    check::<access::StillLeft>(session, &of_user);
    check::<reach::DeleteReached>(session, &["(org=? AND place=? AND user_id=?)"]);
    let had_left = "l USING INDEX users_left_mapped (org=? AND id=?)";
    check::<places::MarkReached>(session, &["(org=? AND place=?)", had_left]);
    check::<access::MarkMembersStale>(session, &["(org=? AND group_id=?)", had_left]);
    check::<access::MarkStale>(session, &[had_left]);
    check::<places::ReachedAfter>(session, &["(org=? AND place=? AND user_id>?)"]);
    check::<places::SeesAllAfter>(session, &["access_sees_all (org=? AND user_id>?)"]);
    check::<places::DeleteGrantsAt>(session, &["(org=? AND place=?)"]);
    check::<history::AccessAt>(session, &["(org=? AND user_id=? AND at<?)"]);
    check::<history::PageAt>(session, &["(org=? AND user_id>?)", "AND at>? AND at<?)"]);
    check::<counts::HoldersOf>(session, &["access_active (org=? AND role=? AND user_id>?)"]);
    check::<counts::LossesSince>(session, &["(org=? AND minute>? AND minute<?)"]);
    check::<requests::RequestsBefore>(session, &["(org=? AND id<?)"]);
    check::<requests::RequestById>(session, &["(org=? AND id=?)"]);
    check::<requests::TimeRequests>(session, &["(org=? AND id=?)"]);
    check::<jobs::ForgetJobs>(session, &["jobs_started (org=? AND started<?)"]);
    // Those that count or take an organization's latest are in an index of nothing else.
    for (plan, index) in [
        (
            plan(session, counts::SeatsUsed::TEXT),
            "COVERING INDEX access_active",
        ),
        (
            plan(session, counts::ActiveUsers::TEXT),
            "COVERING INDEX access_active",
        ),
        (
            plan(session, access::LeftFirst::TEXT),
            "stale_access_left_group",
        ),
        (plan(session, jobs::FinishJobs::TEXT), "jobs_unfinished"),
        (plan(session, jobs::NewestJobs::TEXT), "jobs_started"),
    ] {
        assert!(
            plan.contains(index) && !plan.contains("TEMP B-TREE"),
            "{index}:\n{plan}"
        );
    }
}

#[test]
fn pages_of_users_are_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let session = &mut database(&dir);
    for text in super::roster::texts() {
        let plan = plan(session, &text);
        assert!(
            plan.contains("user_id>?") || plan.contains("member_id>?"),
            "{text}\n{plan}"
        );
        assert!(!plan.contains("TEMP B-TREE"), "{text}\n{plan}");
    }
}
