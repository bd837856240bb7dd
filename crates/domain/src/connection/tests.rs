use super::*;

fn connection(domains: &[&str], sso: Option<(&str, &str)>) -> Connection {
    Connection {
        email_domains: domains.iter().map(|d| (*d).to_owned()).collect(),
        log_bodies: false,
        sso: sso.map(|(issuer, url)| Sso {
            protocol: SsoProtocol::Saml,
            issuer: issuer.to_owned(),
            sign_in_url: url.to_owned(),
        }),
        ..Connection::of_preset(Preset::Plain)
    }
}

#[test]
fn d21_sso_comes_first_where_the_policy_says_so() {
    fn check(preset: Preset, recorded: bool, expected: Result<(), ConnectionError>) {
        let sso = recorded.then_some(("urn:idp", "https://idp.example/sso"));
        let connection = connection(&[], sso);
        assert_eq!(
            connection.can_enable(&preset.policies()),
            expected,
            "{preset}"
        );
    }
    check(Preset::Plain, false, Ok(()));
    check(Preset::Datahub, false, Ok(()));
    check(Preset::Datasaur, false, Err(ConnectionError::SsoMissing));
    check(Preset::LabelStudio, false, Err(ConnectionError::SsoMissing));
    check(Preset::Secoda, false, Err(ConnectionError::SsoMissing));
    check(Preset::Secoda, true, Ok(()));
}

#[test]
fn all_faults_of_a_connection_are_reported_at_once() {
    fn check(domains: &[&str], sso: Option<(&str, &str)>, expected: &[ConnectionError]) {
        let got = connection(domains, sso).check().err().unwrap_or_default();
        assert_eq!(got, expected, "{domains:?} {sso:?}");
    }
    use ConnectionError::{BadDomain, BadIssuer, BadSignInUrl, TooManyDomains};
    check(
        &["example.com", "sub.exämple.org"],
        Some(("urn:a", "http://a")),
        &[],
    );
    check(
        &["example.com", "x", "a..b", "-a.b", "a@b.c"],
        None,
        &[1, 2, 3, 4].map(BadDomain),
    );
    check(&[], Some(("", "ftp://a")), &[BadIssuer, BadSignInUrl]);
    check(&[], Some(("a b", "https:///x")), &[BadIssuer, BadSignInUrl]);
    check(&vec!["a.b"; MAX_DOMAINS + 1], None, &[TooManyDomains]);
}

#[test]
fn d25_domains_limit_new_addresses() {
    fn check(domains: &[&str], address: &str, expected: bool) {
        assert_eq!(
            connection(domains, None).allows_domain(address),
            expected,
            "{address}"
        );
    }
    check(&[], "anybody", true);
    check(&["Example.com"], "a@EXAMPLE.com", true);
    check(&["example.com"], "a@sub.example.com", false);
    check(&["example.com"], "example.com", false);
    check(&["example.com"], "a@evil.com@example.com", true);
    check(&["example.com"], "a@example.com@evil.com", false);
}
