//! What a form says of its own columns and rows: `1=3+9+10`, `(4)=(3)/(2)`, `3=2/1*100`,
//! `(5)=(6)+…+(17)`, `Mã số 1000 = Mã số 1100 + 1200`.
//!
//! What is read here are hints. Official forms head a column `3=4+5+6` of which 6 is a ratio, and write
//! `8=3:1` for 100 × 3/1: whether a statement is a rule of its table is for the figures to say.

mod columns;
mod trial;

pub use columns::{Names, of_header};
pub use trial::{Content, FEWEST, Outcome, Trial, outcome};

use crate::values::number::{Interval, Rational};

/// One figure told by others, by the numbers of columns or the codes of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Stated {
    /// The number or code of what is told; none where it is what the statement stands at.
    pub of: Option<String>,
    /// How it comes about.
    is: Term,
    /// As written.
    pub written: String,
}

/// A piece of a statement as written.
#[derive(Clone, Debug, PartialEq)]
enum Term {
    /// The number or the code of another one, or a plain number.
    Name(String),
    /// Every one from the first to the last, added up.
    Run(String, String),
    Negative(Box<Term>),
    /// True where one is taken away.
    Sum(Vec<(bool, Term)>),
    /// True where one divides.
    Product(Vec<(bool, Term)>),
}

/// A statement whose names are known: figures go by their places.
#[derive(Clone, Debug, PartialEq)]
pub enum Expression {
    /// A figure.
    Figure(usize),
    /// A plain number.
    Number(Rational),
    /// The value times -1.
    Negative(Box<Expression>),
    /// True where one is taken away.
    Sum(Vec<(bool, Expression)>),
    /// True where one divides.
    Product(Vec<(bool, Expression)>),
}

/// Numbers that a product may hold as such: percent, and 10 between tạ and tấn.
const FACTORS: [&str; 4] = ["10", "100", "1000", "10000"];
/// Words before a number or code that add nothing to it.
const FILLERS: [&str; 12] = ["mã", "số", "ms", "cột", "cot", "dòng", "dong", "hàng", "mục", "chỉ", "tiêu", "khoản"];
/// Longest name of a column or row.
const LONGEST: usize = 6;
/// Brackets deeper than this are no statement.
const DEEPEST: usize = 8;

#[derive(Clone, Debug, PartialEq)]
enum Token {
    Name(String),
    Plus,
    Minus,
    Times,
    Divide,
    Open,
    Close,
    Equals,
    /// "…" or "đến".
    To,
    Percent,
    Other,
}

/// A token and where it ends, in bytes.
type Placed = (Token, usize, usize);

fn tokens(text: &str) -> Vec<Placed> {
    let mut found: Vec<Placed> = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        let mut end = start + c.len_utf8();
        let token = match c {
            _ if c.is_whitespace() || crate::values::text::is_ignorable(c) => continue,
            '+' => Token::Plus,
            '-' | '–' | '—' | '−' => Token::Minus,
            '*' | '×' | '∗' => Token::Times,
            '/' | ':' | '÷' => Token::Divide,
            '(' | '[' | '{' => Token::Open,
            ')' | ']' | '}' => Token::Close,
            '=' => Token::Equals,
            '%' => Token::Percent,
            '…' => Token::To,
            '.' => {
                let mut dots = 1;
                while let Some((at, _)) = rest.next_if(|(_, c)| *c == '.') {
                    (dots, end) = (dots + 1, at + 1);
                }
                if dots > 1 { Token::To } else { Token::Other }
            }
            _ if c.is_alphanumeric() => {
                let digits = c.is_ascii_digit();
                let mut point_before = false;
                while let Some((at, next)) = rest.peek().copied() {
                    // "1.1" is one name, and so is "12a"; "2x100" is three.
                    let joins = if digits {
                        next.is_ascii_digit() || (next == '.' && !point_before && followed_by_digit(&text[at + 1..]))
                    } else {
                        next.is_alphabetic()
                    };
                    if !joins {
                        break;
                    }
                    point_before = next == '.';
                    end = at + next.len_utf8();
                    rest.next();
                }
                if digits && let Some((at, letter)) = rest.peek().copied() {
                    let alone = letter.is_ascii_lowercase()
                        && letter != 'x'
                        && !text[at + 1..].starts_with(|c: char| c.is_alphanumeric());
                    if alone {
                        end = at + 1;
                        rest.next();
                    }
                }
                word(&text[start..end])
            }
            _ => Token::Other,
        };
        match token {
            // "Mã số 1100"
            Token::Other if FILLERS.contains(&&*text[start..end].to_lowercase()) => {}
            token => found.push((token, start, end)),
        }
    }
    found
}

fn followed_by_digit(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_digit())
}

fn word(word: &str) -> Token {
    if matches!(word, "x" | "X") {
        return Token::Times;
    }
    if word.to_lowercase() == "đến" {
        return Token::To;
    }
    let is_code = word.starts_with(|c: char| c.is_ascii_digit())
        || (word.len() <= 4 && word.bytes().all(|b| b.is_ascii_uppercase()));
    if is_code && word.len() <= LONGEST { Token::Name(name_of(word)) } else { Token::Other }
}

/// A number or code, however it is written: "(01)", "1.", "-3" for a typed "(3)".
pub fn name_of(written: &str) -> String {
    let bare = written.trim().trim_matches(|c: char| !c.is_alphanumeric());
    let short = bare.trim_start_matches('0');
    // "0" itself.
    if short.starts_with(|c: char| c.is_ascii_digit()) || bare.is_empty() { short.to_owned() } else { bare.to_owned() }
}

struct Reader<'t> {
    tokens: &'t [Placed],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at).map(|(token, ..)| token)
    }

    fn take(&mut self, token: &Token) -> bool {
        let found = self.peek() == Some(token);
        self.at += usize::from(found);
        found
    }

    fn sum(&mut self) -> Option<Term> {
        let mut pieces = vec![(false, self.product()?)];
        loop {
            let before = self.at;
            if self.take(&Token::To) || (self.take(&Token::Plus) && self.take(&Token::To)) {
                self.take(&Token::Plus);
                let (Some((false, Term::Name(first))), Some(Term::Name(last))) =
                    (pieces.last().cloned(), self.product())
                else {
                    self.at = before;
                    break;
                };
                pieces.pop();
                pieces.push((false, Term::Run(first, last)));
                continue;
            }
            self.at = before;
            let minus = match self.peek() {
                Some(Token::Plus) => false,
                Some(Token::Minus) => true,
                _ => break,
            };
            self.at += 1;
            let Some(next) = self.product() else {
                self.at = before;
                break;
            };
            pieces.push((minus, next));
        }
        Some(if pieces.len() == 1 && !matches!(pieces[0].1, Term::Run(..)) {
            pieces.swap_remove(0).1
        } else {
            Term::Sum(pieces)
        })
    }

    fn product(&mut self) -> Option<Term> {
        let mut pieces = vec![(false, self.factor()?)];
        loop {
            let before = self.at;
            let divides = match self.peek() {
                Some(Token::Times) => false,
                Some(Token::Divide) => true,
                _ => break,
            };
            self.at += 1;
            let Some(next) = self.factor() else {
                self.at = before;
                break;
            };
            pieces.push((divides, next));
        }
        Some(if pieces.len() == 1 { pieces.swap_remove(0).1 } else { Term::Product(pieces) })
    }

    fn factor(&mut self) -> Option<Term> {
        if self.depth > DEEPEST {
            return None;
        }
        match self.peek()?.clone() {
            Token::Minus => {
                self.at += 1;
                Some(Term::Negative(Box::new(self.factor()?)))
            }
            Token::Name(name) => {
                self.at += 1;
                // "x100%"
                self.take(&Token::Percent);
                Some(Term::Name(name))
            }
            Token::Open => {
                self.at += 1;
                self.depth += 1;
                let inner = self.sum()?;
                self.depth -= 1;
                self.take(&Token::Close).then_some(inner)
            }
            Token::Plus
            | Token::Times
            | Token::Divide
            | Token::Close
            | Token::Equals
            | Token::To
            | Token::Percent
            | Token::Other => None,
        }
    }
}

/// Every statement in a text. `1=2+3=4+5` is two.
pub fn statements(text: &str) -> Vec<Stated> {
    if !text.contains('=') {
        return Vec::new();
    }
    let tokens = tokens(text);
    let mut found: Vec<Stated> = Vec::new();
    // What the statement before is about, where it ended, and where it began.
    let mut before: Option<(String, usize, usize)> = None;
    for (at, _) in tokens.iter().enumerate().filter(|(_, (token, ..))| *token == Token::Equals) {
        let own = named_before(&tokens[..at]);
        let chained = before.as_ref().filter(|(_, end, _)| *end == at);
        let Some((of, start)) = chained.map(|(of, _, start)| (of.clone(), *start)).or(own) else { continue };
        let mut reader = Reader { tokens: &tokens, at: at + 1, depth: 0 };
        let Some(is) = reader.sum() else { continue };
        let end = tokens[reader.at - 1].2;
        before = Some((of.clone(), reader.at, start));
        if !matches!(is, Term::Name(_)) {
            let written = if chained_from(&tokens, at, start) {
                format!("{of} {}", &text[tokens[at].1..end])
            } else {
                text[start..end].to_owned()
            };
            found.push(Stated { of: Some(of), is, written });
        }
    }
    found
}

/// Whether something else than the name stands between the start of a statement and its sign.
fn chained_from(tokens: &[Placed], equals: usize, start: usize) -> bool {
    tokens[..equals].iter().filter(|(token, at, _)| *at >= start && *token == Token::Equals).count() > 0
}

/// The name before an equals sign, in brackets or not, and where it begins.
fn named_before(tokens: &[Placed]) -> Option<(String, usize)> {
    match tokens {
        [.., (Token::Open, start, _), (Token::Name(name), ..), (Token::Close, ..)]
        | [.., (Token::Name(name), start, _)] => Some((name.clone(), *start)),
        _ => None,
    }
}

impl Stated {
    /// What it means among things with these names, in their order: those that stand for others only.
    /// Where a number may be a thing or a factor (`3=1*2/10` with ten columns), both are given. None
    /// where a name is unknown, or stands for several things.
    pub fn expressions(&self, names: &[(String, usize)]) -> Vec<Expression> {
        let mut found = Vec::new();
        for as_factors in [false, true] {
            if let Some(expression) = resolve(&self.is, names, as_factors)
                && !found.contains(&expression)
            {
                found.push(expression);
            }
        }
        found
    }

    /// The place of what it tells.
    pub fn place(&self, names: &[(String, usize)]) -> Option<usize> {
        find(names, self.of.as_deref()?)
    }
}

fn find(names: &[(String, usize)], wanted: &str) -> Option<usize> {
    let mut all = names.iter().filter(|(name, _)| name == wanted);
    let (_, place) = all.next()?;
    all.next().is_none().then_some(*place)
}

fn resolve(term: &Term, names: &[(String, usize)], as_factors: bool) -> Option<Expression> {
    let pieces = |pieces: &[(bool, Term)], in_product: bool| -> Option<Vec<(bool, Expression)>> {
        let piece = |(inverse, piece): &(bool, Term)| {
            let factor = match piece {
                Term::Name(name) if in_product && FACTORS.contains(&name.as_str()) => name.parse::<i64>().ok(),
                _ => None,
            };
            let known = match piece {
                Term::Name(name) => find(names, name).is_some(),
                _ => true,
            };
            let expression = match factor.filter(|_| as_factors || !known) {
                Some(factor) => Expression::Number(factor.into()),
                None => resolve(piece, names, as_factors)?,
            };
            Some((*inverse, expression))
        };
        pieces.iter().map(piece).collect()
    };
    Some(match term {
        Term::Name(name) => Expression::Figure(find(names, name)?),
        Term::Run(first, last) => {
            let place = |wanted: &str| names.iter().position(|(name, _)| name == wanted);
            let (first, last) = (place(first)?, place(last)?);
            let run = names.get(first..=last).filter(|run| run.len() > 1)?;
            Expression::Sum(run.iter().map(|(_, place)| (false, Expression::Figure(*place))).collect())
        }
        Term::Negative(inner) => Expression::Negative(Box::new(resolve(inner, names, as_factors)?)),
        Term::Sum(inner) => {
            let pieces = pieces(inner, false)?;
            match pieces.as_slice() {
                // A run alone.
                [(false, only @ Expression::Sum(_))] => only.clone(),
                _ => Expression::Sum(flat(pieces)),
            }
        }
        Term::Product(inner) => Expression::Product(pieces(inner, true)?),
    })
}

/// A run within a sum is part of it.
fn flat(pieces: Vec<(bool, Expression)>) -> Vec<(bool, Expression)> {
    let mut all = Vec::new();
    for (minus, piece) in pieces {
        match piece {
            Expression::Sum(inner) => all.extend(inner.into_iter().map(|(inner, piece)| (inner != minus, piece))),
            piece => all.push((minus, piece)),
        }
    }
    all
}

impl Expression {
    /// The figures that it speaks of, in order.
    pub fn figures(&self) -> Vec<usize> {
        let mut found = Vec::new();
        self.collect(&mut found);
        found
    }

    fn collect(&self, found: &mut Vec<usize>) {
        match self {
            Self::Figure(place) => found.push(*place),
            Self::Number(_) => {}
            Self::Negative(inner) => inner.collect(found),
            Self::Sum(pieces) | Self::Product(pieces) => pieces.iter().for_each(|(_, piece)| piece.collect(found)),
        }
    }

    /// Its figures with their signs, where it is nothing but a sum of them.
    pub fn terms(&self) -> Option<Vec<(bool, usize)>> {
        let Self::Sum(pieces) = self else { return None };
        let term = |(minus, piece): &(bool, Self)| match piece {
            Self::Figure(place) => Some((*minus, *place)),
            Self::Number(_) | Self::Negative(_) | Self::Sum(_) | Self::Product(_) => None,
        };
        pieces.iter().map(term).collect()
    }

    /// Whether its figures are only added up and taken away, so that all have one unit.
    pub fn is_additive(&self) -> bool {
        match self {
            Self::Figure(_) => true,
            Self::Number(_) | Self::Product(_) => false,
            Self::Negative(inner) => inner.is_additive(),
            Self::Sum(pieces) => pieces.iter().all(|(_, piece)| piece.is_additive()),
        }
    }

    /// What it is worth, and all that it may stand for; `None` where a figure lacks, or a divisor may
    /// be 0. A figure that is written twice counts twice, which is never too strict.
    pub fn value(&self, figures: &dyn Fn(usize) -> Option<(Rational, Interval)>) -> Option<(Rational, Interval)> {
        match self {
            Self::Figure(place) => figures(*place),
            Self::Number(number) => Some((number.clone(), Interval::exact(number.clone()))),
            Self::Negative(inner) => {
                let (point, band) = inner.value(figures)?;
                Some((-&point, band.scale(&-&Rational::ONE)))
            }
            Self::Sum(pieces) => {
                let (mut point, mut band) = (Rational::ZERO, Interval::exact(Rational::ZERO));
                for (minus, piece) in pieces {
                    let (own, around) = piece.value(figures)?;
                    (point, band) =
                        if *minus { (&point - &own, band.sub(&around)) } else { (&point + &own, band.add(&around)) };
                }
                Some((point, band))
            }
            Self::Product(pieces) => {
                let (mut point, mut band) = (Rational::ONE, Interval::exact(Rational::ONE));
                for (divides, piece) in pieces {
                    let (own, around) = piece.value(figures)?;
                    (point, band) = if *divides {
                        (point.checked_div(&own)?, band.div(&around)?)
                    } else {
                        (&point * &own, band.mul(&around))
                    };
                }
                Some((point, band))
            }
        }
    }

    /// As a person reads it, with these names for its figures.
    pub fn shown(&self, name: &dyn Fn(usize) -> String) -> String {
        let join = |pieces: &[(bool, Self)], signs: [&str; 2], tight: bool| {
            let mut text = String::new();
            for (at, (inverse, piece)) in pieces.iter().enumerate() {
                let inner = piece.shown(name);
                let loose = match piece {
                    Self::Sum(_) => tight || *inverse,
                    Self::Product(_) => tight && *inverse,
                    Self::Figure(_) | Self::Number(_) | Self::Negative(_) => false,
                };
                let sign = match (at, *inverse) {
                    (0, false) => "",
                    (0, true) => signs[1].trim_start(),
                    (_, inverse) => signs[usize::from(inverse)],
                };
                text.push_str(sign);
                if loose {
                    text.push_str(&format!("({inner})"));
                } else {
                    text.push_str(&inner);
                }
            }
            text
        };
        match self {
            Self::Figure(place) => name(*place),
            Self::Number(number) => {
                number.to_exact_decimal().map_or_else(|| number.to_string(), |n| n.normalize().to_string())
            }
            Self::Negative(inner) => format!("-{}", inner.shown(name)),
            Self::Sum(pieces) => join(pieces, [" + ", " - "], false),
            Self::Product(pieces) => join(pieces, [" × ", " / "], true),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<(String, usize)> {
        names.iter().enumerate().map(|(at, name)| (name_of(name), at)).collect()
    }

    /// What a text says of columns 1 to 12, as A to L.
    fn read(text: &str) -> Vec<String> {
        let columns: Vec<String> = (1..=12).map(|number| number.to_string()).collect();
        let columns = names(&columns.iter().map(String::as_str).collect::<Vec<_>>());
        let letter = |place: usize| char::from(b'A' + u8::try_from(place).expect("few columns")).to_string();
        let all = statements(text);
        let each = all.iter().flat_map(|stated| {
            let of = stated.place(&columns).map_or_else(|| "?".to_owned(), letter);
            stated.expressions(&columns).into_iter().map(move |is| format!("{of} = {}", is.shown(&letter)))
        });
        each.collect()
    }

    #[test]
    fn forms_write_them_in_many_ways() {
        for (text, means) in [
            ("1=3+9+10", &["A = C + I + J"] as &[&str]),
            ("(4)=(3)/(2)", &["D = C / B"]),
            ("(5) = (3) - (4)", &["E = C - D"]),
            ("[5]=[3]-[4]", &["E = C - D"]),
            ("3=2/1*100", &["C = B / A × 100"]),
            ("3=2/1x100%", &["C = B / A × 100"]),
            ("8=3:1", &["H = C / A"]),
            ("6=(5-4)/4*100", &["F = (E - D) / D × 100"]),
            ("(6)=[(5)-(4)]/(4)x100", &["F = (E - D) / D × 100"]),
            ("(5)=(6)+…+(9)", &["E = F + G + H + I"]),
            ("2=3+...+5", &["B = C + D + E"]),
            ("2 = 3 đến 5", &["B = C + D + E"]),
            ("Tổng số\n(1=2+3)", &["A = B + C"]),
            ("Tỷ lệ % (5=4/3)", &["E = D / C"]),
            ("1=2+3=4+5", &["A = B + C", "A = D + E"]),
            ("Cột 4 = cột 5 + cột 6", &["D = E + F"]),
            // Ten may be a column or a factor.
            ("3=1*2/10", &["C = A × B / J", "C = A × B / 10"]),
            // No statements.
            ("Năm 2010=100", &[]),
            ("5=4", &[]),
            ("a = b", &[]),
            ("3=13+14", &[]),
            ("= 2+3", &[]),
            ("1=", &[]),
        ] {
            assert_eq!(read(text), means, "{text}");
        }
    }

    #[test]
    fn rows_go_by_their_codes() {
        let codes = names(&["1000", "1100", "1200", "01", "I", "II"]);
        let letter = |place: usize| place.to_string();
        let read = |text: &str| -> Vec<String> {
            let all = statements(text);
            let each = all.iter().filter_map(|s| {
                Some(format!("{} = {}", s.place(&codes)?, s.expressions(&codes).first()?.shown(&letter)))
            });
            each.collect()
        };
        assert_eq!(read("Mã số 1000 = Mã số 1100 + 1200"), ["0 = 1 + 2"]);
        assert_eq!(read("Tổng thu (MS 1000=1100+1200)"), ["0 = 1 + 2"]);
        assert_eq!(read("01 = I - II"), ["3 = 4 - 5"]);
    }

    #[test]
    fn a_value_is_an_interval() {
        let columns = names(&["1", "2", "3"]);
        let stated = &statements("3=2/1*100")[0];
        let expression = &stated.expressions(&columns)[0];
        let exact = |value: i64| Some((Rational::from(value), Interval::exact(value.into())));
        let value = expression.value(&|place| exact([4, 3, 0][place]));
        assert_eq!(value, exact(75));
        assert_eq!(expression.value(&|place| exact([0, 3, 0][place])), None);
        assert!(!expression.is_additive());
        assert_eq!(expression.figures(), [1, 0]);
    }
}
