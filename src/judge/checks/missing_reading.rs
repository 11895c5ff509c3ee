//! `missing-reading`: an indicator of the form has no plan or no result.

use super::{Check, CheckKind, CheckResults, Context, ways::Ways};
use crate::{
    model::{
        catalogue::{Catalogue, FormCell, IndicatorId, MeasureId, MeasureKind},
        finding::{Code, Explain, Facts, Finding, Severity},
        reading::{Key, Reading, Value},
        workbook::file_name,
    },
    values::{
        language::{Language, Words, say},
        number::Nothing,
    },
};

pub(super) const CHECK: Check = Check { code: &CODE, kind: CheckKind::Other, run };

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
    is_notified(cx, &reading.key)
}

/// The same of a figure that may have no cell.
pub(super) fn is_notified(cx: &Context<'_>, key: &Key) -> bool {
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
    unread: Option<String>,
    ways: Option<Ways>,
) -> Finding {
    let (indicator, measure) = (catalogue.indicator(indicator), catalogue.measure(measure));
    let facts =
        MissingReading { of: indicator.label.clone(), measure: measure.label.clone(), is_blank: false, unread, ways };
    Finding::new(&CODE, facts).about(&indicator.id).stated_at(indicator.line.clone()).fingerprinted(&[
        &indicator.id,
        &measure.id,
        "",
        &catalogue.period.to_string(),
    ])
}

/// One finding per plan or result that is required and absent. A blank cell is absent; "-" and "…"
/// are statements. What could not be read was reported where it was read.
fn run(cx: &Context<'_>, results: &mut CheckResults) {
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
                results.pass();
                continue;
            }
            // A blank cell is a fault of its own, whatever other file is missing.
            let unread =
                cx.dataset.unread_file(id).filter(|_| reading.is_none()).map(|file| file_name(file).to_owned());
            let disagreement = cx.dataset.disagreements().iter().find(|d| (d.indicator, d.measure) == (id, measure));
            let ways = disagreement.map(|disagreement| Ways::of(cx.catalogue, disagreement));
            let mut finding = match reading {
                Some(reading) => {
                    let (of, measure) = (indicator.label.clone(), m.label.clone());
                    cx.finding(&CODE, reading, MissingReading { of, measure, is_blank: true, unread, ways })
                }
                None => absent(cx.catalogue, id, measure, unread, ways),
            };
            finding.sources.extend(disagreement.iter().flat_map(|disagreement| disagreement.places.clone()));
            results.fail(finding);
        }
    }
}

/// An indicator and the measure that it lacks; whether its cell is blank, the file that could not be read where
/// there is no cell, and what other figures say.
#[derive(Debug)]
struct MissingReading {
    of: String,
    measure: String,
    is_blank: bool,
    unread: Option<String>,
    ways: Option<Ways>,
}

impl Facts for MissingReading {
    fn message(&self, language: Language) -> String {
        let Self { of, measure, is_blank, unread, ways } = self;
        let message = match unread {
            _ if *is_blank => say!(language, "\"{of}\" để trống ô {measure}", "\"{of}\" leaves {measure} blank"),
            Some(file) => say!(
                language,
                "\"{of}\" chưa có số {measure}; tệp {file} không đọc được",
                "\"{of}\" has no figure for {measure}; {file} could not be read"
            ),
            None => say!(language, "\"{of}\" chưa có số {measure}", "\"{of}\" has no figure for {measure}"),
        };
        match ways {
            Some(ways) => format!("{message}; {}", ways.words(language)),
            None => message,
        }
    }

    fn action(&self, language: Language) -> String {
        match &self.unread {
            Some(file) => say!(
                language,
                "gửi lại tệp {file} ở dạng đọc được rồi kiểm tra lại",
                "send {file} again in a form that can be read, and check again"
            ),
            None => say!(
                language,
                "bổ sung số; nếu không phát sinh ghi \"-\", chưa có số ghi \"…\"",
                "add the figure; write \"-\" if it did not occur, \"…\" if it was not collected"
            ),
        }
    }
}
