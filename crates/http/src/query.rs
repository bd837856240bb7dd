//! Query parameters. Names are exact; a dangling `?` or `&` is nothing (identity providers send
//! both); the first of several with one name counts, but where they are joined.

use crate::template::decode_bytes;

/// The parameters of a request in the order in which they were sent.
#[derive(Debug, Default)]
pub(crate) struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the part after `?`. `+` and `%20` are spaces; what is not UTF-8 becomes U+FFFD, which
    /// equals nothing that is stored.
    pub(crate) fn parse(raw: &str) -> Query {
        let pairs = raw.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        });
        Query(pairs.collect())
    }

    /// Joins parameters with one of these names by commas: generated clients repeat a list's name.
    pub(crate) fn joined(mut self, lists: &[&str]) -> Query {
        for list in lists {
            let values: Vec<&str> = self.all(list).collect();
            if values.len() > 1 {
                let value = values.join(",");
                self.0.retain(|(name, _)| name != list);
                self.0.push(((*list).to_owned(), value));
            }
        }
        self
    }

    /// Whether a name was sent more than once.
    pub(crate) fn repeats(&self, name: &str) -> bool {
        self.all(name).nth(1).is_some()
    }

    fn all<'q>(&'q self, name: &'q str) -> impl Iterator<Item = &'q str> {
        self.pairs()
            .filter(move |(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// A parameter's value; empty where it was sent without one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// Names and values, as they were sent.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn decode(text: &str) -> String {
    let bytes = decode_bytes(text.as_bytes(), true);
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, pairs: &[(&str, &str)]) {
        let query = Query::parse(raw);
        let read: Vec<_> = query.pairs().collect();
        assert_eq!(read, pairs, "{raw}");
    }

    #[test]
    fn queries() {
        check("", &[]);
        check("&", &[]);
        check("a=1&", &[("a", "1")]);
        check("a", &[("a", "")]);
        check(
            "filter=userName+eq%20%22x%3D%22",
            &[("filter", "userName eq \"x=\"")],
        );
        check("a=b=c", &[("a", "b=c")]);
        check("a=%ff", &[("a", "\u{fffd}")]);
    }

    #[test]
    fn the_first_counts() {
        assert_eq!(Query::parse("a=1&a=2").get("a"), Some("1"));
        assert_eq!(Query::parse("A=1").get("a"), None);
        assert!(Query::parse("a=1&b=2&a=2").repeats("a"));
        assert!(!Query::parse("a=1&b=2&a=2").repeats("b"));
    }

    #[test]
    fn lists_are_joined() {
        let query = Query::parse("a=1&b=2&a=3,4").joined(&["a", "b", "c"]);
        assert_eq!((query.get("a"), query.get("b")), (Some("1,3,4"), Some("2")));
        assert_eq!(query.get("c"), None);
    }
}
