//! Ranges of network addresses, as administrators write them.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A text that is no range. Does not repeat it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RangeError {
    /// Neither an address nor a range.
    #[error("must be an address or a range, such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32")]
    Malformed,
    /// More bits than an address has.
    #[error("the number after the / must be at most 32 for IPv4 and 128 for IPv6")]
    TooLong,
    /// Bits behind the prefix that are not zero: the range may not be the one that was meant.
    #[error("the bits behind the prefix must be zero, as in 203.0.113.0/24")]
    Loose,
}

/// The addresses that begin with the same bits (RFC 4632 section 3.1, RFC 4291 section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Range {
    base: IpAddr,
    prefix: u8,
}

impl Range {
    /// Whether an address lies in it. An IPv4 address that came over an IPv6 socket counts as the
    /// IPv4 address that it is.
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.base, address.to_canonical()) {
            (IpAddr::V4(base), IpAddr::V4(address)) => same(
                base.to_bits().into(),
                address.to_bits().into(),
                32,
                self.prefix,
            ),
            (IpAddr::V6(base), IpAddr::V6(address)) => {
                same(base.to_bits(), address.to_bits(), 128, self.prefix)
            }
            _ => false,
        }
    }

    /// Whether every address that lies in it lies in the other one too.
    pub fn lies_within(&self, other: &Range) -> bool {
        self.base.is_ipv4() == other.base.is_ipv4()
            && self.prefix >= other.prefix
            && other.contains(self.base)
    }

    fn is_one(self) -> bool {
        self.prefix == width(self.base)
    }

    fn is_tight(self) -> bool {
        let bits = match self.base {
            IpAddr::V4(base) => u128::from(base.to_bits()),
            IpAddr::V6(base) => base.to_bits(),
        };
        let free = u32::from(width(self.base) - self.prefix);
        bits & !u128::MAX.checked_shl(free).unwrap_or(0) == 0
    }
}

fn width(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

/// Whether two numbers of `width` bits agree in their first `prefix` bits.
fn same(one: u128, other: u128, width: u32, prefix: u8) -> bool {
    let differs = one ^ other;
    differs.checked_shr(width - u32::from(prefix)).unwrap_or(0) == 0
}

impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_one() {
            write!(f, "{}", self.base)
        } else {
            write!(f, "{}/{}", self.base, self.prefix)
        }
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        let (base, prefix) = match text.split_once('/') {
            Some((base, prefix)) => (base, Some(prefix)),
            None => (text, None),
        };
        let base: IpAddr = base.parse().map_err(|_| RangeError::Malformed)?;
        let prefix = match prefix {
            Some(prefix)
                if !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                prefix.parse().map_err(|_| RangeError::TooLong)?
            }
            Some(_) => return Err(RangeError::Malformed),
            None => width(base),
        };
        if prefix > width(base) {
            return Err(RangeError::TooLong);
        }
        let range = Self { base, prefix };
        if range.is_tight() {
            Ok(range)
        } else {
            Err(RangeError::Loose)
        }
    }
}

impl TryFrom<String> for Range {
    type Error = RangeError;

    fn try_from(text: String) -> Result<Self, RangeError> {
        text.parse()
    }
}

impl From<Range> for String {
    fn from(range: Range) -> Self {
        range.to_string()
    }
}

#[cfg(test)]
mod tests;
