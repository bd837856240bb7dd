//! How forgiving a connection is.

/// Whether the rewriters that mend what identity providers get wrong run before the engine.
///
/// The engine itself is RFC 7644 in both modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Rewriters run; unknown attributes and schema URIs are dropped and reported.
    #[default]
    Lenient,
    /// No rewriter runs; the checks of the interoperability profile are added.
    Strict,
}

impl Mode {
    /// True when the rewriters run.
    pub fn is_lenient(self) -> bool {
        self == Mode::Lenient
    }
}
