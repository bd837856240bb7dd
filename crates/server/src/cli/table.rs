//! Text for terminals.

/// Columns side by side, each as wide as its widest cell, below a header. Two spaces of indent;
/// without a final line end.
pub(super) fn table<const N: usize>(header: [&str; N], rows: &[[String; N]]) -> String {
    let header = header.map(str::to_owned);
    let cells: Vec<[String; N]> = std::iter::once(&header)
        .chain(rows)
        .map(|row| row.clone().map(|cell| printable(&cell)))
        .collect();
    let mut widths = [0; N];
    for row in &cells {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; N]| {
        let padded = row
            .iter()
            .zip(widths)
            .map(|(cell, width)| format!("{cell:width$}"));
        format!("  {}", padded.collect::<Vec<_>>().join("  "))
            .trim_end()
            .to_owned()
    };
    cells.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A text without control characters: names come from outside, and a terminal obeys what it is
/// sent.
pub(super) fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect()
}

/// `1 user`, `2 users`.
pub(super) fn count(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_below_each_other() {
        let rows = [
            ["ada".to_owned(), "organization".to_owned()],
            ["b\u{1b}[31m".to_owned(), String::new()],
        ];
        assert_eq!(
            table(["USER", "SCOPE"], &rows),
            "  USER    SCOPE\n  ada     organization\n  b\u{fffd}[31m"
        );
    }
}
