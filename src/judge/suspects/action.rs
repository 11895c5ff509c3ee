//! What to do about a finding, by what is suspected: the first suspect where it is sure, else every
//! suspect alike. To tell an officer to change another cell than the one that is wrong is the worst that
//! a report can do.

use std::collections::BTreeSet;

use super::{
    group::Group,
    words::{cell, is_any_word, now, shown, slid},
};
use crate::{
    judge::{
        checks::Context,
        localise::{self, Change, Kind, Proposal},
    },
    model::{
        finding::{Certainty, Finding, Place},
        reading::Reading,
    },
    values::{
        language::say,
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
        None => match of_all(cx, group, finding) {
            Some(todo) => todo,
            None => return,
        },
    };
    // What the office itself asks for when its rule is broken stays.
    let wanted = finding.rule.as_ref().and_then(|id| cx.catalogue.rules.iter().find(|rule| *rule.id == **id));
    finding.advise(match wanted.and_then(|rule| rule.action.as_ref()) {
        Some(own) if finding.facts.action(cx.language) == *own => format!("{todo}; {own}"),
        Some(_) | None => todo,
    });
}

/// What to do about the cells of one proposal.
fn of_one(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposals: &[Proposal],
    proposal: &Proposal,
    certainty: Certainty,
) -> String {
    let Some(change) = proposal.changes.first() else { return String::new() };
    let reading = group.figures[change.variable].reading;
    let (cell, now) = (cell(group, reading), now(cx, reading));
    if let Kind::Swap(other) = change.kind {
        let other_reading = group.figures[other].reading;
        let (other, then) = (self::cell(group, other_reading), self::now(cx, other_reading));
        return say!(
            cx.language,
            "đối chiếu {cell} và {other}: có lẽ hai số đổi chỗ, {cell} là {then} và {other} là {now}",
            "check {cell} and {other}: the two were probably exchanged, {cell} should be {then} and {other} {now}"
        );
    }
    if let Some(span) = slid(group, proposal) {
        return say!(
            cx.language,
            "đối chiếu các ô {span}: có lẽ lệch một dòng, dời về đúng dòng",
            "check {span}: the figures probably slid by a row, move them back"
        );
    }
    if proposal.changes.len() > 1 {
        let each = proposal.changes.iter().map(|change| {
            let reading = group.figures[change.variable].reading;
            (self::cell(group, reading), self::now(cx, reading), shown(cx, reading, change.to))
        });
        let list: Vec<String> = each
            .map(|(cell, now, to)| say!(cx.language, "{cell} ({now} thành {to})", "{cell} ({now} to {to})"))
            .collect();
        let list = list.join(", ");
        return say!(
            cx.language,
            "sửa cùng lúc {list}; đối chiếu với số gốc trước khi sửa",
            "change together {list}; compare with the originals first"
        );
    }
    if is_any_word(change, reading) {
        return say!(cx.language, "sửa {cell}: không thể là {now}", "change {cell}: it cannot be {now}");
    }
    let values = values(cx, group, proposals, proposal, change);
    match (certainty, values) {
        (Certainty::Certain, Some(to)) => say!(
            cx.language,
            "sửa {cell}: {now} thành {to}; đối chiếu với số gốc trước khi sửa",
            "change {cell} from {now} to {to}; compare with the original first"
        ),
        (Certainty::Certain, None) => say!(
            cx.language,
            "sửa {cell}: {now} là sai, xem số gốc để biết số đúng",
            "change {cell}: {now} is wrong, see the original for the right figure"
        ),
        (_, Some(to)) => say!(
            cx.language,
            "kiểm tra {cell} trước: có lẽ là {to} thay cho {now}",
            "check {cell} first: perhaps {to} instead of {now}"
        ),
        (_, None) => say!(
            cx.language,
            "kiểm tra {cell} trước: {now} có lẽ sai, xem số gốc",
            "check {cell} first: {now} is probably wrong, see the original"
        ),
    }
}

/// The values that a cell may have held, where they can be told: one slip, or the one value that the
/// rules leave.
pub(super) fn values(
    cx: &Context<'_>,
    group: &Group<'_>,
    proposals: &[Proposal],
    proposal: &Proposal,
    change: &Change,
) -> Option<String> {
    let reading = group.figures[change.variable].reading;
    let or = say!(cx.language, " hoặc ", " or ");
    if change.kind == Kind::Value {
        return is_only_value(group, change).then(|| shown(cx, reading, change.to)).or_else(|| {
            let (low, high) = change.within.as_ref().map(|within| (within.low(), within.high()))?;
            let middle = (&(low + high) * &Rational::from(2).recip()?).to_decimal(2, number::Rounding::HalfUp)?;
            let about = shown(cx, reading, number::trim(middle));
            Some(say!(cx.language, "khoảng {about}", "about {about}"))
        });
    }
    // A bound alone is kept by many a slip; only a lost sign is told by it.
    let evidence = localise::evidence(&group.block, &proposal.rules, &[change.variable]);
    if evidence.balances == 0 && change.kind != Kind::Sign {
        return None;
    }
    // Of one kind and as good.
    let alike = proposals.iter().filter(|p| {
        let [only] = p.changes.as_slice() else { return false };
        only.variable == change.variable && p.is_slip() && p.resolves == proposal.resolves && p.slips == 1
    });
    let mut found: Vec<String> = vec![shown(cx, reading, change.to)];
    for other in alike.filter_map(|p| p.changes.first()) {
        let value = shown(cx, reading, other.to);
        if !found.contains(&value) {
            found.push(value);
        }
    }
    (found.len() <= 2).then(|| found.join(&or))
}

/// Whether the rules leave one value of a figure as it would be printed.
fn is_only_value(group: &Group<'_>, change: &Change) -> bool {
    let Some(within) = &change.within else { return true };
    let variable = &group.block.variables[change.variable];
    let unit = Rational::power_of_ten(variable.decimals.max(0).saturating_neg());
    within.width() < unit
}

/// What to do where it cannot be told which cell is wrong: every suspect alike.
fn of_all(cx: &Context<'_>, group: &Group<'_>, finding: &Finding) -> Option<String> {
    let mut seen: BTreeSet<(String, String, String)> = BTreeSet::new();
    let (mut named, mut together): (Vec<String>, BTreeSet<_>) = (Vec::new(), BTreeSet::new());
    let key = |place: &Place| {
        let cell = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
        (place.file.to_string(), place.sheet.as_deref().unwrap_or_default().to_owned(), cell)
    };
    let or = say!(cx.language, " hoặc ", " or ");
    for guess in &finding.hypotheses {
        let others = guess.together.iter().map(|other| name(cx, group, finding, &other.target));
        let others: Vec<String> = others.collect();
        let place = name(cx, group, finding, &guess.target);
        if !others.is_empty() {
            let others = others.join(", ");
            named.push(match &*guess.kind {
                "swap" => {
                    say!(cx.language, "{place} và {others} (đổi chỗ cho nhau)", "{place} and {others} (exchanged)")
                }
                "shift" => say!(cx.language, "{place}, {others} (lệch một dòng)", "{place}, {others} (slid by a row)"),
                _ => say!(cx.language, "{place} cùng với {others}", "{place} together with {others}"),
            });
            together.extend(std::iter::once(key(&guess.target)).chain(guess.together.iter().map(|o| key(&o.target))));
            continue;
        }
        if !seen.insert(key(&guess.target)) {
            continue;
        }
        let alike = finding.hypotheses.iter().filter(|g| g.target == guess.target && g.together.is_empty());
        let values: Vec<String> = alike.map(|guess| value(cx, &guess.to)).collect();
        let values = values.join(&or);
        named.push(say!(cx.language, "{place} (có thể là {values})", "{place} (perhaps {values})"));
    }
    seen.append(&mut together);
    // What explains nothing alone is as much in doubt where there is nothing but one rule.
    let cells = finding.target.iter().chain(&finding.sources);
    let others: Vec<&Place> = cells.filter(|place| place.cell.is_some() && seen.insert(key(place))).collect();
    if named.is_empty() && others.is_empty() {
        return None;
    }
    let more = (named.len() + others.len()).saturating_sub(MOST_NAMED) as u64 + finding.more_sources;
    named.extend(others.into_iter().map(|place| name(cx, group, finding, place)));
    named.truncate(MOST_NAMED);
    let list = named.join(", ");
    Some(match more {
        0 => say!(
            cx.language,
            "chưa nói chắc được ô nào sai, đối chiếu từng ô với số gốc: {list}",
            "it cannot be told which cell is wrong, compare each with the original: {list}"
        ),
        _ => say!(
            cx.language,
            "chưa nói chắc được ô nào sai, đối chiếu từng ô với số gốc: {list} và {more} ô khác",
            "it cannot be told which cell is wrong, compare each with the original: {list} and {more} more"
        ),
    })
}

fn value(cx: &Context<'_>, to: &str) -> String {
    match (number::parse_plain(to), to.strip_prefix("≠ ")) {
        (Some(number), _) => cx.show(number),
        (None, Some(word)) => say!(cx.language, "chữ khác \"{word}\"", "another word than \"{word}\""),
        (None, None) => format!("\"{to}\""),
    }
}

/// A cell, as briefly as the group and the finding allow.
fn name(cx: &Context<'_>, group: &Group<'_>, finding: &Finding, place: &Place) -> String {
    let is_it = |reading: &Reading| {
        let origin = &reading.origin;
        origin.file == place.file && Some(&origin.sheet) == place.sheet.as_ref() && Some(origin.cell) == place.cell
    };
    if let Some(figure) = group.figures.iter().find(|figure| is_it(figure.reading)) {
        let cell = cell(group, figure.reading);
        if figure.previous {
            return say!(cx.language, "{cell} kỳ trước", "{cell} of the previous period");
        }
        return cell;
    }
    let at = place.cell.map(|cell| cell.to_string()).unwrap_or_default();
    let near = finding.target.as_ref();
    match (&place.sheet, near) {
        (Some(sheet), Some(near)) if near.file != place.file => {
            format!("{} '{sheet}'!{at}", crate::model::workbook::file_name(&place.file))
        }
        (Some(sheet), Some(near)) if near.sheet.as_ref() != Some(sheet) => format!("'{sheet}'!{at}"),
        _ => at,
    }
}
