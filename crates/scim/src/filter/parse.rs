//! Recursive descent over the tokens. Depth and size are counted here and not left to the stack.

use super::lex::{Lexer, Token};
use super::scope::{self, Scope};
use super::{Filter, Literal, MAX_DEPTH, MAX_LENGTH, MAX_NODES, Op, literal};
use crate::lenient::Leniency;
use crate::mode::Mode;
use crate::path::{self, Located, Miss, Named, Target};
use crate::registry::Registry;
use crate::schema::{Attribute, Kind};

/// What is wrong, and where. Never holds text of the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    at: usize,
    problem: String,
}

impl Fault {
    pub(super) fn at(at: usize, problem: impl Into<String>) -> Fault {
        Fault {
            at,
            problem: problem.into(),
        }
    }

    /// A sentence for the error: what was read, the character, the problem.
    pub(crate) fn detail(&self, what: &str) -> String {
        format!("{what}, character {}: {}", self.at, self.problem)
    }
}

/// A path with an element filter: `emails[type eq "work"].value`.
#[derive(Debug)]
pub(crate) struct ElementPath<'r> {
    /// The list; `None` when the resource type has no attribute of that name.
    pub(crate) place: Option<Located<'r>>,
    /// Which of its elements.
    pub(crate) filter: Filter,
    /// The sub-attribute behind the filter; none where that is the simple element itself.
    pub(crate) sub: Option<Result<&'r Attribute, Miss>>,
    /// Which mends the literals needed.
    pub(crate) leniencies: Vec<Leniency>,
}

/// Reads a whole filter.
pub(super) fn filter(
    registry: &Registry,
    kinds: &[Kind],
    mode: Mode,
    text: &str,
) -> Result<Filter, Fault> {
    let mut parser = Parser::new(Scope::Resource(registry, kinds), mode, text)?;
    let filter = parser.filter()?;
    parser.expect(Token::End, "expected `and`, `or` or the end")?;
    Ok(filter)
}

/// Reads a PATCH path that has an element filter (RFC 7644 figure 7).
pub(crate) fn element_path<'r>(
    registry: &'r Registry,
    kind: Kind,
    mode: Mode,
    text: &str,
) -> Result<ElementPath<'r>, Fault> {
    let kinds = [kind];
    let mut parser = Parser::new(Scope::Resource(registry, &kinds), mode, text)?;
    let at = parser.lexer.position();
    let Token::Word(name) = parser.lexer.next()? else {
        return Err(Fault::at(at, "expected an attribute"));
    };
    let place = match path::named(registry, kind, name) {
        Ok(Named::Attribute(place)) => Some(place),
        Err(Miss::Unknown) => None,
        Ok(_) | Err(Miss::Malformed) => return Err(Fault::at(at, MALFORMED)),
    };
    if let Some(place) = place {
        list(at, place)?;
    }
    let inner =
        parser.brackets(place.map_or(Scope::Anything, |place| Scope::Element(place.top)))?;
    let sub = match parser.suffix()? {
        None => None,
        Some(name) if !path::is_name(name) => {
            return Err(Fault::at(parser.lexer.position(), MALFORMED));
        }
        Some(name)
            if path::is_element(name)
                && place.is_some_and(|place| place.top.has_simple_elements()) =>
        {
            None
        }
        Some(name) => {
            let known = place.and_then(|place| place.top.sub(name));
            Some(known.ok_or(Miss::Unknown))
        }
    };
    parser.expect(Token::End, "expected the end of the path")?;
    Ok(ElementPath {
        place,
        filter: inner,
        sub,
        leniencies: parser.acted,
    })
}

const MALFORMED: &str = "expected an attribute such as userName, name.familyName or \
                         urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
const UNKNOWN: &str = "the resource type has no such attribute that filters can name";

#[derive(Debug)]
struct Parser<'r, 'k, 'a> {
    lexer: Lexer<'a>,
    scope: Scope<'r, 'k>,
    mode: Mode,
    depth: usize,
    nodes: usize,
    acted: Vec<Leniency>,
}

impl<'r, 'k, 'a> Parser<'r, 'k, 'a> {
    fn new(scope: Scope<'r, 'k>, mode: Mode, text: &'a str) -> Result<Self, Fault> {
        if text.len() > MAX_LENGTH {
            let problem = format!("longer than the limit of {MAX_LENGTH} bytes");
            return Err(Fault::at(1, problem));
        }
        Ok(Parser {
            lexer: Lexer::new(text),
            scope,
            mode,
            depth: 0,
            nodes: 0,
            acted: Vec::new(),
        })
    }

    fn filter(&mut self) -> Result<Filter, Fault> {
        let mut terms = vec![self.conjunction()?];
        while self.takes_word("or")? {
            terms.push(self.conjunction()?);
        }
        self.joined(terms, Filter::any)
    }

    fn conjunction(&mut self) -> Result<Filter, Fault> {
        let mut terms = vec![self.factor()?];
        while self.takes_word("and")? {
            terms.push(self.factor()?);
        }
        self.joined(terms, Filter::all)
    }

    fn joined(
        &mut self,
        terms: Vec<Filter>,
        join: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, Fault> {
        if terms.len() > 1 {
            self.count()?;
        }
        Ok(join(terms))
    }

    fn factor(&mut self) -> Result<Filter, Fault> {
        let at = self.lexer.position();
        match self.lexer.next()? {
            Token::Open => self.group(),
            Token::Word(word)
                if word.eq_ignore_ascii_case("not") && self.lexer.peek()? == Token::Open =>
            {
                self.lexer.next()?;
                self.count()?;
                Ok(Filter::Not(Box::new(self.group()?)))
            }
            Token::Word(word) => self.expression(at, word),
            _ => Err(Fault::at(at, "expected an attribute, `not` or `(`")),
        }
    }

    /// What follows a `(`, up to and with its `)`.
    fn group(&mut self) -> Result<Filter, Fault> {
        self.enter()?;
        let inner = self.filter()?;
        self.expect(Token::Close, "expected `and`, `or` or `)`")?;
        self.depth -= 1;
        Ok(inner)
    }

    fn expression(&mut self, at: usize, path: &str) -> Result<Filter, Fault> {
        let place = self.place(at, path)?;
        let found = if self.lexer.peek()? == Token::OpenElement {
            self.element(at, place)?
        } else {
            self.condition(place)?
        };
        Ok(match self.scope {
            Scope::Resource(registry, kinds) => scope::of_its_type(registry, kinds, path, found),
            _ => found,
        })
    }

    /// `pr`, or an operator and its literal.
    fn condition(&mut self, place: Located<'r>) -> Result<Filter, Fault> {
        self.count()?;
        let at = self.lexer.position();
        let Token::Word(word) = self.lexer.next()? else {
            return Err(Fault::at(at, OPERATOR));
        };
        if word.eq_ignore_ascii_case("pr") {
            return Ok(Filter::Present(self.target(place)));
        }
        let op = Op::read(word).ok_or_else(|| Fault::at(at, OPERATOR))?;
        let at = self.lexer.position();
        let token = self.lexer.next()?;
        let place = comparable(place, token);
        let name = &place.leaf().name;
        let read = match self.scope {
            Scope::Anything => literal::any(token, self.mode, &mut self.acted),
            _ => literal::read(place.leaf(), op, token, self.mode, &mut self.acted),
        };
        let value = read.map_err(|problem| Fault::at(at, format!("{name}: {problem}")))?;
        Ok(Filter::Compare {
            target: self.target(place),
            op,
            value,
        })
    }

    fn element(&mut self, at: usize, place: Located<'r>) -> Result<Filter, Fault> {
        if !matches!(self.scope, Scope::Resource(..)) {
            return Err(Fault::at(at, "an element filter cannot be inside another"));
        }
        list(at, place)?;
        self.count()?;
        let mut inner = self.brackets(Scope::Element(place.top))?;
        if let Some(name) = self.suffix()? {
            let outer = std::mem::replace(&mut self.scope, Scope::Element(place.top));
            let sub = self.place(at, name)?;
            let condition = self.condition(sub)?;
            self.scope = outer;
            inner = Filter::all(vec![inner, condition]);
        }
        Ok(Filter::Element {
            target: place.target(),
            filter: Box::new(inner),
        })
    }

    /// `[`, a filter in the given scope, `]`.
    fn brackets(&mut self, scope: Scope<'r, 'k>) -> Result<Filter, Fault> {
        self.expect(Token::OpenElement, "expected `[`")?;
        self.enter()?;
        let outer = std::mem::replace(&mut self.scope, scope);
        let inner = self.filter()?;
        self.scope = outer;
        self.expect(Token::CloseElement, "expected `and`, `or` or `]`")?;
        self.depth -= 1;
        Ok(inner)
    }

    /// The name behind `].`, if there is one.
    fn suffix(&mut self) -> Result<Option<&'a str>, Fault> {
        match self.lexer.peek()? {
            Token::Word(word) if word.starts_with('.') => {
                self.lexer.next()?;
                Ok(Some(&word[1..]))
            }
            _ => Ok(None),
        }
    }

    fn place(&self, at: usize, name: &str) -> Result<Located<'r>, Fault> {
        let found = self.scope.find(name);
        found.map_err(|miss| match miss {
            Miss::Malformed => Fault::at(at, MALFORMED),
            Miss::Unknown => Fault::at(at, UNKNOWN),
        })
    }

    /// Inside an element the sub-attribute stands alone; a simple element is its own `value`.
    fn target(&self, place: Located<'r>) -> Target {
        match self.scope {
            Scope::Resource(..) => place.target(),
            Scope::Element(list) if !list.is_complex() => Target {
                name: "value".to_owned(),
                ..Target::within(list)
            },
            _ => Target::within(place.leaf()),
        }
    }

    fn takes_word(&mut self, expected: &str) -> Result<bool, Fault> {
        match self.lexer.peek()? {
            Token::Word(word) if word.eq_ignore_ascii_case(expected) => {
                self.lexer.next()?;
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn expect(&mut self, token: Token<'_>, problem: &str) -> Result<(), Fault> {
        let at = self.lexer.position();
        if self.lexer.next()? == token {
            Ok(())
        } else {
            Err(Fault::at(at, problem))
        }
    }

    fn enter(&mut self) -> Result<(), Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            let problem = format!("nested deeper than the limit of {MAX_DEPTH}");
            return Err(Fault::at(self.lexer.position(), problem));
        }
        Ok(())
    }

    fn count(&mut self) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            let problem = format!("more terms than the limit of {MAX_NODES}");
            return Err(Fault::at(self.lexer.position(), problem));
        }
        Ok(())
    }
}

const OPERATOR: &str = "expected an operator: eq, ne, co, sw, ew, gt, ge, lt, le or pr";

/// An element filter needs something that has elements or sub-attributes.
fn list(at: usize, place: Located<'_>) -> Result<(), Fault> {
    if place.sub.is_none() && (place.top.is_complex() || place.top.multi_valued) {
        return Ok(());
    }
    let problem = format!(
        "{} has no elements that `[` could choose from",
        place.leaf().name
    );
    Err(Fault::at(at, problem))
}

/// A complex attribute without sub-attribute stands for its `value`; null is compared with all
/// of it.
fn comparable<'r>(place: Located<'r>, token: Token<'_>) -> Located<'r> {
    if place.sub.is_some() || !place.top.is_complex() || token == Token::Word("null") {
        return place;
    }
    Located {
        sub: place.top.sub("value"),
        ..place
    }
}

impl Literal {
    /// True for [`Literal::Null`].
    pub fn is_null(&self) -> bool {
        matches!(self, Literal::Null)
    }
}
