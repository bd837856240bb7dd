//! Properties over random filters and random text.

use proptest::prelude::*;
use serde_json::{Number, json};

use crate::Filter;
use crate::date_time::Moment;
use crate::filter::{Literal, Op};
use crate::mode::Mode;
use crate::path::Target;
use crate::registry::Registry;
use crate::schema::{Kind, Schema, Type, attribute::Attribute};

/// The core, and an extension with the types that the core lacks.
fn registry() -> Registry {
    Registry::core().with_extension(
        Kind::User,
        Schema {
            id: "urn:example:all:1.0".into(),
            name: "All".into(),
            description: "Every type".into(),
            attributes: vec![
                Attribute::new("count", Type::Integer, ""),
                Attribute::new("share", Type::Decimal, ""),
                Attribute::text("tags", "").multi_valued(),
            ],
        },
    )
}

fn target(path: &str) -> Target {
    Target::resolve(&registry(), Kind::User, path).unwrap()
}

fn op() -> impl Strategy<Value = Op> {
    prop::sample::select(Op::ALL.map(|(op, _)| op).to_vec())
}

fn order() -> impl Strategy<Value = Op> {
    prop::sample::select(vec![Op::Eq, Op::Ne, Op::Gt, Op::Ge, Op::Lt, Op::Le])
}

fn equality() -> impl Strategy<Value = Op> {
    prop::sample::select(vec![Op::Eq, Op::Ne])
}

fn compare(target: Target) -> impl Fn((Op, Literal)) -> Filter + Clone {
    move |(op, value)| Filter::Compare {
        target: target.clone(),
        op,
        value,
    }
}

fn text() -> impl Strategy<Value = Literal> {
    "[^\\x00]{0,12}".prop_map(Literal::Text)
}

fn number() -> impl Strategy<Value = Literal> {
    prop_oneof![
        any::<i64>().prop_map(|n| Literal::Number(n.into())),
        // Short fractions: serde_json, which reads documents too, is a bit off in the last digit.
        any::<i32>().prop_map(|n| Literal::Number(Number::from_f64(f64::from(n) / 8.0).unwrap())),
    ]
}

fn moment() -> impl Strategy<Value = Literal> {
    (Moment::MIN.nanoseconds()..=Moment::MAX.nanoseconds())
        .prop_map(|n| Literal::DateTime(Moment::from_nanoseconds(n).unwrap()))
}

fn leaf() -> impl Strategy<Value = Filter> {
    let texts = [
        "userName",
        "name.givenName",
        "emails.value",
        "manager.value",
    ]
    .map(|path| (op(), text()).prop_map(compare(target(path))).boxed());
    let nulls = (equality(), Just(Literal::Null)).prop_map(compare(target("emails")));
    let booleans = (equality(), any::<bool>().prop_map(Literal::Bool));
    let present = prop::sample::select(vec!["title", "name", "emails", "roles.value"])
        .prop_map(|path| Filter::Present(target(path)));
    prop_oneof![
        4 => prop::strategy::Union::new(texts),
        1 => nulls,
        1 => booleans.prop_map(compare(target("active"))),
        1 => (order(), number()).prop_map(compare(target("count"))),
        1 => (order(), number()).prop_map(compare(target("share"))),
        1 => (order(), moment()).prop_map(compare(target("meta.created"))),
        2 => present,
    ]
}

fn grouped(leaf: impl Strategy<Value = Filter> + 'static) -> impl Strategy<Value = Filter> {
    leaf.prop_recursive(4, 24, 4, |inner| {
        let terms = prop::collection::vec(inner.clone(), 2..4);
        prop_oneof![
            terms.clone().prop_map(Filter::all),
            terms.prop_map(Filter::any),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

fn element() -> impl Strategy<Value = Filter> {
    let registry = registry();
    let sub = |name: &str| {
        let emails = registry.attribute(Kind::User, None, "emails").unwrap();
        Target::within(emails.attribute.sub(name).unwrap())
    };
    let inner = prop_oneof![
        (op(), text()).prop_map(compare(sub("value"))),
        (equality(), any::<bool>().prop_map(Literal::Bool)).prop_map(compare(sub("primary"))),
        Just(Filter::Present(sub("type"))),
    ];
    let list = target("emails");
    grouped(inner).prop_map(move |filter| Filter::Element {
        target: list.clone(),
        filter: Box::new(filter),
    })
}

/// Elements of a list of simple values, which are called `value` inside.
fn simple_element() -> impl Strategy<Value = Filter> {
    let value = Target {
        schema: None,
        name: "value".to_owned(),
        ..target("tags")
    };
    let inner = prop_oneof![
        (op(), text()).prop_map(compare(value.clone())),
        Just(Filter::Present(value)),
    ];
    grouped(inner).prop_map(|filter| Filter::Element {
        target: target("tags"),
        filter: Box::new(filter),
    })
}

fn filter() -> impl Strategy<Value = Filter> {
    grouped(prop_oneof![6 => leaf(), 2 => element(), 1 => simple_element()])
}

proptest! {
    #![proptest_config(crate::cases::many())]

    #[test]
    fn what_is_printed_parses_to_the_same(filter in filter()) {
        let text = filter.to_string();
        for mode in [Mode::Strict, Mode::Lenient] {
            let again = Filter::parse(&registry(), Kind::User, mode, &text);
            prop_assert_eq!(again.as_ref(), Ok(&filter), "{}", text);
        }
    }

    #[test]
    fn not_is_the_opposite_everywhere(filter in filter(), name in "[a-zA-Z]{0,4}") {
        let document = json!({
            "userName": name, "active": true,
            "emails": [{ "value": name, "type": "work" }, { "primary": true }],
            "name": { "givenName": null },
        });
        let holds = filter.matches(&document);
        prop_assert_ne!(Filter::Not(Box::new(filter)).matches(&document), holds);
    }
}

proptest! {
    #[test]
    fn any_text_is_answered(text in "\\PC{0,80}") {
        let _ = Filter::parse(&registry(), Kind::User, Mode::Lenient, &text);
    }

    #[test]
    fn any_sequence_of_tokens_is_answered(
        words in prop::collection::vec(prop::sample::select(vec![
            "(", ")", "[", "]", "not", "and", "or", "eq", "pr", "co", "gt", "userName", "emails",
            "emails[", "].value", "type", "\"x\"", "\"", "true", "null", "5", ".", "tags", "\\",
        ]), 0..24),
        gap in prop::sample::select(vec!["", " "]),
    ) {
        let text = words.join(gap);
        if let Ok(filter) = Filter::parse(&registry(), Kind::User, Mode::Lenient, &text) {
            let again = Filter::parse(&registry(), Kind::User, Mode::Strict, &filter.to_string());
            prop_assert_eq!(again, Ok(filter));
        }
    }

    #[test]
    fn any_text_as_a_moment_is_answered(text in "[0-9TtZz:+.\\[\\] -]{0,40}") {
        let _ = Moment::read(&text);
    }
}
