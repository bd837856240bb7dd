//! Rows of what an administrator sets.

use app::{error::Code, keys::KeyView, preview::PlanView};
use domain::Action;

use super::{ADMIN, Endpoint, PAGE, READ, Reply, Section, route, verb};
use crate::api::{
    keys,
    mapping::Proposed,
    openapi::{ExtensionSchema, ExtensionSchemas, MappingDocument, Shape},
    roles, settings,
};

pub(super) const SETTINGS: Section = Section {
    name: "Settings",
    about: "The SCIM connection, the policies, the seat limit and the catalog of roles.",
    routes: &[
        route(
            "/orgs/{org}/settings",
            Endpoint::Settings,
            &[
                verb("GET", ADMIN, "Read the settings")
                    .about(
                        "With the base URLs to paste into the identity provider. A `default_role` \
                         that is null means none.",
                    )
                    .gives(Reply::One(Shape::of::<settings::Answer>()))
                    .tagged(),
                verb("PATCH", ADMIN, "Change settings")
                    .told(Action::SettingsChanged)
                    .about(
                        "A merge patch: what is left out stays. With `plan`, only if it does \
                         exactly what a preview told.",
                    )
                    .asks(&["plan"])
                    .takes(Shape::of::<app::orgs::SettingsPatch>())
                    .gives(Reply::One(Shape::of::<settings::Answer>()))
                    .tagged()
                    .refuses(&[Code::SsoRequired, Code::LastHolder, Code::PlanChanged]),
            ],
        ),
        route(
            "/orgs/{org}/roles",
            Endpoint::Roles,
            &[
                verb("GET", READ, "Read the catalog of roles")
                    .about("Highest first.")
                    .gives(Reply::One(Shape::of::<roles::Document>()))
                    .tagged(),
                verb("PUT", ADMIN, "Replace the catalog of roles")
                    .told(Action::RolesReplaced)
                    .about("The whole list, highest first. A role that is in use has to stay.")
                    .asks(&["plan"])
                    .takes(Shape::of::<roles::Document>())
                    .gives(Reply::One(Shape::of::<roles::Document>()))
                    .tagged()
                    .refuses(&[Code::InUse, Code::LastHolder, Code::PlanChanged]),
            ],
        ),
    ],
};

pub(super) const SCHEMAS: Section = Section {
    name: "Schemas",
    about: "Extension schemas that the organization declares: attributes of users and groups beyond \
            the standard's, in the JSON form of SCIM's `/Schemas` (RFC 7643 section 7).",
    routes: &[
        route(
            "/orgs/{org}/schemas",
            Endpoint::Schemas,
            &[verb("GET", ADMIN, "List extension schemas")
                .about("All of them; they share one entity tag.")
                .gives(Reply::One(Shape::of::<ExtensionSchemas>()))
                .tagged()],
        ),
        route(
            "/orgs/{org}/schemas/{urn}",
            Endpoint::Schema,
            &[
                verb("GET", ADMIN, "Read an extension schema")
                    .gives(Reply::One(Shape::of::<ExtensionSchema>()))
                    .tagged(),
                verb("PUT", ADMIN, "Declare an extension schema")
                    .told(Action::SchemaPut)
                    .about(
                        "Anew or in place of what was declared before; while users or groups have \
                         data of it, only so that the data still fits.",
                    )
                    .takes(Shape::of::<ExtensionSchema>())
                    .gives(Reply::Put(Shape::of::<ExtensionSchema>()))
                    .tagged()
                    .refuses(&[Code::InUse]),
                verb("DELETE", ADMIN, "Remove an extension schema")
                    .told(Action::SchemaRemoved)
                    .about("Not while users or groups have data of it, unless `force=true`.")
                    .asks(&["force"])
                    .tagged()
                    .refuses(&[Code::InUse]),
            ],
        ),
    ],
};

pub(super) const MAPPING: Section = Section {
    name: "Mapping",
    about: "Which group means which role, which workspaces, and which role in which project.",
    routes: &[
        route(
            "/orgs/{org}/mapping",
            Endpoint::Mapping,
            &[
                verb("GET", ADMIN, "Read the mapping")
                    .gives(Reply::One(Shape::of::<MappingDocument>()))
                    .tagged(),
                verb("PUT", ADMIN, "Replace the mapping")
                    .told(Action::MappingReplaced)
                    .about(
                        "The whole document; sending it twice changes nothing. With \
                         `dry_run=true` nothing is changed, and the answer is the plan.",
                    )
                    .asks(&["dry_run", "plan"])
                    .takes(Shape::of::<MappingDocument>())
                    .gives(Reply::One(Shape::either::<MappingDocument, PlanView>()))
                    .tagged()
                    .refuses(&[Code::LastHolder, Code::PlanChanged]),
            ],
        ),
        route(
            "/orgs/{org}/mapping/preview",
            Endpoint::Preview,
            &[
                verb("POST", ADMIN, "Preview a mapping, catalog or policies")
                    .about(
                        "Who would gain, lose or move, and the seats before and after. Nothing is \
                     changed. Send the plan's `fingerprint` as `plan` with the change, and it is \
                     made only while it still does exactly this.",
                    )
                    .takes(Shape::of::<Proposed>())
                    .gives(Reply::One(Shape::of::<PlanView>()))
                    .refuses(&[Code::InUse]),
            ],
        ),
    ],
};

pub(super) const KEYS: Section = Section {
    name: "Keys",
    about: "API keys. A token is in the answer that made it and nowhere else.",
    routes: &[
        route(
            "/orgs/{org}/keys",
            Endpoint::Keys,
            &[
                verb("GET", ADMIN, "List keys")
                    .about("Revoked ones too, oldest first.")
                    .asks(PAGE)
                    .gives(Reply::Page(Shape::of::<KeyView>())),
                verb("POST", ADMIN, "Make a key")
                    .told(Action::KeyCreated)
                    .takes(Shape::of::<keys::Body>())
                    .gives(Reply::Secret(Shape::of::<keys::MintedView>())),
            ],
        ),
        route(
            "/orgs/{org}/keys/{key}",
            Endpoint::Key,
            &[
                verb("GET", ADMIN, "Read a key")
                    .about(
                        "Its entity tag moves when it is rotated or revoked, not when it is used.",
                    )
                    .gives(Reply::One(Shape::of::<KeyView>()))
                    .tagged(),
                verb("DELETE", ADMIN, "Revoke a key")
                    .told(Action::KeyRevoked)
                    .about("At once in this process, within 5 seconds in every other.")
                    .tagged(),
            ],
        ),
        route(
            "/orgs/{org}/keys/{key}/rotate",
            Endpoint::RotateKey,
            &[verb("POST", ADMIN, "Rotate a key")
                .told(Action::KeyRotated)
                .about(
                    "Another secret for the same key. The old one stays good for `overlap_days`, \
                     0 to 7, so that nobody is locked out while the new one is put in place. A key \
                     has two secrets at most: where the old one of the rotation before is still good \
                     it ends now, and where it was used since its rotation that wants `force`.",
                )
                .may_take(Shape::of::<keys::RotateBody>())
                .gives(Reply::One(Shape::of::<keys::MintedView>()))
                .tagged()
                .refuses(&[Code::KeyEnded, Code::KeyJustRotated, Code::OldSecretInUse])],
        ),
    ],
};
