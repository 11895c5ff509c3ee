//! Figures of formulas in files that were saved without being computed anew: what the results themselves
//! show, and what the file says.

use std::{collections::BTreeSet, sync::Arc};

use super::{Context, codes};
use crate::{
    model::{
        finding::{Code, Finding, Place, STALE_FORMULA, Severity, Worded},
        mapping::{Mapping, Source},
        reading::{Origin, Reading, Value},
        workbook::{Position, Workbook, file_name},
    },
    values::{
        language::{counted, say},
        number::Decimal,
    },
};

/// A file of fewer such results has that many single mistakes.
const FEWEST: usize = 3;

/// One finding for each file whose formulas nobody has computed, then for each sheet of which the file says
/// so.
pub(super) fn report(cx: &mut Context<'_>, workbooks: &[&Workbook], mapping: &Mapping) {
    // Mostly there is no such finding, and no reading need be looked at for one.
    let told = cx
        .findings
        .iter()
        .filter(|finding| [&STALE_FORMULA, &codes::MISSING_CACHED_VALUE].iter().any(|code| finding.code == *code));
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
    let cause = of_workbook(cx, code, following, formulas.len(), (workbook, sources));
    cx.findings.push(cause);
    for at in formulas {
        let reading = &mut cx.readings[at];
        reading.value = Value::Unusable;
        reading.origin.computation = None;
    }
    true
}

/// The finding of a file without results, at the first of them.
fn of_workbook(
    cx: &Context<'_>,
    code: &'static Code,
    mut following: Vec<Finding>,
    count: usize,
    (workbook, sources): (&Workbook, &[Source]),
) -> Finding {
    following.sort_by(|a, b| a.order().cmp(&b.order()));
    let first = following.first();
    let place = first.and_then(|first| first.target.clone()).unwrap_or_else(|| Place::file(&workbook.file));
    let (wrong, is_empty) = (following.len(), code.name == codes::MISSING_CACHED_VALUE.name);
    let shown = first.and_then(|first| Some((first.found.as_deref()?, first.expected.as_deref()?.parse().ok()?)));
    let message = match (shown, place.cell) {
        (Some((found, result)), Some(cell)) if !is_empty => {
            let result = cx.language.number(result);
            say!(
                cx.language,
                "{wrong} trong {count} số liệu lấy từ công thức của tệp không phải kết quả của công thức ({cell} lưu {found}, công thức cho {result}); các công thức chưa được tính lại, nên không số nào của chúng được dùng",
                "{wrong} of {count} figures that formulas of the file give are not what the formulas come to ({cell} holds {found}, its formula gives {result}); they were not recalculated, and none of them is used"
            )
        }
        _ => say!(
            cx.language,
            "{wrong} trong {count} số liệu lấy từ công thức của tệp không có kết quả lưu kèm; tệp do phần mềm khác ghi và chưa được mở, lưu bằng Excel",
            "{wrong} of {count} figures that formulas of the file give have no result stored; another program wrote the file, and nobody has opened and saved it in Excel"
        ),
    };
    let action = say!(
        cx.language,
        "mở tệp bằng Excel, bấm Ctrl+Alt+F9 để tính lại tất cả, kiểm tra, lưu rồi chạy lại",
        "open the file in Excel, press Ctrl+Alt+F9 to recalculate everything, check, save and run again"
    );
    let patterns: Vec<String> =
        sources.iter().filter(|s| s.takes_file(file_name(&workbook.file))).map(Source::pattern).collect();
    let parts: Vec<&str> = patterns.iter().map(String::as_str).chain(["not recalculated"]).collect();
    let mut finding = Finding::new(code, Worded(message, action)).at(place).fingerprinted(&parts);
    finding.fold(following);
    finding
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
        let (count, name) = (taken.len(), &sheet.name);
        let cells = counted(u32::try_from(count).unwrap_or(u32::MAX), "figure");
        let message = say!(
            cx.language,
            "tệp ghi là sheet \"{name}\" được lưu khi công thức chưa tính lại; {count} số liệu lấy từ công thức có thể là kết quả cũ",
            "the file says that sheet \"{name}\" was saved without computing its formulas anew; {cells} taken from formulas may be old results"
        );
        let action = say!(
            cx.language,
            "mở bằng Excel, bấm Ctrl+Alt+F9, so lại số liệu rồi lưu; đặt lại chế độ tính tự động nếu đang để thủ công",
            "open it in Excel, press Ctrl+Alt+F9, compare the figures and save; set calculation back to automatic if it is manual"
        );
        let mut finding = Finding::new(&STALE_FORMULA, Worded(message, action)).at(place);
        finding.severity = Severity::Warning;
        cx.findings.push(finding.fingerprinted(&[name, "uncalculated"]));
    }
}
