#![expect(clippy::unwrap_used, reason = "tests")]

mod grammar;
mod limits;
mod matching;
mod properties;

use super::Filter;
use crate::error::ScimType;
use crate::mode::Mode;
use crate::registry::Registry;
use crate::schema::Kind;

fn parse(kind: Kind, mode: Mode, text: &str) -> Filter {
    Filter::parse(&Registry::core(), kind, mode, text)
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[track_caller]
fn refused(kind: Kind, mode: Mode, text: &str) -> String {
    let found = Filter::parse(&Registry::core(), kind, mode, text);
    let Err(error) = found else {
        panic!("{text} parsed as {found:?}");
    };
    assert_eq!(error.status, 400, "{text}");
    assert_eq!(error.scim_type, Some(ScimType::InvalidFilter), "{text}");
    error.detail
}
