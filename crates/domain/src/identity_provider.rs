//! Which identity provider a request comes from, by what its client calls itself.

use crate::words::words;

words! {
    /// An identity provider whose client says who it is.
    pub enum IdentityProvider {
        /// Okta.
        Okta = "okta",
        /// Microsoft Entra ID, Azure AD before.
        Entra = "entra",
        /// OneLogin; its provisioning often sends no `User-Agent` at all.
        OneLogin = "onelogin",
        /// Google Workspace.
        Google = "google",
        /// JumpCloud.
        JumpCloud = "jumpcloud",
        /// `PingOne` and `PingFederate`.
        Ping = "ping",
        /// Rippling.
        Rippling = "rippling",
        /// `SailPoint`.
        SailPoint = "sailpoint",
        /// `CyberArk` Identity.
        CyberArk = "cyberark",
        /// Keycloak with a SCIM extension.
        Keycloak = "keycloak",
        /// authentik.
        Authentik = "authentik",
    }
}

/// What stands in the `User-Agent`, in lower case. The name of a product that only one of them uses:
/// an HTTP library that several build on (`Apache-HttpClient`) says nothing.
const AGENTS: &[(&str, IdentityProvider)] = &[
    // `Okta SCIM Client 1.0.0`
    ("okta", IdentityProvider::Okta),
    // `Microsoft Azure AD SCIM provisioning 1.0.0`
    ("azure ad", IdentityProvider::Entra),
    ("azuread", IdentityProvider::Entra),
    ("microsoft", IdentityProvider::Entra),
    ("onelogin", IdentityProvider::OneLogin),
    // `Google-Auto-Provisioning`
    ("google-auto-provisioning", IdentityProvider::Google),
    ("jumpcloud", IdentityProvider::JumpCloud),
    ("pingone", IdentityProvider::Ping),
    ("pingfederate", IdentityProvider::Ping),
    ("pingidentity", IdentityProvider::Ping),
    ("rippling", IdentityProvider::Rippling),
    ("sailpoint", IdentityProvider::SailPoint),
    ("cyberark", IdentityProvider::CyberArk),
    ("keycloak", IdentityProvider::Keycloak),
    ("authentik", IdentityProvider::Authentik),
];

impl IdentityProvider {
    /// Who calls itself so. A client may call itself anything: this is for people who read a log,
    /// and nothing is decided by it.
    pub fn of_agent(agent: &str) -> Option<IdentityProvider> {
        let agent = agent.to_ascii_lowercase();
        let known = AGENTS.iter().find(|(part, _)| agent.contains(part));
        known.map(|(_, provider)| *provider)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clients_are_known_by_their_names() {
        let check = |agent: &str, expected: Option<&str>| {
            let found = IdentityProvider::of_agent(agent);
            assert_eq!(found.map(IdentityProvider::as_str), expected, "{agent}");
        };
        check("Okta SCIM Client 1.0.0", Some("okta"));
        check("Microsoft Azure AD SCIM provisioning 1.0.0", Some("entra"));
        check("Google-Auto-Provisioning", Some("google"));
        check("PingFederate/12.1", Some("ping"));
        check("goauthentik.io/2026.2", Some("authentik"));
        check("Apache-HttpClient/4.5", None);
        check("shipping-service/1", None);
        check("curl/8", None);
        check("", None);
    }

    #[test]
    fn every_one_of_them_can_be_found() {
        for provider in IdentityProvider::ALL {
            let named = AGENTS.iter().any(|(_, known)| known == provider);
            assert!(named, "{provider}");
        }
        for (part, _) in AGENTS {
            assert_eq!(*part, part.to_ascii_lowercase());
        }
    }
}
