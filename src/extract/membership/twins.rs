//! The same figures under two names: a file that was handed in twice, a row or a sheet that was copied.

use std::{cmp::Ordering, collections::BTreeSet};

use super::{Context, Figure, Stated};
use crate::{
    model::{
        catalogue::MeasureKind,
        finding::{DUPLICATE_MEMBER, Facts, Finding, Place, Severity},
        mapping::Mapping,
        reading::{Origin, Reading},
        workbook::{Sheet, Value, Workbook, file_name},
    },
    values::{
        language::{Language, counted, say},
        number::{Decimal, digits},
        text,
    },
};

/// Significant digits of different figures that two members cannot share by chance.
const DIGITS: u32 = 8;
/// The same where no list says that they are two members.
const DIGITS_LEARNT: u32 = 12;

/// Two members that say the same of everything.
struct Twins<'r> {
    first: &'r str,
    second: &'r str,
    figures: Vec<Figure>,
    places: (&'r Reading, &'r Reading),
    /// Whether they stand in two files that hold the same in every cell.
    same_files: bool,
}

/// Tells of twins, one finding each, and gives their names.
pub(super) fn report<'r>(
    cx: &mut Context<'_>,
    mapping: &Mapping,
    workbooks: &[&Workbook],
    stated: &Stated<'r>,
) -> BTreeSet<&'r str> {
    let mut told = BTreeSet::new();
    for twins in find(cx, mapping, workbooks, stated) {
        let is_open = |figure: &&Figure| {
            stated.depends(**figure) && stated.against_whole(**figure, |_| true) != Some(Ordering::Equal)
        };
        let open: Vec<Figure> = twins.figures.iter().filter(is_open).copied().collect();
        // A stated total that holds with both says that they are two, however alike.
        let has_whole = twins.figures.iter().any(|figure| stated.whole(*figure).is_some());
        if has_whole && open.is_empty() {
            continue;
        }
        for figure in &open {
            cx.doubtful.insert(*figure);
            *cx.spare.entry(*figure).or_default() += 1;
        }
        let severity =
            if cx.catalogue.members.is_some() && !open.is_empty() { Severity::Error } else { Severity::Warning };
        cx.findings.push(finding(&twins, severity));
        told.extend([twins.first, twins.second]);
    }
    told
}

/// `duplicate-member`: two members that say the same of everything.
#[derive(Debug)]
struct SameFigures {
    first: String,
    second: String,
    count: usize,
    /// Two files that hold the same in every cell.
    files: Option<[String; 2]>,
}

impl Facts for SameFigures {
    fn message(&self, language: Language) -> String {
        let Self { first, second, count, files } = self;
        let same = counted(*count, "figure");
        match files {
            Some([a, b]) => say!(
                language,
                "\"{first}\" và \"{second}\": hai tệp {a} và {b} giống hệt nhau ({count} số), có lẽ một tệp bị nộp hai lần",
                "\"{first}\" and \"{second}\": the files {a} and {b} are the same in every cell ({same}), one was probably handed in twice"
            ),
            None => say!(
                language,
                "\"{first}\" và \"{second}\" ghi {count} số như nhau: có lẽ một nơi bị chép đôi",
                "\"{first}\" and \"{second}\" say the same in {same}: one was probably copied"
            ),
        }
    }

    fn action(&self, language: Language) -> String {
        let Self { first, second, .. } = self;
        say!(
            language,
            "xin lại số liệu của \"{first}\" hoặc \"{second}\"; chưa sửa tổng nào",
            "ask for the figures of \"{first}\" or \"{second}\" again; change no total yet"
        )
    }
}

fn finding(twins: &Twins<'_>, severity: Severity) -> Finding {
    let Twins { first, second, figures, places: (one, other), same_files } = twins;
    let files = [one, other].map(|reading| file_name(&reading.origin.file).to_owned());
    let facts = SameFigures {
        first: (*first).to_owned(),
        second: (*second).to_owned(),
        count: figures.len(),
        files: Some(files).filter(|_| *same_files),
    };
    let Origin { file, sheet, .. } = &other.origin;
    let mut finding = Finding::new(&DUPLICATE_MEMBER, facts)
        .at(if *same_files { Place::file(file) } else { Place::sheet(file, sheet) })
        .fingerprinted(&["twins", first, second]);
    finding.severity = severity;
    finding.sources = vec![one.place(), other.place()];
    finding
}

/// What one member states, in order of the figures.
type Says<'r> = Vec<(Figure, Decimal, &'r Reading)>;

/// All that each member states, "-" and blanks left out.
fn says<'r>(stated: &Stated<'r>) -> Vec<(&'r str, Says<'r>)> {
    let mut says: Vec<(&'r str, Says<'r>)> = Vec::new();
    for (figure, members) in &stated.members {
        // Most figures are stated by all members, and both are in order.
        let mut next = 0;
        for (name, reading) in members.iter() {
            let Some(number) = reading.number().filter(|number| !number.is_zero()) else { continue };
            if says.get(next).is_none_or(|(own, _)| *own != name) {
                next = says.binary_search_by_key(&name, |(own, _)| own).unwrap_or_else(|new| {
                    says.insert(new, (name, Vec::with_capacity(stated.members.len())));
                    new
                });
            }
            says[next].1.push((*figure, number, reading));
            next += 1;
        }
    }
    says
}

fn figures(says: &[(Figure, Decimal, &Reading)]) -> impl Iterator<Item = (Figure, Decimal)> {
    says.iter().map(|(figure, number, _)| (*figure, *number))
}

fn find<'r>(cx: &Context<'_>, mapping: &Mapping, workbooks: &[&Workbook], stated: &Stated<'r>) -> Vec<Twins<'r>> {
    let mut says = says(stated);
    says.sort_by(|(a, own), (b, other)| figures(own).cmp(figures(other)).then_with(|| a.cmp(b)));
    let declared = cx.catalogue.members.as_ref();
    let mut found = Vec::new();
    for alike in says.chunk_by(|(_, own), (_, other)| figures(own).eq(figures(other))) {
        // Three that say the same follow a scheme: so many of each for everybody.
        let [(first, own), (second, other)] = alike else { continue };
        let (first, second) = (*first, *second);
        let places = (own[0].2, other[0].2);
        let same_files = in_same_files(workbooks, places);
        let is_grouped = declared.is_some_and(|list| list.grouping_of(first) != list.grouping_of(second));
        let by_files = mapping
            .sources
            .iter()
            .any(|source| source.member.is_some() && source.takes_file(file_name(&places.0.origin.file)));
        let is_apart =
            (&places.0.origin.file, &places.0.origin.sheet) != (&places.1.origin.file, &places.1.origin.sheet);
        let enough = if declared.is_some() { DIGITS } else { DIGITS_LEARNT };
        let is_evident = information(cx, own) >= enough && (declared.is_some() || (by_files && is_apart));
        if !is_grouped && (same_files || is_evident) {
            let figures = own.iter().map(|(figure, ..)| *figure).collect();
            found.push(Twins { first, second, figures, places, same_files });
        }
    }
    found.sort_by_key(|twins| (twins.first, twins.second));
    found
}

/// Digits of all different figures: plans are often the same for everybody.
fn information(cx: &Context<'_>, says: &[(Figure, Decimal, &Reading)]) -> u32 {
    let is_own = |(_, measure): &Figure| !matches!(cx.catalogue.measure(*measure).kind, MeasureKind::Plan);
    let different: BTreeSet<Decimal> = says.iter().filter(|(f, ..)| is_own(f)).map(|(_, number, _)| *number).collect();
    different.into_iter().map(digits).sum()
}

/// Whether two readings stand in two files that hold the same in every cell.
pub(super) fn in_same_files(workbooks: &[&Workbook], (one, other): (&Reading, &Reading)) -> bool {
    if one.origin.file == other.origin.file || one.origin.cell != other.origin.cell {
        return false;
    }
    let of = |reading: &Reading| workbooks.iter().find(|workbook| workbook.file == reading.origin.file);
    let (Some(one), Some(other)) = (of(one), of(other)) else { return false };
    one.sheets.len() == other.sheets.len() && one.sheets.iter().zip(&other.sheets).all(|(a, b)| is_same_sheet(a, b))
}

fn is_same_sheet(one: &Sheet, other: &Sheet) -> bool {
    text::fold(&one.name) == text::fold(&other.name) && cells(one).eq(cells(other))
}

/// The text of a cell, folded, or what else it holds.
type Shown<'s> = (Option<String>, Option<Value<'s>>);

/// What a sheet shows, whatever its texts are dressed in.
fn cells(sheet: &Sheet) -> impl Iterator<Item = (u32, u32, Shown<'_>)> + use<'_> {
    sheet
        .rows()
        .flat_map(move |row| row.cells().filter_map(move |cell| Some((row.row, cell.column, shown(cell.value)?))))
}

fn shown(value: Value<'_>) -> Option<Shown<'_>> {
    match value {
        Value::Text(words) => {
            Some(text::fold(words)).filter(|folded| !folded.is_empty()).map(|folded| (Some(folded), None))
        }
        Value::Number(_) | Value::Bool(_) | Value::Date { .. } | Value::Error(_) | Value::NoResult => {
            Some((None, Some(value)))
        }
    }
}
