//! Finding the user that an operator means.

use app::{Error, error::Code, port::Tx, port::users::Search, representation};
use clap::Args;
use domain::UserId;
use scim::{Kind, Mode, Registry, filter::Filter, fold};
use serde_json::Value;

use super::{
    context::quoted,
    table::printable,
    target::{OfOrg, Target},
};
use crate::failure::Failure;

/// How many users with the same e-mail are looked at.
const MOST: u64 = 10;

/// `--org` and `--user`.
#[derive(Debug, Args)]
pub(super) struct OfUser {
    #[command(flatten)]
    pub(super) org: OfOrg,
    /// The user: id, userName or e-mail.
    #[arg(long, value_name = "USER")]
    pub(super) user: String,
}

/// A user who was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) id: UserId,
    pub(super) user_name: String,
}

impl Found {
    /// The user in a command line that can be copied.
    pub(super) fn flag(&self) -> String {
        format!("--user {}", quoted(&printable(&self.user_name)))
    }
}

/// The one user with this id, else with this userName, else with this e-mail.
///
/// # Errors
/// Nobody, or several users with this e-mail.
pub(super) fn find(target: &Target, text: &str) -> Result<Found, Failure> {
    let text = text.to_owned();
    let mut found = target.read(move |tx| look(tx, &text))?;
    match (found.pop(), found.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            found.push(last);
            Err(several(&found))
        }
        (None, _) => Err(nobody(target)),
    }
}

fn look(tx: &mut dyn Tx, text: &str) -> app::Result<Vec<Found>> {
    if let Ok(id) = text.parse()
        && let Some(row) = tx.user(id)?
    {
        return Ok(vec![named(row.id, &row.document)?]);
    }
    let literal = Value::from(text);
    let filter = format!("userName eq {literal} or emails.value eq {literal}");
    let filter = Filter::parse(&Registry::core(), Kind::User, Mode::Strict, &filter)?;
    let page = tx.search_users(&Search {
        filter: Some(filter.into()),
        sort: None,
        after: None,
        start_index: 1,
        count: MOST,
        total: false,
    })?;
    let found: Vec<Found> = page
        .items
        .iter()
        .map(|row| named(row.id, &row.document))
        .collect::<app::Result<_>>()?;
    let key = fold::key(text);
    let by_name = found
        .iter()
        .find(|found| fold::key(&found.user_name) == key);
    Ok(match by_name {
        Some(found) => vec![found.clone()],
        None => found,
    })
}

fn named(id: UserId, document: &str) -> app::Result<Found> {
    let resource = representation::resource(Kind::User, document)?;
    let user_name = resource.user_name().unwrap_or_default().to_owned();
    Ok(Found { id, user_name })
}

fn nobody(target: &Target) -> Failure {
    let report = target.command("report", "");
    Failure::Refused(Error::new(
        Code::NotFound,
        format!(
            "There is no user with this id, userName or e-mail in {}. Use one of them as the \
             identity provider sent it; whether it has sent anybody, see: {report}",
            target.slug()
        ),
    ))
}

fn several(found: &[Found]) -> Failure {
    let list: Vec<String> = found
        .iter()
        .map(|found| format!("{} ({})", found.id, printable(&found.user_name)))
        .collect();
    Failure::Refused(Error::new(
        Code::InvalidField,
        format!(
            "Several users have this e-mail; name one by id or userName: {}",
            list.join(", ")
        ),
    ))
}
