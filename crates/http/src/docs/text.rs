//! Text in HTML.

/// Text as HTML.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            letter => out.push(letter),
        }
    }
    out
}

/// Text in which backquotes mark code, as HTML.
pub(super) fn marked(text: &str) -> String {
    let mut out = String::new();
    for (place, part) in text.split('`').enumerate() {
        let part = escaped(part);
        if place % 2 == 1 {
            out.push_str("<code>");
            out.push_str(&part);
            out.push_str("</code>");
        } else {
            out.push_str(&part);
        }
    }
    out
}

/// Paragraphs divided by empty lines, as HTML.
pub(super) fn paragraphs(text: &str) -> String {
    let paragraph = |text: &str| format!("<p>{}</p>\n", marked(text));
    text.split("\n\n").map(paragraph).collect()
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn text_is_escaped() {
        let found = marked("a<b & \"c\" `d<e>` it's");
        let right = "a&lt;b &amp; &quot;c&quot; <code>d&lt;e&gt;</code> it&#39;s";
        assert_eq!(found, right);
    }
}
