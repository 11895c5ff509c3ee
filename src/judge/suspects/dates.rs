//! A date where a figure belongs: of the figures that may have been typed, the one that the ratios and
//! totals beside it ask for comes first. None of them is ever read.

use super::at_place;
use crate::{
    judge::checks::Context,
    model::{
        finding::{Certainty, DATE_FOR_NUMBER, Finding, Remark},
        ratio::exact_ratio,
        reading::Reading,
        workbook::Position,
    },
    values::{
        language::{Language, say},
        number::{Decimal, Rational},
    },
};

/// Orders what dates may stand for by how many ratios and totals each would keep.
pub(crate) fn settle(cx: &Context<'_>, findings: &mut [Finding]) {
    for finding in findings.iter_mut().filter(|f| f.code == &DATE_FOR_NUMBER && !f.hypotheses.is_empty()) {
        let Some(place) = finding.target.as_ref().and_then(at_place) else { continue };
        let Some(reading) = cx.dataset.irregular().iter().find(|reading| super::at(reading) == place) else { continue };
        let kept: Vec<u32> = finding
            .hypotheses
            .iter()
            .map(|guess| guess.to.parse().map_or(0, |value| kept(cx, reading, value)))
            .collect();
        for (guess, kept) in finding.hypotheses.iter_mut().zip(&kept) {
            guess.resolves = *kept;
        }
        let most = kept.iter().copied().max().unwrap_or(0);
        if most == 0 {
            continue;
        }
        finding.hypotheses.sort_by_key(|guess| std::cmp::Reverse(guess.resolves));
        let is_only = kept.iter().filter(|kept| **kept == most).count() == 1;
        let Some(value) = finding.hypotheses.first().and_then(|first| first.to.parse::<Decimal>().ok()) else {
            continue;
        };
        if is_only {
            let fit = Fit { cell: reading.origin.cell, value };
            finding.certainty = Some(Certainty::Likely);
            finding.diagnose(Fits(fit));
            finding.advise(TypeAgain(fit));
        }
    }
}

/// The only figure that agrees with the cells beside the one that a date took.
#[derive(Clone, Copy, Debug)]
struct Fit {
    cell: Position,
    value: Decimal,
}

/// Why it is the likeliest.
#[derive(Debug)]
struct Fits(Fit);

impl Remark for Fits {
    fn words(&self, language: Language) -> String {
        let Fit { cell, value } = self.0;
        let shown = language.number(value);
        say!(language, "nếu {cell} là {shown} thì khớp các ô bên cạnh", "{shown} in {cell} fits the cells beside it")
    }
}

/// What to do about the date.
#[derive(Debug)]
struct TypeAgain(Fit);

impl Remark for TypeAgain {
    fn words(&self, language: Language) -> String {
        let Fit { cell, value } = self.0;
        let shown = language.number(value);
        say!(
            language,
            "định dạng {cell} là số rồi nhập lại; theo các ô khác là {shown}",
            "format {cell} as a number and type it again; by the other cells it is {shown}"
        )
    }
}

/// How many printed ratios and stated totals a value of a cell would keep.
fn kept(cx: &Context<'_>, reading: &Reading, value: Decimal) -> u32 {
    let is_it = |other: Option<&Reading>| other.is_some_and(|other| std::ptr::eq(other, reading));
    let ratios = cx.ratios.iter().filter(|judged| {
        let (of, to) = (judged.of, judged.to);
        let (of, to) = match (is_it(of), is_it(to)) {
            (true, false) => (Some(value), to.and_then(Reading::number)),
            (false, true) => (of.and_then(Reading::number), Some(value)),
            _ => return false,
        };
        let exact = of.zip(to).and_then(|(of, to)| exact_ratio(of, to, judged.policy.scale));
        exact.is_some_and(|exact| exact.may_print_as(judged.printed, judged.ratio.printed_decimals()))
    });
    let measure = reading.key.measure;
    let mut sums = 0;
    for (id, indicator) in cx.catalogue.iter() {
        for parts in &indicator.parts {
            let number = |id| {
                let other = cx.dataset.like(reading, id, measure)?;
                if std::ptr::eq(other, reading) { Some(value) } else { other.number() }
            };
            let total = number(id);
            let all: Option<Vec<Decimal>> = parts.of.iter().map(|part| number(*part)).collect();
            let speaks = id == reading.key.indicator || parts.of.contains(&reading.key.indicator);
            if let (true, Some(total), Some(all)) = (speaks, total, all) {
                let added: Rational = all.into_iter().map(Rational::from).sum();
                sums += u32::from(added == Rational::from(total));
            }
        }
    }
    u32::try_from(ratios.count()).unwrap_or(0) + sums
}
