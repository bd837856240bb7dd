//! Paths and their templates. Paths are compared exactly, as raw text, but for one final slash
//! (D28): what is written in another way is another path, and there is nothing there.

/// The segments of a path below some prefix: `/Users/7` has two, the empty path none. One final
/// slash does not count.
pub(crate) fn segments(path: &str) -> Vec<&str> {
    each(path).collect()
}

fn each(path: &str) -> impl Iterator<Item = &str> + Clone {
    let path = path.strip_suffix('/').unwrap_or(path);
    let rest = path.strip_prefix('/').into_iter();
    rest.flat_map(|rest| rest.split('/'))
}

/// What stands in the places of a template's `{…}` segments, if the path is one of the template.
/// Asked of every template until one fits, so that nothing is kept before.
pub(crate) fn captures<'p>(template: &str, path: &[&'p str]) -> Option<Vec<&'p str>> {
    // Most templates of a table have another number of segments.
    let whole = template.strip_suffix('/').unwrap_or(template);
    if whole.bytes().filter(|byte| *byte == b'/').count() != path.len() {
        return None;
    }
    let is_place = |want: &str| want.starts_with('{');
    let mut left = path.iter();
    let fits = each(template).all(|want| match left.next() {
        Some(segment) if is_place(want) => !segment.is_empty(),
        Some(segment) => want == *segment,
        None => false,
    });
    if !fits || left.next().is_some() {
        return None;
    }
    let places = each(template).zip(path).filter(|(want, _)| is_place(want));
    Some(places.map(|(_, segment)| *segment).collect())
}

/// Percent-decoding of one path segment; none where it is not UTF-8 in the end.
pub(crate) fn decode(segment: &str) -> Option<String> {
    if !segment.contains('%') {
        return Some(segment.to_owned());
    }
    String::from_utf8(decode_bytes(segment.as_bytes(), false)).ok()
}

/// Percent-decoding as in queries and forms, where `+` is a space. A `%` that begins nothing stays.
pub(crate) fn decode_bytes(text: &[u8], plus_is_space: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut place = 0;
    while let Some(&byte) = text.get(place) {
        let encoded = (byte == b'%')
            .then(|| hex_pair(text.get(place + 1..place + 3)?))
            .flatten();
        match encoded {
            Some(value) => {
                bytes.push(value);
                place += 3;
                continue;
            }
            None if byte == b'+' && plus_is_space => bytes.push(b' '),
            None => bytes.push(byte),
        }
        place += 1;
    }
    bytes
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let value = digit(pair[0])? * 16 + digit(pair[1])?;
    u8::try_from(value).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(template: &str, path: &str, found: Option<&[&str]>) {
        assert_eq!(
            captures(template, &segments(path)).as_deref(),
            found,
            "{template} {path}"
        );
    }

    #[test]
    fn paths_and_templates() {
        check("/Users", "/Users", Some(&[]));
        check("/Users", "/Users/", Some(&[]));
        check("/Users", "/Users//", None);
        check("/Users", "//Users", None);
        check("/Users", "/users", None);
        check("/Users", "/Users;x", None);
        check("/Users/{id}", "/Users/7", Some(&["7"]));
        check("/Users/{id}", "/Users/7/", Some(&["7"]));
        check("/Users/{id}", "/Users/7/8", None);
        check("/Users/{id}", "/Users//", None);
        check(
            "/orgs/{org}/keys/{id}",
            "/orgs/acme/keys/1",
            Some(&["acme", "1"]),
        );
        check("", "", Some(&[]));
        check("", "/", Some(&[]));
        check("", "//", None);
    }

    #[test]
    fn percent_decoding() {
        let check = |text: &str, plus: bool, decoded: &str| {
            assert_eq!(
                decode_bytes(text.as_bytes(), plus),
                decoded.as_bytes(),
                "{text}"
            );
        };
        check("urn%3aietf%3Ax", false, "urn:ietf:x");
        check("a+b", false, "a+b");
        check("a+b%2B", true, "a b+");
        check("100%", true, "100%");
        check("%zz%4", true, "%zz%4");
        check("%c3%A9", true, "é");
        assert_eq!(decode("%ff"), None);
    }
}
