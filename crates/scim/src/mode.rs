//! How forgiving a connection is.

/// Whether the rewriters that mend what identity providers get wrong run before the engine.
///
/// The engine is RFC 7644 whole; strict connections follow the rules of [`profile`](crate::profile) on
/// top of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Rewriters run; unknown attributes and schema URIs are dropped and reported.
    #[default]
    Lenient,
    /// No rewriter runs; the rules of the interoperability profile hold.
    Strict,
}

impl Mode {
    /// True when the rewriters run.
    pub fn is_lenient(self) -> bool {
        self == Mode::Lenient
    }
}
