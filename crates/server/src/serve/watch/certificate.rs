//! The certificate while the server runs: taken when it is renewed, and told of before it ends.

use app::{ending, port::Millis, representation::time};
use http::{Reload, Tls};

use crate::clock;

/// The certificate in use, and how near its end was told last: in days, 0 for its end itself.
pub(super) struct Certificate {
    tls: Tls,
    told: Option<u32>,
}

impl Certificate {
    /// Tells of the end of what was loaded at the start.
    pub(super) fn new(tls: Tls) -> Certificate {
        let mut certificate = Certificate { tls, told: None };
        certificate.tell_end(clock::now());
        certificate
    }

    /// Takes over what is new, and tells what there is to tell.
    pub(super) fn look(&mut self) {
        let now = clock::now();
        match self.tls.reload(now) {
            Reload::Same => {}
            Reload::Changed(ends) => {
                self.told = None;
                tracing::info!(ends = time(ends), "new connections get the new certificate");
            }
            Reload::Refused(fault) => tracing::error!(
                key = fault.key,
                "the new certificate is not taken, the one before goes on: {}",
                fault.detail
            ),
        }
        self.tell_end(now);
    }

    fn tell_end(&mut self, now: Millis) {
        let ends = self.tls.ends();
        let Some(days) = news(self.told, ends, now) else {
            return;
        };
        self.told = Some(days);
        let ends = time(ends);
        if days == 0 {
            tracing::error!(
                ends,
                "the TLS certificate (http.tls_certificate) has ended, and clients refuse it: \
                 renew it"
            );
        } else {
            tracing::warn!(
                ends,
                days,
                "the TLS certificate (http.tls_certificate) ends soon: renew it"
            );
        }
    }
}

/// How near the end is, in days, where that was not told yet.
fn news(told: Option<u32>, ends: Millis, now: Millis) -> Option<u32> {
    let days = if ends <= now {
        0
    } else {
        ending::due(ends, now)?
    };
    told.is_none_or(|told| days < told).then_some(days)
}

#[cfg(test)]
mod tests {
    use app::ending::DAY;

    use super::news;

    #[test]
    fn the_end_is_told_at_thirty_seven_and_one_days_and_when_it_is_there() {
        let check = |told, left, expected| {
            assert_eq!(news(told, 100 * DAY + left, 100 * DAY), expected, "{left}");
        };
        check(None, 31 * DAY, None);
        check(None, 30 * DAY, Some(30));
        check(Some(30), 29 * DAY, None);
        check(Some(30), 7 * DAY, Some(7));
        check(Some(7), 2 * DAY, None);
        check(Some(7), DAY, Some(1));
        check(Some(1), 1, None);
        check(Some(1), 0, Some(0));
        check(Some(0), -DAY, None);
        check(None, -DAY, Some(0));
        check(None, 3 * DAY, Some(7));
    }
}
