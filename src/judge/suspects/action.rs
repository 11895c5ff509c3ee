//! What to do about a finding, by what is suspected: the first suspect where it is sure, else every
//! suspect alike. To tell an officer to change another cell than the one that is wrong is the worst that
//! a report can do.

use std::collections::BTreeSet;

use super::{
    cells::{Content, cell, is_any_word, now, slid, then},
    group::Group,
};
use crate::{
    judge::{
        checks::{self, Context},
        localise::{self, Change, ChangeKind, Proposal},
    },
    model::{
        finding::{Certainty, Finding, Place, Remark, SlipKind},
        reading::Reading,
        workbook::file_name,
    },
    values::{
        language::{Language, say},
        number::{self, Rational},
    },
};

/// So many cells are named one by one.
const MOST_NAMED: usize = 8;

/// Writes the action of a finding.
pub(super) fn write(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposals: &[Proposal],
    sure: Option<(&Proposal, Certainty)>,
    finding: &mut Finding,
) {
    let todo = match sure {
        Some((proposal, certainty)) => of_one(cx, group, proposals, proposal, certainty),
        None => of_all(group, finding),
    };
    let Some(todo) = todo else { return };
    // What the office itself asks for when its rule is broken stays.
    let rule = finding.rule.as_ref().filter(|_| finding.code == checks::rule_violated());
    let wanted = rule.and_then(|id| cx.catalogue.rules.iter().find(|rule| *rule.id == **id));
    match wanted.and_then(|rule| rule.action.clone()) {
        Some(own) => finding.advise(BesideOwn(todo, own)),
        None => finding.advise(todo),
    }
}

/// What to do about suspects.
#[derive(Debug)]
enum Todo {
    /// Two cells were exchanged: each with what stands in it.
    Exchanged([(String, Content); 2]),
    /// Cells slid by a row.
    MoveBack(String),
    /// Each cell with what stands in it and what would.
    Together(Vec<(String, Content, Content)>),
    /// A cell that may hold anything else.
    Other(String, Content),
    /// A cell that is wrong, and what stands in it.
    Change(String, Content, Option<Values>),
    /// A cell that is probably wrong, and what stands in it.
    Check(String, Content, Option<Values>),
    /// It cannot be told which of these is wrong, nor of so many more.
    CompareAll(Vec<Suspect>, u64),
}

impl Remark for Todo {
    fn words(&self, language: Language) -> String {
        match self {
            Self::Exchanged([(cell, now), (other, then)]) => {
                let (now, then) = (now.words(language), then.words(language));
                say!(
                    language,
                    "đối chiếu {cell} và {other}: có lẽ hai số đổi chỗ, {cell} là {then} và {other} là {now}",
                    "check {cell} and {other}: the two were probably exchanged, {cell} should be {then} and {other} {now}"
                )
            }
            Self::MoveBack(span) => say!(
                language,
                "đối chiếu các ô {span}: có lẽ lệch một dòng, dời về đúng dòng",
                "check {span}: the figures probably slid by a row, move them back"
            ),
            Self::Together(cells) => {
                let each = cells.iter().map(|(cell, now, to)| {
                    let (now, to) = (now.words(language), to.words(language));
                    say!(language, "{cell} ({now} thành {to})", "{cell} ({now} to {to})")
                });
                let list = each.collect::<Vec<_>>().join(", ");
                say!(
                    language,
                    "sửa cùng lúc {list}; đối chiếu với số gốc trước khi sửa",
                    "change together {list}; compare with the originals first"
                )
            }
            Self::Other(cell, now) => {
                let now = now.words(language);
                say!(language, "sửa {cell}: không thể là {now}", "change {cell}: it cannot be {now}")
            }
            Self::Change(cell, now, Some(to)) => {
                let (now, to) = (now.words(language), to.words(language));
                say!(
                    language,
                    "sửa {cell}: {now} thành {to}; đối chiếu với số gốc trước khi sửa",
                    "change {cell} from {now} to {to}; compare with the original first"
                )
            }
            Self::Change(cell, now, None) => {
                let now = now.words(language);
                say!(
                    language,
                    "sửa {cell}: {now} là sai, xem số gốc để biết số đúng",
                    "change {cell}: {now} is wrong, see the original for the right figure"
                )
            }
            Self::Check(cell, now, Some(to)) => {
                let (now, to) = (now.words(language), to.words(language));
                say!(
                    language,
                    "kiểm tra {cell} trước: có lẽ là {to} thay cho {now}",
                    "check {cell} first: perhaps {to} instead of {now}"
                )
            }
            Self::Check(cell, now, None) => {
                let now = now.words(language);
                say!(
                    language,
                    "kiểm tra {cell} trước: {now} có lẽ sai, xem số gốc",
                    "check {cell} first: {now} is probably wrong, see the original"
                )
            }
            Self::CompareAll(suspects, more) => {
                let list: Vec<String> = suspects.iter().map(|suspect| suspect.words(language)).collect();
                let list = list.join(", ");
                match more {
                    0 => say!(
                        language,
                        "chưa nói chắc được ô nào sai, đối chiếu từng ô với số gốc: {list}",
                        "it cannot be told which cell is wrong, compare each with the original: {list}"
                    ),
                    _ => say!(
                        language,
                        "chưa nói chắc được ô nào sai, đối chiếu từng ô với số gốc: {list} và {more} ô khác",
                        "it cannot be told which cell is wrong, compare each with the original: {list} and {more} more"
                    ),
                }
            }
        }
    }
}

/// The same, and what an office asks for in words of its own.
#[derive(Debug)]
struct BesideOwn(Todo, String);

impl Remark for BesideOwn {
    fn words(&self, language: Language) -> String {
        format!("{}; {}", self.0.words(language), self.1)
    }
}

/// What to do about the cells of one proposal.
fn of_one(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposals: &[Proposal],
    proposal: &Proposal,
    certainty: Certainty,
) -> Option<Todo> {
    let change = proposal.changes.first()?;
    let of = |variable: usize| {
        let reading = group.figures[variable].reading;
        (cell(group, reading), now(reading))
    };
    if let ChangeKind::Swap(other) = change.kind {
        return Some(Todo::Exchanged([of(change.variable), of(other)]));
    }
    if let Some(span) = slid(group, proposal) {
        return Some(Todo::MoveBack(span));
    }
    if proposal.changes.len() > 1 {
        let each = proposal.changes.iter().map(|change| {
            let (cell, now) = of(change.variable);
            (cell, now, then(cx, group.figures[change.variable].reading, change.to))
        });
        return Some(Todo::Together(each.collect()));
    }
    let (cell, now) = of(change.variable);
    if is_any_word(change, group.figures[change.variable].reading) {
        return Some(Todo::Other(cell, now));
    }
    let values = values(cx, group, proposals, proposal, change);
    Some(match certainty {
        Certainty::Certain => Todo::Change(cell, now, values),
        Certainty::Likely | Certainty::Open => Todo::Check(cell, now, values),
    })
}

/// What a cell may have held.
#[derive(Clone, Debug)]
pub(super) enum Values {
    /// Near this one.
    About(Content),
    /// One of these.
    OneOf(Vec<Content>),
}

impl Values {
    /// For people.
    pub(super) fn words(&self, language: Language) -> String {
        match self {
            Self::About(value) => {
                let about = value.words(language);
                say!(language, "khoảng {about}", "about {about}")
            }
            Self::OneOf(values) => one_of(values, language),
        }
    }
}

fn one_of(values: &[Content], language: Language) -> String {
    let values: Vec<String> = values.iter().map(|value| value.words(language)).collect();
    values.join(say!(language, " hoặc ", " or ").as_str())
}

/// The values that a cell may have held, where they can be told: one slip, or the one value that the
/// rules leave.
pub(super) fn values(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposals: &[Proposal],
    proposal: &Proposal,
    change: &Change,
) -> Option<Values> {
    let reading = group.figures[change.variable].reading;
    if change.kind == ChangeKind::Value {
        if is_only_value(group, change) {
            return Some(Values::OneOf(vec![then(cx, reading, change.to)]));
        }
        let (low, high) = change.within.as_ref().map(|within| (within.low(), within.high()))?;
        let middle = (&(low + high) * &Rational::from(2).recip()?).to_decimal(2, number::Rounding::HalfUp)?;
        return Some(Values::About(then(cx, reading, number::trim(middle))));
    }
    // A bound alone is kept by many a slip; only a lost sign is told by it.
    let evidence = localise::evidence(&group.block, &proposal.rules, &[change.variable]);
    if evidence.balances == 0 && change.kind != ChangeKind::Sign {
        return None;
    }
    // Of one kind and as good.
    let alike = proposals.iter().filter(|p| {
        let [only] = p.changes.as_slice() else { return false };
        only.variable == change.variable && p.is_slip() && p.resolves == proposal.resolves && p.slips == 1
    });
    let mut found = vec![then(cx, reading, change.to)];
    for other in alike.filter_map(|p| p.changes.first()) {
        let value = then(cx, reading, other.to);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (found.len() <= 2).then_some(Values::OneOf(found))
}

/// Whether the rules leave one value of a figure as it would be printed.
fn is_only_value(group: &Group<'_>, change: &Change) -> bool {
    let Some(within) = &change.within else { return true };
    let variable = &group.block.variables[change.variable];
    let unit = Rational::power_of_ten(variable.decimals.max(0).saturating_neg());
    within.width() < unit
}

/// A cell among others that may be wrong, and how it may be.
#[derive(Debug)]
struct Suspect {
    cell: Named,
    how: How,
}

#[derive(Debug)]
enum How {
    /// Another value, where some are known.
    Alone(Vec<Content>),
    Exchanged(Vec<Named>),
    Slid(Vec<Named>),
    Together(Vec<Named>),
}

impl Suspect {
    fn words(&self, language: Language) -> String {
        let place = self.cell.words(language);
        let list = |others: &[Named]| others.iter().map(|other| other.words(language)).collect::<Vec<_>>().join(", ");
        match &self.how {
            How::Alone(values) if values.is_empty() => place,
            How::Alone(values) => {
                let values = one_of(values, language);
                say!(language, "{place} (có thể là {values})", "{place} (perhaps {values})")
            }
            How::Exchanged(others) => {
                let others = list(others);
                say!(language, "{place} và {others} (đổi chỗ cho nhau)", "{place} and {others} (exchanged)")
            }
            How::Slid(others) => {
                let others = list(others);
                say!(language, "{place}, {others} (lệch một dòng)", "{place}, {others} (slid by a row)")
            }
            How::Together(others) => {
                let others = list(others);
                say!(language, "{place} cùng với {others}", "{place} together with {others}")
            }
        }
    }
}

/// What to do where it cannot be told which cell is wrong: every suspect alike.
fn of_all(group: &Group<'_>, finding: &Finding) -> Option<Todo> {
    let mut seen: BTreeSet<(String, String, String)> = BTreeSet::new();
    let (mut named, mut together): (Vec<Suspect>, BTreeSet<_>) = (Vec::new(), BTreeSet::new());
    let key = |place: &Place| {
        let cell = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
        (place.file.to_string(), place.sheet.as_deref().unwrap_or_default().to_owned(), cell)
    };
    for guess in &finding.hypotheses {
        let cell = name(group, finding, &guess.target);
        if !guess.together.is_empty() {
            let others = guess.together.iter().map(|other| name(group, finding, &other.target)).collect();
            let how = match guess.kind {
                SlipKind::Swap => How::Exchanged(others),
                SlipKind::Shift => How::Slid(others),
                _ => How::Together(others),
            };
            named.push(Suspect { cell, how });
            together.extend(std::iter::once(key(&guess.target)).chain(guess.together.iter().map(|o| key(&o.target))));
            continue;
        }
        if !seen.insert(key(&guess.target)) {
            continue;
        }
        let alike = finding.hypotheses.iter().filter(|g| g.target == guess.target && g.together.is_empty());
        named.push(Suspect { cell, how: How::Alone(alike.map(|guess| Content::parse(&guess.to)).collect()) });
    }
    seen.append(&mut together);
    // What explains nothing alone is as much in doubt where there is nothing but one rule.
    let cells = finding.target.iter().chain(&finding.sources);
    let others: Vec<&Place> = cells.filter(|place| place.cell.is_some() && seen.insert(key(place))).collect();
    if named.is_empty() && others.is_empty() {
        return None;
    }
    let more = (named.len() + others.len()).saturating_sub(MOST_NAMED) as u64 + finding.more_sources;
    let alone = |place| Suspect { cell: name(group, finding, place), how: How::Alone(Vec::new()) };
    named.extend(others.into_iter().take(MOST_NAMED).map(alone));
    named.truncate(MOST_NAMED);
    Some(Todo::CompareAll(named, more))
}

/// A cell by its name.
#[derive(Debug)]
struct Named {
    cell: String,
    /// Whether it is one of the period before.
    previous: bool,
}

impl Named {
    fn words(&self, language: Language) -> String {
        let cell = &self.cell;
        if self.previous {
            say!(language, "{cell} kỳ trước", "{cell} of the previous period")
        } else {
            cell.clone()
        }
    }
}

/// A cell, as briefly as the group and the finding allow.
fn name(group: &Group<'_>, finding: &Finding, place: &Place) -> Named {
    let is_it = |reading: &Reading| {
        let origin = &reading.origin;
        origin.file == place.file && Some(&origin.sheet) == place.sheet.as_ref() && Some(origin.cell) == place.cell
    };
    if let Some(figure) = group.figures.iter().find(|figure| is_it(figure.reading)) {
        return Named { cell: cell(group, figure.reading), previous: figure.previous };
    }
    let at = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
    let cell = match (&place.sheet, finding.target.as_ref()) {
        (Some(sheet), Some(near)) if near.file != place.file => {
            format!("{} '{sheet}'!{at}", file_name(&place.file))
        }
        (Some(sheet), Some(near)) if near.sheet.as_ref() != Some(sheet) => format!("'{sheet}'!{at}"),
        _ => at,
    };
    Named { cell, previous: false }
}
