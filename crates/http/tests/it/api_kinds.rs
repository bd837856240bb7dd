//! Which kind of key may do what, for every row of the contract.

use domain::key::Kind::{Admin, Owner, Read, Scim};

use crate::world::World;

const READERS: &[domain::key::Kind] = &[Read, Admin, Owner];
const ADMINS: &[domain::key::Kind] = &[Admin, Owner];
const OWNERS: &[domain::key::Kind] = &[Owner];

/// The lines of DESIGN section 5 that are served, below `/api/v1`.
const LINES: &[(&str, &[domain::key::Kind])] = &[
    ("GET /orgs", OWNERS),
    ("POST /orgs", OWNERS),
    ("GET /people", OWNERS),
    ("GET /orgs/acme", READERS),
    ("PATCH /orgs/acme", OWNERS),
    ("GET /orgs/acme/settings", ADMINS),
    ("PATCH /orgs/acme/settings", ADMINS),
    ("GET /orgs/acme/roles", READERS),
    ("PUT /orgs/acme/roles", ADMINS),
    ("GET /orgs/acme/keys", ADMINS),
    ("POST /orgs/acme/keys", ADMINS),
    ("DELETE /orgs/acme/keys/x", ADMINS),
    ("GET /orgs/acme/mapping", ADMINS),
    ("PUT /orgs/acme/mapping", ADMINS),
    ("POST /orgs/acme/mapping/preview", ADMINS),
    ("GET /orgs/acme/workspaces", READERS),
    ("POST /orgs/acme/workspaces", ADMINS),
    ("GET /orgs/acme/workspaces/x", READERS),
    ("PUT /orgs/acme/workspaces/x", ADMINS),
    ("DELETE /orgs/acme/workspaces/x", ADMINS),
    ("GET /orgs/acme/workspaces/x/members", READERS),
    ("PUT /orgs/acme/workspaces/x/members/y", ADMINS),
    ("DELETE /orgs/acme/workspaces/x/members/y", ADMINS),
    ("GET /orgs/acme/workspaces/x/projects", READERS),
    ("POST /orgs/acme/workspaces/x/projects", ADMINS),
    ("GET /orgs/acme/workspaces/x/projects/y", READERS),
    ("PUT /orgs/acme/workspaces/x/projects/y", ADMINS),
    ("DELETE /orgs/acme/workspaces/x/projects/y", ADMINS),
    ("GET /orgs/acme/workspaces/x/projects/y/members", READERS),
    ("PUT /orgs/acme/workspaces/x/projects/y/members/z", ADMINS),
    (
        "DELETE /orgs/acme/workspaces/x/projects/y/members/z",
        ADMINS,
    ),
    ("GET /orgs/acme/users", READERS),
    ("POST /orgs/acme/users", ADMINS),
    ("GET /orgs/acme/users/x", READERS),
    ("DELETE /orgs/acme/users/x", ADMINS),
    ("GET /orgs/acme/groups", READERS),
    ("POST /orgs/acme/groups", ADMINS),
    ("GET /orgs/acme/groups/x", READERS),
    ("DELETE /orgs/acme/groups/x", ADMINS),
    ("GET /orgs/acme/users/x/access", READERS),
    ("POST /orgs/acme/users/x/sign-in", READERS),
    ("GET /orgs/acme/users/x/grants", ADMINS),
    ("PUT /orgs/acme/users/x/grants", ADMINS),
    ("DELETE /orgs/acme/users/x/grants", ADMINS),
    ("GET /orgs/acme/access", READERS),
    ("GET /orgs/acme/holds", ADMINS),
    ("GET /orgs/acme/jobs", ADMINS),
    ("GET /orgs/acme/report", ADMINS),
    ("GET /orgs/acme/events", READERS),
    ("GET /orgs/acme/requests", ADMINS),
    ("GET /orgs/acme/requests/x", ADMINS),
];

#[actix_web::test]
async fn keys_of_the_wrong_kind_are_turned_away() {
    let world = World::new();
    let keys = [
        (Scim, &world.scim),
        (Read, &world.read),
        (Admin, &world.admin),
        (Owner, &world.owner),
    ];
    for (line, kinds) in LINES {
        let (method, path) = line.split_once(' ').unwrap();
        let line = format!("{method} /api/v1{path}");
        for (kind, key) in keys {
            let answer = world.anonymous(&line).key(key).send().await;
            if kinds.contains(&kind) {
                let turned_away = matches!(answer.status, 401 | 403 | 405);
                assert!(!turned_away, "{line} {kind}: {}", answer.text);
            } else {
                answer.is_problem(403, "wrong_kind", "This needs a key of kind");
            }
        }
        let nobody = world.anonymous(&line).send().await;
        nobody.is_problem(401, "unauthenticated", "");
    }
}

#[actix_web::test]
async fn another_organization_is_not_there() {
    let world = World::new();
    for (line, kinds) in LINES {
        let (method, path) = line.split_once(' ').unwrap();
        let Some(rest) = path.strip_prefix("/orgs/acme").filter(|_| *kinds != OWNERS) else {
            continue;
        };
        let line = format!("{method} /api/v1/orgs/other{rest}");
        let answer = world.anonymous(&line).key(&world.admin).send().await;
        answer.is_problem(404, "not_found", "organization");
    }
}
