//! `ratio-mismatch`: no way of printing makes the stated ratio of its operands.

use std::collections::BTreeSet;

use super::{
    Check, CheckConstraint, CheckKind, CheckResults, Context, Families, Figure, Form,
    context::{list_places, plain},
    quotient::{Division, Judgement, Mode, Slip},
    unevaluated::Cause,
};
use crate::{
    model::{
        catalogue::{MeasureKind, Scale},
        finding::{Code, Explain, Facts, Finding, Hypothesis, Remark, Severity, SlipKind},
        reading::Key,
        workbook::Position,
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Constraint(constraints), run };

static CODE: Code = Code {
    name: "ratio-mismatch",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Tỷ lệ ghi trong sheet không thể tính ra từ kế hoạch và thực hiện, dù làm tròn hay bỏ bớt chữ số.",
            en: "The stated ratio cannot come from plan and result, neither rounded nor truncated.",
        },
        why: Words {
            vi: "Tỷ lệ sai kéo theo đánh giá vượt, đạt, không đạt sai.",
            en: "A wrong ratio leads to a wrong verdict.",
        },
        fix: Words {
            vi: "Tính lại từ thực hiện và kế hoạch; nếu tỷ lệ đúng thì một trong hai số kia gõ nhầm.",
            en: "Compute it again from result and plan; if the ratio is right, one of the two was mistyped.",
        },
        example: Words {
            vi: "874 / 803 × 100 = 108,84 nhưng ghi 101,1.",
            en: "874 / 803 × 100 = 108.84 but 101.1 is stated.",
        },
    },
};

/// One finding per ratio that no mode explains. A ratio without operands is not evaluated.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for judgement in &cx.ratios {
        match judgement.result {
            None => results.skip(open(cx, judgement), || cx.name(&judgement.ratio.key)),
            Some((_, Mode::Unexplained | Mode::WithinOperands)) => {
                if let Some(finding) = finding(cx, judgement) {
                    results.fail(finding);
                }
            }
            Some((_, Mode::AsDeclared)) => results.pass(),
            // Counted by the checks that report them.
            Some((_, Mode::HalfUp | Mode::Truncated | Mode::Ceiling)) => {}
        }
    }
}

/// Which operand a ratio lacks.
fn open(cx: &Context<'_>, judgement: &Judgement<'_>) -> Cause {
    let Key { indicator, measure, .. } = judgement.ratio.key;
    let (of, to, whole) = match cx.catalogue.measure(measure).kind {
        MeasureKind::Ratio { of, to, .. } => (of, to, indicator),
        MeasureKind::Share { of, .. } => (of, of, cx.catalogue.indicator(indicator).whole.unwrap_or(indicator)),
        MeasureKind::Plan
        | MeasureKind::Actual
        | MeasureKind::Estimate
        | MeasureKind::Other
        | MeasureKind::Verdict { .. }
        | MeasureKind::Note => (measure, measure, indicator),
    };
    if judgement.of.zip(judgement.to).is_some_and(|(of, to)| super::quotient::made_by_share(of, to)) {
        return Cause::Derived(of);
    }
    let numerator = Cause::of(cx.dataset, indicator, of, judgement.of);
    numerator.or_else(|| Cause::of(cx.dataset, whole, to, judgement.to)).unwrap_or(Cause::NotPositive(to))
}

fn finding(cx: &Context<'_>, judgement: &Judgement<'_>) -> Option<Finding> {
    let (of, to) = (judgement.of?, judgement.to?);
    let expected = judgement.expected()?;
    let facts = RatioMismatch {
        what: cx.name(&judgement.ratio.key),
        printed: judgement.printed,
        wanted: expected,
        division: judgement.division()?,
        cells: [judgement.ratio, of, to].map(|reading| reading.origin.cell),
    };
    let mut finding = cx.finding(&CODE, judgement.ratio, facts);
    finding.found = Some(plain(judgement.printed));
    finding.expected = Some(plain(expected));
    finding.sources = [of.places(), to.places()].concat();
    if matches!(judgement.result, Some((_, Mode::WithinOperands))) {
        finding.severity = Severity::Warning;
        finding.diagnose(LikelySlip::Unrounded);
        return Some(finding);
    }
    if let Some(slip) = judgement.slips.first() {
        finding.diagnose(likely(cx, judgement, slip));
    }
    if let Some(place) = finding.target.clone() {
        finding.hypotheses.push(Hypothesis {
            kind: SlipKind::Ratio,
            target: place,
            to: plain(expected),
            resolves: 1,
            together: Vec::new(),
        });
    }
    for slip in &judgement.slips {
        let (kind, reading, value) = match slip {
            Slip::TypoInOperand(reading, value) => (SlipKind::Typo, reading, value),
            Slip::OperandPower(reading, value) => (SlipKind::PowerOfTen, reading, value),
            Slip::Inverse
            | Slip::Growth
            | Slip::Fraction
            | Slip::PowerOfTen(_)
            | Slip::Copied(_)
            | Slip::TypoInRatio(_) => continue,
        };
        let (target, to) = (reading.place(), plain(*value));
        finding.hypotheses.push(Hypothesis { kind, target, to, resolves: 1, together: Vec::new() });
    }
    finding.hypotheses.truncate(MOST_HYPOTHESES);
    Some(finding)
}

const MOST_HYPOTHESES: usize = 6;

/// A ratio as it is printed and as it comes out; the cells of it and of its operands.
#[derive(Debug)]
struct RatioMismatch {
    what: String,
    printed: Decimal,
    wanted: Decimal,
    division: Division,
    cells: [Position; 3],
}

impl Facts for RatioMismatch {
    fn message(&self, language: Language) -> String {
        let (what, division) = (&self.what, self.division.words(language));
        let (printed, wanted) = (language.number(self.printed), language.number(self.wanted));
        say!(language, "{what} ghi {printed}; {division} = {wanted}", "{what} says {printed}; {division} = {wanted}")
    }

    fn action(&self, language: Language) -> String {
        let ([ratio, of, to], wanted) = (self.cells, language.number(self.wanted));
        say!(
            language,
            "sửa {ratio} thành {wanted}; nếu tỷ lệ đúng, kiểm tra lại {of} và {to}",
            "change {ratio} to {wanted}; if the ratio is right, check {of} and {to}"
        )
    }
}

/// What a wrong ratio probably comes from.
#[derive(Debug)]
enum LikelySlip {
    Unrounded,
    Inverse,
    Growth,
    Fraction,
    PowerOfTen(i32),
    /// The cell and the name of the same ratio.
    Copied(Position, String),
    /// An operand, and what it should be.
    OperandPower(Position, Decimal),
    TypoInRatio(Decimal),
    /// The ratio with its cell; an operand, what it says and what it should be.
    TypoInOperand {
        ratio: String,
        cell: Position,
        stated: Option<Decimal>,
        value: Decimal,
    },
}

fn likely(cx: &Context<'_>, judgement: &Judgement<'_>, slip: &Slip<'_>) -> LikelySlip {
    match slip {
        Slip::Inverse => LikelySlip::Inverse,
        Slip::Growth => LikelySlip::Growth,
        Slip::Fraction => LikelySlip::Fraction,
        Slip::PowerOfTen(power) => LikelySlip::PowerOfTen(power.abs()),
        Slip::Copied(other) => LikelySlip::Copied(other.origin.cell, cx.name(&other.key)),
        Slip::OperandPower(reading, value) => LikelySlip::OperandPower(reading.origin.cell, *value),
        Slip::TypoInRatio(wanted) => LikelySlip::TypoInRatio(*wanted),
        Slip::TypoInOperand(reading, value) => LikelySlip::TypoInOperand {
            ratio: list_places(&[judgement.ratio.place()]),
            cell: reading.origin.cell,
            stated: reading.number(),
            value: *value,
        },
    }
}

impl Remark for LikelySlip {
    fn words(&self, language: Language) -> String {
        match self {
            Self::Unrounded => say!(
                language,
                "có thể đã tính từ số chưa làm tròn",
                "perhaps computed from figures that were not rounded"
            ),
            Self::Inverse => {
                say!(language, "đã chia ngược: kế hoạch / thực hiện", "divided the wrong way: plan / result")
            }
            Self::Growth => say!(
                language,
                "đây là tốc độ tăng (đã trừ 100), không phải tỷ lệ",
                "100 was taken off: this is the growth, not the ratio"
            ),
            Self::Fraction => say!(
                language,
                "ghi phân số thay cho phần trăm, hoặc ngược lại",
                "a fraction instead of percent, or the other way round"
            ),
            Self::PowerOfTen(power) => {
                say!(language, "dấu phẩy lệch {power} chữ số", "the decimal comma is {power} places off")
            }
            Self::Copied(cell, name) => say!(
                language,
                "giống tỷ lệ ở {cell} của {name}: có lẽ chép nhầm",
                "the same as the ratio in {cell} of {name}: probably copied from there"
            ),
            Self::OperandPower(cell, value) => {
                let value = language.number(*value);
                say!(
                    language,
                    "dấu phẩy đặt sai ở {cell}: có lẽ là {value}",
                    "the decimal comma of {cell} is misplaced: perhaps {value}"
                )
            }
            Self::TypoInRatio(wanted) => {
                let wanted = language.number(*wanted);
                say!(language, "có lẽ định gõ {wanted}", "perhaps {wanted} was meant")
            }
            Self::TypoInOperand { ratio, cell, stated, value } => {
                let (value, stated) = (language.number(*value), stated.map(|stated| language.number(stated)));
                let stated = stated.unwrap_or_default();
                say!(
                    language,
                    "tỷ lệ {ratio} đúng nếu {cell} là {value} thay cho {stated}",
                    "the ratio {ratio} is right if {cell} is {value} instead of {stated}"
                )
            }
        }
    }
}

/// Stated ratios of the families, each held as exactly as its column prints.
fn constraints<'a>(cx: &'a Context<'a>, wanted: &Families, constraints: &mut Vec<CheckConstraint<'a>>) {
    let column = |judgement: &Judgement<'a>| {
        let ratio = judgement.ratio;
        (ratio.origin.file.clone(), ratio.origin.sheet.clone(), ratio.key.measure)
    };
    let is_cut = |judgement: &&Judgement<'a>| matches!(judgement.result, Some((_, Mode::Truncated)));
    let cut: BTreeSet<_> = cx.ratios.iter().filter(is_cut).map(column).collect();
    for judgement in cx.ratios.iter().filter(|judgement| wanted.contains(judgement.ratio.key.indicator)) {
        let (Some((_, mode)), Some(of), Some(to)) = (&judgement.result, judgement.of, judgement.to) else { continue };
        let scale = match judgement.policy.scale {
            Scale::Percent => Rational::from(100),
            Scale::Fraction => Rational::ONE,
        };
        let digit = || i32::try_from(judgement.ratio.printed_decimals()).map(|d| Rational::power_of_ten(-d)).ok();
        let tolerance = match mode {
            Mode::Truncated | Mode::Ceiling => digit(),
            // A column with ratios that are cut off may hold more of them.
            Mode::AsDeclared | Mode::Unexplained
                if judgement.policy.rounding != Rounding::HalfUp || cut.contains(&column(judgement)) =>
            {
                digit()
            }
            Mode::AsDeclared | Mode::HalfUp | Mode::WithinOperands | Mode::Unexplained => None,
        };
        let form = Form::Ratio { ratio: Figure::now(judgement.ratio), of: Figure::now(of), to: Figure::now(to), scale };
        constraints.push(CheckConstraint { tolerance, follows: true, ..CheckConstraint::new(&CODE, form) });
    }
}
