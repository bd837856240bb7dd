//! Order never matters: rule, group, user and membership may come in any order that is possible.

use app::Result;
use domain::{Access, GroupId, Preset, UserId};
use serde_json::json;
use uuid::Uuid;

use super::super::Factory;
use super::{Site, app, audit};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    /// Both rules.
    Rules,
    User,
    /// Created under the name of its rule.
    Low,
    /// Created under another name.
    High,
    /// The second group gets the name of its rule.
    Rename,
    JoinLow,
    JoinHigh,
}

use Piece::{High, JoinHigh, JoinLow, Low, Rename, Rules, User};

const PIECES: [Piece; 7] = [Rules, User, Low, High, Rename, JoinLow, JoinHigh];

/// What cannot come before what.
const NEEDS: [(Piece, Piece); 5] = [
    (Rename, High),
    (JoinLow, Low),
    (JoinLow, User),
    (JoinHigh, High),
    (JoinHigh, User),
];

/// The same access after every possible order of the same requests.
///
/// # Panics
/// Where an order gives something else.
pub fn order_never_matters(factory: Factory<'_>) {
    let store = factory();
    let app = app(&store);
    let orders = orders();
    assert!(
        orders.len() > 100,
        "only {} orders are possible",
        orders.len()
    );
    let mut first: Option<Access> = None;
    for (number, order) in orders.iter().enumerate() {
        let site = Site::on(&app, &format!("order-{number}"), Preset::Plain);
        let user = UserId(Uuid::now_v7());
        build(&site, user, order).expect("every piece is possible");
        let access = site.access(user).expect("the user is there").access;
        assert_eq!(access.role, Some(super::model::key("admin")), "{order:?}");
        assert_eq!(
            first.get_or_insert_with(|| access.clone()),
            &access,
            "{order:?}"
        );
        let faults = site.read(move |tx| audit(tx, &[user])).expect("reading");
        assert_eq!(faults, Vec::<String>::new(), "{order:?}");
    }
}

fn build(site: &Site, user: UserId, order: &[Piece]) -> Result<()> {
    let [low, high] = [(); 2].map(|()| GroupId(Uuid::now_v7()));
    for piece in order {
        match piece {
            Rules => drop(site.put_mapping(json!({"organization": [
                {"group": "low", "role": "member"}, {"group": "high", "role": "admin"},
            ]}))?),
            User => drop(site.create_user_as(user, json!({"userName": "ann"}))?),
            Low => drop(site.create_group_as(low, json!({"displayName": "low"}))?),
            High => drop(site.create_group_as(high, json!({"displayName": "other"}))?),
            Rename => drop(site.patch_group(
                high,
                json!([{"op": "replace", "path": "displayName", "value": "high"}]),
            )?),
            JoinLow => drop(site.join(low, user)?),
            JoinHigh => drop(site.join(high, user)?),
        }
    }
    Ok(())
}

/// All possible orders.
fn orders() -> Vec<Vec<Piece>> {
    let mut orders = vec![Vec::new()];
    for _ in PIECES {
        orders = orders
            .into_iter()
            .flat_map(|order| longer(&order))
            .collect();
    }
    orders
}

fn longer(order: &[Piece]) -> Vec<Vec<Piece>> {
    let possible = |piece: &&Piece| {
        let needed = NEEDS.iter().filter(|(later, _)| later == *piece);
        !order.contains(piece) && needed.into_iter().all(|(_, first)| order.contains(first))
    };
    let next = PIECES.iter().filter(possible);
    next.map(|piece| [order, &[*piece]].concat()).collect()
}
