//! `missing-reading`: an indicator of the form has no plan or no result.

use super::{Check, Context, Kind, Tally, missing_figure};
use crate::{
    model::{
        catalogue::{Catalogue, FormCell, IndicatorId, MeasureId, MeasureKind},
        finding::{Code, Explain, Finding, Severity, Worded},
        reading::{Key, Reading, Value},
        workbook::file_name,
    },
    values::{
        language::{Words, say},
        number::Nothing,
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: Kind::Other, run };

static CODE: Code = Code {
    name: "missing-reading",
    severity: Severity::Error,
    explain: Explain {
        what: Words {
            vi: "Chỉ tiêu của biểu không có số kế hoạch hoặc số thực hiện.",
            en: "An indicator of the form has no plan or no result.",
        },
        why: Words {
            vi: "Biểu sẽ có ô trống; không tính được tỷ lệ.",
            en: "The form would have a blank cell and no ratio.",
        },
        fix: Words {
            vi: "Bổ sung số vào sheet; nếu không phát sinh ghi \"-\", chưa thu thập được ghi \"…\"; nếu chỉ tiêu không bắt buộc, ghi `required = false` trong danh mục.",
            en: "Add the figure to the sheet; write \"-\" if it did not occur and \"…\" if it was not collected; if it is not required, write `required = false` in the catalogue.",
        },
        example: Words {
            vi: "Đàn bò: ô Thực hiện E12 để trống.",
            en: "Cattle: the cell of the result, E12, is blank.",
        },
    },
};

/// Whether a blank cell is the business of this check.
pub(super) fn tells(cx: &Context<'_>, reading: &Reading) -> bool {
    is_told(cx, &reading.key)
}

/// The same of a figure that may have no cell.
pub(super) fn is_told(cx: &Context<'_>, key: &Key) -> bool {
    key.member.is_none() && cx.catalogue.indicator(key.indicator).required && is_due(cx, key.measure)
}

/// Whether the form shows a plan or result that has to be there.
fn is_due(cx: &Context<'_>, measure: MeasureId) -> bool {
    let shown = cx.catalogue.form.columns.iter().any(|c| c.cell == FormCell::Measure(measure));
    shown && matches!(cx.catalogue.measure(measure).kind, MeasureKind::Plan | MeasureKind::Actual)
}

/// The finding for a figure that has no cell.
pub(super) fn absent(
    catalogue: &Catalogue,
    indicator: IndicatorId,
    measure: MeasureId,
    message: String,
    action: String,
) -> Finding {
    let (indicator, measure) = (catalogue.indicator(indicator), catalogue.measure(measure));
    Finding::new(&CODE, Worded(message, action))
        .about(&indicator.id)
        .stated_at(indicator.line.clone())
        .fingerprinted(&[&indicator.id, &measure.id, "", &catalogue.period.to_string()])
}

/// One finding per plan or result that is required and absent. A blank cell is absent; "-" and "…"
/// are statements. What could not be read was reported where it was read.
fn run(cx: &Context<'_>, tally: &mut Tally) {
    for (id, indicator) in cx.catalogue.iter().filter(|(_, i)| i.required) {
        for (measure, m) in cx.catalogue.iter_measures() {
            if !is_due(cx, measure) {
                continue;
            }
            let reading = cx.dataset.whole(id, measure);
            // What follows from other figures is told by `missing-figure`, with where it came from.
            if reading.is_some_and(|r| r.derived_by().is_some()) {
                continue;
            }
            if reading.is_some_and(|r| r.value != Value::Nothing(Nothing::Blank)) {
                tally.pass();
                continue;
            }
            // A blank cell is a fault of its own, whatever other file is missing.
            let unread = cx.dataset.unread_file(id).filter(|_| reading.is_none()).map(|file| file_name(file));
            let (label, what) = (&indicator.label, &m.label);
            let message = match reading {
                Some(_) => say!(cx.language, "\"{label}\" để trống ô {what}", "\"{label}\" leaves {what} blank"),
                None => match unread {
                    Some(file) => say!(
                        cx.language,
                        "\"{label}\" chưa có số {what}; tệp {file} không đọc được",
                        "\"{label}\" has no figure for {what}; {file} could not be read"
                    ),
                    None => say!(cx.language, "\"{label}\" chưa có số {what}", "\"{label}\" has no figure for {what}"),
                },
            };
            let action = match unread {
                Some(file) => say!(
                    cx.language,
                    "gửi lại tệp {file} ở dạng đọc được rồi kiểm tra lại",
                    "send {file} again in a form that can be read, and check again"
                ),
                None => say!(
                    cx.language,
                    "bổ sung số; nếu không phát sinh ghi \"-\", chưa có số ghi \"…\"",
                    "add the figure; write \"-\" if it did not occur, \"…\" if it was not collected"
                ),
            };
            let disagreement = cx.dataset.disagreements().iter().find(|d| (d.indicator, d.measure) == (id, measure));
            let message = match disagreement {
                Some(disagreement) => format!("{message}; {}", missing_figure::disagree(cx, disagreement)),
                None => message,
            };
            let mut finding = match reading {
                Some(reading) => cx.finding(&CODE, reading, Worded(message, action)),
                None => absent(cx.catalogue, id, measure, message, action),
            };
            finding.sources.extend(disagreement.iter().flat_map(|disagreement| disagreement.places.clone()));
            tally.fail(finding);
        }
    }
}
