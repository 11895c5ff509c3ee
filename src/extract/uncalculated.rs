//! Figures of formulas in sheets of which the file itself says that they were saved without being
//! computed anew.

use super::{Context, codes};
use crate::{
    finding::{Finding, Place, Severity},
    language::counted,
    reading::Origin,
    say,
    workbook::Workbook,
};

/// One warning for each such sheet that a figure of a formula was taken from, at the first of them. What
/// was stored is taken all the same: it is what stands on the screen.
pub(super) fn report(cx: &mut Context<'_>, workbooks: &[&Workbook]) {
    for workbook in workbooks {
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
            let mut finding = Finding::new(&codes::STALE_FORMULA, message, action).at(place);
            finding.severity = Severity::Warning;
            cx.findings.push(finding.fingerprinted(&[name, "uncalculated"]));
        }
    }
}
