//! Statements as text, one for both databases.
//!
//! The text is a template: `?` is a bound value, and what the two databases spell differently
//! stands in braces (the table is in [`render`]). A text fixed at compile time is a type of its
//! own, declared by [`statements!`], so that the prepared statement is found by that type; a text
//! made at run time ([`Made`]) is prepared each time, so that what callers ask cannot fill the
//! cache of statements.

use std::marker::PhantomData;
use std::sync::OnceLock;

use diesel::QueryResult;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::{BigInt, Binary, Bool, Nullable, Text};

use crate::connection::MultiBackend;

pub(crate) mod json;
pub(crate) mod render;
mod statements;

pub(crate) use render::{Dialect, Form, Spelt, Unfit, walk};
pub(crate) use statements::statements;

/// A value bound to a `?`.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Bind<'a> {
    /// A number.
    Int(i64),
    /// Yes or no.
    Bool(bool),
    /// A text.
    Text(&'a str),
    /// Bytes.
    Bytes(&'a [u8]),
    /// A number or NULL.
    MaybeInt(Option<i64>),
    /// A text or NULL.
    MaybeText(Option<&'a str>),
    /// Bytes or NULL.
    MaybeBytes(Option<&'a [u8]>),
    /// The only id of a set; see [`json::Ids`].
    Id(&'a [u8]),
}

impl Bind<'_> {
    /// A limit; what is beyond the databases' numbers is no limit.
    pub(crate) fn count(count: u64) -> Self {
        Bind::Int(i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// Whether a set among them is of one id.
    pub(crate) fn names_one(binds: &[Bind<'_>]) -> bool {
        binds.iter().any(|bind| matches!(bind, Bind::Id(_)))
    }

    /// This value, kept for later.
    pub(crate) fn kept(&self) -> Kept {
        match *self {
            Bind::Int(value) => Kept::Int(value),
            Bind::Bool(value) => Kept::Bool(value),
            Bind::Text(value) => Kept::Text(value.to_owned()),
            Bind::Bytes(value) | Bind::Id(value) => Kept::Bytes(value.to_owned()),
            Bind::MaybeInt(value) => Kept::MaybeInt(value),
            Bind::MaybeText(value) => Kept::MaybeText(value.map(str::to_owned)),
            Bind::MaybeBytes(value) => Kept::MaybeBytes(value.map(<[u8]>::to_vec)),
        }
    }

    fn push<'b>(&'b self, out: &mut AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        match self {
            Bind::Int(value) => out.push_bind_param::<BigInt, i64>(value),
            Bind::Bool(value) => out.push_bind_param::<Bool, bool>(value),
            Bind::Text(value) => out.push_bind_param::<Text, str>(value),
            Bind::Bytes(value) | Bind::Id(value) => out.push_bind_param::<Binary, [u8]>(value),
            Bind::MaybeInt(value) => out.push_bind_param::<Nullable<BigInt>, _>(value),
            Bind::MaybeText(value) => out.push_bind_param::<Nullable<Text>, _>(value),
            Bind::MaybeBytes(value) => out.push_bind_param::<Nullable<Binary>, _>(value),
        }
    }
}

/// A [`Bind`] that owns its value.
#[derive(Clone, Debug)]
pub(crate) enum Kept {
    Int(i64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
    MaybeInt(Option<i64>),
    MaybeText(Option<String>),
    MaybeBytes(Option<Vec<u8>>),
}

impl Kept {
    /// The value to bind.
    pub(crate) fn bind(&self) -> Bind<'_> {
        match self {
            Kept::Int(value) => Bind::Int(*value),
            Kept::Bool(value) => Bind::Bool(*value),
            Kept::Text(value) => Bind::Text(value),
            Kept::Bytes(value) => Bind::Bytes(value),
            Kept::MaybeInt(value) => Bind::MaybeInt(*value),
            Kept::MaybeText(value) => Bind::MaybeText(value.as_deref()),
            Kept::MaybeBytes(value) => Bind::MaybeBytes(value.as_deref()),
        }
    }
}

/// The text of a statement fixed at compile time.
pub(crate) trait Fixed: 'static {
    /// The template.
    const TEXT: &'static str;
    /// What `{ids}` stands for in it.
    const FORM: Form;
    /// It is a SELECT.
    const ONLY_READS: bool = matches!(
        Self::TEXT.as_bytes(),
        [b'S', b'E', b'L', b'E', b'C', b'T', ..]
    );

    /// Where its spelling for a database is kept.
    fn kept(dialect: Dialect) -> &'static OnceLock<Result<Spelt, Unfit>>;

    /// The template as this database spells it.
    fn spelt(dialect: Dialect) -> Result<&'static Spelt, Unfit> {
        let spelt = Self::kept(dialect).get_or_init(|| Spelt::new(Self::TEXT, dialect, Self::FORM));
        spelt.as_ref().map_err(|why| *why)
    }
}

/// A fixed statement with its values; `R` are the SQL types of its columns.
pub(crate) struct Prepared<'a, S, R> {
    binds: &'a [Bind<'a>],
    of: PhantomData<(S, R)>,
}

impl<'a, S, R> Prepared<'a, S, R> {
    pub(crate) fn new(binds: &'a [Bind<'a>]) -> Self {
        Prepared {
            binds,
            of: PhantomData,
        }
    }
}

impl<S: Fixed, R> QueryId for Prepared<'_, S, R> {
    type QueryId = S;
    const HAS_STATIC_QUERY_ID: bool = true;
}

impl<S: Fixed, R> Query for Prepared<'_, S, R> {
    type SqlType = R;
}

impl<S: Fixed, R> QueryFragment<MultiBackend> for Prepared<'_, S, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        let spelt = S::spelt(render::dialect_of(&out));
        walk(spelt, self.binds, &mut out)
    }
}

impl<S, R, C> diesel::RunQueryDsl<C> for Prepared<'_, S, R> {}

/// A statement made at run time, never cached; `R` are the SQL types of its columns.
pub(crate) struct Made<'a, R> {
    text: &'a str,
    binds: &'a [Bind<'a>],
    of: PhantomData<R>,
}

impl<'a, R> Made<'a, R> {
    pub(crate) fn new(text: &'a str, binds: &'a [Bind<'a>]) -> Self {
        Made {
            text,
            binds,
            of: PhantomData,
        }
    }
}

impl<R> QueryId for Made<'_, R> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<R> Query for Made<'_, R> {
    type SqlType = R;
}

impl<R> QueryFragment<MultiBackend> for Made<'_, R> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, MultiBackend>) -> QueryResult<()> {
        out.unsafe_to_cache_prepared();
        let spelt = Spelt::new(self.text, render::dialect_of(&out), Form::Many);
        walk(spelt.as_ref().map_err(|why| *why), self.binds, &mut out)
    }
}

impl<R, C> diesel::RunQueryDsl<C> for Made<'_, R> {}
