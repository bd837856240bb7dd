//! What the usual mistakes in the set-up of an identity provider look like in the log, and what to
//! do about them.

use serde::Serialize;
use utoipa::ToSchema;

use crate::port::requests::RequestRow;

/// One row of the table.
#[derive(Debug)]
pub struct Hint {
    /// Its stable name.
    pub name: &'static str,
    /// What to do, for the administrator of the identity provider.
    pub text: &'static str,
    applies: fn(&RequestRow) -> bool,
}

/// A hint as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Hint)]
pub struct HintView {
    /// Its stable name.
    pub name: &'static str,
    /// What to do.
    pub text: &'static str,
}

/// What is dropped of these was named where it does not belong; nobody could declare it.
const OF_THE_STANDARD: &str = "urn:ietf:params:scim:schemas:core:";

/// Every hint; of several that apply the first is shown.
pub const HINTS: &[Hint] = &[
    Hint {
        name: "wrong_key",
        text: "Paste a key of kind scim of this organization, whole and without anything before it; \
               after a rotation the new one. `rolecall key list` shows which are good.",
        applies: |row| row.status == 401 || is(row, "wrong_kind"),
    },
    Hint {
        name: "scim_is_off",
        text: "Switch the connection on: `rolecall connection enable`.",
        applies: |row| is(row, "connection_disabled"),
    },
    Hint {
        name: "wrong_unique_identifier",
        text: "Somebody with this userName or e-mail is here already. Let the identity provider match \
               users by the attribute that is the organization's unique identifier (userName unless \
               the connection says email), so that it finds them and updates them.",
        applies: |row| row.status == 409 && row.method == "POST" && path(row).starts_with("/Users"),
    },
    Hint {
        name: "group_name_taken",
        text: "A group of this name is here already. Link the identity provider's group to it instead \
               of creating another, or rename one of the two.",
        applies: |row| row.status == 409 && path(row).starts_with("/Groups"),
    },
    Hint {
        name: "seats_full",
        text: "All seats are taken: raise the organization's seat limit, or unassign somebody.",
        applies: |row| is(row, "seats_full"),
    },
    Hint {
        name: "wrong_base_url",
        text: "The base URL is another organization's, and the key is of this one. Paste the base URL \
               that `rolecall connection show` tells for this organization, or the other one's key.",
        applies: |row| is(row, "wrong_base_url"),
    },
    Hint {
        name: "gone_here",
        text: "The identity provider remembers somebody or something that was removed here. Unassign \
               and assign it again, or restart provisioning, so that it is looked up anew.",
        applies: |row| row.status == 404 && row.method != "GET" && names_something(row),
    },
    Hint {
        name: "group_before_users",
        text: "Members that are nobody here were left out. Assign these people to the app and push \
               them before their groups; then push the group again.",
        applies: |row| !row.notes.unknown_members.is_empty(),
    },
    Hint {
        name: "unknown_roles",
        text: "The attribute roles names roles that the catalog does not have. Send the keys or names \
               of its roles, or add them to the catalog.",
        applies: |row| !row.notes.unknown_roles.is_empty(),
    },
    Hint {
        name: "undeclared_extension",
        text: "Attributes of a schema that is not declared here were dropped. Where somebody here needs \
               them declare it (`rolecall schema put`); otherwise take them out of the identity \
               provider's attribute mapping.",
        applies: |row| {
            row.notes
                .dropped
                .iter()
                .any(|name| name.starts_with("urn:") && !name.starts_with(OF_THE_STANDARD))
        },
    },
];

/// The hint for a request, if it has one.
pub fn hint(row: &RequestRow) -> Option<HintView> {
    let hint = HINTS.iter().find(|hint| (hint.applies)(row))?;
    Some(HintView {
        name: hint.name,
        text: hint.text,
    })
}

fn is(row: &RequestRow, code: &str) -> bool {
    row.error.as_deref() == Some(code)
}

/// The path; of an operation of a Bulk, its own.
fn path(row: &RequestRow) -> &str {
    row.path.strip_prefix("/Bulk").unwrap_or(&row.path)
}

/// Whether the path is of one user or group.
fn names_something(row: &RequestRow) -> bool {
    path(row).split('/').filter(|part| !part.is_empty()).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::requests::RequestNotes;

    fn row(method: &str, path: &str, status: u16, error: &str) -> RequestRow {
        RequestRow {
            method: method.to_owned(),
            path: path.to_owned(),
            status,
            error: Some(error.to_owned()),
            ..RequestRow::default()
        }
    }

    #[test]
    fn mistakes_have_their_hints() {
        let check = |row: &RequestRow, expected: Option<&str>| {
            assert_eq!(hint(row).map(|hint| hint.name), expected, "{row:?}");
        };
        check(
            &row("GET", "/Users", 401, "unauthenticated"),
            Some("wrong_key"),
        );
        check(&row("GET", "/Users", 403, "wrong_kind"), Some("wrong_key"));
        check(
            &row("GET", "/Users", 403, "connection_disabled"),
            Some("scim_is_off"),
        );
        check(
            &row("POST", "/Users", 409, "uniqueness"),
            Some("wrong_unique_identifier"),
        );
        check(
            &row("POST", "/Groups", 409, "uniqueness"),
            Some("group_name_taken"),
        );
        check(
            &row("POST", "/Users", 403, "seats_full"),
            Some("seats_full"),
        );
        check(
            &row("PATCH", "/Users/1", 404, "not_found"),
            Some("gone_here"),
        );
        check(
            &row("POST", "/Bulk/Users", 409, "uniqueness"),
            Some("wrong_unique_identifier"),
        );
        check(
            &row("PUT", "/Bulk/Groups/1", 409, "uniqueness"),
            Some("group_name_taken"),
        );
        check(
            &row("PATCH", "/Bulk/Users/1", 404, "not_found"),
            Some("gone_here"),
        );
        check(&row("POST", "/Bulk/Users", 404, "not_found"), None);
        check(&row("POST", "/Bulk", 404, "not_found"), None);
        check(
            &row("PATCH", "/Users/1", 404, "wrong_base_url"),
            Some("wrong_base_url"),
        );
        check(&row("GET", "/Users/1", 404, "not_found"), None);
        check(&row("POST", "/Nothing", 404, "not_found"), None);
        check(&row("POST", "/Users", 400, "invalidValue"), None);
        let noted = |notes: RequestNotes| RequestRow {
            notes,
            ..row("PUT", "/Groups/1", 200, "")
        };
        let some = || vec!["urn:x".to_owned()];
        check(
            &noted(RequestNotes {
                unknown_members: some(),
                ..RequestNotes::default()
            }),
            Some("group_before_users"),
        );
        check(
            &noted(RequestNotes {
                unknown_roles: some(),
                ..RequestNotes::default()
            }),
            Some("unknown_roles"),
        );
        check(
            &noted(RequestNotes {
                dropped: some(),
                ..RequestNotes::default()
            }),
            Some("undeclared_extension"),
        );
        let group = vec!["urn:ietf:params:scim:schemas:core:2.0:Group".to_owned()];
        check(
            &noted(RequestNotes {
                dropped: group,
                ..RequestNotes::default()
            }),
            None,
        );
        let plain = vec!["shoeSize".to_owned()];
        check(
            &noted(RequestNotes {
                dropped: plain,
                ..RequestNotes::default()
            }),
            None,
        );
    }
}
