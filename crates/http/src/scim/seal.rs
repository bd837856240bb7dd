//! Cursors of this server (RFC 9865): authenticated, and good for one query of one organization.

use app::App;
use domain::OrgId;
use scim::{
    Cursor,
    cursor::{Lifetime, Position},
    query::{Page, Paging},
};

use super::Context;

/// What binds a cursor to organization, endpoint and query. A collection and its `.search` are one
/// endpoint.
pub(super) struct Seal {
    org: OrgId,
    binding: Vec<u8>,
}

impl Seal {
    /// `endpoint` is a name that no other endpoint has, `query` the fingerprint of what is asked of it.
    pub(super) fn new(context: &Context<'_>, endpoint: &str, query: Vec<u8>) -> Seal {
        let mut binding = endpoint.as_bytes().to_vec();
        binding.push(0);
        binding.extend(query);
        Seal {
            org: context.org.id,
            binding,
        }
    }

    /// The part that a cursor asks for.
    ///
    /// # Errors
    /// 400, as [`Paging::page`].
    pub(super) fn read(&self, app: &App, paging: &Paging) -> Result<Option<Page>, scim::Error> {
        let lifetime = Lifetime {
            now: seconds(app),
            seconds: None,
        };
        paging.page(
            &self.binding,
            |bytes| app.cursor_mac(self.org, bytes),
            lifetime,
        )
    }

    /// The cursor of what comes after a position.
    pub(super) fn write(&self, app: &App, after: Position, count: u64) -> String {
        let cursor = Cursor {
            after,
            count,
            issued: seconds(app),
        };
        cursor.write(&self.binding, |bytes| app.cursor_mac(self.org, bytes))
    }
}

fn seconds(app: &App) -> i64 {
    app.clock.now() / 1_000
}
