//! The mapping and the catalogue of a draft as files that a person likes to read.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    Files,
    fresh::{NewCatalogue, NewIndicator},
    meaning::Meaning,
    model::{Certainty, DraftColumn, DraftRow, DraftTable, IdPart, MemberOf, Role},
};
use crate::values::{
    language::{Language, say},
    period::Period,
    text,
};

/// Keys longer than this do not move the others.
const WIDEST: usize = 52;

/// An entry of the mapping, by the line that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Entry {
    Source(usize),
    Column(usize, usize),
    Row(usize, usize),
    /// All rows of a table that are taken in one.
    Rows(usize),
}

/// A sheet that nobody has to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ignored {
    pub(super) sheet: String,
    pub(super) reason: String,
}

/// More columns or rows of a table to be left out, each with its reason.
#[derive(Clone, Debug, Default)]
pub(super) struct Extra {
    pub(super) columns: Vec<(String, String)>,
    pub(super) rows: Vec<(String, String)>,
}

/// What a mapping is written from.
pub(super) struct MappingText<'a> {
    pub(super) id: &'a str,
    pub(super) catalogue: &'a str,
    pub(super) files: &'a Files<'a>,
    pub(super) tables: &'a [DraftTable],
    pub(super) ignored: &'a [Ignored],
    pub(super) extra: &'a BTreeMap<usize, Extra>,
    pub(super) language: Language,
}

/// A text in quotes.
pub(super) fn quoted(text: &str) -> String {
    if !text.contains('"') && !text.contains('\\') {
        return format!("\"{text}\"");
    }
    if !text.contains('\'') {
        return format!("'{text}'");
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

struct Lines {
    text: String,
    line: u32,
    entries: BTreeMap<u32, Entry>,
}

impl Lines {
    fn put(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
        self.line += 1;
    }

    fn put_entry(&mut self, entry: Entry, line: &str) {
        self.entries.insert(self.line + 1, entry);
        self.put(line);
    }
}

/// The mapping, and which entry stands in which line.
pub(super) fn mapping(input: &MappingText<'_>) -> (String, BTreeMap<u32, Entry>) {
    let mut out = Lines { text: String::new(), line: 0, entries: BTreeMap::new() };
    let language = input.language;
    out.put(&say!(
        language,
        "# Bản nháp do `bieu draft` lập. Dòng có \"# đoán\" hoặc \"# chưa rõ\" cần người xem lại;",
        "# Drafted by `bieu draft`. Lines with \"# likely\" or \"# open\" want to be looked at;"
    ));
    out.put(&say!(language, "# dòng không có nhận xét là chắc chắn.", "# lines without a remark are certain."));
    out.put("");
    out.put("[mapping]");
    out.put(&format!("id = {}", quoted(input.id)));
    out.put(&format!("catalogue = {}", quoted(input.catalogue)));
    if !input.ignored.is_empty() {
        out.put("ignore-sheets = [");
        for ignored in input.ignored {
            let name = quoted(&ignored.sheet);
            let why = if ignored.reason.is_empty() { String::new() } else { format!("  # {}", ignored.reason) };
            out.put(&format!("  {name},{why}"));
        }
        out.put("]");
    }
    let mut last_file = usize::MAX;
    for (at, table) in input.tables.iter().enumerate() {
        if table.file != last_file {
            last_file = table.file;
            let name = input.files.name(table.file);
            out.put("");
            out.put(&format!("# {} {name}", "=".repeat(64)));
        }
        out.put("");
        source(&mut out, input, at, table);
    }
    (out.text, out.entries)
}

fn source(out: &mut Lines, input: &MappingText<'_>, at: usize, table: &DraftTable) {
    let sheet = input.files.sheet(table);
    out.put_entry(Entry::Source(at), "[[source]]");
    out.put(&format!("name = {}", quoted(&name_of(input, at))));
    match &table.member {
        Some(MemberOf::Files) => out.put(&format!("file = {}", quoted(&input.files.common_pattern()))),
        Some(MemberOf::Sheets(_)) | None => out.put(&format!("file = {}", quoted(&input.files.pattern(table.file)))),
    }
    match &table.member {
        Some(MemberOf::Sheets(pattern)) => {
            out.put(&format!("sheet = {}", quoted(pattern)));
            out.put("member = \"sheet\"");
            out.put(&say!(
                input.language,
                "sum = true  # đoán: số chung là tổng các sheet; xóa dòng này nếu không phải",
                "sum = true  # likely: the whole is the sum of the sheets; delete this line if it is not"
            ));
        }
        Some(MemberOf::Files) => {
            out.put("member = \"file\"");
            out.put(&say!(
                input.language,
                "sum = true  # đoán: số chung là tổng các tệp; xóa dòng này nếu không phải",
                "sum = true  # likely: the whole is the sum of the files; delete this line if it is not"
            ));
            if input.files.workbooks[table.file].sheets.len() > 1 {
                out.put(&format!("sheet = {}", quoted(&sheet.name)));
            }
        }
        None if input.files.workbooks[table.file].format != crate::model::workbook::Format::Csv => {
            out.put(&format!("sheet = {}", quoted(&sheet_pattern(&sheet.name, &input.files.period))));
        }
        None => {}
    }
    if table.adds_up {
        out.put(&say!(
            input.language,
            "sum = true  # đoán: bảng không có số chung, là tổng các phân tổ; xóa dòng này nếu không phải",
            "sum = true  # likely: no whole is stated, it is the sum of the members; delete this line if it is not"
        ));
    }
    match table.label.as_slice() {
        [only] => out.put(&format!("label = {}", quoted(only))),
        several => {
            out.put(&format!("label = [{}]", several.iter().map(|label| quoted(label)).collect::<Vec<_>>().join(", ")));
        }
    }
    if let Some(first) = table.first_row {
        out.put(&say!(
            input.language,
            "first-row = {first}  # bảng không có tiêu đề cột dùng được",
            "first-row = {first}  # no header of columns that can be used"
        ));
    }
    if let Some(unit) = &table.unit_column {
        out.put(&format!("unit-column = {}", quoted(unit)));
    }
    if !table.parts.is_empty() {
        out.put("");
        out.put("[source.blocks]");
        let part = |part: &IdPart| (quoted(&part.key), quoted(&part.slug), String::new(), None);
        put_aligned(out, &table.parts.iter().map(part).collect::<Vec<_>>());
    }
    out.put("");
    out.put("[source.columns]");
    let extra = input.extra.get(&at);
    let entries: Vec<(String, String, String, Option<Entry>)> = table
        .columns
        .iter()
        .enumerate()
        // A column that stands in the block of each member is written once.
        .filter(|(place, column)| {
            let is_same = |other: &DraftColumn| is_repeated(other) && other.key == column.key;
            !is_repeated(column) || !table.columns[..*place].iter().any(is_same)
        })
        .filter_map(|(place, column)| {
            let (value, remark) = column_value(table, column, input.language)?;
            Some((quoted(&column.key), value, remark, Some(Entry::Column(at, place))))
        })
        .chain(
            extra
                .into_iter()
                .flat_map(|extra| &extra.columns)
                .map(|(key, reason)| (quoted(key), "\"ignore\"".to_owned(), reason.clone(), None)),
        )
        .collect();
    put_aligned(out, &entries);
    out.put("");
    out.put("[source.rows]");
    let mut entries: Vec<(String, String, String, Option<Entry>)> = Vec::new();
    for (place, row) in table.rows.iter().enumerate() {
        for line in row_lines(table, row, input.language) {
            let entry = (!line.0.starts_with('#')).then_some(Entry::Row(at, place));
            entries.push((line.0, line.1, line.2, entry));
        }
    }
    for (key, reason) in extra.into_iter().flat_map(|extra| &extra.rows) {
        entries.push((quoted(key), "\"ignore\"".to_owned(), reason.clone(), None));
    }
    let has_members = table.rows.iter().any(|row| row.role == Role::Member);
    if table.by_column && has_members {
        let count = table.rows.iter().filter(|row| row.role == Role::Member).count();
        let key = match &table.members_under {
            Some(heading) => {
                let heading = super::words::one_line(text::without_numbering(heading));
                format!("{} > *", super::meaning::with_placeholders(&heading, &input.files.period))
            }
            None => "*".to_owned(),
        };
        let remark = say!(input.language, "{count} dòng", "{count} rows");
        entries.push((quoted(&key), "\"member\"".to_owned(), remark, Some(Entry::Rows(at))));
    } else if entries.is_empty() || table.is_left_out() {
        entries.push((
            "\"*\"".to_owned(),
            "\"ignore\"".to_owned(),
            table.left_out.clone().unwrap_or_default(),
            Some(Entry::Rows(at)),
        ));
    }
    put_aligned(out, &entries);
}

fn put_aligned(out: &mut Lines, entries: &[(String, String, String, Option<Entry>)]) {
    let width = |text: &str| text.chars().count();
    let widest = entries.iter().map(|(key, ..)| width(key)).filter(|width| *width <= WIDEST).max().unwrap_or(0);
    let values = entries.iter().filter(|(_, _, remark, _)| !remark.is_empty()).map(|(_, value, ..)| width(value));
    let value_width = values.filter(|width| *width <= WIDEST).max().unwrap_or(0);
    for (key, value, remark, entry) in entries {
        let mut line = key.clone();
        line.extend(std::iter::repeat_n(' ', widest.saturating_sub(width(key))));
        let _ = write!(line, " = {value}");
        if !remark.is_empty() {
            line.extend(std::iter::repeat_n(' ', value_width.saturating_sub(width(value))));
            let _ = write!(line, "  # {}", remark.replace(['\n', '\r'], " "));
        }
        match entry {
            Some(entry) => out.put_entry(*entry, &line),
            None => out.put(&line),
        }
    }
}

fn name_of(input: &MappingText<'_>, at: usize) -> String {
    let table = &input.tables[at];
    let sheet = input.files.sheet(table);
    let base = if input.files.workbooks[table.file].format == crate::model::workbook::Format::Csv {
        text::file_stem(input.files.name(table.file)).to_owned()
    } else {
        sheet.name.to_string()
    };
    let same: Vec<usize> = (0..input.tables.len())
        .filter(|other| input.tables[*other].sheet == table.sheet && input.tables[*other].file == table.file)
        .collect();
    match same.iter().position(|other| *other == at) {
        Some(place) if same.len() > 1 => {
            let place = place + 1;
            let part = table.part.clone().unwrap_or_else(|| say!(input.language, "bảng {place}", "table {place}"));
            format!("{base}, {part}")
        }
        _ => base,
    }
}

/// The name of a sheet with its years as placeholders; `*` and ` | ` in it are patterns all the same.
fn sheet_pattern(name: &str, period: &Period) -> String {
    super::meaning::with_placeholders(name, period)
}

/// The remark of an entry.
fn remark(certainty: Certainty, evidence: &str, alternatives: &[String], language: Language) -> String {
    let others = alternatives.iter().map(|id| format!("\"{id}\"")).collect::<Vec<_>>().join(", ");
    let or = if others.is_empty() { String::new() } else { say!(language, "; hoặc {others}", "; or {others}") };
    match certainty {
        // What is certain by its name needs no remark; what figures show is worth one.
        Certainty::Certain if evidence.contains('/') || evidence.contains(" of ") => {
            say!(language, "chắc chắn: {evidence}", "certain: {evidence}")
        }
        Certainty::Certain => String::new(),
        Certainty::Likely => say!(language, "đoán: {evidence}{or}", "likely: {evidence}{or}"),
        Certainty::Open => say!(language, "chưa rõ: {evidence}{or}", "open: {evidence}{or}"),
    }
}

/// Whether a column stands in several blocks.
fn is_repeated(column: &DraftColumn) -> bool {
    column.each_member || column.part.is_some()
}

fn column_value(table: &DraftTable, column: &DraftColumn, language: Language) -> Option<(String, String)> {
    let Some(measure) = &column.measure else {
        if !column.has_figures && column.meaning != Meaning::Note {
            return None;
        }
        return Some((
            "\"ignore\"".to_owned(),
            remark(Certainty::Open, &column.evidence, &column.alternatives, language),
        ));
    };
    if measure == "ignore" {
        let reason =
            if column.evidence.is_empty() || !column.has_figures { String::new() } else { column.evidence.clone() };
        return Some(("\"ignore\"".to_owned(), reason));
    }
    let remark = remark(column.certainty, &column.evidence, &column.alternatives, language);
    let value = match &column.indicator {
        Some(indicator) if table.by_column => {
            format!("{{ indicator = {}, measure = {} }}", quoted(indicator), quoted(measure))
        }
        _ if column.each_member => format!("{{ measure = {}, each-member = true }}", quoted(measure)),
        _ => quoted(measure),
    };
    Some((value, remark))
}

/// The lines of a row: a commented choice before what cannot be told.
fn row_lines(table: &DraftTable, row: &DraftRow, language: Language) -> Vec<(String, String, String)> {
    let key = quoted(&row.key);
    if table.is_left_out() {
        return Vec::new();
    }
    match row.role {
        Role::Heading | Role::Member => Vec::new(),
        Role::Total => {
            let remark = remark(row.certainty, &row.evidence, &[], language);
            vec![(key, row_value("total", row), remark)]
        }
        Role::Indicator => {
            let id = row.indicator.clone().unwrap_or_default();
            let remark = remark(row.certainty, &row.evidence, &row.alternatives, language);
            vec![(key, row_value(&id, row), remark)]
        }
        Role::Ignore => vec![(key, "\"ignore\"".to_owned(), row.evidence.clone())],
        Role::Open => {
            let mut lines = Vec::new();
            if let Some(first) = row.alternatives.first() {
                lines.push((format!("# {key}"), quoted(first), String::new()));
            }
            let remark =
                remark(Certainty::Open, &row.evidence, row.alternatives.get(1..).unwrap_or_default(), language);
            lines.push((key, "\"ignore\"".to_owned(), remark));
            lines
        }
    }
}

fn row_value(id: &str, row: &DraftRow) -> String {
    if row.measures.is_empty() {
        return quoted(id);
    }
    let measures =
        row.measures.iter().map(|(from, to)| format!("{from} = {}", quoted(to))).collect::<Vec<_>>().join(", ");
    format!("{{ as = {}, measures = {{ {measures} }} }}", quoted(id))
}

/// The catalogue of a draft without one.
pub(super) fn catalogue(
    id: &str,
    title: &str,
    (period, is_period_known): (&Period, bool),
    new: &NewCatalogue,
    language: Language,
) -> String {
    let mut out = String::new();
    let mut put = |line: &str| {
        out.push_str(line.trim_end());
        out.push('\n');
    };
    put(&say!(
        language,
        "# Bản nháp danh mục chỉ tiêu do `bieu draft` lập từ các bảng. Quan hệ có ghi số lần khớp; quan hệ",
        "# A catalogue drafted by `bieu draft` from the tables. Relations say how often they hold; those"
    ));
    put(&say!(language, "# chưa đủ chắc được để trong dòng nhận xét.", "# that are not sure enough stand in remarks."));
    put("");
    put("[catalogue]");
    put(&format!("id = {}", quoted(id)));
    put(&format!("title = {}", quoted(title)));
    let open = if is_period_known {
        String::new()
    } else {
        say!(
            language,
            "  # chưa rõ: không chỗ nào ghi năm; sửa lại, hoặc lập lại với --period",
            "  # open: no year is stated anywhere; correct it, or draft again with --period"
        )
    };
    put(&format!("period = {}{open}", quoted(&period.to_string())));
    for measure in &new.measures {
        put("");
        put(&format!(
            "[[measure]]{}",
            if measure.remark.is_empty() { String::new() } else { format!("  # {}", measure.remark) }
        ));
        put(&format!("id = {}", quoted(&measure.id)));
        if measure.kind != "value" {
            put(&format!("kind = {}", quoted(measure.kind)));
        }
        put(&format!("label = {}", quoted(&measure.label)));
        if let (Some(of), Some(to)) = (&measure.of, &measure.to) {
            put(&format!("of = {}", quoted(of)));
            put(&format!("to = {}", quoted(to)));
        }
        if let Some(decimals) = measure.decimals {
            put(&format!("decimals = {decimals}"));
        }
        if measure.is_fraction {
            put("scale = \"fraction\"");
        }
    }
    let used = |section: &str| new.indicators.iter().any(|indicator| indicator.section == section);
    for (place, (section, title)) in new.sections.iter().filter(|(section, _)| used(section)).enumerate() {
        put("");
        put("[[section]]");
        put(&format!("id = {}", quoted(section)));
        put(&format!("number = \"{}\"", roman(place + 1)));
        put(&format!("title = {}", quoted(&super::meaning::with_placeholders(title, period))));
    }
    let mut last = "";
    for indicator in &new.indicators {
        if indicator.section != last {
            last = &indicator.section;
            put("");
            put(&format!("# {} {last}", "-".repeat(64)));
        }
        put("");
        for line in indicator_lines(indicator, language) {
            put(&line);
        }
    }
    for rule in &new.rules {
        put("");
        put("[[rule]]");
        put(&format!("id = {}", quoted(&rule.id)));
        put(&format!("that = '{}'  # {}", rule.that, rule.remark));
    }
    put("");
    put("[form]");
    put(&format!("title = {}", quoted(&title.to_uppercase())));
    for (header, shows) in [("STT", "number"), ("Chỉ tiêu", "label"), ("Đơn vị tính", "unit")] {
        put("");
        put("[[form.column]]");
        put(&format!("header = {}", quoted(header)));
        put(&format!("shows = \"{shows}\""));
    }
    if new.repeats {
        put("");
        put("[form.members]");
        put(&format!("whole = {}", quoted(&say!(language, "Chung", "All"))));
    }
    // More columns than paper holds are left to whoever needs them.
    for measure in new.columns.iter().take(12) {
        let label = new.measures.iter().find(|known| known.id == *measure).map(|known| known.label.clone());
        let label = label.unwrap_or_else(|| match measure.as_str() {
            "plan" => "Kế hoạch".to_owned(),
            "actual" => "Thực hiện".to_owned(),
            "estimate" => "Ước thực hiện".to_owned(),
            other => other.to_owned(),
        });
        put("");
        put("[[form.column]]");
        if new.repeats {
            put(&format!("header = [\"{{member}}\", {}]", quoted(&label)));
        } else {
            put(&format!("header = {}", quoted(&label)));
        }
        put(&format!("shows = {}", quoted(measure)));
        if new.repeats {
            put("repeat = \"members\"");
        }
    }
    out
}

fn roman(mut number: usize) -> String {
    let mut out = String::new();
    for (value, letters) in
        [(100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    {
        while number >= value {
            out.push_str(letters);
            number -= value;
        }
    }
    out
}

fn indicator_lines(indicator: &NewIndicator, language: Language) -> Vec<String> {
    let list = |ids: &[String]| ids.iter().map(|id| quoted(id)).collect::<Vec<_>>().join(", ");
    let said = |evidence: &str, certainty: Certainty| remark(certainty, evidence, &[], language);
    let mut lines = vec![
        "[[indicator]]".to_owned(),
        format!("id = {}", quoted(&indicator.id)),
        format!("label = {}", quoted(&indicator.label)),
    ];
    if let Some(unit) = &indicator.unit {
        lines.push(format!("unit = {}", quoted(unit)));
    }
    lines.push(format!("section = {}", quoted(&indicator.section)));
    if indicator.never_adds {
        let why = say!(
            language,
            "đoán: tỷ lệ hoặc bình quân, không cộng qua các phân tổ",
            "likely: a rate or a mean, which does not add up over the members"
        );
        lines.push(format!("across = \"none\"  # {why}"));
    }
    if let Some(evidence) = &indicator.cut {
        let why = say!(
            language,
            "đoán: số bị cắt bớt, không làm tròn; đúng {evidence}",
            "likely: figures are cut off and not rounded; so in {evidence}"
        );
        lines.push(format!("recorded = \"cut\"  # {why}"));
    }
    if indicator.is_rounded {
        lines.push("exact = false".to_owned());
    }
    if indicator.level > 0 {
        lines.push(format!("level = {}", indicator.level));
    }
    if !indicator.required {
        lines.push("required = false".to_owned());
    }
    if let Some((parts, evidence, certainty)) = indicator.parts.first() {
        lines.push(format!("parts = [{}]  # {}", list(parts), said(evidence, *certainty)));
    }
    if let Some((of, power, evidence, certainty)) = &indicator.product {
        let divisor = match power {
            0 => String::new(),
            power if *power < 0 => format!(", divide-by = 1{}", "0".repeat(usize::try_from(-power).unwrap_or(0))),
            power => format!(", divide-by = 0.{}1", "0".repeat(usize::try_from(*power - 1).unwrap_or(0))),
        };
        lines.push(format!("product = {{ of = [{}]{divisor} }}  # {}", list(of), said(evidence, *certainty)));
    }
    for remark in &indicator.remarks {
        lines.push(format!("# {remark}"));
    }
    for (parts, evidence, certainty) in indicator.parts.iter().skip(1) {
        lines.push(String::new());
        lines.push("[[indicator.sum]]".to_owned());
        lines.push(format!("parts = [{}]  # {}", list(parts), said(evidence, *certainty)));
    }
    lines
}

/// The lines of one row, as they stand in a mapping.
pub(super) fn row_text(table: &DraftTable, row: &DraftRow, language: Language) -> Vec<String> {
    let line = |(key, value, remark): (String, String, String)| {
        if remark.is_empty() { format!("{key} = {value}") } else { format!("{key} = {value}  # {remark}") }
    };
    row_lines(table, row, language).into_iter().map(line).collect()
}

/// The line of one column.
pub(super) fn column_text(table: &DraftTable, column: &DraftColumn, language: Language) -> Option<String> {
    let (value, remark) = column_value(table, column, language)?;
    let key = quoted(&column.key);
    Some(if remark.is_empty() { format!("{key} = {value}") } else { format!("{key} = {value}  # {remark}") })
}
