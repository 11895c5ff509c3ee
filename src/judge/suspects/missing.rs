//! A missing input accuses nobody: where a total was added up while a part of it was blank, and another
//! place says more, the blank is what is told, and no figure is suspected.

use super::{Laws, group::Group};
use crate::{
    judge::{
        checks::{Context, Form},
        constraint::Sum,
    },
    model::{
        finding::{Certainty, Finding, Hypothesis},
        reading::Reading,
        rule::Relation,
    },
    values::{
        language::say,
        number::{Decimal, Rational, plain, trim},
    },
};

/// A blank cell and what it lacks.
struct Gap<'a> {
    blank: &'a Reading,
    total: &'a Reading,
    lacking: Decimal,
    /// How many other blank cells share it.
    others: usize,
}

/// Writes the gap into a finding, where there is one.
pub(super) fn write(
    cx: &Context<'_>,
    laws: &Laws<'_>,
    group: &Group<'_>,
    own: &[usize],
    finding: &mut Finding,
) -> bool {
    let broken = own.iter().map(|at| group.laws[*at]).filter(|law| laws.is_broken(*law));
    let Some(gap) = broken.into_iter().find_map(|law| gap(cx, &laws.all[law].form)) else { return false };
    let (cell, total) = (gap.blank.origin.cell, gap.total.origin.cell);
    let (lacking, others) = (cx.show(gap.lacking), gap.others);
    let several = if others > 0 {
        say!(cx.language, " và {others} ô trống khác", " and {others} other blank cells")
    } else {
        String::new()
    };
    finding.diagnose(say!(
        cx.language,
        "{total} được cộng khi {cell}{several} còn trống: thiếu {lacking}",
        "{total} was added up while {cell}{several} is blank: {lacking} are missing"
    ));
    finding.advise(say!(
        cx.language,
        "điền {cell}{several} trước (thiếu {lacking}), rồi tính lại {total}; chưa sửa ô nào khác",
        "fill in {cell}{several} first ({lacking} are missing), then compute {total} again; change no other cell yet"
    ));
    let to = plain(gap.lacking);
    let (target, kind) = (gap.blank.place(), "missing".into());
    finding.hypotheses = vec![Hypothesis { kind, target, to, resolves: 1, together: Vec::new() }];
    finding.certainty = Some(Certainty::Open);
    true
}

/// What a total among the figures of a law lacks, where a part of it is blank and more of it would do.
fn gap<'a>(cx: &'a Context<'a>, form: &Form<'a>) -> Option<Gap<'a>> {
    let Form::Sum(Sum { terms, relation: Relation::Equals, bound }) = form else { return None };
    let values = terms.iter().map(|(figure, by)| Some(by * &Rational::from(figure.reading.number()?)));
    let off = &values.collect::<Option<Vec<_>>>()?.into_iter().sum::<Rational>() - bound;
    terms.iter().filter(|(figure, _)| !figure.previous).find_map(|(figure, by)| {
        let (blank, others) = cx.blank_in(figure.reading)?;
        let lacking = (-&off).checked_div(by)?;
        let lacking = lacking.to_exact_decimal().filter(|lacking| *lacking > Decimal::ZERO)?;
        Some(Gap { blank, total: figure.reading, lacking: trim(lacking), others })
    })
}
