//! `formula-range`: a formula does not do what its table needs: a SUM that leaves out rows, or one
//! typed number where every neighbour is computed.

use std::{
    collections::{BTreeMap, HashSet},
    sync::Arc,
};

use super::{Check, CheckKind, CheckResults, Context, context::list_places, sums::Sum};
use crate::{
    model::{
        finding::{Code, Explain, Facts, Finding, Place, Severity},
        reading::{Made, Reading},
        workbook::{Area, Position},
    },
    values::{
        language::{Language, Words, say},
        number::{self, Decimal, Rational},
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

static CODE: Code = Code {
    name: "formula-range",
    severity: Severity::Warning,
    explain: Explain {
        what: Words {
            vi: "Công thức SUM bỏ sót ô của bảng hoặc cộng cả số tổng lẫn số chi tiết, hoặc giữa một cột công thức có một ô gõ số.",
            en: "A SUM leaves out cells of its table or adds subtotals to their parts, or one cell of a computed column holds a typed number.",
        },
        why: Words {
            vi: "Thường xảy ra khi chèn thêm dòng; từ đó tổng hoặc tỷ lệ không đổi theo số liệu nữa.",
            en: "It happens when rows are inserted; from then on the total or ratio no longer follows the figures.",
        },
        fix: Words {
            vi: "Kéo lại vùng của SUM cho đủ, hoặc chép công thức của ô bên cạnh vào ô gõ số.",
            en: "Stretch the SUM over all rows, or copy the formula of the neighbour into the typed cell.",
        },
        example: Words {
            vi: "D13 là SUM(D9:D11) nhưng D12 cũng là thành phần.",
            en: "D13 is SUM(D9:D11), but D12 is a part too.",
        },
    },
};

/// Fewest formulas of a column beside which a lone typed number is odd.
const FORMULAS: usize = 4;

fn run(cx: &Context<'_>, results: &mut CheckResults) {
    for sum in &cx.sums {
        let areas = sum.total.origin.formula.as_deref().and_then(summed);
        let Some(areas) = areas else { continue };
        let missed = missed(sum, &areas);
        let twice = twice(cx, sum, &areas);
        if !missed.is_empty() {
            results.fail(misses(cx, sum, &missed));
        } else if !twice.is_empty() {
            results.fail(counts_twice(cx, sum, twice));
        } else {
            results.pass();
        }
    }
    for typed in typed_among_formulas(cx) {
        results.fail(lone(cx, typed));
    }
}

/// Addends that a SUM should cover and does not. A formula may reach them through subtotals: then the
/// total is right, and only a cell that touches the range and holds 0 was left out.
fn missed<'a>(sum: &Sum<'a>, areas: &[Area]) -> Vec<&'a Reading> {
    let (file, sheet) = (&sum.total.origin.file, &sum.total.origin.sheet);
    let here = |r: &&Reading| r.origin.file == *file && r.origin.sheet == *sheet;
    let covers = |at: Position| areas.iter().any(|area| area.contains(at));
    if sum.plain.is_none() && sum.irregular.iter().filter(|r| here(r)).all(|r| covers(r.origin.cell)) {
        return Vec::new();
    }
    let (covered, mut left): (Vec<&Reading>, Vec<&Reading>) =
        sum.irregular.iter().copied().filter(here).partition(|r| covers(r.origin.cell));
    // Of the plain rows, which may be a million, only what is left out is fetched.
    let mut reaches = !covered.is_empty();
    let in_rows = |is_wanted: &mut dyn FnMut(Position) -> bool| {
        let Some(plain) = &sum.plain else { return Vec::new() };
        let (key, is_here) = (&sum.total.key, |f: &Arc<str>, s: &Arc<str>| f == file && s == sheet);
        plain.dataset.plain_where(key.indicator, key.measure, true, |f, s, at| is_here(f, s) && is_wanted(at))
    };
    in_rows(&mut |at| {
        reaches |= covers(at);
        false
    });
    if !reaches {
        return Vec::new();
    }
    left.extend(in_rows(&mut |at| !covers(at)));
    left.sort_by_key(|r| r.record);
    let is_right = matches!(&sum.result, Some((stated, added, _)) if *added == (*stated).into());
    let was_left_out = |r: &&Reading| {
        !is_right || (areas.iter().any(|area| touches(area, r.origin.cell)) && r.number() == Some(Decimal::ZERO))
    };
    left.into_iter().filter(was_left_out).collect()
}

/// What the formula of a wrong total has too many or too few, where that is all that is wrong with it.
pub(super) fn explains(cx: &Context<'_>, sum: &Sum<'_>) -> Option<Range> {
    let areas = summed(sum.total.origin.formula.as_deref()?)?;
    let (stated, added, _) = sum.result.as_ref()?;
    let missed = missed(sum, &areas);
    let short: Rational = missed.iter().filter_map(|reading| reading.number()).map(Rational::from).sum();
    if !missed.is_empty() && &Rational::from(*stated) + &short == *added {
        return Some(Range::Short(missed.iter().map(|reading| reading.place()).collect()));
    }
    let twice = twice(cx, sum, &areas);
    (!twice.is_empty()).then_some(Range::Twice(twice))
}

/// How the cells that a formula adds up are not those of its total.
pub(super) enum Range {
    /// It leaves these out.
    Short(Vec<Place>),
    /// It adds these to what makes them up.
    Twice(Vec<Place>),
}

/// Cells that a wrong total has added beside its addends: subtotals beside their parts, or parts
/// beside their subtotals. Empty where they are not all that is wrong.
fn twice(cx: &Context<'_>, sum: &Sum<'_>, areas: &[Area]) -> Vec<Place> {
    let Some((stated, added, false)) = &sum.result else { return Vec::new() };
    let origin = &sum.total.origin;
    let here = |reading: &&Reading| reading.origin.file == origin.file && reading.origin.sheet == origin.sheet;
    let mut addends = HashSet::new();
    sum.each_addend(|reading| {
        if here(&reading) {
            addends.insert(reading.origin.cell);
        }
    });
    let is_addend = |at: Position| addends.contains(&at);
    let place = |at: Position, value: Decimal| Place {
        cell: Some(at),
        raw: Some(number::vietnamese(value).into()),
        ..sum.total.place()
    };
    let all_of_it = |cells: &[(Position, Decimal)]| {
        let too_many: Rational = cells.iter().map(|(_, value)| Rational::from(*value)).sum();
        !cells.is_empty() && &Rational::from(*stated) - &too_many == *added
    };
    let known = origin.computation.as_ref().map_or(&[][..], |computation| &computation.subtotals);
    let subtotals: Vec<(Position, Decimal)> = known.iter().filter(|(at, _)| !is_addend(*at)).copied().collect();
    let in_areas = |at: Position| areas.iter().any(|area| area.contains(at)) && at != origin.cell && !is_addend(at);
    let others = || {
        let readings = cx.dataset.irregular().iter().filter(here).filter(|r| in_areas(r.origin.cell));
        let mut cells: Vec<(Position, Decimal)> = readings.filter_map(|r| Some((r.origin.cell, r.number()?))).collect();
        cells.sort_unstable_by_key(|(at, _)| *at);
        cells.dedup_by_key(|(at, _)| *at);
        cells
    };
    let found =
        if all_of_it(&subtotals) { subtotals } else { Some(others()).filter(|o| all_of_it(o)).unwrap_or_default() };
    found.into_iter().map(|(at, value)| place(at, value)).collect()
}

fn counts_twice(cx: &Context<'_>, sum: &Sum<'_>, twice: Vec<Place>) -> Finding {
    let formula = sum.total.origin.formula.as_deref().unwrap_or_default();
    let (what, cells) = (cx.name(&sum.total.key), list_places(&twice));
    let mut finding = cx.finding(&CODE, sum.total, CountedTwice { what, formula: formula.to_owned(), cells });
    finding.found = Some(formula.to_owned());
    finding.sources = twice;
    finding.mapping = Some(sum.line.clone());
    finding
}

/// Whether a cell lies next to an end of a range of one row or one column.
fn touches(area: &Area, at: Position) -> bool {
    let column = area.first.column == area.last.column && at.column == area.first.column;
    let row = area.first.row == area.last.row && at.row == area.first.row;
    (column && (at.row + 1 == area.first.row || at.row == area.last.row + 1))
        || (row && (at.column + 1 == area.first.column || at.column == area.last.column + 1))
}

fn misses(cx: &Context<'_>, sum: &Sum<'_>, missed: &[&Reading]) -> Finding {
    let formula = sum.total.origin.formula.as_deref().unwrap_or_default();
    let (what, places) = (cx.name(&sum.total.key), missed.iter().map(|r| r.place()).collect::<Vec<_>>());
    let facts = LeftOut { what, formula: formula.to_owned(), cells: list_places(&places) };
    let mut finding = cx.finding(&CODE, sum.total, facts);
    finding.found = Some(formula.to_owned());
    finding.sources = places;
    finding.mapping = Some(sum.line.clone());
    finding
}

/// The ranges that a formula adds up, where it is nothing but one SUM of cells of its own sheet.
fn summed(formula: &str) -> Option<Vec<Area>> {
    let formula = formula.trim();
    let inner = formula.get(..4).filter(|head| head.eq_ignore_ascii_case("SUM(")).map(|_| &formula[4..])?;
    let inner = inner.strip_suffix(')')?;
    inner.split([',', ';']).map(area).collect()
}

fn area(written: &str) -> Option<Area> {
    let is_mark = |c: char| matches!(c, '$' | '[' | ']' | '.' | ' ');
    let plain: String;
    let written = if written.contains(is_mark) {
        plain = written.replace(is_mark, "");
        &plain
    } else {
        written
    };
    let (first, last) = written.split_once(':').unwrap_or((written, written));
    Some(Area { first: Position::parse(first)?, last: Position::parse(last)? })
}

/// The one typed number in each column of ratios that are computed everywhere else.
fn typed_among_formulas<'a>(cx: &Context<'a>) -> Vec<&'a Reading> {
    // Columns first: most keys differ there.
    let mut columns: BTreeMap<(u32, &str, &str), (usize, Vec<&'a Reading>)> = BTreeMap::new();
    let column = |ratio: &'a Reading| (ratio.origin.cell.column, &ratio.origin.sheet, &ratio.origin.file);
    for run in cx.ratios.chunk_by(|a, b| column(a.ratio) == column(b.ratio)) {
        let (at, sheet, file) = column(run[0].ratio);
        let (formulas, typed) = columns.entry((at, sheet, file)).or_default();
        for ratio in run.iter().map(|judgement| judgement.ratio) {
            match ratio.origin.made {
                Made::Formula | Made::RoundingFormula => *formulas += 1,
                Made::Typed => typed.push(ratio),
                Made::Derived { .. } => {}
            }
        }
    }
    let lone = columns.into_values().filter(|(formulas, typed)| *formulas >= FORMULAS && typed.len() == 1);
    lone.flat_map(|(_, typed)| typed).collect()
}

fn lone(cx: &Context<'_>, typed: &Reading) -> Finding {
    let (what, raw) = (cx.name(&typed.key), typed.origin.raw.text().to_string());
    let mut finding = cx.finding(&CODE, typed, TypedAmongFormulas { what, raw: raw.clone() });
    finding.found = Some(raw.trim().to_owned());
    finding
}

/// A formula that leaves out cells of its table.
#[derive(Debug)]
struct LeftOut {
    what: String,
    formula: String,
    cells: String,
}

impl Facts for LeftOut {
    fn message(&self, language: Language) -> String {
        let Self { what, formula, cells } = self;
        say!(
            language,
            "{what} tính bằng {formula}, bỏ sót {cells}",
            "{what} is computed by {formula}, which leaves out {cells}"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(language, "sửa vùng của công thức cho đủ các dòng", "stretch the formula over all rows")
    }
}

/// A formula that adds cells to what makes them up.
#[derive(Debug)]
struct CountedTwice {
    what: String,
    formula: String,
    cells: String,
}

impl Facts for CountedTwice {
    fn message(&self, language: Language) -> String {
        let Self { what, formula, cells } = self;
        say!(
            language,
            "{what} tính bằng {formula}, cộng cả số tổng lẫn số chi tiết: thừa {cells}",
            "{what} is computed by {formula}, which adds subtotals and their parts: {cells} too many"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "sửa công thức để mỗi số chỉ được cộng một lần",
            "change the formula so that every figure is added once"
        )
    }
}

/// A typed number in a column of formulas.
#[derive(Debug)]
struct TypedAmongFormulas {
    what: String,
    raw: String,
}

impl Facts for TypedAmongFormulas {
    fn message(&self, language: Language) -> String {
        let Self { what, raw } = self;
        say!(
            language,
            "{what}: \"{raw}\" là số gõ vào, các ô khác trong cột đều là công thức",
            "{what}: \"{raw}\" is typed in, the other cells of the column are formulas"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "chép công thức của ô bên cạnh vào ô này",
            "copy the formula of a neighbouring cell into this one"
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_sum_adds_up() {
        let shown =
            |formula| summed(formula).map(|areas| areas.iter().map(Area::to_string).collect::<Vec<_>>().join(" "));
        for (formula, areas) in [
            ("SUM(D9:D12)", Some("D9:D12")),
            ("sum($D$9:$D$11, D13)", Some("D9:D11 D13:D13")),
            ("SUM([.D9:.D12];[.D14])", Some("D9:D12 D14:D14")),
            ("SUM(D9:D12)/2", None),
            ("SUM('Khác'!D9:D12)", None),
            ("SUM(D9:D12)+SUM(E1:E2)", None),
            ("D9+D12", None),
            ("SUMIF(A1:A3,1)", None),
        ] {
            assert_eq!(shown(formula).as_deref(), areas, "{formula}");
        }
    }
}
