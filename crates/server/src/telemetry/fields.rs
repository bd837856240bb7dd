//! Fields of spans in the lines of the log.

use tracing::span::Record;
use tracing_subscriber::{
    field::RecordFields,
    fmt::{
        FormatFields, FormattedFields,
        format::{JsonFields, Writer},
    },
};

/// Fields of spans as JSON. What is recorded later is put behind what is there: the library's own
/// way reads and writes all of it again for each field, which was a fifth of a lookup. No field is
/// recorded twice.
pub(super) struct Fields;

impl<'w> FormatFields<'w> for Fields {
    fn format_fields<R: RecordFields>(&self, writer: Writer<'w>, fields: R) -> std::fmt::Result {
        JsonFields::new().format_fields(writer, fields)
    }

    fn add_fields(
        &self,
        known: &'w mut FormattedFields<Self>,
        fields: &Record<'_>,
    ) -> std::fmt::Result {
        let mut more = String::new();
        JsonFields::new().format_fields(Writer::new(&mut more), fields)?;
        append(&mut known.fields, &more);
        Ok(())
    }
}

/// Puts the members of one JSON object behind those of another.
fn append(object: &mut String, more: &str) {
    let Some(members) = more.strip_prefix('{').filter(|members| *members != "}") else {
        return;
    };
    match object.pop() {
        Some('}') if object.len() > 1 => object.push(','),
        // It was empty.
        Some('}') => {}
        _ => object.push('{'),
    }
    object.push_str(members);
}

#[cfg(test)]
mod tests {
    use super::append;

    #[test]
    fn members_are_put_behind_those_that_are_there() {
        let check = |object: &str, more: &str, whole: &str| {
            let mut text = object.to_owned();
            append(&mut text, more);
            assert_eq!(text, whole);
        };
        check(r#"{"a":1}"#, r#"{"b":"}"}"#, r#"{"a":1,"b":"}"}"#);
        check(r#"{"a":1}"#, "{}", r#"{"a":1}"#);
        check("{}", r#"{"b":2}"#, r#"{"b":2}"#);
        check("", r#"{"b":2}"#, r#"{"b":2}"#);
    }
}
