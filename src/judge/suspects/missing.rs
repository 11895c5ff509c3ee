//! A missing input accuses nobody: where a total was added up while a part of it was blank, and another
//! place says more, the blank is what is told, and no figure is suspected.

use super::{Constraints, group::Group};
use crate::{
    judge::{
        checks::{Context, Form},
        constraint::Sum,
    },
    model::{
        catalogue::rule::Relation,
        finding::{Certainty, Finding, Hypothesis, Remark, SlipKind},
        reading::Reading,
        workbook::Position,
    },
    values::{
        language::{Language, say},
        number::{Decimal, Rational, plain, trim},
    },
};

/// A blank cell and what it lacks.
#[derive(Clone, Copy, Debug)]
struct Gap {
    blank: Position,
    total: Position,
    lacking: Decimal,
    /// How many other blank cells share it.
    others: usize,
}

impl Gap {
    fn several(&self, language: Language) -> String {
        match self.others {
            0 => String::new(),
            others => say!(language, " và {others} ô trống khác", " and {others} other blank cells"),
        }
    }
}

/// How the total came to be too large.
#[derive(Debug)]
struct AddedUpWhileBlank(Gap);

impl Remark for AddedUpWhileBlank {
    fn words(&self, language: Language) -> String {
        let Gap { blank, total, lacking, .. } = self.0;
        let (several, lacking) = (self.0.several(language), language.number(lacking));
        say!(
            language,
            "{total} được cộng khi {blank}{several} còn trống: thiếu {lacking}",
            "{total} was added up while {blank}{several} is blank: {lacking} are missing"
        )
    }
}

/// What to do first.
#[derive(Debug)]
struct FillIn(Gap);

impl Remark for FillIn {
    fn words(&self, language: Language) -> String {
        let Gap { blank, total, lacking, .. } = self.0;
        let (several, lacking) = (self.0.several(language), language.number(lacking));
        say!(
            language,
            "điền {blank}{several} trước (thiếu {lacking}), rồi tính lại {total}; chưa sửa ô nào khác",
            "fill in {blank}{several} first ({lacking} are missing), then compute {total} again; change no other cell yet"
        )
    }
}

/// Writes the gap into a finding, where there is one.
pub(super) fn write(
    cx: &Context<'_>,
    constraints: &Constraints<'_>,
    group: &Group<'_>,
    own: &[usize],
    finding: &mut Finding,
) -> bool {
    let broken = own.iter().map(|at| group.constraints[*at]).filter(|constraint| constraints.is_broken(*constraint));
    let found = broken.into_iter().find_map(|constraint| gap(cx, &constraints.all[constraint].form));
    let Some((blank, gap)) = found else { return false };
    finding.diagnose(AddedUpWhileBlank(gap));
    finding.advise(FillIn(gap));
    let to = plain(gap.lacking);
    let (target, kind) = (blank.place(), SlipKind::Missing);
    finding.hypotheses = vec![Hypothesis { kind, target, to, resolves: 1, together: Vec::new() }];
    finding.certainty = Some(Certainty::Open);
    true
}

/// What a total among the figures of a constraint lacks, where a part of it is blank and more of it would do.
fn gap<'a>(cx: &'a Context<'a>, form: &Form<'a>) -> Option<(&'a Reading, Gap)> {
    let Form::Sum(Sum { terms, relation: Relation::Equals, bound }) = form else { return None };
    let values = terms.iter().map(|(figure, by)| Some(by * &Rational::from(figure.reading.number()?)));
    let off = &values.collect::<Option<Vec<_>>>()?.into_iter().sum::<Rational>() - bound;
    terms.iter().filter(|(figure, _)| !figure.previous).find_map(|(figure, by)| {
        let (blank, others) = cx.blank_in(figure.reading)?;
        let lacking = (-&off).checked_div(by)?;
        let lacking = lacking.to_exact_decimal().filter(|lacking| *lacking > Decimal::ZERO)?;
        let (at, total) = (blank.origin.cell, figure.reading.origin.cell);
        Some((blank, Gap { blank: at, total, lacking: trim(lacking), others }))
    })
}
