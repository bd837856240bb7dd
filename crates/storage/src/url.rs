//! What a database's URL has to be like, and what may be told of it.
//!
//! A URL may hold a password, and libpq's own words about one that it cannot read show pieces of it.
//! So what it would stumble over is refused here first, and [`told`] is the one place that lets its
//! words out.

const SHAPE: &str =
    "must be sqlite://PATH (a file, no parameters) or postgres://USER:PASSWORD@HOST/NAME";
const ENCODED: &str = "must have `@`, `/`, `?`, `#` and `%` in user and password percent-encoded \
     (%40, %2F, %3F, %23, %25)";
const SPACES: &str = "must have no spaces in it: in a password they are percent-encoded (%20)";
const PORT: &str = "must have a number of 1 to 65535 for a port, or none: \
     postgres://USER:PASSWORD@HOST:PORT/NAME";

/// Whether a URL is one that a database can be opened by.
///
/// # Errors
/// What would be right; nothing of the URL.
pub fn check_url(url: &str) -> Result<(), &'static str> {
    if let Some(path) = url.strip_prefix("sqlite://") {
        let wrong = path.is_empty() || path.starts_with(':') || path.contains(['?', '#']);
        return if wrong { Err(SHAPE) } else { Ok(()) };
    }
    let server = rest_of_server(url).filter(|server| !server.is_empty());
    check_server(server.ok_or(SHAPE)?)
}

/// What follows the scheme of a URL of PostgreSQL.
fn rest_of_server(url: &str) -> Option<&str> {
    let long = url.strip_prefix("postgresql://");
    url.strip_prefix("postgres://").or(long)
}

fn check_server(server: &str) -> Result<(), &'static str> {
    let (person, rest) = server.rsplit_once('@').unwrap_or(("", server));
    let digits = |text: &str| {
        let pair = text.as_bytes().get(..2);
        pair.is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit))
    };
    if person.contains(['@', '/', '?', '#']) || !server.split('%').skip(1).all(digits) {
        return Err(ENCODED);
    }
    if server.contains(|c: char| c.is_whitespace() || c.is_control()) {
        return Err(SPACES);
    }
    let hosts = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let parameters = rest
        .split_once('?')
        .map_or("", |(_, parameters)| parameters);
    let named = parameters.split('&').filter_map(|one| one.split_once('='));
    let mut ports = named
        .filter(|(name, _)| *name == "port")
        .map(|(_, port)| port);
    if hosts.split(',').all(has_port) && ports.all(is_port) {
        Ok(())
    } else {
        Err(PORT)
    }
}

fn has_port(host: &str) -> bool {
    // An IPv6 address stands in brackets and is full of colons.
    let host = host.rsplit(']').next().unwrap_or_default();
    host.split_once(':').is_none_or(|(_, port)| is_port(port))
}

fn is_port(text: &str) -> bool {
    text.is_empty() || text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// How libpq begins what it says of a server that it tried to reach; whatever else it says is about the
/// URL and repeats pieces of it.
const OF_A_SERVER: &[&str] = &["connection to server", "could not translate host name"];

/// Why there is no connection, in libpq's words where they are of the server, without the password.
pub(crate) fn told(url: &str, words: &str) -> String {
    if !OF_A_SERVER.iter().any(|begin| words.starts_with(begin)) {
        return "PostgreSQL's library does not take the URL: look at its hosts, its ports and the \
                parameters behind the `?`"
            .to_owned();
    }
    let mut words = words.trim_end().to_owned();
    for password in passwords(url) {
        words = words.replace(&password, "***");
    }
    words
}

/// The passwords that a URL holds, as written and decoded.
fn passwords(url: &str) -> Vec<String> {
    let server = rest_of_server(url).unwrap_or_default();
    let person = server
        .rsplit_once('@')
        .and_then(|(person, _)| person.split_once(':'));
    let parameters = server.split(['?', '&']).skip(1);
    let given = parameters.filter_map(|one| one.split_once('='));
    let given = given.filter(|(name, _)| name.ends_with("password"));
    let written = given.chain(person).map(|(_, password)| password);
    let both = written.flat_map(|password| [password.to_owned(), decoded(password)]);
    both.filter(|password| !password.is_empty()).collect()
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part
            .get(..2)
            .and_then(|pair| u8::from_str_radix(pair, 16).ok());
        match byte {
            Some(byte) => {
                bytes.push(byte);
                bytes.extend(part.bytes().skip(2));
            }
            None => bytes.extend([b"%", part.as_bytes()].concat()),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;
