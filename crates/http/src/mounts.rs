//! The paths at which the SCIM surface answers.

use crate::{config::ConfigFault, plane::own_paths, template::segments};

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
        check_mounts(templates)?;
        let mount = |template: &String| Mount {
            template: template.clone(),
        };
        let mut by_length: Vec<Mount> = templates.iter().map(mount).collect();
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

/// Most mounts: each costs a comparison for each request, and more are a mistake.
const MOST: usize = 64;

/// Whether these can be the paths of the SCIM surface: the one rule, for whoever reads a
/// configuration and for the server itself.
///
/// # Errors
/// The first one that is not right, by its place in the list: no path, there twice, or one that
/// would hide what rolecall answers elsewhere.
pub fn check_mounts(templates: &[String]) -> Result<(), ConfigFault> {
    let fault = |detail: String| Err(ConfigFault::new("scim.mounts", detail));
    if templates.is_empty() || templates.len() > MOST {
        return fault(format!("must be 1 to {MOST} paths"));
    }
    for (place, template) in templates.iter().enumerate() {
        let number = place + 1;
        if !is_path(template) {
            return fault(format!(
                "path {number} of the list must be like /scim/v2 or /orgs/{{org}}/scim/v2: \
                 segments of letters, digits, '-', '.', '_' and '~', no slash at the end, {{org}} \
                 at most once"
            ));
        }
        if templates[..place].contains(template) {
            return fault(format!("path {number} of the list is there twice"));
        }
        if let Some(own) = hidden_by(template) {
            return fault(format!(
                "path {number} of the list would hide {own}, which rolecall itself answers: \
                 choose another path"
            ));
        }
    }
    Ok(())
}

fn is_path(template: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    // A client would take dots for steps in the tree of paths.
    let word =
        |part: &str| !part.is_empty() && part != "." && part != ".." && part.bytes().all(plain);
    let parts = segments(template);
    let placeholders = parts.iter().filter(|part| **part == ORG).count();
    let written = parts.iter().all(|part| *part == ORG || word(part));
    !parts.is_empty() && written && placeholders <= 1 && !template.ends_with('/')
}

/// The path of ours that would never be found any more: mounts are looked at first, and take
/// whatever is below them.
fn hidden_by(template: &str) -> Option<String> {
    let is_place = |part: &str| part.starts_with('{');
    let mount = segments(template);
    own_paths().find(|own| {
        let own = segments(own);
        let mut pairs = mount.iter().zip(&own);
        let same = pairs.all(|(one, other)| one == other || is_place(one) || is_place(other));
        same && mount.len() <= own.len()
    })
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

    #[track_caller]
    fn check(mounts: &[&str], wrong: Option<&str>) {
        let mounts: Vec<String> = mounts.iter().map(|mount| (*mount).to_owned()).collect();
        match (check_mounts(&mounts), wrong) {
            (Ok(()), None) => {}
            (Err(fault), Some(says)) => {
                assert_eq!(fault.key, "scim.mounts");
                assert!(fault.detail.contains(says), "{mounts:?}: {}", fault.detail);
            }
            (found, wrong) => panic!("{mounts:?}: {found:?}, not {wrong:?}"),
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
            "/a/..",
            "/.",
        ] {
            check(
                &["/scim", wrong],
                Some("path 2 of the list must be like /scim/v2"),
            );
        }
        for (mount, own) in [
            ("/livez", "/livez"),
            ("/readyz", "/readyz"),
            ("/metrics", "/metrics"),
            ("/docs", "/docs"),
            ("/{org}", "/livez"),
            ("/api", "/api/v1/"),
            ("/api/v1", "/api/v1/"),
            ("/api/{org}", "/api/v1/"),
            ("/api/v1/orgs", "/api/v1/orgs"),
            ("/api/v1/orgs/acme", "/api/v1/orgs/{org}"),
            ("/api/v1/orgs/{org}", "/api/v1/orgs/{org}"),
            ("/api/v1/openapi.json", "/api/v1/openapi.json"),
        ] {
            check(&[mount], Some(&format!("would hide {own}")));
        }
        check(&[], Some("must be 1 to 64 paths"));
        check(
            &["/scim", "/x", "/scim"],
            Some("path 3 of the list is there twice"),
        );
        check(
            &[
                "/scim",
                "/{org}/scim",
                "/~x.y_z-0",
                "/api/v1/orgs/{org}/scim/v2",
                "/api/v2",
            ],
            None,
        );
        let many: Vec<String> = (0..=MOST).map(|number| format!("/scim{number}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        check(&many, Some("must be 1 to 64 paths"));
        check(&many[1..], None);
    }
}
