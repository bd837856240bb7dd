//! Every secret that the tests of a process use, and the search for them where none may be: in logs,
//! metrics, errors and databases.

use std::{
    collections::HashSet,
    sync::{LazyLock, Mutex, MutexGuard, PoisonError},
};

/// Letters and digits of a key's secret, its check included.
const LENGTH: usize = 49;
/// Passwords that are shorter would be found in ordinary text.
const LEAST: usize = 8;

#[derive(Debug, Default)]
struct Known {
    tokens: HashSet<Vec<u8>>,
    passwords: HashSet<String>,
}

static KNOWN: LazyLock<Mutex<Known>> = LazyLock::new(Mutex::default);

fn known() -> MutexGuard<'static, Known> {
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Remembers the secrets of all keys that a text shows.
pub fn keep_tokens(text: &str) {
    for part in text.split("rc_").skip(1) {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        let secret = part[..end.unwrap_or(part.len())].rsplit('_').next();
        if let Some(secret) = secret.filter(|secret| secret.len() == LENGTH) {
            known().tokens.insert(secret.as_bytes().to_vec());
        }
    }
}

/// Remembers a password.
pub fn keep_password(text: &str) {
    if text.len() >= LEAST {
        known().passwords.insert(text.to_owned());
    }
}

/// Where a secret stands in what was written: the text around it, without the secret.
pub fn find(bytes: &[u8]) -> Option<String> {
    let known = known();
    let at = token_at(bytes, &known.tokens).or_else(|| password_at(bytes, &known.passwords))?;
    let begin = at.saturating_sub(200);
    Some(String::from_utf8_lossy(&bytes[begin..at]).into_owned())
}

/// Looks at runs of letters and digits that are long enough to hold a secret.
fn token_at(bytes: &[u8], tokens: &HashSet<Vec<u8>>) -> Option<usize> {
    let mut begin = 0;
    for run in bytes.split(|byte| !byte.is_ascii_alphanumeric()) {
        let hit = run
            .windows(LENGTH)
            .position(|window| tokens.contains(window));
        if let Some(hit) = hit {
            return Some(begin + hit);
        }
        begin += run.len() + 1;
    }
    None
}

fn password_at(bytes: &[u8], passwords: &HashSet<String>) -> Option<usize> {
    let text = String::from_utf8_lossy(bytes);
    passwords.iter().find_map(|password| text.find(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_found_wherever_it_stands() {
        let secret = "aB3".repeat(20)[..LENGTH].to_owned();
        keep_tokens(&format!("{{\"token\": \"rc_scim_0123456789ab_{secret}\"}}"));
        keep_password("correct horse");
        let found = find(format!("before:{secret}!").as_bytes());
        assert_eq!(found.as_deref(), Some("before:"));
        assert!(find(format!("x{secret}y").as_bytes()).is_some());
        assert!(find(b"a correct horse").is_some());
        assert_eq!(find(&secret.as_bytes()[1..]), None);
    }
}
