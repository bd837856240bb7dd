//! The paths at which the SCIM surface answers.

use crate::{config::ConfigFault, template::segments};

/// The placeholder for an organization's slug.
const ORG: &str = "{org}";

/// All mounts, the longest first, so that `/scim/v2` is found before `/scim`.
#[derive(Clone, Debug)]
pub(crate) struct Mounts {
    by_length: Vec<Mount>,
    /// As configured, for showing.
    listed: Vec<String>,
}

/// One mount.
#[derive(Clone, Debug)]
pub(crate) struct Mount {
    /// As configured: `/orgs/{org}/scim/v2`.
    pub template: String,
}

/// Where a path enters the SCIM surface.
#[derive(Debug)]
pub(crate) struct Entered<'a> {
    pub mount: &'a Mount,
    /// What the path has in the place of `{org}`.
    pub org: Option<&'a str>,
    /// The part of the path that is the mount.
    pub prefix: &'a str,
    /// What is below it: empty, or beginning with a slash.
    pub rest: &'a str,
}

impl Mounts {
    /// Checks the configured mounts.
    ///
    /// # Errors
    /// The first one that is not right.
    pub(crate) fn new(templates: &[String]) -> Result<Mounts, ConfigFault> {
        let mut by_length: Vec<Mount> = Vec::new();
        for (place, template) in templates.iter().enumerate() {
            check(template)
                .map_err(|detail| ConfigFault::new(format!("scim.mounts[{place}]"), detail))?;
            by_length.push(Mount {
                template: template.clone(),
            });
        }
        // Literal before placeholder where both have the same length.
        by_length.sort_by_key(|mount| {
            (
                std::cmp::Reverse(segments(&mount.template).len()),
                mount.template.contains(ORG),
            )
        });
        Ok(Mounts {
            by_length,
            listed: templates.to_vec(),
        })
    }

    /// The mount that a path is below.
    pub(crate) fn enter<'a>(&'a self, path: &'a str) -> Option<Entered<'a>> {
        self.by_length.iter().find_map(|mount| {
            let (org, rest) = below(&mount.template, path)?;
            Some(Entered {
                mount,
                org,
                prefix: &path[..path.len() - rest.len()],
                rest,
            })
        })
    }

    /// The paths for one organization, in the order of the configuration.
    pub(crate) fn of_org(&self, slug: &str) -> impl Iterator<Item = String> {
        self.listed
            .iter()
            .map(move |template| template.replace(ORG, slug))
    }
}

/// What a path has in the place of `{org}`, and what is left of it behind the template's segments;
/// none where it does not begin with them. Asked of every mount for every request, so that it keeps
/// nothing.
fn below<'p>(template: &str, path: &'p str) -> Option<(Option<&'p str>, &'p str)> {
    let (mut org, mut rest) = (None, path);
    for want in template[1..].split('/') {
        let after = rest.strip_prefix('/')?;
        let end = after.bytes().position(|byte| byte == b'/');
        let (segment, left) = after.split_at(end.unwrap_or(after.len()));
        if want == ORG {
            org = Some(segment).filter(|slug| !slug.is_empty());
            org?;
        } else if want != segment {
            return None;
        }
        rest = left;
    }
    Some((org, rest))
}

fn check(template: &str) -> Result<(), String> {
    let well_formed = |segment: &&str| {
        !segment.is_empty()
            && segment
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
    };
    let parts = segments(template);
    let placeholders = parts.iter().filter(|part| **part == ORG).count();
    let plain = parts.iter().filter(|part| **part != ORG).all(well_formed);
    if parts.is_empty() || !plain || placeholders > 1 || template.ends_with('/') {
        return Err(
            "must be a path such as /scim/v2 or /orgs/{org}/scim/v2: segments of letters, digits, \
             '-', '.', '_' and '~', no slash at the end, {org} at most once"
                .to_owned(),
        );
    }
    let taken = ["/api/v1", "/livez", "/readyz", "/metrics"];
    match taken.iter().find(|path| **path == template) {
        Some(path) => Err(format!(
            "{path} is taken by rolecall itself; choose another path"
        )),
        None => Ok(()),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::config::HttpConfig;

    #[track_caller]
    fn check_enter(path: &str, found: Option<(&str, Option<&str>, &str)>) {
        let mounts = Mounts::new(&HttpConfig::default().mounts).unwrap();
        let entered = mounts.enter(path);
        let entered = entered.map(|e| (e.mount.template.as_str(), e.org, e.rest));
        assert_eq!(entered, found, "{path}");
    }

    #[test]
    fn paths_enter_at_the_longest_mount() {
        check_enter("/scim/v2/Users", Some(("/scim/v2", None, "/Users")));
        check_enter("/scim/Users", Some(("/scim", None, "/Users")));
        check_enter("/scim/v2", Some(("/scim/v2", None, "")));
        check_enter("/scim/v2/", Some(("/scim/v2", None, "/")));
        check_enter("/scim/v2//Users", Some(("/scim/v2", None, "//Users")));
        check_enter(
            "/orgs/acme/scim/v2/Users/7",
            Some(("/orgs/{org}/scim/v2", Some("acme"), "/Users/7")),
        );
        check_enter(
            "/api/v1/auth/scim/Me",
            Some(("/api/v1/auth/scim", None, "/Me")),
        );
        for outside in [
            "/",
            "",
            "/scimx/Users",
            "/api/v1/orgs",
            "//scim/v2/Users",
            "/SCIM/v2",
        ] {
            check_enter(outside, None);
        }
    }

    #[test]
    fn mounts_that_are_not_right() {
        for wrong in [
            "",
            "/",
            "scim",
            "/scim/",
            "/a//b",
            "/{x}/scim",
            "/{org}/{org}",
            "/a b",
            "/api/v1",
        ] {
            let fault = Mounts::new(&[wrong.to_owned()]).unwrap_err();
            assert_eq!(fault.key, "scim.mounts[0]", "{wrong}");
        }
    }
}
