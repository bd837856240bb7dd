//! Rows of users, groups, and what users may do.

use app::{access::view::AccessView, error::Code, grants::GrantView};
use domain::Action;

use super::{ADMIN, Endpoint, READ, Reply, Section, route, verb};
use crate::api::{
    access::{Answer, Nothing},
    grants, groups,
    openapi::Shape,
    users,
};

const FIND: &[&str] = &[
    "userName",
    "email",
    "role",
    "group",
    "state",
    "workspace",
    "project",
    "managed_by",
    "cursor",
    "limit",
];

pub(super) const USERS: Section = Section {
    name: "Users and groups",
    about: "As the identity provider made them, or an administrator by hand. Attributes of SCIM \
            keep their SCIM names; what rolecall adds is written with underscores.",
    routes: &[
        route(
            "/orgs/{org}/users",
            Endpoint::Users,
            &[
                verb("GET", READ, "List and find users")
                    .about(
                        "In the order of their ids: all, or those who are all that is asked for. A \
                         page may hold fewer than `limit`; it is the last one where `next_cursor` \
                         is null.",
                    )
                    .asks(FIND)
                    .lags()
                    .gives(Reply::Page(Shape::of::<users::Item>())),
                verb("POST", ADMIN, "Make a user by hand")
                    .told(Action::UserCreated)
                    .about("The identity provider manages the user from its first write on.")
                    .takes(Shape::of::<users::Body>())
                    .gives(Reply::Made(Shape::of::<users::One>()))
                    .refuses(&[Code::Taken, Code::SeatsFull]),
            ],
        ),
        route(
            "/orgs/{org}/users/{user}",
            Endpoint::User,
            &[
                verb("GET", READ, "Read a user")
                    .about("The entity tag is that of the user's attributes, not of the access.")
                    .gives(Reply::One(Shape::of::<users::One>()))
                    .tagged(),
                verb("DELETE", ADMIN, "Remove a user")
                    .told(Action::UserRemoved)
                    .about("With all access, at once. The name is free again.")
                    .tagged(),
            ],
        ),
        route(
            "/orgs/{org}/groups",
            Endpoint::Groups,
            &[
                verb("GET", READ, "List and find groups")
                    .about("In the order of their ids. Who is in one: `…/users?group=`.")
                    .asks(&["displayName", "cursor", "limit"])
                    .lags()
                    .gives(Reply::Page(Shape::of::<groups::GroupView>())),
                verb("POST", ADMIN, "Make a group by hand")
                    .told(Action::GroupCreated)
                    .about(
                        "For an identity provider that links to a group that is there (Okta's \
                         Link Group). Rules that wait for the name find it. Its members are the \
                         identity provider's.",
                    )
                    .takes(Shape::of::<groups::Body>())
                    .gives(Reply::Made(Shape::of::<groups::GroupView>()))
                    .refuses(&[Code::Taken]),
            ],
        ),
        route(
            "/orgs/{org}/groups/{group}",
            Endpoint::Group,
            &[
                verb("GET", READ, "Read a group")
                    .gives(Reply::One(Shape::of::<groups::GroupView>()))
                    .tagged(),
                verb("DELETE", ADMIN, "Remove a group")
                    .told(Action::GroupRemoved)
                    .about("Its members lose what it gave; its rules wait for the name.")
                    .tagged()
                    .refuses(&[Code::LastHolder]),
            ],
        ),
        route(
            "/orgs/{org}/users/{user}/grants",
            Endpoint::Grants,
            &[
                verb("GET", ADMIN, "List what was granted by hand")
                    .gives(Reply::Page(Shape::of::<GrantView>()))
                    .tagged(),
                verb("PUT", ADMIN, "Grant by hand")
                    .told(Action::GrantPut)
                    .about(
                        "In place of the grant in the same scope. It survives every sync: `floor` \
                         is at least this role, `fixed` exactly this one.",
                    )
                    .takes(Shape::of::<grants::Body>())
                    .gives(Reply::One(Shape::of::<GrantView>()))
                    .tagged()
                    .refuses(&[Code::LastHolder, Code::SeatsFull]),
                verb("DELETE", ADMIN, "Take a grant back")
                    .told(Action::GrantRemoved)
                    .about("The one in `scope`; without it, that of the organization role.")
                    .asks(&["scope"])
                    .tagged()
                    .refuses(&[Code::LastHolder]),
            ],
        ),
    ],
};

pub(super) const ACCESS: Section = Section {
    name: "Access",
    about: "What users may do now. Right at once after every acknowledged change.",
    routes: &[
        route(
            "/orgs/{org}/users/{user}/access",
            Endpoint::UserAccess,
            &[verb("GET", READ, "Read a user's access")
                .about(
                    "State, organization role, workspaces, projects. With `explain=true` every \
                     candidate with where it came from, which won, and why the others lost. With \
                     `at` as it was at that moment (explicit rows). Without either it has an \
                     entity tag, and `If-None-Match` spares the answer.",
                )
                .asks(&["at", "explain"])
                .lags()
                .gives(Reply::One(Shape::of::<Answer>()))
                .cached()],
        ),
        route(
            "/orgs/{org}/users/{user}/sign-in",
            Endpoint::SignIn,
            &[verb("POST", READ, "Report a sign-in")
                .about(
                    "The app saw the user sign in, which activates who waits for it. The answer \
                     is the access from now on.",
                )
                .may_take(Shape::of::<Nothing>())
                .gives(Reply::One(Shape::of::<AccessView>()))
                .refuses(&[Code::SeatsFull])],
        ),
        route(
            "/orgs/{org}/access",
            Endpoint::Access,
            &[verb("GET", READ, "Read everybody's access")
                .about(
                    "In the order of the users' ids. Together with the feed of events this keeps \
                     a copy: read all pages, then follow the feed.",
                )
                .asks(&["at", "cursor", "limit"])
                .lags()
                .gives(Reply::Page(Shape::of::<Answer>()))],
        ),
    ],
};
