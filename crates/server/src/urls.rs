//! The base URLs that an administrator pastes into the identity provider.

/// One base URL for each mount, with the organization filled in; the first is the one to show
/// where there is room for one.
pub(crate) fn scim_base_urls(public_url: &str, mounts: &[String], slug: &str) -> Vec<String> {
    mounts
        .iter()
        .map(|mount| format!("{public_url}{}", mount.replace("{org}", slug)))
        .collect()
}
