//! Where a request comes from, as its caller's traces know it (W3C Trace Context, section 3.2).

use actix_web::http::header::HeaderMap;

/// The caller's span: the parent of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TraceParent<'h> {
    /// The trace: 32 lower-case hexadecimal digits, not all 0.
    pub trace_id: &'h str,
    /// The caller's span in it: 16 of them, not all 0.
    pub parent_id: &'h str,
    /// Whether the caller keeps the trace.
    pub sampled: bool,
}

/// What is done with the caller's span when the span of a request begins.
pub type Adopt = fn(&tracing::Span, &TraceParent<'_>);

impl<'h> TraceParent<'h> {
    /// The one `traceparent` of a request; none where it is missing, twice there or not well formed,
    /// which the standard wants passed over.
    pub(crate) fn of(headers: &'h HeaderMap) -> Option<TraceParent<'h>> {
        let mut values = headers.get_all("traceparent");
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        TraceParent::parse(value.to_str().ok()?)
    }

    fn parse(text: &'h str) -> Option<TraceParent<'h>> {
        let mut parts = text.splitn(5, '-');
        let version = parts.next().filter(|text| is_hex(text, 2))?;
        let trace_id = parts.next().filter(|text| is_id(text, 32))?;
        let parent_id = parts.next().filter(|text| is_id(text, 16))?;
        let flags = parts.next().filter(|text| is_hex(text, 2))?;
        // Later versions may have more behind it, this one has not, and ff is none.
        let good = version != "ff" && (version != "00" || parts.next().is_none());
        let flags = u8::from_str_radix(flags, 16).ok()?;
        good.then_some(TraceParent {
            trace_id,
            parent_id,
            sampled: flags & 1 == 1,
        })
    }
}

fn is_hex(text: &str, digits: usize) -> bool {
    let digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.len() == digits && text.bytes().all(digit)
}

fn is_id(text: &str, digits: usize) -> bool {
    is_hex(text, digits) && text.bytes().any(|byte| byte != b'0')
}

#[cfg(test)]
mod tests {
    use super::TraceParent;

    #[test]
    fn what_is_well_formed_is_a_parent() {
        let (trace_id, parent_id) = ("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7");
        let check = |text: &str, sampled: Option<bool>| {
            let found = TraceParent::parse(text);
            let wanted = sampled.map(|sampled| TraceParent {
                trace_id,
                parent_id,
                sampled,
            });
            assert_eq!(found, wanted, "{text}");
        };
        let both = format!("{trace_id}-{parent_id}");
        check(&format!("00-{both}-01"), Some(true));
        check(&format!("00-{both}-00"), Some(false));
        check(&format!("00-{both}-03"), Some(true));
        check(&format!("cc-{both}-01"), Some(true));
        check(&format!("cc-{both}-01-what-is-new"), Some(true));
        check(&format!("00-{both}-01-more"), None);
        check(&format!("00-{both}-01-"), None);
        check(&format!("ff-{both}-01"), None);
        check(&format!("0-{both}-01"), None);
        check(&format!("00-{both}-1"), None);
        check(&format!("00-{both}"), None);
        check(&format!("00-{}-01", both.to_uppercase()), None);
        check(&format!("00-{trace_id}-{}-01", "0".repeat(16)), None);
        check(&format!("00-{}-{parent_id}-01", "0".repeat(32)), None);
        check(&format!("00-{}\n-01", &both[1..]), None);
        check("", None);
    }
}
