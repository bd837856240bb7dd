//! Mapping rules.

use app::port::rules::RuleRow;
use domain::{Gives, ProjectId, ProjectRole, RuleId, WorkspaceId};
use uuid::Uuid;

use super::Factory;
use super::world::{World, role, rule};

pub(super) fn are_kept_in_order(factory: Factory<'_>) {
    let world = World::new(factory);
    let rules = [
        rule("Zoë 李", "member", 2),
        rule("B", "admin", 0),
        rule("C", "member", 1),
    ];
    let [third, first, second] = rules.clone();
    world.exclusive(move |tx| Ok(tx.insert_rules(&rules)?));
    let check = |expected: &[&RuleRow]| {
        let read = world.read(|tx| Ok(tx.rules()?));
        assert_eq!(read.iter().collect::<Vec<_>>(), expected);
    };
    check(&[&first, &second, &third]);
    let (a, b) = (third.id, first.id);
    world.exclusive(move |tx| Ok(tx.move_rules(&[(a, 0), (b, 2)])?));
    let moved = |rule: &RuleRow, position| RuleRow {
        position,
        ..rule.clone()
    };
    let (third, first) = (moved(&third, 0), moved(&first, 2));
    check(&[&third, &second, &first]);
    let gone: Vec<RuleId> = vec![third.id, first.id];
    world.exclusive(move |tx| Ok(tx.delete_rules(&gone)?));
    check(&[&second]);
    world.exclusive(|tx| {
        tx.insert_rules(&[])?;
        tx.move_rules(&[])?;
        Ok(tx.delete_rules(&[])?)
    });
    check(&[&second]);
}

/// A rule waits under its folded name until it is bound, and again when it is set free.
pub(super) fn waiting_and_bound(factory: Factory<'_>) {
    let world = World::new(factory);
    let (sales, other) = (world.add_group("Sales"), world.add_group("Other"));
    let one = rule("Sales", "member", 0);
    let two = rule("SALES", "admin", 1);
    let far = rule("Else", "admin", 2);
    let rules = [one.clone(), two.clone(), far];
    world.exclusive(move |tx| Ok(tx.insert_rules(&rules)?));
    let check = |waiting: &[RuleId], bound: &[RuleId]| {
        let (read, of_sales, of_other) = world.read(move |tx| {
            let waiting = tx.waiting_rules("sales")?;
            Ok((
                waiting,
                tx.rules_of_groups(&[sales])?,
                tx.rules_of_groups(&[other])?,
            ))
        });
        assert!(read.iter().all(|rule| rule.group.is_none()));
        assert!(of_sales.iter().all(|rule| rule.group == Some(sales)));
        let ids = |rules: Vec<RuleRow>| rules.into_iter().map(|rule| rule.id).collect::<Vec<_>>();
        assert_eq!(
            (ids(read), ids(of_sales)),
            (waiting.to_vec(), bound.to_vec())
        );
        assert!(of_other.is_empty());
    };
    check(&[one.id, two.id], &[]);
    let (a, b) = (one.id, two.id);
    world.exclusive(move |tx| Ok(tx.bind_rule(a, Some(sales))?));
    check(&[two.id], &[one.id]);
    world.exclusive(move |tx| Ok(tx.bind_rule(b, Some(sales))?));
    check(&[], &[one.id, two.id]);
    world.exclusive(move |tx| Ok(tx.bind_rule(a, None)?));
    check(&[one.id], &[two.id]);
}

/// A rule is renamed when its bound group has another name by now.
pub(super) fn renamed(factory: Factory<'_>) {
    let world = World::new(factory);
    let (sales, other) = (world.add_group("Sales"), world.add_group("Other"));
    let bound = |name: &str, group| RuleRow {
        group,
        ..rule(name, "member", 0)
    };
    let same = bound("Sales", Some(sales));
    let old = bound("Before", Some(other));
    let waits = bound("Other", None);
    let expected = vec![(old.id, other)];
    world.exclusive(move |tx| Ok(tx.insert_rules(&[same.clone(), old.clone(), waits.clone()])?));
    assert_eq!(world.read(|tx| Ok(tx.renamed_rules()?)), expected);
}

/// All that a rule can give, by itself and as a fact of a member.
pub(super) fn give_at_three_levels(factory: Factory<'_>) {
    let world = World::new(factory);
    let (one, two) = (world.add_group("one"), world.add_group("two"));
    let (workspace, project) = (WorkspaceId(Uuid::now_v7()), ProjectId(Uuid::now_v7()));
    let given = [
        Gives::Organization(role("admin")),
        Gives::Workspace(workspace),
        Gives::Project(project, ProjectRole::Role(role("member"))),
        Gives::Project(project, ProjectRole::Inherit),
    ];
    let bound = |(gives, position): (&Gives, i64)| RuleRow {
        group: Some(if position % 2 == 0 { one } else { two }),
        gives: gives.clone(),
        ..rule("its name", "member", position)
    };
    let rules: Vec<RuleRow> = given.iter().zip(0..).map(bound).collect();
    let stored = rules.clone();
    world.exclusive(move |tx| Ok(tx.insert_rules(&stored)?));
    assert_eq!(world.read(|tx| Ok(tx.rules()?)), rules);
    let of_both = world.read(move |tx| Ok(tx.rules_of_groups(&[two, one, one])?));
    assert_eq!(of_both, rules);
    assert!(world.read(|tx| Ok(tx.rules_of_groups(&[])?)).is_empty());
    let ann = world.add_user("ann");
    world.join(one, &[ann.0]);
    let facts = world.read(move |tx| Ok(tx.user_facts(&[ann])?));
    let mut facts_say: Vec<Gives> = facts[0]
        .1
        .rules
        .iter()
        .map(|rule| rule.gives.clone())
        .collect();
    facts_say.sort();
    let mut expected = vec![given[0].clone(), given[2].clone()];
    expected.sort();
    assert_eq!(facts_say, expected);
}
