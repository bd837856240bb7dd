//! Order never matters: rule, group and membership in any order that HTTP allows.

use serde_json::json;

use super::Setup;
use crate::support::{Db, both, patch};

both!(the_same_access_in_every_order);

#[derive(Clone, Copy, Debug)]
enum Step {
    Rule,
    Group,
    Member,
}

const ORDERS: &[[Step; 3]] = &[
    [Step::Rule, Step::Group, Step::Member],
    [Step::Group, Step::Rule, Step::Member],
    [Step::Group, Step::Member, Step::Rule],
];

/// One organization: each order with a group, a rule and a user of its own.
fn the_same_access_in_every_order(database: &Db) {
    let mut setup = Setup::new(database, "plain");
    let mut rules: Vec<String> = Vec::new();
    for (number, order) in ORDERS.iter().enumerate() {
        let name = format!("Group {number}");
        let user = setup.scim().add_user(&format!("user{number}@example.com"));
        let mut group = String::new();
        for step in order {
            match step {
                Step::Rule => {
                    rules.push(name.clone());
                    let rules: Vec<(&str, &str)> = rules
                        .iter()
                        .map(|group| (group.as_str(), "admin"))
                        .collect();
                    setup.map(&rules);
                }
                Step::Group => group = setup.scim().add_group(&name, &[]),
                Step::Member => {
                    let add = json!({"op": "add", "path": "members", "value": [{"value": user}]});
                    let path = format!("/Groups/{group}");
                    setup.scim().expect(204, "PATCH", &path, Some(&patch(add)));
                }
            }
            setup = setup.restart(database);
        }
        assert_eq!(setup.role(&user), "admin", "{order:?}");
    }
    setup.server.stop();
}
