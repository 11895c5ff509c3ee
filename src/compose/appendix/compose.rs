//! Fills the form of a catalogue with readings.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use foldhash::fast::RandomState;

use super::{Appendix, Column, ComputedVerdict, Content, FilledCell, FormRow, Header, Operand, Ratio, Rule, blocks};
use crate::{
    judge::verdict,
    model::{
        catalogue::{
            Catalogue, FormCell, FormLine, Heading, Indicator, IndicatorId, MeasureId, MeasureKind, RatioPolicy,
        },
        ratio::exact_ratio,
        reading::{Dataset, Key, Reading, Value, shortfall, sign},
    },
    values::number::{self, Decimal, Rational, Rounding},
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
    let mut expand_all = |texts: &[String]| -> Vec<String> { texts.iter().map(|text| expand(text)).collect() };
    let heading = Heading { left: expand_all(&form.heading.left), right: expand_all(&form.heading.right) };
    let signatures = form.signatures.iter().map(|block| expand_all(&block.lines)).collect();
    // Who is not named signs, and needs no dots.
    let signer = |template: &String| {
        let (name, unknown) = catalogue.period.expand(template, fields);
        if unknown.is_empty() { name } else { String::new() }
    };
    let signers = form.signatures.iter().map(|block| block.name.as_ref().map(signer).unwrap_or_default()).collect();
    let footnotes = (1..).zip(catalogue.footnotes()).map(|(mark, (_, text))| format!("({mark}) {text}"));
    let mut notes: Vec<String> = footnotes.chain(expand_all(&form.notes)).collect();
    let place_and_date = form.place_and_date.as_deref().map(&mut expand);
    let sheet = expand(&form.sheet);
    let (columns, headers) = blocks::lay_out(form, &blocks::members(form, dataset));
    let headers: Vec<Vec<String>> =
        headers.iter().map(|texts| texts.iter().map(|text| expand(text)).collect()).collect();
    let rows = Table::new(catalogue, dataset, &columns).rows();
    let is_computed =
        |row: &FormRow| matches!(row, FormRow::Indicator { cells, .. } if cells.iter().any(|c| c.computed.is_some()));
    if rows.iter().any(is_computed) {
        notes.push("(*) Số tính từ các chỉ tiêu khác, không có trong tệp nguồn.".to_owned());
    }
    unfilled.sort_unstable();
    unfilled.dedup();
    Appendix {
        sheet,
        heading,
        title,
        attachment,
        unit_line,
        header: Header::new(&headers),
        rows,
        columns,
        notes,
        place_and_date,
        signatures,
        signers,
        profile: form.profile.clone(),
        orientation: form.orientation,
        protect: form.protect,
        unfilled,
    }
}

/// The table while it is being filled. The places of all rows are known before the first cell is
/// made, since a share refers to another row.
struct Table<'a> {
    catalogue: &'a Catalogue,
    dataset: &'a Dataset,
    lines: Vec<FormLine>,
    row_of: HashMap<IndicatorId, usize, RandomState>,
    /// The first column of each measure and member.
    column_of: HashMap<(MeasureId, Option<&'a str>), usize, RandomState>,
    /// Places of readings, by where they lie in memory: a table of 500 communes has a hundred
    /// thousand of them.
    reading_of: HashMap<*const Reading, usize, RandomState>,
    columns: &'a [Column],
}

impl<'a> Table<'a> {
    fn new(catalogue: &'a Catalogue, dataset: &'a Dataset, columns: &'a [Column]) -> Self {
        let lines = catalogue.lines();
        let row_of = lines
            .iter()
            .enumerate()
            .filter_map(|(row, line)| match line {
                FormLine::Indicator(id) => Some((*id, row)),
                FormLine::Section(_) => None,
            })
            .collect();
        let mut column_of = HashMap::default();
        for (at, column) in columns.iter().enumerate() {
            if let FormCell::Measure(measure) = column.shows {
                column_of.entry((measure, column.member.as_deref())).or_insert(at);
            }
        }
        let reading_of =
            dataset.irregular().iter().enumerate().map(|(at, reading)| (&raw const *reading, at)).collect();
        Self { catalogue, dataset, lines, row_of, column_of, reading_of, columns }
    }

    fn rows(&self) -> Vec<FormRow> {
        self.lines
            .iter()
            .map(|line| match line {
                FormLine::Section(at) => {
                    let section = &self.catalogue.sections[*at];
                    let (number, title) = (section.number.clone(), section.title.clone());
                    FormRow::Section { number, title, level: section.level }
                }
                FormLine::Indicator(id) => {
                    let indicator = self.catalogue.indicator(*id);
                    let cells = self.columns.iter().map(|column| self.cell(*id, indicator, column)).collect();
                    FormRow::Indicator { indicator: *id, level: indicator.level, cells }
                }
            })
            .collect()
    }

    fn cell(&self, id: IndicatorId, indicator: &Indicator, column: &Column) -> FilledCell {
        match column.shows {
            FormCell::Number => FilledCell::plain(text(self.catalogue.printed_number(id))),
            FormCell::Label => FilledCell::plain(text(self.catalogue.printed_label(id))),
            FormCell::Unit => {
                FilledCell::plain(text(indicator.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default()))
            }
            FormCell::Blank => FilledCell::plain(Content::Blank),
            FormCell::Measure(measure) => {
                let key = Key { indicator: id, measure, member: column.member.clone() };
                let reading = self.dataset.get(&key);
                let beside = |measure| Key { measure, ..key.clone() };
                let content = match self.catalogue.measure(measure).kind {
                    MeasureKind::Plan
                    | MeasureKind::Actual
                    | MeasureKind::Estimate
                    | MeasureKind::Other
                    | MeasureKind::Note => reading.map_or(Content::Blank, stated),
                    MeasureKind::Ratio { of, to, policy } => self.ratio(&beside(of), &beside(to), policy),
                    MeasureKind::Share { of, policy } => match indicator.whole {
                        Some(whole) => self.ratio(&beside(of), &Key { indicator: whole, ..beside(of) }, policy),
                        None => Content::Blank,
                    },
                    MeasureKind::Verdict { of, to } => self.verdict(indicator, &beside(of), &beside(to)),
                };
                let sum = match &content {
                    Content::Number(stated) => self.sum(indicator, &key, *stated),
                    Content::Blank if self.catalogue.form.open_totals => self.open_sum(indicator, &key),
                    Content::Blank | Content::Text(_) | Content::Ratio(_) | Content::Verdict(_) => Vec::new(),
                };
                let derived = reading.filter(|reading| reading.derived_by().is_some()).and_then(Reading::number);
                let computed = derived.map(|value| {
                    let printed = |decimals| Rational::from(value).to_decimal(decimals, Rounding::HalfUp);
                    number::trim(indicator.decimals.and_then(printed).unwrap_or(value))
                });
                let reading = reading.and_then(|reading| self.reading_of.get(&(&raw const *reading)).copied());
                FilledCell { content, key: Some(key), reading, computed, sum }
            }
        }
    }

    /// The cells that add up to a stated number exactly: its parts, or the villages of the whole.
    fn sum(&self, indicator: &Indicator, key: &Key, stated: Decimal) -> Vec<Operand> {
        let of_parts = indicator.parts.iter().find_map(|parts| {
            let keys: Vec<Key> = parts.of.iter().map(|part| Key { indicator: *part, ..key.clone() }).collect();
            self.adds_up(&keys, parts.absent_is_zero, stated)
        });
        of_parts
            .or_else(|| self.adds_up(&self.members_of(key), self.catalogue.form.members.absent_is_zero, stated))
            .unwrap_or_default()
    }

    /// The cells that will add up to a total; none unless the form shows all of them.
    fn open_sum(&self, indicator: &Indicator, key: &Key) -> Vec<Operand> {
        let is_base = self.catalogue.measure(key.measure).is_base();
        let places = |keys: Vec<Key>| -> Option<Vec<Operand>> {
            (is_base && keys.len() > 1).then(|| keys.iter().map(|key| self.place(key)).collect())?
        };
        let parts = indicator
            .parts
            .iter()
            .find_map(|parts| places(parts.of.iter().map(|part| Key { indicator: *part, ..key.clone() }).collect()));
        parts.unwrap_or_default()
    }

    fn members_of(&self, key: &Key) -> Vec<Key> {
        // A form without columns for members shows no sum of them.
        if key.member.is_some() || self.columns.iter().all(|column| column.member.is_none()) {
            return Vec::new();
        }
        let mut taken: HashSet<&Arc<str>> = HashSet::new();
        let readings = self.dataset.of(key.indicator).filter(|reading| reading.key.measure == key.measure);
        let mut members: Vec<&Arc<str>> = readings.filter_map(|reading| reading.key.member.as_ref()).collect();
        members.retain(|member| taken.insert(member));
        members.into_iter().map(|member| Key { member: Some(member.clone()), ..key.clone() }).collect()
    }

    fn adds_up(&self, keys: &[Key], absent_is_zero: bool, stated: Decimal) -> Option<Vec<Operand>> {
        let mut total = Rational::ZERO;
        for key in keys {
            match self.dataset.get(key).and_then(Reading::number) {
                Some(number) => total = &total + &Rational::from(number),
                None if absent_is_zero => {}
                None => return None,
            }
        }
        let is_exact = keys.len() > 1 && total == Rational::from(stated);
        is_exact.then(|| keys.iter().map(|key| self.place(key)).collect())?
    }

    fn ratio(&self, of: &Key, to: &Key, policy: RatioPolicy) -> Content {
        let value = |key| self.dataset.get(key).and_then(Reading::number);
        let exact = value(of).zip(value(to)).and_then(|(of, to)| exact_ratio(of, to, policy.scale));
        let shown =
            exact.as_ref().and_then(|exact| exact.to_decimal(policy.decimals, policy.rounding)).map(number::trim);
        Content::Ratio(Ratio { exact, shown, policy, operands: self.place(of).zip(self.place(to)) })
    }

    fn verdict(&self, indicator: &Indicator, of: &Key, to: &Key) -> Content {
        let (actual, plan) = (self.dataset.get(of), self.dataset.get(to));
        let forecast = actual.is_some_and(|reading| reading.forecast);
        let words = &self.catalogue.verdicts;
        let words = [&words.exceeded, &words.met, &words.missed]
            .map(|word| if forecast { format!("(Dự kiến {word})") } else { word.clone() });
        let rule = match plan.map(|reading| &reading.value) {
            Some(Value::Bound(op, bound)) => Rule::Bound(*op, *bound),
            Some(Value::Range(low, high)) => Rule::Range(*low, *high),
            // Nothing to compare with yet: once a number is filled in, the plain rule holds.
            Some(Value::Number(_) | Value::Nothing(_) | Value::Text(_) | Value::Partial { .. } | Value::Unusable)
            | None => Rule::Compare(indicator.direction),
        };
        Content::Verdict(ComputedVerdict {
            verdict: verdict::of(indicator, actual, plan),
            rule,
            words,
            operands: self.place(of).zip(self.place(to)),
        })
    }

    fn place(&self, key: &Key) -> Option<Operand> {
        let row = *self.row_of.get(&key.indicator)?;
        let column = *self.column_of.get(&(key.measure, key.member.as_deref()))?;
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
        Value::Partial { sum, lacking, spare, of } => {
            text(format!("{} ({})", number::vietnamese(number::trim(*sum)), shortfall(*lacking, *spare, *of)))
        }
        Value::Unusable => Content::Blank,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        compose::appendix::sample,
        judge::verdict::Verdict,
        values::number::{BoundOp, Nothing, Rational, Rounding},
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
