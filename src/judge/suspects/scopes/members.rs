//! Members that are missing, doubled or counted too many, by the totals of all figures together.

use super::{
    BTreeSet, Cause, CheckConstraint, Constraints, Context, FEWEST, Facts, Finding, Form, Language, Named, Place,
    Rational, Reading, Relation, say,
};
use crate::{
    judge::constraint::Sum,
    model::finding::{DUPLICATE_MEMBER, MISSING_MEMBER, Severity, UNKNOWN_MEMBER},
};

/// Totals that are not the sum of their members, and what is probably the matter with these.
#[derive(Debug)]
struct WrongMembers {
    broken: usize,
    all: usize,
    members: Named,
    guess: Guess,
}

#[derive(Debug)]
enum Guess {
    /// Two say the same of everything.
    Twins(String, String),
    /// One is counted too many.
    Spare(String),
    Missing,
    OtherPeriod,
}

impl Facts for WrongMembers {
    fn message(&self, language: Language) -> String {
        let (count, all, list) = (self.broken, self.all, self.members.words(language));
        match &self.guess {
            Guess::Twins(one, other) => say!(
                language,
                "\"{one}\" và \"{other}\" ghi các số như nhau, và {count}/{all} tổng không bằng tổng của {list}: có lẽ một bản được nộp hai lần",
                "\"{one}\" and \"{other}\" hold the same figures, and {count} of {all} totals are not the sum of {list}: one was probably handed in twice"
            ),
            Guess::Spare(name) => say!(
                language,
                "{count}/{all} tổng khớp khi không tính \"{name}\": có lẽ \"{name}\" được cộng thừa",
                "{count} of {all} totals hold without \"{name}\": it is probably counted too many"
            ),
            Guess::Missing => say!(
                language,
                "{count}/{all} tổng lớn hơn tổng của {list}: có lẽ còn thiếu một thôn hoặc một tệp",
                "{count} of {all} totals are more than the sum of {list}: a member or a file is probably missing"
            ),
            Guess::OtherPeriod => say!(
                language,
                "{count}/{all} tổng không bằng tổng của {list}: có lẽ một bản là của kỳ khác hoặc chưa cập nhật",
                "{count} of {all} totals are not the sum of {list}: one of these is probably of another period, or was not updated"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        match &self.guess {
            Guess::Twins(one, other) => say!(
                language,
                "xin lại bản của \"{one}\" hoặc \"{other}\"; chưa sửa tổng nào",
                "ask for \"{one}\" or \"{other}\" again; change no total yet"
            ),
            Guess::Spare(name) => say!(
                language,
                "kiểm tra xem \"{name}\" có thuộc tổng không; chưa sửa tổng nào",
                "check whether \"{name}\" belongs to the totals; change no total yet"
            ),
            Guess::Missing => say!(
                language,
                "tìm bản còn thiếu và bổ sung; chưa sửa tổng nào",
                "find what is missing and add it; change no total yet"
            ),
            Guess::OtherPeriod => say!(
                language,
                "kiểm tra kỳ của từng bản; chưa sửa tổng nào",
                "check the period of each; change no total yet"
            ),
        }
    }
}

impl Constraints<'_> {
    /// Sums over members that are nearly all wrong: a member is missing, doubled, or of another year.
    pub(super) fn members(&self, cx: &Context<'_>, findings: &[Finding]) -> Option<Cause> {
        let sums: Vec<usize> =
            (0..self.all.len()).filter(|constraint| is_over_members(&self.all[*constraint])).collect();
        let broken: Vec<usize> = sums.iter().copied().filter(|constraint| self.is_broken(*constraint)).collect();
        let stated = |constraint: &usize| self.all[*constraint].figures()[0].reading;
        let judged = sums
            .iter()
            .filter(|constraint| stated(constraint).number().is_some_and(|number| !number.is_zero()))
            .count();
        if broken.len() < FEWEST || broken.len() * 5 < judged * 4 {
            return None;
        }
        let gaps: Vec<Rational> = broken.iter().filter_map(|constraint| gap(&self.all[*constraint])).collect();
        if gaps.len() < broken.len() {
            return None;
        }
        let names: BTreeSet<&str> = broken
            .iter()
            .flat_map(|constraint| self.all[*constraint].figures())
            .filter_map(|figure| figure.reading.key.member.as_deref())
            .collect();
        let figure_of = |constraint: &usize, member: &str| -> Option<Rational> {
            let figures = self.all[*constraint].figures();
            let own = figures.iter().find(|figure| figure.reading.key.member.as_deref() == Some(member))?;
            Some(own.reading.number()?.into())
        };
        // A member that is once too often: without it every sum is right.
        let spare: Vec<&str> = names
            .iter()
            .copied()
            .filter(|name| {
                broken
                    .iter()
                    .zip(&gaps)
                    .all(|(constraint, gap)| figure_of(constraint, name).is_some_and(|own| own == -gap))
            })
            .collect();
        // Two that say the same of everything.
        let twins: Vec<(&str, &str)> = names
            .iter()
            .flat_map(|one| {
                names
                    .range::<str, _>((std::ops::Bound::Excluded(*one), std::ops::Bound::Unbounded))
                    .map(move |other| (*one, *other))
            })
            .filter(|(one, other)| {
                sums.iter().all(|constraint| {
                    figure_of(constraint, one) == figure_of(constraint, other) && figure_of(constraint, one).is_some()
                })
            })
            .collect();
        let guess = if let Some((one, other)) = twins.first().filter(|_| judged >= FEWEST) {
            Guess::Twins((*one).to_owned(), (*other).to_owned())
        } else if let Some(name) = spare.first() {
            Guess::Spare((*name).to_owned())
        } else if gaps.iter().all(|gap| !gap.is_negative()) {
            Guess::Missing
        } else {
            Guess::OtherPeriod
        };
        let code = match guess {
            Guess::Twins(..) => Some(&DUPLICATE_MEMBER),
            Guess::Spare(_) => Some(&UNKNOWN_MEMBER),
            Guess::Missing => Some(&MISSING_MEMBER),
            Guess::OtherPeriod => None,
        };
        let members = Named::first_of(names.iter().map(|name| format!("\"{name}\"")));
        let facts = WrongMembers { broken: broken.len(), all: sums.len(), members, guess };
        let places = |name: &str| {
            let figures = broken.iter().flat_map(|constraint| self.all[*constraint].figures());
            let own: Vec<Place> = (figures.filter(|f| f.reading.key.member.as_deref() == Some(name)))
                .map(|figure| figure.reading.place())
                .collect();
            own.into_iter().next()
        };
        let target = twins.first().map(|(_, other)| *other).or(spare.first().copied()).and_then(places);
        let constraints: BTreeSet<usize> = broken.iter().copied().collect();
        let mut finding = match code {
            // Nobody said who the members are: what they are held against is graver than the guess.
            Some(code) => Finding { severity: Severity::Warning, ..Finding::new(code, facts) },
            None => self.group_finding(&constraints, findings, facts)?,
        };
        let totals = broken.iter().map(|constraint| stated(constraint).place());
        // Where one member stands out, its sheet; else the sheet of the totals.
        finding.target = target.or_else(|| totals.clone().next()).map(|place| Place { cell: None, raw: None, ..place });
        finding.sources = totals.collect();
        let first = broken.first().map(|constraint| &stated(constraint).origin);
        let (pattern, sheet) = first.map(|o| (cx.pattern(&o.file), o.sheet.to_string())).unwrap_or_default();
        let period = cx.catalogue.period.to_string();
        Some(Cause { finding: finding.fingerprinted(&["members", &pattern, &sheet, &period]), constraints })
    }
}

/// Whether a constraint adds up members of its total's own indicator.
fn is_over_members(constraint: &CheckConstraint<'_>) -> bool {
    let Form::Sum(Sum { terms, relation: Relation::Equals, .. }) = &constraint.form else { return false };
    if !constraint.states_result {
        return false;
    }
    let Some(((total, _), members)) = terms.split_first() else { return false };
    let key = &total.reading.key;
    let is_member = |figure: &Reading| figure.key.indicator == key.indicator && figure.key.member.is_some();
    key.member.is_none() && !members.is_empty() && members.iter().all(|(figure, _)| is_member(figure.reading))
}

/// What a total has more than its parts.
fn gap(constraint: &CheckConstraint<'_>) -> Option<Rational> {
    let Form::Sum(Sum { terms, bound, .. }) = &constraint.form else { return None };
    let sum = terms.iter().map(|(figure, by)| Some(by * &Rational::from(figure.reading.number()?)));
    let sum: Rational = sum.collect::<Option<Vec<_>>>()?.into_iter().sum();
    Some(&sum - bound)
}
