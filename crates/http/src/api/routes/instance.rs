//! Rows of what belongs to the instance.

use app::{
    error::Code,
    orgs::{NewOrg, PersonView},
};
use domain::Action;

use super::{Endpoint, OWNER, PAGE, READ, Reply, Section, route, verb};
use crate::api::{
    openapi::Shape,
    orgs::{OrgView, Rename},
};

pub(super) const SECTION: Section = Section {
    name: "Organizations",
    about: "What an owner makes, and whom an owner finds, in the whole instance.",
    routes: &[
        route(
            "/orgs",
            Endpoint::Orgs,
            &[
                verb("GET", OWNER, "List organizations")
                    .about("In the order of their slugs.")
                    .asks(PAGE)
                    .gives(Reply::Page(Shape::of::<OrgView>())),
                verb("POST", OWNER, "Make an organization")
                    .told(Action::OrgCreated)
                    .about(
                        "From a preset: a catalog of roles and a set of policies, all of which can \
                         be changed afterwards.",
                    )
                    .takes(Shape::of::<NewOrg>())
                    .gives(Reply::Made(Shape::of::<OrgView>()))
                    .refuses(&[Code::Taken]),
            ],
        ),
        route(
            "/orgs/{org}",
            Endpoint::Org,
            &[
                verb("GET", READ, "Read an organization")
                    .gives(Reply::One(Shape::of::<OrgView>()))
                    .tagged(),
                verb("PATCH", OWNER, "Rename an organization")
                    .told(Action::OrgChanged)
                    .about("The slug and the preset are for good.")
                    .takes(Shape::of::<Rename>())
                    .gives(Reply::One(Shape::of::<OrgView>()))
                    .tagged(),
                verb("DELETE", OWNER, "Remove an organization")
                    .told(Action::OrgRemoved)
                    .about(
                        "With everything in it, its keys too: it is gone when this is answered, and \
                         in every other process within 5 seconds. Its rows are cleared after that, \
                         in slices. There is no way back.",
                    )
                    .tagged(),
            ],
        ),
        route(
            "/people",
            Endpoint::People,
            &[verb("GET", OWNER, "Find a person in every organization")
                .about("All users with this primary e-mail, and what each may do.")
                .asks(&["email"])
                .gives(Reply::Page(Shape::of::<PersonView>()))],
        ),
    ],
};
