//! `rolecall key`: API keys.

mod ends;
mod show;

use std::fmt::Write;

use app::{
    App,
    change::Change,
    error::Code,
    keys::{self, EndedView, KeyView, NewKey, Rotation},
    port::{Millis, hasher::Minted, keys::KeyRow, org::OrgSettings},
};
use clap::Subcommand;
use domain::{address::Range, key::Kind};
use serde_json::{Value, json};

use super::{Context, advice::advised, json_of};
use crate::failure::Failure;

/// Kinds of keys that belong to an organization.
pub(super) const OF_ORG: &[&str] = &["scim", "admin", "read"];

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a key; its token is shown this once.
    #[command(after_help = "\
Kinds:
  scim   the SCIM base URLs of its organization: for the identity provider
  read   access, people and events of its organization: for the application
  admin  everything in its organization
  owner  all organizations; takes no --org

Examples:
  rolecall key create --org acme --kind scim --name okta
  rolecall key create --org acme --kind admin --expires 30d --allow-from 10.0.0.0/8
  rolecall key create --kind owner --json")]
    Create {
        /// The organization's slug; none for an owner key.
        #[arg(long, value_name = "SLUG", required_if_eq_any([("kind", "scim"), ("kind", "admin"), ("kind", "read")]))]
        org: Option<String>,
        /// What it opens.
        #[arg(long, value_parser = super::words::<Kind>(Kind::WORDS))]
        kind: Kind,
        /// What people call it.
        #[arg(long, default_value = "")]
        name: String,
        /// When it ends: days as in 90d, a date or time as in 2027-01-31, or never; a year by
        /// default.
        #[arg(long, value_name = "WHEN", value_parser = ends::parse)]
        expires: Option<ends::When>,
        /// An address or range from which it may be used, such as 203.0.113.0/24; may be repeated.
        #[arg(long, value_name = "RANGE")]
        allow_from: Vec<Range>,
    },
    /// List the keys of an organization, or the owner keys, with their last use.
    List {
        /// The organization's slug; none for the owner keys.
        #[arg(long, value_name = "SLUG")]
        org: Option<String>,
    },
    /// Show one key, and what should be done about it.
    #[command(after_help = "Example:\n  rolecall key show 0aB3dE5fG7hI")]
    Show {
        /// The key's public id: the part between the second and the third `_`.
        id: String,
    },
    /// Give a key another secret; the old one stays good for some days beside it.
    #[command(after_help = "\
The id stays, and so does everything that names it. The key is good for another year, unless it was
made to never end or --expires says otherwise. While the new secret was never used, rotating again
replaces that one and keeps the secret in use. Where both are in use, rotating again would end the
older one before its time: that wants --force, or --overlap-days 0, which ends all secrets but the new.

Examples:
  rolecall key rotate 0aB3dE5fG7hI
  rolecall key rotate 0aB3dE5fG7hI --overlap-days 0")]
    Rotate {
        /// The key's public id: the part between the second and the third `_`.
        id: String,
        /// For how many days the old secret stays good, 0 to 7; 0 ends it at once.
        #[arg(long, value_name = "DAYS", default_value_t = keys::USUAL_OVERLAP_DAYS)]
        overlap_days: u32,
        /// When the key ends: days as in 90d, a date or time as in 2027-01-31, or never.
        #[arg(long, value_name = "WHEN", value_parser = ends::parse)]
        expires: Option<ends::When>,
        /// Rotate although the old secret of the rotation before was used since and would end early.
        #[arg(long)]
        force: bool,
    },
    /// Revoke a key for good; running servers refuse it within seconds.
    #[command(after_help = "Example:\n  rolecall key revoke 0aB3dE5fG7hI")]
    Revoke {
        /// The key's public id: the part between the second and the third `_`.
        id: String,
    },
}

pub(super) fn run(context: &Context, command: Command) -> Result<(), Failure> {
    match command {
        Command::Create {
            org,
            kind,
            name,
            expires,
            allow_from,
        } => {
            let new = |app: &App| NewKey {
                kind,
                name,
                ends: ends::from_now(expires, app.clock.now()),
                ranges: allow_from,
            };
            create(context, org.as_deref(), new)
        }
        Command::List { org } => list(context, org.as_deref()),
        Command::Show { id } => {
            no_whole_key(&id)?;
            show(context, &id)
        }
        Command::Rotate {
            id,
            overlap_days,
            expires,
            force,
        } => {
            no_whole_key(&id)?;
            let rotation = |now| Rotation {
                id,
                overlap_days,
                ends: ends::from_now(expires, now),
                force,
                seen: None,
            };
            rotate(context, rotation)
        }
        Command::Revoke { id } => {
            no_whole_key(&id)?;
            let app = context.open()?;
            keys::revoke(&app, None, &id, None, &Change::by_operator(&app))?;
            context
                .out
                .answer("The key is revoked.", &json!({"id": id, "revoked": true}))
        }
    }
}

/// Refuses a whole key in the place of its id, which is a part of it and no secret.
fn no_whole_key(id: &str) -> Result<(), Failure> {
    let mut parts = id.split('_');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some("rc"), Some(_), Some(id), Some(_)) => {
            let id: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
            Err(Failure::other(format!(
                "that is a whole key, which the shell's history may have now; its id is {id}"
            )))
        }
        _ => Ok(()),
    }
}

/// A key just made or rotated, with its token.
pub(super) struct Made {
    view: KeyView,
    minted: Minted,
    org: Option<String>,
}

impl Made {
    pub(super) fn kind(&self) -> Kind {
        self.view.kind
    }

    pub(super) fn token(&self) -> &str {
        &self.minted.token
    }

    pub(super) fn json(&self) -> Result<Value, Failure> {
        let mut value = json_of(&self.view)?;
        value["token"] = json!(self.minted.token);
        value["org"] = json!(self.org);
        Ok(value)
    }

    pub(super) fn text(&self) -> String {
        format!(
            "  {} key {}  {}   (shown this once; {})",
            self.view.kind,
            self.view.id,
            self.token(),
            show::end(&self.view),
        )
    }
}

/// Makes a key.
///
/// # Errors
/// The use case refused.
pub(super) fn make(app: &App, org: Option<&OrgSettings>, new: &NewKey) -> Result<Made, Failure> {
    let made = keys::create(app, org, new, &Change::by_operator(app))?;
    Ok(of(app, org, made))
}

fn of(app: &App, org: Option<&OrgSettings>, (row, minted): (KeyRow, Minted)) -> Made {
    Made {
        view: KeyView::new(&row, app.clock.now()),
        minted,
        org: org.map(|org| org.slug.to_string()),
    }
}

fn create(
    context: &Context,
    slug: Option<&str>,
    new: impl FnOnce(&App) -> NewKey,
) -> Result<(), Failure> {
    let app = context.open()?;
    let org = slug.map(|slug| app.org_by_slug(slug)).transpose()?;
    let made = make(&app, org.as_deref(), &new(&app))?;
    let mut text = format!("The key is made.\n{}", made.text());
    if let Some(org) = org.filter(|_| made.kind() == Kind::Scim) {
        let command = context.command(&format!("connection show --org {}", org.slug));
        let _ = write!(
            text,
            "\n\nNext, see the base URLs to paste beside it:\n  {command}"
        );
    }
    context.out.answer(&text, &made.json()?)
}

fn list(context: &Context, slug: Option<&str>) -> Result<(), Failure> {
    let app = context.open()?;
    let org = slug.map(|slug| app.org_by_slug(slug)).transpose()?;
    let (rows, _) = keys::list(&app, org.as_deref(), None, u64::MAX)?;
    let now = app.clock.now();
    let views: Vec<KeyView> = rows.iter().map(|row| KeyView::new(row, now)).collect();
    let mut text = show::list(&rows, now);
    for row in &rows {
        for advice in show::advice(context, row, now) {
            let _ = write!(text, "\n\n{advice}");
        }
    }
    let items: Vec<Value> = views.iter().map(json_of).collect::<Result<_, _>>()?;
    context.out.answer(&text, &json!({"items": items}))
}

fn show(context: &Context, id: &str) -> Result<(), Failure> {
    let app = context.open()?;
    let (row, now) = (keys::read(&app, None, id)?, app.clock.now());
    let view = KeyView::new(&row, now);
    let mut text = show::one(&row, now);
    for advice in show::advice(context, &row, now) {
        let _ = write!(text, "\n\n{advice}");
    }
    context.out.answer(&text, &json_of(&view)?)
}

fn rotate(context: &Context, rotation: impl FnOnce(Millis) -> Rotation) -> Result<(), Failure> {
    let app = context.open()?;
    let rotation = rotation(app.clock.now());
    let turned = keys::rotate(&app, None, &rotation, &Change::by_operator(&app));
    let turned = turned.map_err(|error| match error.code() {
        Code::OldSecretInUse => {
            let force = context.command(&format!("key rotate {} --force", rotation.id));
            advised(error, &format!("On the command line: {force}"))
        }
        _ => error.into(),
    })?;
    let org = turned.row.org.map(|org| app.org(org)).transpose()?;
    let ended = turned.ended.as_ref().map(EndedView::new);
    let made = of(&app, org.as_deref(), (turned.row, turned.minted));
    let mut text = format!(
        "The key has another secret.\n{}\n{}",
        made.text(),
        old(&made.view)
    );
    let mut value = made.json()?;
    if let Some(ended) = ended {
        let used = ended.last_used_at.as_deref();
        let _ = write!(
            text,
            "\nThe secret before that one was good until {} and has ended now; it was {}.",
            ended.was_good_until,
            used.map_or_else(
                || "not used since it was replaced".to_owned(),
                |at| { format!("used last at {at}") }
            ),
        );
        value["ended_secret"] = json_of(&ended)?;
    }
    context.out.answer(&text, &value)
}

/// Until when the secret is good that was replaced.
fn old(key: &KeyView) -> String {
    match &key.rotation {
        None => "The old secret is good no more.".to_owned(),
        Some(rotation) => format!(
            "The old secret is good until {}: put the new one in its place before.",
            rotation.old_good_until
        ),
    }
}
