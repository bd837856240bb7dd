//! What a key is at a moment: the rules that requests, reports and the command line share.

use crate::{
    ending::{DAY, SOON_DAYS},
    port::{
        Millis,
        keys::{KeyRow, Previous},
    },
};

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// It opens what it is for.
    Good,
    /// It does, with the secret before its present one, too.
    Rotating,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl KeyState {
    /// In a word.
    pub fn as_str(self) -> &'static str {
        match self {
            KeyState::Good => "good",
            KeyState::Rotating => "rotating",
            KeyState::Expired => "expired",
            KeyState::Revoked => "revoked",
        }
    }
}

impl KeyRow {
    /// What it is now.
    pub fn state(&self, now: Millis) -> KeyState {
        if self.revoked.is_some() {
            KeyState::Revoked
        } else if self.is_over(now) {
            KeyState::Expired
        } else if self.old_secret(now).is_some() {
            KeyState::Rotating
        } else {
            KeyState::Good
        }
    }

    /// Whether neither of its secrets opens anything any more: it was revoked, or its time is over.
    pub fn is_over(&self, now: Millis) -> bool {
        self.revoked.is_some() || self.expires.is_some_and(|end| end <= now)
    }

    /// Its end, where it is within 30 days.
    pub fn ends_soon(&self, now: Millis) -> Option<Millis> {
        let soon = now + Millis::from(SOON_DAYS) * DAY;
        self.expires
            .filter(|end| !self.is_over(now) && *end <= soon)
    }

    /// The secret before the present one, while it is good.
    pub fn old_secret(&self, now: Millis) -> Option<&Previous> {
        let previous = self.previous.as_ref();
        previous.filter(|previous| !self.is_over(now) && now < previous.until)
    }

    /// The same, where somebody used it after the rotation and so has to be given the new one.
    pub fn old_secret_in_use(&self, now: Millis) -> Option<&Previous> {
        self.old_secret(now)
            .filter(|previous| previous.used.is_some())
    }
}

#[cfg(test)]
mod tests {
    use domain::key::Kind;

    use super::*;

    const NOW: Millis = 100 * DAY;

    fn row(expires: Option<Millis>, until: Option<Millis>) -> KeyRow {
        KeyRow {
            id: "aaaaaaaaaaaa".to_owned(),
            kind: Kind::Scim,
            org: None,
            name: String::new(),
            phc: "present".to_owned(),
            epoch: 1,
            made_by: "operator".to_owned(),
            created: 0,
            expires,
            revoked: None,
            ranges: Vec::new(),
            warned: None,
            previous: until.map(|until| Previous {
                phc: "before".to_owned(),
                since: 0,
                until,
                used: Some(1),
            }),
            confirmed: None,
            used: None,
        }
    }

    #[test]
    fn a_key_is_one_thing_at_a_time() {
        let check = |row: &KeyRow, state: KeyState, good: &[&str]| {
            let hashes: Vec<&str> = row.hashes(NOW).map(|hash| hash.phc).collect();
            assert_eq!((row.state(NOW), &hashes[..]), (state, good), "{row:?}");
            assert_eq!(row.old_secret_in_use(NOW).is_some(), good.len() > 1);
        };
        check(&row(None, None), KeyState::Good, &["present"]);
        check(&row(Some(NOW + 1), None), KeyState::Good, &["present"]);
        check(&row(None, Some(NOW)), KeyState::Good, &["present"]);
        let both = &["present", "before"];
        check(&row(None, Some(NOW + 1)), KeyState::Rotating, both);
        check(&row(Some(NOW), None), KeyState::Expired, &[]);
        // The key's end is the end of both secrets.
        check(&row(Some(NOW), Some(NOW + 9)), KeyState::Expired, &[]);
        let revoked = KeyRow {
            revoked: Some(1),
            ..row(Some(NOW), Some(NOW + 9))
        };
        check(&revoked, KeyState::Revoked, &[]);
    }

    #[test]
    fn the_end_is_near_for_thirty_days() {
        let check = |expires: Millis, expected: bool| {
            let end = row(Some(expires), None).ends_soon(NOW);
            assert_eq!(end, expected.then_some(expires), "{expires}");
        };
        check(NOW, false);
        check(NOW + 1, true);
        check(NOW + 30 * DAY, true);
        check(NOW + 30 * DAY + 1, false);
        assert_eq!(row(None, None).ends_soon(NOW), None);
    }
}
