//! Plays a history: every step on the store and on the model, which must answer alike.

mod bodies;
mod step;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use app::App;
use app::port::Millis;
use domain::{Access, GroupId, Preset, UserId};
use uuid::Uuid;

use super::check;
use super::model::Model;
use super::op::{GROUPS, Op, USERS};
use super::reach::Reach;
use super::site::Site;

/// A history that held up to its end.
pub(super) struct Played {
    pub(super) site: Site,
    /// What the feed has to tell.
    pub(super) expected: BTreeMap<UserId, Access>,
    /// What it came by.
    pub(super) reach: Reach,
}

/// Who is, or was last, in which slot.
struct Slots {
    users: [UserId; USERS],
    groups: [GroupId; GROUPS],
}

struct Player {
    site: Site,
    model: Model,
    slots: Slots,
    /// What everybody had at moments of the past.
    past: Vec<(Millis, BTreeMap<UserId, Access>)>,
    reach: Reach,
}

pub(super) fn play(
    app: &Arc<App>,
    seed: usize,
    ops: &[Op],
    crowded: bool,
) -> Result<Played, String> {
    let mut player = Player::new(app, crowded)?;
    for (place, op) in ops.iter().enumerate() {
        // In a crowded history users are resolved when the worker comes to them.
        if crowded && op.turns_on_others() {
            continue;
        }
        let step = |why: String| format!("step {}, {op:?}: {why}", place + 1);
        player.step(op).map_err(step)?;
        if (place + seed).is_multiple_of(4) || place + 1 == ops.len() {
            check::read(&player.site, &player.model).map_err(step)?;
        }
        if !crowded && (place + seed).is_multiple_of(7) {
            let now = app.clock.now();
            player.past.push((now, player.model.access.clone()));
        }
    }
    player.end().map_err(|why| format!("at the end: {why}"))?;
    Ok(Played {
        expected: player.model.access,
        site: player.site,
        reach: player.reach,
    })
}

impl Player {
    fn new(app: &Arc<App>, crowded: bool) -> Result<Player, String> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::SeqCst);
        let (slug, preset) = (format!("history-{number}"), Preset::Plain);
        let mut org = domain::OrgFacts {
            catalog: preset.catalog(),
            policies: preset.policies(),
        };
        let site = if crowded {
            org.policies.last_holder = domain::policy::LastHolder::Off;
            Site::on(app, &slug, preset).crowded()?
        } else {
            Site::bare(app, &slug, preset)
        };
        Ok(Player {
            site,
            model: Model::new(org),
            slots: Slots {
                users: std::array::from_fn(|_| UserId(Uuid::now_v7())),
                groups: std::array::from_fn(|_| GroupId(Uuid::now_v7())),
            },
            past: Vec::new(),
            reach: Reach::default(),
        })
    }

    fn step(&mut self, op: &Op) -> Result<(), String> {
        let before = self.model.clone();
        let said = if let Some(proposal) = self.proposal(op)? {
            check::foreseen(&self.site, &before, &mut self.model, &proposal)?
        } else {
            let Some((expected, answer)) = self.both(op) else {
                self.site.drain().map_err(|error| error.to_string())?;
                return check::stored(&self.site, &self.model);
            };
            check::alike(expected, answer)?;
            expected
        };
        self.reach.note(&before, &self.model, op, said);
        let (had, has) = (&before.access, &self.model.access);
        let (had, has) = (self.model.kept(had), self.model.kept(has));
        let lost = had.difference(&has).next();
        match lost.filter(|_| !op.takes_everything()) {
            Some(role) => Err(format!("{role} went vacant")),
            None => Ok(()),
        }
    }

    fn end(&mut self) -> Result<(), String> {
        self.step(&Op::Work)?;
        check::explained(&self.site, &self.model)?;
        let now = (self.site.app.clock.now(), self.model.access.clone());
        let past = self.past.drain(..).chain([now]);
        past.into_iter()
            .try_for_each(|(at, access)| check::past(&self.site, at, &access))
    }
}
