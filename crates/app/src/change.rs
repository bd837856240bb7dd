//! When a change happens, and through whom: drawn before the transaction, told by its events.

use domain::{Cause, CauseKind, key::Kind};

use crate::{App, Caller, port::Millis};

/// What every changing command carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Now.
    pub at: Millis,
    /// Who, and in which request.
    pub cause: Cause,
    /// How many users it resolves in its own transaction ([`App::at_once`]).
    pub at_once: usize,
}

impl Change {
    /// A change that a request asks for.
    pub fn by_request(app: &App, caller: &Caller, request: &str) -> Change {
        let kind = match caller.kind {
            Kind::Scim => CauseKind::Provisioning,
            _ => CauseKind::Admin,
        };
        Change {
            at: app.clock.now(),
            cause: Cause {
                kind,
                by: Some(caller.key.clone()),
                request: Some(request.to_owned()),
            },
            at_once: app.at_once,
        }
    }

    /// A change from the command line.
    pub fn by_operator(app: &App) -> Change {
        Change::unasked(app, CauseKind::Operator)
    }

    /// A worker finishing what another change began.
    pub fn by_worker(app: &App) -> Change {
        Change::unasked(app, CauseKind::Worker)
    }

    fn unasked(app: &App, kind: CauseKind) -> Change {
        Change {
            at: app.clock.now(),
            cause: Cause {
                kind,
                by: None,
                request: None,
            },
            at_once: app.at_once,
        }
    }
}
