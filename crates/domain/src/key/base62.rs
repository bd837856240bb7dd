//! Numbers in base 62: digits, then upper-case, then lower-case letters, leading zeros kept.

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// Whether every character is a base-62 digit.
pub(super) fn is(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_alphanumeric())
}

/// The last `length` digits of a number.
pub(super) fn of_u128(number: u128, length: usize) -> String {
    if let Ok(small) = u64::try_from(number) {
        return of_u64(small, length);
    }
    of_bytes(&number.to_be_bytes(), length)
}

/// Of a number that the machine divides by itself, as check characters are at every request.
fn of_u64(mut number: u64, length: usize) -> String {
    let mut digits = vec![b'0'; length];
    for digit in digits.iter_mut().rev() {
        *digit = ALPHABET[usize::try_from(number % 62).unwrap_or_default()];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

/// The last `length` digits of a big-endian number; 43 hold 256 bits whole.
pub(super) fn of_bytes(bytes: &[u8], length: usize) -> String {
    let mut number = bytes.to_vec();
    let mut digits: Vec<char> = (0..length).map(|_| next_digit(&mut number)).collect();
    digits.reverse();
    digits.into_iter().collect()
}

/// Divides the number by 62 in place and returns the remainder's digit.
fn next_digit(number: &mut [u8]) -> char {
    let mut rest: u16 = 0;
    for byte in number {
        let part = (rest << 8) | u16::from(*byte);
        // A quotient of one base-256 digit: part < 62 * 256.
        *byte = (part / 62).to_be_bytes()[1];
        rest = part % 62;
    }
    char::from(ALPHABET[usize::from(rest)])
}
