#![expect(clippy::unwrap_used, unreachable_pub, reason = "tests")]

words! {
    /// Two words.
    pub enum Light {
        /// Go.
        Green = "green",
        /// Stop.
        FlashingRed = "flashing-red",
    }
}

#[test]
fn a_word_goes_there_and_back() {
    for light in Light::ALL {
        assert_eq!(light.as_str().parse::<Light>().unwrap(), *light);
        let json = serde_json::to_string(light).unwrap();
        assert_eq!(json, format!("\"{light}\""));
        assert_eq!(serde_json::from_str::<Light>(&json).unwrap(), *light);
    }
}

#[test]
fn an_unknown_word_lists_what_would_be_right() {
    fn check(word: &str, expected: &str) {
        assert_eq!(word.parse::<Light>().unwrap_err().to_string(), expected);
    }
    check(
        "gren",
        "must be one of: green, flashing-red; did you mean green?",
    );
    check("blue", "must be one of: green, flashing-red");
    check(
        "GREEN",
        "must be one of: green, flashing-red; did you mean green?",
    );
}
