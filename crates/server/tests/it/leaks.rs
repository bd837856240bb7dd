//! Case 9: keys that leaked are found in whatever they leaked into, and nothing else is taken for one.

use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::Command,
};

use domain::key::{KeyId, Kind, Secret, Token, assemble};

use crate::support::{Db, org_with_key};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/// How much text lies around the keys.
const LINES: usize = 500_000;
const LINE: usize = 100;
const KEYS: usize = 50;

/// A fixed sequence (xorshift).
struct Sequence(u64);

impl Sequence {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_le_bytes()[0])
    }

    /// A line of base64 as URLs have it: with `_`, as keys.
    fn line(&mut self) -> [u8; LINE] {
        let mut line = [b'\n'; LINE];
        for ten in line[..LINE - 1].chunks_mut(10) {
            let mut bits = self.next();
            for letter in ten {
                *letter = LETTERS[(bits & 63) as usize];
                bits >>= 6;
            }
        }
        line
    }

    fn key(&mut self, number: usize) -> String {
        let kinds = [Kind::Scim, Kind::Admin, Kind::Read, Kind::Owner];
        let (id, secret) = (self.bytes::<16>(), self.bytes::<32>());
        assemble(
            kinds[number % kinds.len()],
            &KeyId::from_random(id),
            &Secret::from_random(&secret),
        )
    }
}

/// The pattern that the documentation tells operators to search with.
fn pattern() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/operate.md");
    let text = fs::read_to_string(path).unwrap();
    let begin = text.find("`rc_(").unwrap() + 1;
    let end = text[begin..].find('`').unwrap();
    text[begin..begin + end].to_owned()
}

/// What a key becomes with another letter in the middle of its secret: it looks like one, and its
/// checksum is wrong.
fn broken(key: &str) -> String {
    let place = key.len() - 20;
    let other = if key.as_bytes()[place] == b'a' {
        "b"
    } else {
        "a"
    };
    format!("{}{other}{}", &key[..place], &key[place + 1..])
}

#[test]
fn abuse_09_leaked_keys_are_found_by_their_form() {
    let database = Db::sqlite();
    let path = database.folder.path().join("leak");
    let mut file = BufWriter::new(File::create(&path).unwrap());
    let mut sequence = Sequence(0x9E37_79B9_7F4A_7C15);
    let mut planted = vec![org_with_key(&database, "acme", "plain", "scim")];
    for number in 0..LINES {
        file.write_all(&sequence.line()).unwrap();
        if number % (LINES / KEYS) == 7 {
            let key = sequence.key(planted.len());
            let fake = broken(&sequence.key(planted.len()));
            write!(file, "token={key}\n\"{fake}\",").unwrap();
            planted.push(key);
        }
    }
    writeln!(file, "Authorization: Bearer {}", planted[0]).unwrap();
    drop(file);
    assert!(fs::metadata(&path).unwrap().len() > 50_000_000);
    let found = Command::new("grep")
        .env("LC_ALL", "C")
        .args(["-oE", &pattern()])
        .arg(&path)
        .output()
        .unwrap();
    let found = String::from_utf8(found.stdout).unwrap();
    let looks: Vec<&str> = found.lines().collect();
    assert_eq!(
        looks.len(),
        planted.len() + KEYS,
        "with those whose checksum is wrong"
    );
    let mut keys = looks;
    keys.retain(|word| Token::parse(word).is_ok());
    planted.rotate_left(1);
    assert!(keys == planted, "{} of {} keys", keys.len(), planted.len());
}
