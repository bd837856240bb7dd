//! How forgiving a connection is.

/// Whether the rewriters that mend what identity providers get wrong run before the engine, and
/// whether the rules of [`profile`](crate::profile) hold on top of it.
#[non_exhaustive]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Mode {
    /// Rewriters run; unknown attributes and schema URIs are dropped and reported.
    #[default]
    Lenient,
    /// RFC 7643 and RFC 7644 whole: no rewriter runs, no rule of the profile holds. Unknown
    /// attributes and schema URIs are dropped and reported, as RFC 7644 section 3.3 allows.
    Rfc,
    /// No rewriter runs; the rules of the interoperability profile hold.
    Strict,
}

impl Mode {
    /// True when the rewriters run.
    pub fn is_lenient(self) -> bool {
        self == Mode::Lenient
    }
}
