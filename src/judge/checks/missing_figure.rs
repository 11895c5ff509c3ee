//! `missing-figure`: a blank cell beside a ratio, a verdict or a total that stands, and a figure that no
//! cell states but that follows from others.

use super::{
    Check, CheckKind, CheckResults, Context,
    context::plain,
    missing_reading,
    ways::{Way, Ways},
};
use crate::{
    judge::verdict,
    model::{
        catalogue::Scale,
        finding::{Code, Explain, Facts, Finding, Hypothesis, Remark, Severity, SlipKind},
        reading::{Disagreement, Key, Made, Reading, Relation, Value},
        workbook::Position,
    },
    values::{
        language::{Language, Words, say},
        number::{Decimal, Nothing, Rational, Rounding},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "missing-figure",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Ô để trống trong khi tỷ lệ, đánh giá hoặc tổng tính từ ô đó vẫn được ghi; hoặc chỉ tiêu chưa có số nhưng tính được từ các chỉ tiêu khác.",
            en: "A cell is blank while the ratio, the verdict or the total that comes from it is stated; or an indicator has no figure but follows from others.",
        },
        why: Words {
            vi: "Ai đó đã có số này: có lẽ bị xóa hoặc chưa chép sang. Không kiểm tra được tỷ lệ, đánh giá hay tổng đó. Số tính thay được in kèm dấu (*), không thay cho số của cơ quan.",
            en: "Somebody had the figure: it was probably deleted or not copied. The ratio, verdict or total cannot be checked. A computed figure is printed with the mark (*) and does not replace the office's own.",
        },
        fix: Words {
            vi: "Điền lại số. Nếu không phát sinh ghi \"-\" hoặc 0; chưa thu thập được ghi \"…\".",
            en: "Fill in the figure. Write \"-\" or 0 if it did not occur, \"…\" if it was not collected.",
        },
        example: Words {
            vi: "Thôn A, B, C có 12, (trống), 20; Tổng số ghi 50: thiếu 18.",
            en: "Villages A, B, C have 12, (blank), 20; the total says 50: 18 are missing.",
        },
    },
};

/// What stands although it comes from a blank cell.
struct Evidence<'a> {
    blank: &'a Reading,
    stands: &'a Reading,
    /// What a total lacks.
    gap: Option<Rational>,
    /// Other blank cells that may be what is missing.
    others: Vec<&'a Reading>,
}

/// One finding per blank cell, with all that stands beside it. A total that lacks something and has
/// several blank addends is told at the first of them. Cells that `missing-reading` tells of are left
/// to it; without a cell there is nothing to point at.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
    let mut found: Vec<Vec<Evidence<'_>>> = Vec::new();
    for evidence in ratios(cx).chain(verdicts(cx)).chain(totals(cx)).chain(partial_sums(cx)) {
        match found.iter_mut().find(|known| std::ptr::eq(known[0].blank, evidence.blank)) {
            Some(known) => known.push(evidence),
            None => found.push(vec![evidence]),
        }
    }
    for evidence in found.iter().filter(|evidence| !missing_reading::tells(cx, evidence[0].blank)) {
        report(cx, results, evidence);
    }
    for reading in cx.dataset.irregular() {
        if let Made::Derived { by, alone } = reading.origin.made {
            report_derived(cx, results, reading, by, alone);
        }
    }
    for disagreement in cx.dataset.disagreements() {
        report_disagreement(cx, results, disagreement);
    }
}

fn is_blank(reading: &Reading) -> bool {
    matches!(reading.value, Value::Nothing(Nothing::Blank))
}

fn beside<'a>(stands: &'a Reading, operands: [Option<&'a Reading>; 2]) -> impl Iterator<Item = Evidence<'a>> {
    let blanks = operands.into_iter().flatten().filter(|reading| is_blank(reading));
    blanks.map(move |blank| Evidence { blank, stands, gap: None, others: Vec::new() })
}

fn ratios<'a>(cx: &'a Context<'a>) -> impl Iterator<Item = Evidence<'a>> {
    cx.ratios.iter().flat_map(|judged| beside(judged.ratio, [judged.of, judged.to]))
}

fn verdicts<'a>(cx: &'a Context<'a>) -> impl Iterator<Item = Evidence<'a>> {
    let stated = cx.verdicts.iter().filter(|(reading, _)| verdict::stated(reading, &cx.catalogue.verdicts).is_some());
    stated.flat_map(|(reading, operands)| {
        let operand = |measure| cx.dataset.beside(reading, reading.key.indicator, measure);
        beside(reading, operands.map(operand))
    })
}

fn totals<'a>(cx: &'a Context<'a>) -> impl Iterator<Item = Evidence<'a>> {
    cx.sums.iter().filter_map(|sum| {
        let (gap, (blank, others)) = (sum.gap.clone()?, sum.blanks.split_first()?);
        Some(Evidence { blank, stands: sum.total, gap: Some(gap), others: others.to_vec() })
    })
}

/// Members that a sum lacks, told where it is shown.
fn partial_sums<'a>(cx: &'a Context<'a>) -> impl Iterator<Item = Evidence<'a>> {
    let partial = cx.dataset.irregular().iter().filter(|reading| matches!(reading.value, Value::Partial { .. }));
    partial.filter_map(|whole| {
        let key = &whole.key;
        let lacks = |r: &&Reading| {
            r.key.measure == key.measure && r.key.member.is_some() && matches!(r.value, Value::Nothing(Nothing::Blank))
        };
        let mut blanks = cx.dataset.irregular_of(key.indicator).filter(lacks);
        let blank = blanks.next()?;
        Some(Evidence { blank, stands: whole, gap: None, others: blanks.collect() })
    })
}

fn report(cx: &Context<'_>, results: &mut CheckResults, evidence: &[Evidence<'_>]) {
    let blank = evidence[0].blank;
    let (what, cell) = (cx.name(&blank.key), blank.origin.cell);
    let raw = |reading: &Reading| crate::values::text::trim(&reading.origin.raw.text()).to_owned();
    let stands = evidence.iter().map(|Evidence { stands, gap, .. }| {
        let (name, at) = (cx.name(&stands.key), stands.origin.cell);
        match gap {
            Some(gap) => Stands::Total { name, at, raw: raw(stands), gap: gap.clone() },
            None if let Value::Partial { lacking, of, .. } = stands.value => Stands::Partial { name, lacking, of },
            None => Stands::Stated { name, at, raw: raw(stands) },
        }
    });
    let stands = stands.collect();
    let only = evidence.iter().find(|evidence| evidence.others.is_empty()).and_then(|evidence| evidence.gap.as_ref());
    let gap = only.and_then(Rational::to_exact_decimal);
    let value = gap.or_else(|| evidence.iter().find_map(|evidence| from_ratio(cx, blank, evidence.stands)));
    let above = gap.and_then(|gap| above(cx, blank, gap)).map(|above| (above.origin.cell, raw(above)));
    let mut finding = cx.finding(&CODE, blank, MissingFigure { what, cell, stands, above });
    if let Some(value) = value {
        finding.advise(FillIn { cell, value });
    }
    finding.expected = value.map(plain);
    finding.hypotheses.extend(value.map(|value| Hypothesis {
        kind: SlipKind::Missing,
        target: blank.place(),
        to: plain(value),
        resolves: 1,
        together: Vec::new(),
    }));
    finding.sources = evidence
        .iter()
        .flat_map(|evidence| std::iter::once(evidence.stands).chain(evidence.others.iter().copied()))
        .flat_map(Reading::places)
        .collect();
    results.fail(finding);
}

/// The cell above, where it says what is missing: it may stand for both.
fn above<'a>(cx: &Context<'a>, blank: &Reading, gap: Decimal) -> Option<&'a Reading> {
    let at = &blank.origin;
    cx.dataset.irregular().iter().find(|reading| {
        let own = &reading.origin;
        let is_above = own.cell.column == at.cell.column && own.cell.row + 1 == at.cell.row;
        is_above && own.file == at.file && own.sheet == at.sheet && reading.number() == Some(gap)
    })
}

/// What stood in a blank cell beside a ratio and the other operand, as exactly as its indicator is recorded.
/// `None` where several values would print the same ratio.
fn from_ratio(cx: &Context<'_>, blank: &Reading, stands: &Reading) -> Option<Decimal> {
    let judged = cx.ratios.iter().find(|judged| std::ptr::eq(judged.ratio, stands))?;
    let scale: Rational = match judged.policy.scale {
        Scale::Percent => 100.into(),
        Scale::Fraction => Rational::ONE,
    };
    let (of, to) = (judged.of?, judged.to?);
    let indicator = cx.indicator(blank);
    let other = if std::ptr::eq(of, blank) { to } else { of };
    let counts = indicator.unit.as_ref().is_some_and(crate::values::unit::Unit::is_count);
    let decimals = indicator.decimals.unwrap_or(if counts { 0 } else { other.number()?.normalize().scale() });
    let (printed, other) = (Rational::from(judged.printed), Rational::from(other.number()?));
    let value = if std::ptr::eq(of, blank) {
        (&printed * &other).checked_div(&scale)?
    } else {
        (&scale * &other).checked_div(&printed)?
    };
    let value = value.to_decimal(decimals, Rounding::HalfUp)?;
    let prints = |value: Decimal| {
        let value = Rational::from(value);
        let quotient = if std::ptr::eq(of, blank) { value.checked_div(&other) } else { other.checked_div(&value) };
        let quotient = quotient.map(|quotient| &quotient * &scale);
        quotient.is_some_and(|quotient| quotient.may_print_as(judged.printed, judged.ratio.printed_decimals()))
    };
    let unit = Decimal::new(1, decimals);
    (prints(value) && !prints(value + unit) && !prints(value - unit)).then(|| value.normalize())
}

/// A figure that was computed since no cell states it. A product alone is no witness for a figure that has
/// to be there: its factors are rounded, and one of them may be wrong.
fn report_derived(cx: &Context<'_>, results: &mut CheckResults, reading: &Reading, by: Relation, alone: bool) {
    let Some(value) = reading.number() else { return };
    let way = Way::of(cx.catalogue, reading.key.indicator, by);
    let mut finding = begin(cx, &reading.key, Instead::Computed(value, way));
    if by == Relation::Product && alone {
        finding.severity = Severity::Error;
    }
    finding.expected = Some(plain(value));
    finding.sources = reading.places();
    finding.rule = Some(rule(cx, &reading.key, by));
    results.fail(finding);
}

/// How a figure follows from others, in the ids of the catalogue.
fn rule(cx: &Context<'_>, key: &Key, by: Relation) -> String {
    let indicator = cx.catalogue.indicator(key.indicator);
    let ids = |of: &[crate::model::catalogue::IndicatorId], between: &str| {
        of.iter().map(|id| &*cx.catalogue.indicator(*id).id).collect::<Vec<_>>().join(between)
    };
    let from = match (by, &indicator.product) {
        (Relation::Parts(at), _) => indicator.parts.get(usize::from(at)).map(|parts| ids(&parts.of, " + ")),
        (Relation::Product, Some(product)) if product.divisor == 1.into() => Some(ids(&product.factors, " * ")),
        (Relation::Product, Some(product)) => {
            Some(format!("{} / {}", ids(&product.factors, " * "), plain(product.divisor)))
        }
        (Relation::Product, None) => None,
        (Relation::Share, _) => indicator.whole.map(|whole| format!("share * {}", ids(&[whole], ""))),
    };
    format!("{} = {}", indicator.id, from.unwrap_or_default())
}

/// Figures that no cell states and that would come out differently: `missing-reading` tells of them where
/// they have to be there.
fn report_disagreement(cx: &Context<'_>, results: &mut CheckResults, disagreement: &Disagreement) {
    let key = Key { indicator: disagreement.indicator, measure: disagreement.measure, member: None };
    if missing_reading::is_notified(cx, &key) {
        return;
    }
    let mut finding = begin(cx, &key, Instead::Differs(Ways::of(cx.catalogue, disagreement)));
    finding.sources.clone_from(&disagreement.places);
    results.fail(finding);
}

/// A finding at the blank cell, or at no cell where there is none.
fn begin(cx: &Context<'_>, key: &Key, instead: Instead) -> Finding {
    let (indicator, measure) = (cx.catalogue.indicator(key.indicator), cx.catalogue.measure(key.measure));
    let facts = NoFigure { what: cx.name(key), measure: measure.label.clone(), instead };
    match cx.dataset.all(key).find(|reading| is_blank(reading)) {
        Some(blank) => cx.finding(&CODE, blank, facts),
        None => Finding::new(&CODE, facts).about(&indicator.id).stated_at(indicator.line.clone()).fingerprinted(&[
            &indicator.id,
            &measure.id,
            "",
            &cx.catalogue.period.to_string(),
        ]),
    }
}

/// A blank cell and what stands although it comes from it; the cell above, where it says what is missing.
#[derive(Debug)]
struct MissingFigure {
    what: String,
    cell: Position,
    stands: Vec<Stands>,
    above: Option<(Position, String)>,
}

/// What stands although it comes from a blank cell.
#[derive(Debug)]
enum Stands {
    /// A total, and what the other cells lack of it.
    Total { name: String, at: Position, raw: String, gap: Rational },
    /// A sum that lacks so many of its members.
    Partial { name: String, lacking: u32, of: u32 },
    /// A ratio or a verdict.
    Stated { name: String, at: Position, raw: String },
}

impl Stands {
    fn words(&self, language: Language) -> String {
        match self {
            Self::Total { name, at, raw, gap } => {
                let gap = language.rational(gap);
                say!(
                    language,
                    "tổng {name} ({at}) ghi {raw}, các ô khác cộng lại còn thiếu {gap}",
                    "the total {name} ({at}) says {raw}, the other cells lack {gap}"
                )
            }
            Self::Partial { name, lacking, of } => say!(
                language,
                "{name} phải cộng từ {of} phân tổ và còn thiếu {lacking}",
                "{name} is the sum of {of} members and lacks {lacking}"
            ),
            Self::Stated { name, at, raw } => say!(language, "{name} ({at}) ghi {raw}", "{name} ({at}) says {raw}"),
        }
    }
}

impl Facts for MissingFigure {
    fn message(&self, language: Language) -> String {
        let what = &self.what;
        let stands = self.stands.iter().map(|stands| stands.words(language)).collect::<Vec<_>>().join("; ");
        let above = self.above.as_ref().map_or_else(String::new, |(at, raw)| {
            say!(language, "; ô ngay trên ({at}) ghi {raw}", "; the cell above ({at}) says {raw}")
        });
        say!(language, "{what} để trống, trong khi {stands}{above}", "{what} is blank, while {stands}{above}")
    }

    fn action(&self, language: Language) -> String {
        let cell = self.cell;
        say!(
            language,
            "điền số vào {cell}; nếu không phát sinh ghi \"-\", chưa có số ghi \"…\"",
            "fill in {cell}; write \"-\" if it did not occur, \"…\" if it was not collected"
        )
    }
}

/// What to write into a blank cell, by the other cells.
#[derive(Debug)]
struct FillIn {
    cell: Position,
    value: Decimal,
}

impl Remark for FillIn {
    fn words(&self, language: Language) -> String {
        let (cell, value) = (self.cell, language.number(self.value));
        say!(
            language,
            "điền số vào {cell}: theo các ô khác là {value}; nếu không phát sinh ghi \"-\", chưa có số ghi \"…\"",
            "fill in {cell}: {value} by the other cells; write \"-\" if it did not occur, \"…\" if it was not collected"
        )
    }
}

/// A figure that no cell states, and what others say of it.
#[derive(Debug)]
struct NoFigure {
    what: String,
    measure: String,
    instead: Instead,
}

/// What follows from other figures.
#[derive(Debug)]
enum Instead {
    Computed(Decimal, Way),
    Differs(Ways),
}

impl Facts for NoFigure {
    fn message(&self, language: Language) -> String {
        let Self { what, measure, instead } = self;
        match instead {
            Instead::Computed(value, way) => {
                let (value, way) = (language.number(*value), way.words(language));
                say!(
                    language,
                    "{what} chưa có số {measure}; biểu in số tính được {value} (*), theo {way}",
                    "{what} has no figure for {measure}; the form prints {value} (*), computed as {way}"
                )
            }
            Instead::Differs(ways) => {
                let ways = ways.words(language);
                say!(language, "{what} chưa có số {measure}; {ways}", "{what} has no figure for {measure}; {ways}")
            }
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "đề nghị cơ quan bổ sung số này vào tệp nguồn; nếu không phát sinh ghi \"-\", chưa có số ghi \"…\"",
            "have the office add the figure to its file; write \"-\" if it did not occur, \"…\" if it was not collected"
        )
    }
}
