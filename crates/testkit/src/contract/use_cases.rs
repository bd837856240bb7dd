//! Use cases at once, on the store under test: what is stored in the end is what a computation
//! from scratch gives, whatever ran beside what.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::port::users::Search;
use app::{Code, Error, Result};
use domain::{GroupId, UserId, resolve};
use serde_json::json;

use super::Factory;
use super::office::Office;
use super::races::together;

/// Right at the read plane as soon as both are acknowledged, before any worker ran.
pub(super) fn a_mapping_while_its_group_is_joined(factory: Factory<'_>) {
    let office = Office::new(factory);
    for round in 0..10 {
        let name = format!("g{round}");
        let user = office.create_user(&format!("u{round}")).unwrap();
        let group = office.create_group(&name, &[]).unwrap();
        together(2, |thread| {
            if thread == 0 {
                office.join(group, user).unwrap();
            } else {
                office.map(&[(name.clone(), "admin")]).unwrap();
            }
        });
        assert_eq!(office.role(user).as_deref(), Some("admin"), "round {round}");
        settled(&office);
    }
}

/// Whichever membership came last, the higher role wins.
pub(super) fn joining_two_mapped_groups(factory: Factory<'_>) {
    let office = Office::new(factory);
    let groups = ["low", "high"].map(|name| office.create_group(name, &[]).unwrap());
    office
        .map(&[("low".into(), "member"), ("high".into(), "admin")])
        .unwrap();
    for round in 0..10 {
        let user = office.create_user(&format!("u{round}")).unwrap();
        together(2, |thread| office.join(groups[thread], user).unwrap());
        assert_eq!(office.role(user).as_deref(), Some("admin"), "round {round}");
    }
    settled(&office);
}

/// Four threads do what identity providers and administrators do, in an order nobody planned.
pub(super) fn unplanned_work_ends_as_recomputed(factory: Factory<'_>) {
    const STEPS: usize = 40;
    let office = Office::new(factory);
    let (known, done) = (Mutex::new(Known::default()), AtomicUsize::new(0));
    together(4, |thread| {
        let mut dice = Dice(0x9E37_79B9 + thread as u64);
        for _ in 0..STEPS {
            match step(&office, &known, &mut dice) {
                Ok(()) => _ = done.fetch_add(1, Ordering::SeqCst),
                Err(error) => assert!(is_refusal(&error), "{error:?}"),
            }
        }
    });
    let done = done.into_inner();
    assert!(done > STEPS, "only {done} steps did anything");
    settled(&office);
}

/// Everybody who was ever made; some are gone.
#[derive(Default)]
struct Known {
    users: Vec<UserId>,
    groups: Vec<GroupId>,
}

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    /// A number below this one.
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % limit
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        (!items.is_empty()).then(|| items[self.below(items.len())])
    }
}

/// Two that want the same name, or one that is gone by now: what the other side is told then.
fn is_refusal(error: &Error) -> bool {
    matches!(error.code(), Code::NotFound | Code::Taken)
}

fn step(office: &Office, known: &Mutex<Known>, dice: &mut Dice) -> Result<()> {
    let (user, group) = {
        let known = known.lock().unwrap();
        (dice.of(&known.users), dice.of(&known.groups))
    };
    let name = |what: &str, dice: &mut Dice| format!("{what}{}", dice.below(6));
    match (dice.below(11), user, group) {
        (0..=1, _, _) => {
            let user = office.create_user(&name("u", dice))?;
            known.lock().unwrap().users.push(user);
        }
        (2, _, _) => {
            let members: Vec<UserId> = user.into_iter().collect();
            let group = office.create_group(&name("g", dice), &members)?;
            known.lock().unwrap().groups.push(group);
        }
        (3, Some(user), _) if dice.below(3) == 0 => office.delete_user(user)?,
        (4, _, Some(group)) if dice.below(3) == 0 => office.delete_group(group)?,
        (5, Some(user), _) => {
            let active = dice.below(2) == 0;
            office.patch_user(
                user,
                json!({"op": "replace", "path": "active", "value": active}),
            )?;
        }
        (6..=7, Some(user), Some(group)) => office.join(group, user)?,
        (8, Some(user), Some(group)) => {
            let path = format!("members[value eq \"{user}\"]");
            office.patch_group(group, json!({"op": "remove", "path": path}))?;
        }
        (9, _, Some(group)) => {
            let to = name("g", dice);
            office.patch_group(
                group,
                json!({"op": "replace", "path": "displayName", "value": to}),
            )?;
        }
        _ => {
            let keys = ["admin", "member"];
            let rules = (0..6)
                .filter(|_| dice.below(2) == 0)
                .map(|n| format!("g{n}"));
            let rules: Vec<_> = rules.collect();
            let rules: Vec<_> = rules
                .into_iter()
                .map(|g| (g, keys[dice.below(2)]))
                .collect();
            office.map(&rules)?;
        }
    }
    Ok(())
}

/// After the worker nobody is stale, stored access is what facts give, and no rule waits for a
/// name that a group has.
fn settled(office: &Office) {
    app::access::worker::drain(&office.app).unwrap();
    office.world.read(|tx| {
        let all = Search {
            filter: None,
            sort: None,
            after: None,
            start_index: 1,
            count: super::search::ALL,
            total: true,
        };
        let users: Vec<UserId> = tx
            .search_users(&all)?
            .items
            .iter()
            .map(|row| row.id)
            .collect();
        let org = tx.settings()?;
        let mut expected = tx.user_facts(&users)?;
        expected.sort_by_key(|(user, _)| *user);
        let expected: Vec<_> = expected
            .iter()
            .map(|(user, facts)| (*user, resolve(&org.facts, facts).access))
            .collect();
        let stored: Vec<_> = tx
            .access_page(None, super::search::ALL)?
            .into_iter()
            .map(|r| (r.user, r.access))
            .collect();
        assert_eq!(stored, expected);
        assert!(!tx.anyone_stale()?);
        for rule in tx.rules()? {
            let named = tx.group_by_name(&rule.group_key)?;
            let exact = named.filter(|group| group.display_name == rule.group_name);
            assert!(
                rule.group.is_some() || exact.is_none(),
                "a rule waits though its group is there"
            );
            if let Some(group) = rule.group {
                assert!(
                    tx.group(group)?.is_some(),
                    "a rule is bound to a group that is gone"
                );
            }
        }
        Ok(())
    });
}
