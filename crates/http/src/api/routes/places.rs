//! Rows of workspaces and projects.

use app::{error::Code, grants::GrantView};
use domain::Action;

use super::{ADMIN, Endpoint, Level, PAGE, READ, Reply, Section, Verb, route, verb};
use crate::api::{
    members,
    openapi::Shape,
    places::{NewPlace, PlaceView, Rename},
};

pub(super) const SECTION: Section = Section {
    name: "Workspaces and projects",
    about: "Scopes inside an organization, by slug, and who is in them.",
    routes: &[
        route(
            "/orgs/{org}/workspaces",
            Endpoint::Places(Level::Workspace),
            &[list("List workspaces"), make("Make a workspace")],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}",
            Endpoint::Place(Level::Workspace),
            &[
                read("Read a workspace"),
                rename("Rename a workspace"),
                remove("Remove a workspace").about(
                    "With its projects, and what was granted there by hand. Where rules name it, \
                     409 lists them; `force=true` removes them too.",
                ),
            ],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/members",
            Endpoint::Members(Level::Workspace),
            &[members("List members of a workspace")],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/members/{user}",
            Endpoint::Member(Level::Workspace),
            &[
                add("Add a member by hand"),
                take("Take a member out by hand"),
            ],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/projects",
            Endpoint::Places(Level::Project),
            &[list("List projects of a workspace"), make("Make a project")],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/projects/{project}",
            Endpoint::Place(Level::Project),
            &[
                read("Read a project"),
                rename("Rename a project"),
                remove("Remove a project").about(
                    "With what was granted there by hand. Where rules name it, 409 lists them; \
                     `force=true` removes them too.",
                ),
            ],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/projects/{project}/members",
            Endpoint::Members(Level::Project),
            &[members("List members of a project")],
        ),
        route(
            "/orgs/{org}/workspaces/{workspace}/projects/{project}/members/{user}",
            Endpoint::Member(Level::Project),
            &[
                add("Give a role in a project by hand"),
                take("Take a role in a project back"),
            ],
        ),
    ],
};

const fn list(summary: &'static str) -> Verb {
    verb("GET", READ, summary)
        .about("In the order of their slugs.")
        .asks(PAGE)
        .gives(Reply::Page(Shape::of::<PlaceView>()))
}

const fn make(summary: &'static str) -> Verb {
    verb("POST", ADMIN, summary)
        .told(Action::PlaceCreated)
        .takes(Shape::of::<NewPlace>())
        .gives(Reply::Made(Shape::of::<PlaceView>()))
        .refuses(&[Code::Taken])
}

const fn read(summary: &'static str) -> Verb {
    verb("GET", READ, summary)
        .gives(Reply::One(Shape::of::<PlaceView>()))
        .tagged()
}

const fn rename(summary: &'static str) -> Verb {
    verb("PUT", ADMIN, summary)
        .told(Action::PlaceChanged)
        .about("The slug is for good.")
        .takes(Shape::of::<Rename>())
        .gives(Reply::One(Shape::of::<PlaceView>()))
        .tagged()
}

const fn remove(summary: &'static str) -> Verb {
    verb("DELETE", ADMIN, summary)
        .told(Action::PlaceRemoved)
        .asks(&["force"])
        .tagged()
        .refuses(&[Code::InUse])
}

const fn members(summary: &'static str) -> Verb {
    verb("GET", READ, summary)
        .about(
            "Everybody whose access reaches it, whatever brought them there, in the order of the \
             users' ids. A page may hold fewer than `limit`; it is the last one where \
             `next_cursor` is null.",
        )
        .asks(PAGE)
        .gives(Reply::Page(Shape::of::<members::MemberView>()))
}

const fn add(summary: &'static str) -> Verb {
    verb("PUT", ADMIN, summary)
        .told(Action::GrantPut)
        .about(
            "A manual grant, in place of the one that is here; it survives every sync. `If-Match` \
             takes the entity tag of the user's grants.",
        )
        .may_take(Shape::of::<members::Body>())
        .gives(Reply::One(Shape::of::<GrantView>()))
        .tagged()
        .refuses(&[Code::LastHolder, Code::SeatsFull])
}

const fn take(summary: &'static str) -> Verb {
    verb("DELETE", ADMIN, summary)
        .told(Action::GrantRemoved)
        .about(
            "The manual grant; what rules give stays. `If-Match` takes the entity tag of the \
             user's grants.",
        )
        .tagged()
        .refuses(&[Code::LastHolder])
}
