//! Live formulas. Each carries the exact result; recalculating gives the same one, since operands
//! are compared as they were typed and a quotient is rounded once.

use crate::{
    compose::appendix::{ComputedVerdict, Rule},
    judge::verdict::Verdict,
    model::{
        catalogue::{Direction, RatioPolicy, Scale},
        workbook::Position,
    },
    values::number::{self, BoundOp, Rounding},
};

/// Addresses and texts of the two cells that a formula speaks of.
pub(super) struct Operands<'a> {
    /// Address of the result or numerator.
    pub of: &'a str,
    /// Address of the plan or denominator.
    pub to: &'a str,
    /// What the second cell shows, where it is a text.
    pub to_text: &'a str,
}

/// The ratio of two cells; empty while one of them is no number, or the second not positive.
/// `None` for a rounding that no worksheet function does alike.
pub(super) fn ratio(operands: &Operands<'_>, policy: RatioPolicy) -> Option<String> {
    let (of, to) = (operands.of, operands.to);
    let quotient = match policy.scale {
        Scale::Percent => format!("{of}/{to}*100"),
        Scale::Fraction => format!("{of}/{to}"),
    };
    let decimals = policy.decimals;
    let rounded = match policy.rounding {
        Rounding::HalfUp => format!("ROUND({quotient},{decimals})"),
        // A quotient such as 56.99999999999999 stands for 57 and must not be cut to 56.
        Rounding::Truncate => format!("ROUNDDOWN(ROUND({quotient},{}),{decimals})", decimals + 8),
        Rounding::Ceiling | Rounding::HalfEven => return None,
    };
    Some(format!("=IF(AND(ISNUMBER({of}),ISNUMBER({to})),IF({to}>0,{rounded},\"\"),\"\")"))
}

/// The verdict on two cells; empty while there is nothing to compare. A plan that is a bound is
/// text, so the formula holds its number, and falls silent once the plan is changed.
pub(super) fn verdict(operands: &Operands<'_>, judged: &ComputedVerdict) -> String {
    let (of, to) = (operands.of, operands.to);
    let word = |verdict| quoted(judged.word_for(verdict));
    let (exceeded, met, missed) = (word(Verdict::Exceeded), word(Verdict::Met), word(Verdict::Missed));
    let plan = quoted(operands.to_text);
    match &judged.rule {
        Rule::Compare(direction) => {
            let better = match direction {
                Direction::Higher => '>',
                Direction::Lower => '<',
            };
            format!(
                "=IF(AND(ISNUMBER({of}),ISNUMBER({to})),IF({of}{better}{to},{exceeded},IF({of}={to},{met},{missed})),\"\")"
            )
        }
        Rule::Bound(op, bound) => {
            let sign = match op {
                BoundOp::Lt => "<",
                BoundOp::Le => "<=",
                BoundOp::Gt => ">",
                BoundOp::Ge => ">=",
            };
            let bound = number::plain(*bound);
            format!("=IF(AND(ISNUMBER({of}),{to}={plan}),IF({of}{sign}{bound},{met},{missed}),\"\")")
        }
        Rule::Range(low, high) => {
            let (low, high) = (number::plain(*low), number::plain(*high));
            format!("=IF(AND(ISNUMBER({of}),{to}={plan}),IF(AND({of}>={low},{of}<={high}),{met},{missed}),\"\")")
        }
    }
}

/// The sum of cells, neighbours as a range. `SUM` passes over texts such as "-", which `+` does not.
pub(super) fn sum(cells: &[Position]) -> String {
    format!("=SUM({})", ranges(cells))
}

/// A sum that shows nothing until there is a figure to add.
pub(super) fn open_sum(cells: &[Position]) -> String {
    let cells = ranges(cells);
    format!("=IF(COUNT({cells})=0,\"\",SUM({cells}))")
}

fn ranges(cells: &[Position]) -> String {
    let below = |a: &Position, b: &Position| a.column == b.column && a.row + 1 == b.row;
    let beside = |a: &Position, b: &Position| a.row == b.row && a.column + 1 == b.column;
    let mut ranges = Vec::new();
    let mut rest = cells;
    while let Some(first) = rest.first() {
        let run = |follows: &dyn Fn(&Position, &Position) -> bool| {
            1 + rest.windows(2).take_while(|pair| follows(&pair[0], &pair[1])).count()
        };
        let length = run(&below).max(run(&beside));
        let last = rest[length - 1];
        ranges.push(if length == 1 { first.to_string() } else { format!("{first}:{last}") });
        rest = &rest[length..];
    }
    ranges.join(",")
}

/// A text inside a formula.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CELLS: Operands<'_> = Operands { of: "E8", to: "D8", to_text: ">90" };

    fn judged(rule: Rule) -> ComputedVerdict {
        let words = ["Vượt", "Đạt", "Không \"đạt\""].map(str::to_owned);
        ComputedVerdict { verdict: None, rule, words, operands: None }
    }

    #[test]
    fn ratios() {
        let policy = |decimals, rounding, scale| RatioPolicy { decimals, rounding, scale };
        assert_eq!(
            ratio(&CELLS, policy(2, Rounding::HalfUp, Scale::Percent)).as_deref(),
            Some(r#"=IF(AND(ISNUMBER(E8),ISNUMBER(D8)),IF(D8>0,ROUND(E8/D8*100,2),""),"")"#)
        );
        assert_eq!(
            ratio(&CELLS, policy(3, Rounding::Truncate, Scale::Fraction)).as_deref(),
            Some(r#"=IF(AND(ISNUMBER(E8),ISNUMBER(D8)),IF(D8>0,ROUNDDOWN(ROUND(E8/D8,11),3),""),"")"#)
        );
        assert_eq!(ratio(&CELLS, policy(2, Rounding::HalfEven, Scale::Percent)), None);
    }

    #[test]
    fn sums() {
        let of = |cells: &[(u32, u32)]| {
            sum(&cells.iter().map(|(row, column)| Position::new(*row, *column)).collect::<Vec<_>>())
        };
        assert_eq!(of(&[(8, 3), (9, 3), (10, 3)]), "=SUM(D9:D11)");
        assert_eq!(of(&[(8, 3), (12, 3), (13, 3)]), "=SUM(D9,D13:D14)");
        assert_eq!(of(&[(8, 8), (8, 13)]), "=SUM(I9,N9)");
        assert_eq!(of(&[(8, 3), (8, 4), (8, 5)]), "=SUM(D9:F9)");
        // In the order of the catalogue, which need not be that of the form.
        assert_eq!(of(&[(9, 3), (8, 3)]), "=SUM(D10,D9)");
    }

    #[test]
    fn verdicts() {
        assert_eq!(
            verdict(&CELLS, &judged(Rule::Compare(Direction::Lower))),
            r#"=IF(AND(ISNUMBER(E8),ISNUMBER(D8)),IF(E8<D8,"Vượt",IF(E8=D8,"Đạt","Không ""đạt""")),"")"#
        );
        assert_eq!(
            verdict(&CELLS, &judged(Rule::Bound(BoundOp::Gt, 90.into()))),
            r#"=IF(AND(ISNUMBER(E8),D8=">90"),IF(E8>90,"Đạt","Không ""đạt"""),"")"#
        );
    }
}
