//! Tokens of filters and PATCH paths.

use winnow::Parser;
use winnow::combinator::{alt, delimited, preceded, repeat};
use winnow::error::EmptyError;
use winnow::token::{any, none_of, take_till, take_while};

use super::parse::Fault;

/// One token; text is borrowed from the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `(`
    Open,
    /// `)`
    Close,
    /// `[`
    OpenElement,
    /// `]`
    CloseElement,
    /// A path, an operator, a number or an unquoted literal.
    Word(&'a str),
    /// A JSON string with its quotes, escapes not yet decoded.
    Quoted(&'a str),
    /// Nothing is left.
    End,
}

/// Reads tokens one by one, so that limits act before the whole text has been read.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'a> {
    source: &'a str,
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(source: &'a str) -> Lexer<'a> {
        Lexer {
            source,
            rest: source,
        }
    }

    /// How many characters were read, plus one: where the next token is, for people.
    pub(super) fn position(&self) -> usize {
        let read = self.source.len() - self.rest.trim_ascii_start().len();
        self.source[..read].chars().count() + 1
    }

    /// The next token, without taking it.
    pub(super) fn peek(&self) -> Result<Token<'a>, Fault> {
        self.clone().next()
    }

    /// Takes the next token.
    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        self.rest = self.rest.trim_ascii_start();
        if self.rest.is_empty() {
            return Ok(Token::End);
        }
        let before = self.clone();
        token(&mut self.rest)
            .map_err(|_| Fault::at(before.position(), "the quoted text does not end"))
    }
}

fn token<'a>(input: &mut &'a str) -> Result<Token<'a>, EmptyError> {
    alt((
        '('.value(Token::Open),
        ')'.value(Token::Close),
        '['.value(Token::OpenElement),
        ']'.value(Token::CloseElement),
        quoted.map(Token::Quoted),
        word.map(Token::Word),
    ))
    .parse_next(input)
}

fn quoted<'a>(input: &mut &'a str) -> Result<&'a str, EmptyError> {
    let plain = take_while(1.., |c| c != '"' && c != '\\').void();
    let escape = preceded('\\', any).void();
    delimited(
        '"',
        repeat::<_, _, (), _, _>(0.., alt((plain, escape))),
        '"',
    )
    .take()
    .parse_next(input)
}

fn word<'a>(input: &mut &'a str) -> Result<&'a str, EmptyError> {
    let ends = |c: char| c.is_ascii_whitespace() || matches!(c, '(' | ')' | '[' | ']' | '"');
    (none_of('"'), take_till(0.., ends))
        .take()
        .parse_next(input)
}
