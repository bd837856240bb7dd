use super::*;

#[test]
fn numbers_are_short() {
    let check = |value: f64, text: &str| assert_eq!(number(value), text);
    check(0.0471, "0.047");
    check(1.5, "1.5");
    check(3.0, "3");
    check(42.25, "42.2");
    check(150.0, "150");
    check(35_000.4, "35,000");
    check(1_234_567.0, "1,234,567");
}

#[test]
fn a_row_says_what_it_reaches() {
    let check = |better, value, text: &str| assert_eq!(verdict(better, value, 2.0, 4.0), text);
    check(More, 1.0, "**missed**");
    check(More, 2.0, "must");
    check(More, 5.0, "aim");
    let check = |value, text: &str| assert_eq!(verdict(Less, value, 4.0, 2.0), text);
    check(5.0, "**missed**");
    check(3.0, "must");
    check(2.0, "aim");
}

#[test]
fn every_key_is_there_once() {
    let keys = ROWS
        .iter()
        .map(|row| row.key)
        .chain(BESIDE.iter().map(|row| row.0));
    let mut seen = std::collections::BTreeSet::new();
    for key in keys {
        assert!(seen.insert(key), "{key} is there twice");
    }
}

#[test]
fn only_what_was_measured_is_printed() {
    let mut figures = Figures::default();
    figures.put("get", 25_000.0);
    let table = figures.table(false);
    assert!(
        table.contains("| get by id | /CPU-s | 20,000 | 35,000 | 25,000 | must |"),
        "{table}"
    );
    assert!(!table.contains("PATCH"), "{table}");
    assert!(
        figures
            .table(true)
            .contains("| 10,000 | 10,000 | 25,000 | aim |")
    );
}
