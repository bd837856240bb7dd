//! What to do next after a refusal. The use cases speak to everybody; here the same sentence ends
//! with a command line or a flag.

use app::{Error, error::Code};

use super::target::Target;
use crate::failure::Failure;

/// A refusal with what to do next at the end of its sentence. Faults of ours or of the database
/// are passed on as they are: no command mends them.
pub(super) fn advised(error: Error, next: &str) -> Failure {
    if error.is_fault() {
        return error.into();
    }
    let code = error.code();
    let detail = with_next(&error.detail(), next);
    Failure::Refused(match error {
        Error::PlanChanged { fingerprint, .. } => Error::PlanChanged {
            detail,
            fingerprint,
        },
        Error::Coded { fields, .. } => Error::Coded {
            code,
            detail,
            fields,
        },
        _ => Error::new(code, detail),
    })
}

/// Two sentences, whether or not the first one ends with a stop.
fn with_next(detail: &str, next: &str) -> String {
    let stop = if detail.ends_with(['.', '?', '!']) {
        ""
    } else {
        "."
    };
    format!("{detail}{stop} {next}")
}

/// What every changing command may meet: single sign-on first (D21), and the last holder of a
/// protected role (DESIGN section 3, point 6). Others are passed on.
pub(super) fn common(target: &Target, error: Error) -> Failure {
    match error.code() {
        Code::SsoRequired => {
            let enable = target.command("connection enable", SSO_FLAGS);
            Failure::Refused(Error::new(
                Code::SsoRequired,
                format!(
                    "This organization asks for single sign-on before SCIM (policy require_sso). \
                     Say how people sign in with --sso-protocol, --sso-issuer and --sso-url: \
                     {enable}"
                ),
            ))
        }
        Code::LastHolder => {
            let grant = target.command("grant put", "--user USER --role ROLE");
            let next = format!("Give the role to somebody else who is active first: {grant}");
            advised(error, &next)
        }
        _ => error.into(),
    }
}

/// The SSO record as flags, to be filled in.
pub(super) const SSO_FLAGS: &str = "--sso-protocol saml --sso-issuer ISSUER --sso-url URL";
