//! Seats and sign-ins.

use std::sync::Arc;

use app::Code;
use app::port::Store;
use domain::{Preset, State};
use serde_json::json;

use super::{Site, expect, must, new_group, new_user, rules, settled, together};

/// Three arrive, sign in or come back at once where one seat is free: one of them gets it.
///
/// # Panics
/// Where more seats are taken than there are, or none of them is.
pub fn two_take_the_last_seat(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "last-seat", Preset::Plain);
    must(site.patch_settings(json!({"seat_limit": 1, "policies": {"when_full": "refuse"}})));
    let switch = |user, on: bool| {
        let body = json!([{"op": "replace", "value": {"active": on}}]);
        expect(site.patch_user(user, body), &[Code::SeatsFull]);
    };
    for round in 0..rounds {
        let back = ["a", "b"].map(|name| {
            let body = json!({"userName": format!("{name}{round}"), "active": false});
            must(site.create_user(body)).row.id
        });
        together(3, |thread| {
            if let Some(user) = back.get(thread) {
                switch(*user, true);
            } else {
                let body = json!({"userName": format!("new{round}")});
                expect(site.create_user(body), &[Code::SeatsFull]);
            }
        });
        settled(&site, &back);
        assert_eq!(must(site.read(|tx| Ok(tx.seats_used()?))), 1);
        let mut all = must(site.find_users("userName pr"));
        all.retain(|user| must(site.access(*user)).access.state == State::Active);
        assert_eq!(all.len(), 1);
        for user in must(site.find_users("userName pr")) {
            must(site.delete_user(user));
        }
    }
}

/// The app reports a sign-in while the identity provider deactivates and an administrator takes the
/// seat away: a deactivated user has nothing, whatever came first, and coming back is active.
///
/// # Panics
/// Where it is otherwise.
pub fn a_user_signs_in_while_it_is_deactivated(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "sign-in", Preset::Plain);
    must(site.patch_settings(json!({"policies": {"require_activation": "on"}})));
    for round in 0..rounds {
        let user = new_user(&site, &format!("u{round}"));
        assert_eq!(must(site.access(user)).access.state, State::NotActivated);
        let switch = |on: bool| {
            let body = json!([{"op": "replace", "value": {"active": on}}]);
            drop(must(site.patch_user(user, body)));
        };
        together(2, |thread| match thread {
            0 => must(site.sign_in(user)),
            _ => switch(false),
        });
        settled(&site, &[user]);
        assert_eq!(must(site.access(user)).access.state, State::Deactivated);
        together(2, |thread| match thread {
            0 => must(site.sign_in(user)),
            _ => switch(true),
        });
        settled(&site, &[user]);
        assert_eq!(must(site.access(user)).access.state, State::Active);
        assert_eq!(must(site.role(user)), "member");
    }
}

/// Two groups each give a user a seat at once where there is one: that the limit is crossed is told,
/// and told once.
///
/// # Panics
/// Where it is not.
pub fn two_cross_the_limit_of_seats(store: &Arc<dyn Store>, rounds: usize) {
    let site = Site::new(store, "limit", Preset::Plain);
    must(site.patch_settings(json!({"seat_limit": 1, "policies": {"default_role": null}})));
    let groups = ["a", "b"].map(|name| new_group(&site, name));
    must(site.put_mapping(rules(&[("a", "member"), ("b", "member")])));
    for round in 0..rounds {
        let users = ["a", "b"].map(|name| new_user(&site, &format!("{name}{round}")));
        together(2, |thread| {
            drop(must(site.join(groups[thread], users[thread])));
        });
        settled(&site, &users);
        assert_eq!(must(site.read(|tx| Ok(tx.seats_used()?))), 2);
        while store.number_events().expect("events must be numbered") > 0 {}
        let feed = must(site.read(|tx| Ok(tx.feed(0, 100_000)?)));
        let crossed = feed
            .events
            .iter()
            .filter(|event| event.kind == "seat.over_limit");
        assert_eq!(crossed.count(), round + 1, "round {round}");
        for user in users {
            must(site.delete_user(user));
        }
    }
}
