//! Fills the form of a catalogue with readings.

use std::collections::HashMap;

use super::{Appendix, Cell, Column, Content, Header, Judged, Operand, Ratio, Row, Rule};
use crate::{
    catalogue::{Catalogue, FormCell, Indicator, IndicatorId, MeasureId, MeasureKind, RatioPolicy},
    number,
    ratio::exact_ratio,
    reading::{Dataset, Key, Reading, Value, sign},
    verdict,
};

/// Composes the appendix. `fields` fill the placeholders of the form's texts. Where several
/// readings state one number, the first that holds a value stands for it, as in the checks.
pub fn compose(catalogue: &Catalogue, fields: &[(String, String)], dataset: &Dataset) -> Appendix {
    let form = &catalogue.form;
    let mut unfilled = Vec::new();
    let mut expand = |template: &str| {
        let (text, mut unknown) = catalogue.period.expand(template, fields);
        unfilled.append(&mut unknown);
        text
    };
    let title = expand(&form.title).lines().map(str::to_owned).collect();
    let attachment = form.attachment.as_deref().map(&mut expand);
    let unit_line = form.unit_line.as_deref().map(&mut expand);
    let headers: Vec<Vec<String>> =
        form.columns.iter().map(|column| column.header.iter().map(|text| expand(text)).collect()).collect();
    let notes = form.notes.iter().map(|note| expand(note)).collect();
    let place_and_date = form.place_and_date.as_deref().map(&mut expand);
    let signatures =
        form.signatures.iter().map(|block| block.lines.iter().map(|line| expand(line)).collect()).collect();
    let sheet = expand(&form.sheet);
    unfilled.sort_unstable();
    unfilled.dedup();
    let columns: Vec<Column> = form
        .columns
        .iter()
        .map(|column| Column { shows: column.cell, width: column.width, align: column.align })
        .collect();
    Appendix {
        sheet,
        title,
        attachment,
        unit_line,
        header: Header::new(&headers),
        rows: Table::new(catalogue, dataset, &columns).rows(),
        columns,
        notes,
        place_and_date,
        signatures,
        profile: form.profile,
        orientation: form.orientation,
        unfilled,
    }
}

/// What stands in which row.
enum Line {
    Section(usize),
    Indicator(IndicatorId),
}

/// The table while it is being filled. The places of all rows are known before the first cell is
/// made, since a share refers to another row.
struct Table<'a> {
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    lines: Vec<Line>,
    row_of: HashMap<IndicatorId, usize>,
    columns: &'a [Column],
}

impl<'a> Table<'a> {
    fn new(catalogue: &'a Catalogue, dataset: &'a Dataset, columns: &'a [Column]) -> Self {
        let mut lines = Vec::new();
        let mut row_of = HashMap::new();
        for section in 0..catalogue.sections.len() {
            lines.push(Line::Section(section));
            for (id, _) in catalogue.iter().filter(|(_, indicator)| indicator.section == Some(section)) {
                row_of.insert(id, lines.len());
                lines.push(Line::Indicator(id));
            }
        }
        Self { catalogue, dataset, lines, row_of, columns }
    }

    fn rows(&self) -> Vec<Row> {
        self.lines
            .iter()
            .map(|line| match line {
                Line::Section(at) => {
                    let section = &self.catalogue.sections[*at];
                    Row::Section { number: section.number.clone(), title: section.title.clone() }
                }
                Line::Indicator(id) => {
                    let indicator = self.catalogue.indicator(*id);
                    let cells = self.columns.iter().map(|column| self.cell(*id, indicator, column.shows)).collect();
                    Row::Indicator { indicator: *id, level: indicator.level, cells }
                }
            })
            .collect()
    }

    fn cell(&self, id: IndicatorId, indicator: &Indicator, shows: FormCell) -> Cell {
        match shows {
            FormCell::Number => Cell::plain(text(self.catalogue.printed_number(id))),
            FormCell::Label => Cell::plain(text(indicator.label.clone())),
            FormCell::Unit => {
                Cell::plain(text(indicator.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default()))
            }
            FormCell::Blank => Cell::plain(Content::Blank),
            FormCell::Measure(measure) => {
                let reading = self.dataset.whole(id, measure);
                let content = match self.catalogue.measure(measure).kind {
                    MeasureKind::Plan
                    | MeasureKind::Actual
                    | MeasureKind::Estimate
                    | MeasureKind::Other
                    | MeasureKind::Note => reading.map_or(Content::Blank, stated),
                    MeasureKind::Ratio { of, to, policy } => self.ratio((id, of), (id, to), policy),
                    MeasureKind::Share { of, policy } => match indicator.whole {
                        Some(whole) => self.ratio((id, of), (whole, of), policy),
                        None => Content::Blank,
                    },
                    MeasureKind::Verdict { of, to } => self.verdict(id, indicator, of, to),
                };
                let reading = reading.and_then(|r| self.dataset.readings.iter().position(|at| std::ptr::eq(at, r)));
                Cell { content, key: Some(Key { indicator: id, measure, member: None }), reading }
            }
        }
    }

    fn ratio(&self, of: (IndicatorId, MeasureId), to: (IndicatorId, MeasureId), policy: RatioPolicy) -> Content {
        let value = |(indicator, measure)| self.dataset.whole(indicator, measure).and_then(Reading::number);
        let exact = value(of).zip(value(to)).and_then(|(of, to)| exact_ratio(of, to, policy.scale));
        let shown =
            exact.as_ref().and_then(|exact| exact.to_decimal(policy.decimals, policy.rounding)).map(number::trim);
        Content::Ratio(Ratio { exact, shown, policy, operands: self.place(of).zip(self.place(to)) })
    }

    fn verdict(&self, id: IndicatorId, indicator: &Indicator, of: MeasureId, to: MeasureId) -> Content {
        let (actual, plan) = (self.dataset.whole(id, of), self.dataset.whole(id, to));
        let forecast = actual.is_some_and(|reading| reading.forecast);
        let words = &self.catalogue.verdicts;
        let words = [&words.exceeded, &words.met, &words.missed]
            .map(|word| if forecast { format!("(Dự kiến {word})") } else { word.clone() });
        let rule = match plan.map(|reading| &reading.value) {
            Some(Value::Bound(op, bound)) => Rule::Bound(*op, *bound),
            Some(Value::Range(low, high)) => Rule::Range(*low, *high),
            // Nothing to compare with yet: once a number is filled in, the plain rule holds.
            Some(Value::Number(_) | Value::Nothing(_) | Value::Text(_) | Value::Unusable) | None => {
                Rule::Compare(indicator.direction)
            }
        };
        Content::Verdict(Judged {
            verdict: verdict::of(indicator, actual, plan),
            rule,
            words,
            operands: self.place((id, of)).zip(self.place((id, to))),
        })
    }

    fn place(&self, (indicator, measure): (IndicatorId, MeasureId)) -> Option<Operand> {
        let row = *self.row_of.get(&indicator)?;
        let column = self.columns.iter().position(|column| column.shows == FormCell::Measure(measure))?;
        Some(Operand { row, column })
    }
}

fn text(text: String) -> Content {
    if text.is_empty() { Content::Blank } else { Content::Text(text) }
}

/// What a sheet states, as the form shows it.
fn stated(reading: &Reading) -> Content {
    let raw = reading.origin.raw.text();
    let raw = raw.trim();
    match &reading.value {
        Value::Number(value) => Content::Number(number::trim(*value)),
        Value::Bound(op, bound) => {
            // ">90" stays as it was typed; "từ 90 trở lên" is brought to the sign that a form has
            // room for, and a converted bound to its unit.
            if raw.starts_with(['<', '>', '≤', '≥']) && reading.origin.steps.is_empty() {
                text(raw.to_owned())
            } else {
                text(format!("{}{}", sign(*op), number::vietnamese(*bound)))
            }
        }
        Value::Range(low, high) => {
            if reading.origin.steps.is_empty() && !raw.contains(char::is_alphabetic) {
                text(raw.to_owned())
            } else {
                text(format!("{} - {}", number::vietnamese(*low), number::vietnamese(*high)))
            }
        }
        Value::Nothing(_) => text(raw.to_owned()),
        Value::Text(words) => text(words.trim().to_owned()),
        Value::Unusable => Content::Blank,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        appendix::sample,
        number::{BoundOp, Nothing, Rational, Rounding},
        verdict::Verdict,
    };

    fn appendix(readings: &[(&str, &str, Value, &str)]) -> (Catalogue, Appendix) {
        let catalogue = sample::catalogue();
        let dataset = sample::dataset(&catalogue, readings);
        let appendix = compose(&catalogue, &sample::fields(), &dataset);
        (catalogue, appendix)
    }

    #[test]
    fn the_whole_form_as_text() {
        let (_, appendix) = appendix(&sample::readings());
        let expected = "\
BIỂU KẾT QUẢ NĂM 2030
Xã Mẫu
(Kèm theo Báo cáo số ……)
TT|Chỉ tiêu|Đơn vị|Kế hoạch 2030|Kết quả||Cơ cấu|Ghi chú
||||Thực hiện|Tỷ lệ %
I|KINH TẾ
1|Diện tích lúa|ha|370|368,77|99,67||Không đạt
|Vụ xuân|ha|0|175||47,46|Vượt
2|Thu ngân sách|đồng|1.234.567.890.123.456,5|1.234.567.890.123.456,5|100||Đạt
II|XÃ HỘI
1|Hộ nghèo|hộ|10|8|80||Vượt
2|Đảng viên hoàn thành tốt|%|> 90|92,5|||Đạt
3|Kết nạp|đảng viên|2 - 5|6|||(Dự kiến Không đạt)
4|Chưa có số||-|=1+1
Ghi chú chung
TM. ỦY BAN
CHỦ TỊCH
";
        assert_eq!(appendix.to_text().replace('\t', "|"), expected);
        assert_eq!(appendix.unfilled, ["report"]);
    }

    #[test]
    fn cells_know_their_key_and_their_reading() {
        let (catalogue, appendix) = appendix(&sample::readings());
        let key = |measure: &str| Key {
            indicator: catalogue.find("lua").expect("an indicator"),
            measure: catalogue.find_measure(measure).expect("a measure"),
            member: None,
        };
        let ratio = appendix.find(&key("ratio")).expect("a place");
        assert_eq!(ratio, Operand { row: 1, column: 5 });
        // The stated 101 is what a finding about it points to, and is not shown.
        let cell = appendix.cell(ratio).expect("a cell");
        assert_eq!((cell.reading, cell.text().as_str()), (Some(2), "99,67"));
        let Content::Ratio(shown) = &cell.content else { unreachable!("a ratio column holds ratios") };
        assert_eq!(shown.exact, Rational::from(36877).checked_div(&Rational::from(370)));
        assert_eq!(shown.policy.rounding, Rounding::HalfUp);
        assert_eq!(shown.operands, Some((Operand { row: 1, column: 4 }, Operand { row: 1, column: 3 })));
        assert_eq!(appendix.find(&key("estimate")), None);
        assert_eq!(appendix.find_label(key("plan").indicator), Some(Operand { row: 1, column: 1 }));
        assert_eq!(appendix.find_label(catalogue.find("an").expect("an indicator")), None);
    }

    #[test]
    fn a_share_refers_to_the_row_of_the_whole() {
        let (_, appendix) = appendix(&sample::readings());
        let cell = appendix.cell(Operand { row: 2, column: 6 }).expect("a cell");
        let Content::Ratio(share) = &cell.content else { unreachable!("a share column holds ratios") };
        assert_eq!(share.operands, Some((Operand { row: 2, column: 4 }, Operand { row: 1, column: 4 })));
    }

    #[test]
    fn a_result_that_is_no_number_has_no_ratio_and_no_verdict() {
        let bound = |op| Value::Bound(op, 90.into());
        let (_, appendix) = appendix(&[
            ("dang-vien", "plan", bound(BoundOp::Ge), "từ 90 trở lên"),
            ("dang-vien", "actual", bound(BoundOp::Gt), ">90"),
            ("dang-vien", "ratio", sample::number("100"), "100"),
            ("dang-vien", "verdict", Value::Text("Đạt".into()), "Đạt"),
        ]);
        let text = appendix.to_text();
        let row = text.lines().find(|line| line.contains("Đảng viên")).expect("the row");
        assert_eq!(row, "2\tĐảng viên hoàn thành tốt\t%\t≥90\t>90");
        let cell = appendix.cell(Operand { row: 6, column: 7 }).expect("a cell");
        let Content::Verdict(judged) = &cell.content else { unreachable!("a verdict column holds verdicts") };
        assert_eq!((judged.verdict, &judged.rule), (None, &Rule::Bound(BoundOp::Ge, 90.into())));
        assert_eq!(judged.word_for(Verdict::Met), "Đạt");
    }

    #[test]
    fn the_first_reading_with_a_value_stands_for_its_key() {
        let (_, appendix) = appendix(&[
            ("lua", "plan", Value::Nothing(Nothing::Blank), ""),
            ("lua", "plan", sample::number("370"), "370"),
            ("lua", "plan", sample::number("371"), "371"),
            ("lua", "actual", Value::Unusable, "#REF!"),
        ]);
        let text = appendix.to_text();
        assert!(text.contains("1\tDiện tích lúa\tha\t370\n"), "{text}");
    }
}
