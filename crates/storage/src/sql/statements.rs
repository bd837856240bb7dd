//! The macro by which a module lists its fixed statements as a table.

/// Declares fixed statements: `Name: "template" => (SqlTypes…) as (RustTypes…)` for what answers
/// rows, `Name: "template";` for what only acts.
///
/// Makes a type per statement with `rows(session, binds)` and `row(session, binds)`, or with
/// `run(session, binds)`, which answers how many rows were touched, and `later(session, binds)`, which
/// does not. `Name or NameOfOne: …` makes a
/// second type of the same text, in which `{ids}` is one id: `Name` runs it by itself where
/// [`Bind::Id`](crate::sql::Bind::Id) stands for the set.
macro_rules! statements {
    () => {};
    (@fixed [$($meta:tt)*] $name:ident $text:literal $form:ident) => {
        $($meta)*
        pub(crate) struct $name;

        impl $crate::sql::Fixed for $name {
            const TEXT: &'static str = $text;
            const FORM: $crate::sql::Form = $crate::sql::Form::$form;

            fn kept(
                dialect: $crate::sql::Dialect,
            ) -> &'static std::sync::OnceLock<Result<$crate::sql::Spelt, $crate::sql::Unfit>> {
                static KEPT: [std::sync::OnceLock<Result<$crate::sql::Spelt, $crate::sql::Unfit>>;
                    2] = [const { std::sync::OnceLock::new() }; 2];
                match dialect {
                    $crate::sql::Dialect::Sqlite => &KEPT[0],
                    $crate::sql::Dialect::Postgres => &KEPT[1],
                }
            }
        }
    };
    (
        $(#[$meta:meta])* $name:ident: $text:literal => ($($sql:ty),+ $(,)?) as ($($rust:ty),+ $(,)?);
        $($rest:tt)*
    ) => {
        $crate::sql::statements! { @fixed [$(#[$meta])*] $name $text Many }

        #[allow(dead_code, reason = "each statement uses one of the two")]
        impl $name {
            pub(crate) fn rows(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<Vec<($($rust,)+)>> {
                let query = $crate::sql::Prepared::<$name, ($($sql,)+)>::new(binds);
                session.statement::<$name, _>(|conn| diesel::RunQueryDsl::load::<($($rust,)+)>(query, conn))
            }

            /// The first row.
            pub(crate) fn row(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<Option<($($rust,)+)>> {
                Ok(Self::rows(session, binds)?.into_iter().next())
            }
        }

        $crate::sql::statements! { $($rest)* }
    };
    (
        $(#[$meta:meta])* $name:ident or $one:ident: $text:literal
            => ($($sql:ty),+ $(,)?) as ($($rust:ty),+ $(,)?);
        $($rest:tt)*
    ) => {
        $crate::sql::statements! { @fixed [$(#[$meta])*] $name $text Many }
        $crate::sql::statements! { @fixed [] $one $text One }

        impl $name {
            pub(crate) fn rows(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<Vec<($($rust,)+)>> {
                if $crate::sql::Bind::names_one(binds) {
                    let query = $crate::sql::Prepared::<$one, ($($sql,)+)>::new(binds);
                    return session.statement::<$name, _>(|conn| diesel::RunQueryDsl::load(query, conn));
                }
                let query = $crate::sql::Prepared::<$name, ($($sql,)+)>::new(binds);
                session.statement::<$name, _>(|conn| diesel::RunQueryDsl::load(query, conn))
            }
        }

        $crate::sql::statements! { $($rest)* }
    };
    (
        $(#[$meta:meta])* $name:ident: $text:literal;
        $($rest:tt)*
    ) => {
        $crate::sql::statements! { @fixed [$(#[$meta])*] $name $text Many }

        #[allow(dead_code, reason = "each statement is run in one of the ways, or in another")]
        impl $name {
            pub(crate) fn run(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<usize> {
                let query = $crate::sql::Prepared::<$name, ()>::new(binds);
                session.statement::<$name, _>(|conn| diesel::RunQueryDsl::execute(query, conn))
            }

            /// Runs it at once on SQLite, and together with others on PostgreSQL.
            pub(crate) fn later(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<()> {
                match session.is_sqlite() {
                    true => Self::run(session, binds).map(drop),
                    false => session.later::<$name>(binds),
                }
            }
        }

        $crate::sql::statements! { $($rest)* }
    };
    (
        $(#[$meta:meta])* $name:ident or $one:ident: $text:literal;
        $($rest:tt)*
    ) => {
        $crate::sql::statements! { @fixed [$(#[$meta])*] $name $text Many }
        $crate::sql::statements! { @fixed [] $one $text One }

        impl $name {
            pub(crate) fn run(
                session: &mut $crate::session::Session,
                binds: &[$crate::sql::Bind<'_>],
            ) -> app::port::Stored<usize> {
                if $crate::sql::Bind::names_one(binds) {
                    let query = $crate::sql::Prepared::<$one, ()>::new(binds);
                    return session.statement::<$name, _>(|conn| diesel::RunQueryDsl::execute(query, conn));
                }
                let query = $crate::sql::Prepared::<$name, ()>::new(binds);
                session.statement::<$name, _>(|conn| diesel::RunQueryDsl::execute(query, conn))
            }
        }

        $crate::sql::statements! { $($rest)* }
    };
}

pub(crate) use statements;
