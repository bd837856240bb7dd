//! The organization that a command works on.

use std::sync::Arc;

use app::{
    App, Change, Scope, Work,
    error::Code,
    port::{Lock, Tx, org::OrgSettings},
};
use clap::Args;

use super::{Context, advice::advised};
use crate::failure::Failure;

/// `--org`.
#[derive(Debug, Args)]
pub(super) struct OfOrg {
    /// The organization's slug.
    #[arg(long = "org", id = "org", value_name = "SLUG")]
    pub(super) slug: String,
}

/// An organization, opened.
pub(super) struct Target<'a> {
    pub(super) context: &'a Context,
    pub(super) app: Arc<App>,
    /// As it was when the command began.
    pub(super) org: Arc<OrgSettings>,
}

impl<'a> Target<'a> {
    /// Opens the database and finds the organization.
    ///
    /// # Errors
    /// There is no database, or no such organization.
    pub(super) fn open(context: &'a Context, org: &OfOrg) -> Result<Target<'a>, Failure> {
        let app = context.open()?;
        let org = app.org_by_slug(&org.slug).map_err(|error| {
            if error.code() != Code::NotFound {
                return Failure::from(error);
            }
            let list = context.command("org list");
            advised(error, &format!("See which there are: {list}"))
        })?;
        Ok(Target { context, app, org })
    }

    /// The organization's slug.
    pub(super) fn slug(&self) -> &str {
        self.org.slug.as_str()
    }

    /// A command line on this organization that can be copied: `words`, `--org SLUG`, and `rest`.
    pub(super) fn command(&self, words: &str, rest: &str) -> String {
        let line = format!("{words} --org {} {rest}", self.slug());
        self.context.command(line.trim_end())
    }

    /// When, and through whom.
    pub(super) fn change(&self) -> Change {
        Change::by_operator(&self.app)
    }

    /// Reads in one snapshot.
    pub(super) fn read<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> app::Result<T> + Send + 'static,
    ) -> app::Result<T> {
        Work::new(&self.scope(), Lock::Read, run).wait(&*self.app.store)
    }

    /// Changes something, and resolves here whomever it left marked, for there may be no server to
    /// do it.
    pub(super) fn write<T: Send + 'static>(
        &self,
        run: impl FnMut(&mut dyn Tx) -> app::Result<T> + Send + 'static,
    ) -> app::Result<T> {
        let done = Work::new(&self.scope(), Lock::Exclusive, run).wait(&*self.app.store)?;
        app::access::worker::drain(&self.app)?;
        Ok(done)
    }

    fn scope(&self) -> Scope {
        Scope::operator(self.org.id)
    }
}
