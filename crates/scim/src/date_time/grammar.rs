//! The grammar of `xsd:dateTime` (XML Schema 1.1 part 2, section 3.3.7).

/// The last year of four digits. The grammar has more, and years before the first; nobody means
/// them, and a filter for one is a mistake that has to be told.
pub(super) const MAX_YEAR: i64 = 9_999;

/// Longest offset, in minutes.
const MAX_OFFSET: i64 = 14 * 60;

/// The parts of a text.
pub(super) struct Read {
    pub(super) year: i64,
    pub(super) month: i64,
    pub(super) day: i64,
    /// 86,400 for 24:00:00, the beginning of the next day.
    pub(super) second_of_day: i64,
    pub(super) nanoseconds: u32,
    /// East of UTC, in seconds.
    pub(super) offset: i64,
}

/// Reads a whole text; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Read> {
    let mut rest = Rest(text.as_bytes());
    let year = rest.year()?;
    rest.takes(b'-').then_some(())?;
    let month = rest.two_digits(1, 12)?;
    rest.takes(b'-').then_some(())?;
    let day = rest.two_digits(1, days_of_month(year, month))?;
    (rest.takes(b'T') || rest.takes(b't')).then_some(())?;
    let (second_of_day, nanoseconds) = rest.time()?;
    let offset = rest.offset()?;
    rest.0.is_empty().then_some(Read {
        year,
        month,
        day,
        second_of_day,
        nanoseconds,
        offset,
    })
}

fn days_of_month(year: i64, month: i64) -> i64 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// What is not read yet.
struct Rest<'a>(&'a [u8]);

impl<'a> Rest<'a> {
    fn takes(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// As many digits as there are.
    fn digits(&mut self) -> &'a [u8] {
        let count = self.0.iter().take_while(|byte| byte.is_ascii_digit());
        let (digits, rest) = self.0.split_at(count.count());
        self.0 = rest;
        digits
    }

    /// Four digits, from 0001 on.
    fn year(&mut self) -> Option<i64> {
        let century = self.two_digits(0, 99)?;
        let year = century * 100 + self.two_digits(0, 99)?;
        (year > 0).then_some(year)
    }

    /// Two digits with a value from and to.
    fn two_digits(&mut self, from: i64, to: i64) -> Option<i64> {
        let (&[ten, one], rest) = self.0.split_first_chunk()?;
        if !ten.is_ascii_digit() || !one.is_ascii_digit() {
            return None;
        }
        self.0 = rest;
        let number = i64::from(ten - b'0') * 10 + i64::from(one - b'0');
        (from..=to).contains(&number).then_some(number)
    }

    /// Hour, minute and second, all of them, and the fraction. 24:00:00 is the end of the day.
    fn time(&mut self) -> Option<(i64, u32)> {
        let hour = self.two_digits(0, 24)?;
        self.takes(b':').then_some(())?;
        let minute = self.two_digits(0, 59)?;
        self.takes(b':').then_some(())?;
        let second = self.two_digits(0, 59)?;
        let mut fraction: &[u8] = &[];
        if self.takes(b'.') {
            fraction = self.digits();
            (!fraction.is_empty()).then_some(())?;
        }
        let zero = minute == 0 && second == 0 && fraction.iter().all(|digit| *digit == b'0');
        if hour == 24 && !zero {
            return None;
        }
        let nine = fraction.iter().chain(std::iter::repeat(&b'0')).take(9);
        let nanoseconds = nine.fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'));
        Some((hour * 3_600 + minute * 60 + second, nanoseconds))
    }

    /// `Z`, or a sign and hours and minutes, or nothing; in seconds.
    fn offset(&mut self) -> Option<i64> {
        if self.0.is_empty() || self.takes(b'Z') || self.takes(b'z') {
            return Some(0);
        }
        let west = self.takes(b'-');
        (west || self.takes(b'+')).then_some(())?;
        let hours = self.two_digits(0, 14)?;
        self.takes(b':').then_some(())?;
        let minutes = hours * 60 + self.two_digits(0, 59)?;
        let seconds = minutes * 60;
        (minutes <= MAX_OFFSET).then_some(if west { -seconds } else { seconds })
    }
}
