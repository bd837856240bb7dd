//! The connection of an organization: its SCIM settings and its SSO record.

use serde::{Deserialize, Serialize};

use crate::policy::Policies;
use crate::preset::Preset;
use crate::text::caseless_key;
use crate::words::words;

/// Most verified domains of one connection.
pub const MAX_DOMAINS: usize = 1000;
/// Longest issuer and sign-in URL, in characters.
pub const MAX_SSO_TEXT: usize = 2048;

words! {
    /// The attribute by which the identity provider tells users apart.
    pub enum UniqueIdentifier {
        /// `userName`.
        UserName = "userName",
        /// The primary e-mail (D6).
        Email = "email",
    }
}

words! {
    /// How people sign in.
    pub enum SsoProtocol {
        /// SAML 2.0.
        Saml = "saml",
        /// OpenID Connect.
        Oidc = "oidc",
    }
}

/// The record that single sign-on is set up. rolecall does not sign anybody in; the record
/// satisfies the policy `require_sso`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sso {
    /// The protocol.
    pub protocol: SsoProtocol,
    /// The entity id (SAML) or issuer (OIDC).
    pub issuer: String,
    /// Where people sign in, an `https` or `http` URL.
    pub sign_in_url: String,
}

/// SCIM settings of one organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Connection {
    /// Whether the SCIM mounts answer (DS-5).
    pub enabled: bool,
    /// By what users are told apart.
    pub unique_identifier: UniqueIdentifier,
    /// Switches the leniency rewriters off (D30).
    #[serde(default)]
    pub strict: bool,
    /// Domains to which new e-mails and user names are limited; empty: any (D25).
    #[serde(default)]
    pub email_domains: Vec<String>,
    /// The SSO record.
    #[serde(default)]
    pub sso: Option<Sso>,
    /// Keeps the bodies of requests in the provisioning log, without secrets: they hold personal
    /// data.
    #[serde(default)]
    pub log_bodies: bool,
}

/// What is wrong with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionError {
    /// The policy `require_sso` asks for a record that is not there (D21).
    #[error(
        "connection.sso: record single sign-on first (protocol, issuer, sign_in_url); the policy require_sso asks for it"
    )]
    SsoMissing,
    /// Not a domain name.
    #[error("connection.email_domains[{0}]: must be a domain name such as example.com")]
    BadDomain(usize),
    /// Too many domains.
    #[error("connection.email_domains: at most {MAX_DOMAINS} domains are possible")]
    TooManyDomains,
    /// No issuer, or one that is too long.
    #[error("connection.sso.issuer: must be 1 to {MAX_SSO_TEXT} characters without spaces")]
    BadIssuer,
    /// Not a URL.
    #[error("connection.sso.sign_in_url: must be an https:// or http:// URL")]
    BadSignInUrl,
}

impl Connection {
    /// The connection that a new organization starts with.
    pub fn of_preset(preset: Preset) -> Self {
        Self {
            enabled: preset.enabled_at_creation(),
            unique_identifier: preset.unique_identifier(),
            strict: false,
            email_domains: Vec::new(),
            sso: None,
            log_bodies: false,
        }
    }

    /// Whether SCIM may be on (D21). An open connection whose policy or SSO record changes
    /// must be asked again.
    pub fn can_enable(&self, policies: &Policies) -> Result<(), ConnectionError> {
        if policies.require_sso && self.sso.is_none() {
            return Err(ConnectionError::SsoMissing);
        }
        Ok(())
    }

    /// Checks every field; all faults at once.
    pub fn check(&self) -> Result<(), Vec<ConnectionError>> {
        let mut faults = Vec::new();
        if self.email_domains.len() > MAX_DOMAINS {
            faults.push(ConnectionError::TooManyDomains);
        } else {
            let bad = self
                .email_domains
                .iter()
                .enumerate()
                .filter(|(_, d)| !is_domain(d));
            faults.extend(bad.map(|(index, _)| ConnectionError::BadDomain(index)));
        }
        if let Some(sso) = &self.sso {
            if !is_token(&sso.issuer) {
                faults.push(ConnectionError::BadIssuer);
            }
            if !is_url(&sso.sign_in_url) {
                faults.push(ConnectionError::BadSignInUrl);
            }
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    /// Whether a new e-mail or user name is within the verified domains, ignoring case
    /// (D25). With a list, a text without a domain is outside.
    pub fn allows_domain(&self, address: &str) -> bool {
        if self.email_domains.is_empty() {
            return true;
        }
        let Some((_, domain)) = address.rsplit_once('@') else {
            return false;
        };
        let domain = caseless_key(domain);
        self.email_domains
            .iter()
            .any(|allowed| caseless_key(allowed) == domain)
    }
}

fn is_domain(text: &str) -> bool {
    let label = |label: &str| {
        let edge = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        label.len() <= 63
            && edge(label.chars().next())
            && edge(label.chars().last())
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(label)
}

fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text.chars().count() <= MAX_SSO_TEXT
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
}

fn is_url(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    is_token(text) && rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

#[cfg(test)]
mod tests;
