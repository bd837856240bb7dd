//! What was previewed is what is applied, or nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use app::Code;
use app::port::Store;
use app::port::outbox::FeedEvent;
use app::preview::Proposal;
use domain::Preset;
use serde_json::json;
use uuid::Uuid;

use super::{Site, expect, must, new_group, new_user, rules, settled, together};

/// A plan is applied by its fingerprint while a user joins or leaves the group that it maps. Where
/// it is applied, exactly those whom the plan names gained the role by it; otherwise nothing
/// changed.
///
/// # Panics
/// Where it did something else.
pub fn a_plan_is_applied_while_members_change(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "plans", Preset::Plain);
    let group = new_group(&site, "g");
    let there = new_user(&site, "there");
    must(site.join(group, there));
    let (mut applied, mut refused, mut seen) = (0, 0, 0);
    for round in 0..rounds {
        must(site.put_mapping(json!({})));
        settled(&site, &[there]);
        let user = new_user(&site, &format!("u{round}"));
        let document = serde_json::from_value(rules(&[("g", "admin")])).expect("a mapping");
        let proposal = Proposal::Mapping(document);
        let plan = must(site.preview(&proposal));
        let named: BTreeSet<String> = plan.changes.iter().map(|one| one.user.clone()).collect();
        let outcome = Mutex::new(None);
        let last = news(&site, seen).last().map_or(seen, |event| event.seq);
        together(2, |thread| {
            if thread == 0 {
                drop(must(site.join(group, user)));
            } else {
                let ids = (0..2).map(|_| Uuid::now_v7()).collect();
                let fingerprint = Some(plan.fingerprint.clone());
                let answer = site.apply(&proposal, ids, fingerprint);
                *outcome.lock().unwrap() = expect(answer, &[Code::PlanChanged]);
            }
        });
        settled(&site, &[there, user]);
        assert_eq!(
            named,
            [there.to_string()].into(),
            "the other is not in the group yet"
        );
        let rules = must(site.read(|tx| Ok(tx.rules()?)));
        if outcome.into_inner().unwrap().is_some() {
            applied += 1;
            assert_eq!(rules.len(), 1);
            assert_eq!(changed_with_the_rule(&site, last), named);
            assert_eq!(must(site.role(user)), "admin", "by joining");
        } else {
            refused += 1;
            assert_eq!(rules, []);
            assert_eq!(must(site.role(user)), "member");
        }
        must(site.delete_user(user));
        seen = last;
    }
    assert_eq!(applied + refused, rounds);
}

/// Whose role changed at the moment at which the rule was bound: by the plan, since no two changes
/// here have the same time.
fn changed_with_the_rule(site: &Site, after: i64) -> BTreeSet<String> {
    let news = news(site, after);
    let bound = news.iter().find(|event| event.kind == "rule.bound");
    let at = bound.expect("the rule found its group").at;
    let roles = news
        .iter()
        .filter(|event| event.at == at && event.kind.starts_with("role."));
    let subject = |event: &FeedEvent| event.body["subject"]["user"].as_str().map(str::to_owned);
    roles.filter_map(subject).collect()
}

fn news(site: &Site, after: i64) -> Vec<FeedEvent> {
    while site.app.store.number_events().expect("the store is there") > 0 {}
    must(site.read(move |tx| Ok(tx.feed(after, 1_000)?.events)))
}
