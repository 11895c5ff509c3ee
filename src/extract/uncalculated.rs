//! Figures of formulas in files that were saved without being computed anew: what the results themselves
//! show, and what the file says.

use std::{collections::BTreeSet, sync::Arc};

use super::{Context, codes};
use crate::{
    model::{
        finding::{Code, Facts, Finding, Place, STALE_FORMULA, Severity},
        mapping::{Mapping, Source},
        reading::{Origin, Reading, Value},
        workbook::{Position, Workbook, file_name},
    },
    values::{
        language::{Language, counted, say},
        number::Decimal,
    },
};

/// A file of fewer such results has that many single mistakes.
const FEWEST: usize = 3;

/// One finding for each file whose formulas nobody has computed, then for each sheet of which the file says
/// so.
pub(super) fn report(cx: &mut Context<'_>, workbooks: &[&Workbook], mapping: &Mapping) {
    // Mostly there is no such finding, and no reading need be looked at for one.
    let told =
        cx.findings.iter().filter(|finding| [&STALE_FORMULA, &codes::MISSING_CACHED_VALUE].contains(&finding.code));
    let files: BTreeSet<Arc<str>> =
        told.filter_map(|finding| finding.target.as_ref()).map(|place| place.file.clone()).collect();
    for workbook in workbooks {
        if !(files.contains(&workbook.file) && without_results(cx, workbook, &mapping.sources)) {
            said(cx, workbook);
        }
    }
}

/// A file most of whose formulas hold no result, or another one than their cells give. None of their figures
/// is used then: a ratio of old totals is old even where it agrees with them, and would accuse others.
fn without_results(cx: &mut Context<'_>, workbook: &Workbook, sources: &[Source]) -> bool {
    let is_result = |reading: &Reading| reading.origin.formula.is_some() && reading.origin.file == workbook.file;
    let formulas: Vec<usize> = (0..cx.readings.len()).filter(|at| is_result(&cx.readings[*at])).collect();
    let told = |code: &Code| -> BTreeSet<(&str, Position)> {
        let of = cx.findings.iter().filter(|finding| finding.code == code);
        let places = of.filter_map(|finding| finding.target.as_ref()).filter(|place| *place.file == *workbook.file);
        places.filter_map(|place| Some((place.sheet.as_deref()?, place.cell?))).collect()
    };
    let (stale, empty) = (told(&STALE_FORMULA), told(&codes::MISSING_CACHED_VALUE));
    let is_old = |at: &&usize| {
        let origin = &cx.readings[**at].origin;
        // A total of zeros that should not be zero is zero.
        stale.contains(&(&*origin.sheet, origin.cell)) || origin.raw.text().parse() == Ok(Decimal::ZERO)
    };
    let old = formulas.iter().filter(is_old).count();
    let code = match () {
        () if empty.len() >= FEWEST && empty.len() * 2 >= formulas.len() => &codes::MISSING_CACHED_VALUE,
        () if stale.len() >= FEWEST && old * 2 >= formulas.len() => &STALE_FORMULA,
        () => return false,
    };
    let (following, others) = std::mem::take(&mut cx.findings).into_iter().partition::<Vec<_>, _>(|finding| {
        let file = finding.target.as_ref().map(|place| &*place.file);
        finding.code == code && file == Some(&*workbook.file)
    });
    cx.findings = others;
    let cause = of_workbook(code, following, formulas.len(), (workbook, sources));
    cx.findings.push(cause);
    for at in formulas {
        let reading = &mut cx.readings[at];
        reading.value = Value::Unusable;
        reading.origin.computation = None;
    }
    true
}

/// A file whose formulas nobody has computed.
#[derive(Debug)]
struct NotRecalculated {
    /// So many figures of formulas are wrong, of so many.
    wrong: usize,
    count: usize,
    /// The first of them, what it holds, and what its formula gives; none where no results are stored.
    example: Option<(Position, String, Decimal)>,
}

impl Facts for NotRecalculated {
    fn message(&self, language: Language) -> String {
        let Self { wrong, count, example } = self;
        match example {
            Some((cell, found, result)) => {
                let result = language.number(*result);
                say!(
                    language,
                    "{wrong} trong {count} số liệu lấy từ công thức của tệp không phải kết quả của công thức ({cell} lưu {found}, công thức cho {result}); các công thức chưa được tính lại, nên không số nào của chúng được dùng",
                    "{wrong} of {count} figures that formulas of the file give are not what the formulas come to ({cell} holds {found}, its formula gives {result}); they were not recalculated, and none of them is used"
                )
            }
            None => say!(
                language,
                "{wrong} trong {count} số liệu lấy từ công thức của tệp không có kết quả lưu kèm; tệp do phần mềm khác ghi và chưa được mở, lưu bằng Excel",
                "{wrong} of {count} figures that formulas of the file give have no result stored; another program wrote the file, and nobody has opened and saved it in Excel"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở tệp bằng Excel, bấm Ctrl+Alt+F9 để tính lại tất cả, kiểm tra, lưu rồi chạy lại",
            "open the file in Excel, press Ctrl+Alt+F9 to recalculate everything, check, save and run again"
        )
    }
}

/// The finding of a file without results, at the first of them.
fn of_workbook(
    code: &'static Code,
    mut following: Vec<Finding>,
    count: usize,
    (workbook, sources): (&Workbook, &[Source]),
) -> Finding {
    following.sort_by(|a, b| a.order().cmp(&b.order()));
    let first = following.first();
    let place = first.and_then(|first| first.target.clone()).unwrap_or_else(|| Place::file(&workbook.file));
    let example = first.filter(|_| code == &STALE_FORMULA).and_then(|first| {
        let result = first.expected.as_deref()?.parse().ok()?;
        Some((place.cell?, first.found.clone()?, result))
    });
    let facts = NotRecalculated { wrong: following.len(), count, example };
    let patterns: Vec<String> =
        sources.iter().filter(|s| s.takes_file(file_name(&workbook.file))).map(Source::pattern).collect();
    let parts: Vec<&str> = patterns.iter().map(String::as_str).chain(["not recalculated"]).collect();
    let mut finding = Finding::new(code, facts).at(place).fingerprinted(&parts);
    finding.fold(following);
    finding
}

/// A sheet of which the file says that it was saved without being computed anew.
#[derive(Debug)]
struct SavedUncalculated {
    sheet: Arc<str>,
    /// Figures that were taken from its formulas.
    count: usize,
}

impl Facts for SavedUncalculated {
    fn message(&self, language: Language) -> String {
        let Self { sheet, count } = self;
        let cells = counted(u32::try_from(*count).unwrap_or(u32::MAX), "figure");
        say!(
            language,
            "tệp ghi là sheet \"{sheet}\" được lưu khi công thức chưa tính lại; {count} số liệu lấy từ công thức có thể là kết quả cũ",
            "the file says that sheet \"{sheet}\" was saved without computing its formulas anew; {cells} taken from formulas may be old results"
        )
    }

    fn action(&self, language: Language) -> String {
        say!(
            language,
            "mở bằng Excel, bấm Ctrl+Alt+F9, so lại số liệu rồi lưu; đặt lại chế độ tính tự động nếu đang để thủ công",
            "open it in Excel, press Ctrl+Alt+F9, compare the figures and save; set calculation back to automatic if it is manual"
        )
    }
}

/// One warning for each sheet of which the file says that it was saved without being computed anew, and that
/// a figure of a formula was taken from, at the first of them. What was stored is taken all the same: it is
/// what stands on the screen.
fn said(cx: &mut Context<'_>, workbook: &Workbook) {
    for sheet in workbook.sheets.iter().filter(|sheet| sheet.uncalculated) {
        let is_of =
            |place: &Origin| place.formula.is_some() && place.file == workbook.file && place.sheet == sheet.name;
        let taken: Vec<_> = cx.readings.iter().map(|reading| &reading.origin).filter(|at| is_of(at)).collect();
        let Some(first) = taken.iter().min_by_key(|origin| origin.cell) else { continue };
        let raw = first.raw.text();
        let place = Place { cell: Some(first.cell), raw: Some(raw), ..Place::sheet(&workbook.file, &sheet.name) };
        let facts = SavedUncalculated { sheet: sheet.name.clone(), count: taken.len() };
        let mut finding = Finding::new(&STALE_FORMULA, facts).at(place);
        finding.severity = Severity::Warning;
        cx.findings.push(finding.fingerprinted(&[&sheet.name, "uncalculated"]));
    }
}
