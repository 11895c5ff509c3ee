//! The findings of one submission, sheet by sheet: the cells as the officer knows them, with the
//! flagged ones marked, then what is said of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use crate::{
    model::{
        finding::{Place, Severity},
        report::{Excerpt, Line, LineKind, ReportEntry},
        workbook::{Position, column_name},
    },
    values::{
        language::{Language, say, sentence},
        number,
    },
    write::{escape::drawn, html::MOST_CELLS},
};

/// Without the sheet at hand, a picture of more cells than this would be none.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 16;

/// Writes the findings, which are sorted by file and sheet. `room` is how many cells of sheets the
/// page has room for.
pub(super) fn sheets(
    findings: &[&ReportEntry],
    excerpts: &[Excerpt],
    room: &mut usize,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let sheet =
        |finding: &ReportEntry| finding.target.as_ref().map(|target| (target.file.clone(), target.sheet.clone()));
    for group in findings.chunk_by(|a, b| sheet(a) == sheet(b)) {
        let place = group.first().and_then(|finding| finding.target.as_ref());
        let heading = match place {
            Some(Place { file, sheet: Some(sheet), .. }) => {
                format!("<bdi>{}</bdi>, sheet “<bdi>{}</bdi>”", drawn(file), drawn(sheet))
            }
            Some(Place { file, .. }) => format!("<bdi>{}</bdi>", drawn(file)),
            None => say!(language, "Không gắn với ô nào", "Not tied to a cell"),
        };
        writeln!(out, "<h4>{heading}</h4>")?;
        if let Some(place) = place.filter(|place| place.sheet.is_some()) {
            let own = |excerpt: &&Excerpt| excerpt.file == place.file && Some(&excerpt.sheet) == place.sheet.as_ref();
            picture(place, group, excerpts.iter().find(own), room, language, out)?;
        }
        table(group, language, out)?;
    }
    Ok(())
}

/// What is said of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Flag {
    /// A finding is about it, and another cell is the wrong one.
    Symptom(Severity),
    /// A finding is about it.
    Told(Severity),
    /// It is the wrong one.
    Suspect(Severity),
}

/// A cell of the picture: what it shows, and the worst that is said of it.
type Shown<'a> = (&'a str, Option<Flag>);

/// The sheet around its findings: all of it where there is room, else the rows concerned and those
/// that name the columns, and at the least the cells that findings speak of.
fn picture(
    sheet: &Place,
    findings: &[&ReportEntry],
    excerpt: Option<&Excerpt>,
    room: &mut usize,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut cells = concerned(sheet, findings);
    if cells.is_empty() {
        return Ok(());
    }
    let lines = excerpt.map(|excerpt| excerpt.lines.as_slice()).unwrap_or_default();
    let size = |lines: &[&Line]| lines.iter().map(|line| line.cells.len()).sum::<usize>();
    let all: Vec<&Line> = lines.iter().collect();
    let near: Vec<&Line> = lines.iter().filter(|line| line.kind != LineKind::Near).collect();
    // Half of the room is kept for those that come later.
    let chosen = if size(&all) <= room.saturating_sub(MOST_CELLS / 2) {
        all
    } else if size(&near) <= *room {
        near
    } else {
        Vec::new()
    };
    *room -= size(&chosen);
    let heads: BTreeSet<u32> = chosen.iter().filter(|line| line.kind == LineKind::Head).map(|line| line.row).collect();
    for line in &chosen {
        for (column, text) in &line.cells {
            cells.entry(Position::new(line.row, *column)).or_insert((text, None));
        }
    }
    let rows: BTreeSet<u32> = cells.keys().map(|at| at.row).collect();
    let columns: Vec<u32> = cells.keys().map(|at| at.column).collect::<BTreeSet<u32>>().into_iter().collect();
    if chosen.is_empty() && (rows.len() > MOST_ROWS || columns.len() > MOST_COLUMNS) {
        return Ok(());
    }
    let caption = match (chosen.is_empty(), excerpt.is_some_and(|excerpt| excerpt.whole && chosen.len() == lines.len()))
    {
        (true, _) => say!(
            language,
            "Các ô có liên quan, như trên sheet; ô có vấn đề được tô màu",
            "The cells concerned, as in the sheet; cells with findings are highlighted"
        ),
        (false, true) => say!(
            language,
            "Sheet như trong tệp; ô có vấn đề được tô màu",
            "The sheet as in the file; cells with findings are highlighted"
        ),
        (false, false) => say!(
            language,
            "Các dòng có liên quan, như trên sheet; ô có vấn đề được tô màu",
            "The rows concerned, as in the sheet; cells with findings are highlighted"
        ),
    };
    let whole = excerpt.is_some_and(|excerpt| excerpt.whole) && chosen.len() == lines.len();
    write!(out, "<div class=\"wide\"><table class=\"cells\">\n<caption>{caption}</caption>\n<thead><tr><td></td>")?;
    for column in &columns {
        write!(out, "<th scope=\"col\">{}</th>", column_name(*column))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    let mut before = None;
    for row in rows {
        if !whole && before.is_some_and(|before: u32| before + 1 < row) {
            let span = columns.len() + 1;
            writeln!(out, "<tr class=\"gap\"><td colspan=\"{span}\" aria-hidden=\"true\">⋮</td></tr>")?;
        }
        before = Some(row);
        row_of(row, &columns, &cells, heads.contains(&row), !chosen.is_empty(), language, out)?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}

/// The cells that findings speak of.
fn concerned<'a>(sheet: &Place, findings: &[&'a ReportEntry]) -> BTreeMap<Position, Shown<'a>> {
    let mut cells: BTreeMap<Position, Shown<'a>> = BTreeMap::new();
    let here = |place: &&Place| place.file == sheet.file && place.sheet == sheet.sheet;
    for finding in findings {
        for source in finding.sources.iter().filter(here) {
            if let Some(at) = source.cell {
                cells.entry(at).or_insert((source.raw.as_deref().unwrap_or_default(), None));
            }
        }
        let Some((at, target)) = finding.target.as_ref().and_then(|target| Some((target.cell?, target))) else {
            continue;
        };
        let cell = cells.entry(at).or_insert(("", None));
        cell.0 = target.raw.as_deref().unwrap_or(cell.0);
        if finding.suppressed.is_none() {
            let told = if finding.suspects().next().is_some() { Flag::Symptom } else { Flag::Told };
            cell.1 = cell.1.max(Some(told(finding.severity)));
        }
    }
    for (finding, suspect) in findings.iter().flat_map(|f| f.suspects().filter(here).map(move |place| (f, place))) {
        let Some(at) = suspect.cell else { continue };
        let cell = cells.entry(at).or_insert((suspect.raw.as_deref().unwrap_or_default(), None));
        cell.1 = cell.1.max(Some(Flag::Suspect(finding.severity)));
    }
    cells
}

/// One row of the picture. `known`: what is not there is blank, and not merely unknown.
fn row_of(
    row: u32,
    columns: &[u32],
    cells: &BTreeMap<Position, Shown<'_>>,
    is_head: bool,
    known: bool,
    language: Language,
    out: &mut dyn Write,
) -> io::Result<()> {
    let class = if is_head { " class=\"head\"" } else { "" };
    write!(out, "<tr{class}><th scope=\"row\">{}</th>", u64::from(row) + 1)?;
    let filled = |column: &u32| cells.get(&Position::new(row, *column)).is_some_and(|(text, _)| !text.is_empty());
    // A title runs over the blank cells beside it, as it does in the sheet.
    let is_title = known && !is_head && columns.iter().filter(|column| filled(column)).count() <= 2;
    let mut at = 0;
    while let Some(column) = columns.get(at) {
        at += 1;
        let words = |text: &str| text.chars().any(char::is_alphabetic);
        match cells.get(&Position::new(row, *column)) {
            Some((raw, Some(Flag::Suspect(severity)))) => {
                let (class, level) = (severity.name(), say!(language, "ô nghi sai", "suspected"));
                write!(out, "<td class=\"flag suspect {class}\">{}<small>{level}</small></td>", drawn(raw))?;
            }
            Some((raw, Some(flag @ (Flag::Symptom(severity) | Flag::Told(severity))))) => {
                let (class, level) = (severity.name(), severity.words().get(language));
                let tone = if matches!(flag, Flag::Symptom(_)) { " symptom" } else { "" };
                write!(out, "<td class=\"flag{tone} {class}\">{}<small>{level}</small></td>", drawn(raw))?;
            }
            Some((raw, None)) if words(raw) => {
                let mut span = 1;
                while is_title && columns.get(at).is_some_and(|next| !cells.contains_key(&Position::new(row, *next))) {
                    (span, at) = (span + 1, at + 1);
                }
                let span = if span > 1 { format!(" colspan=\"{span}\"") } else { String::new() };
                write!(out, "<td class=\"words\"{span}>{}</td>", drawn(raw))?;
            }
            Some((raw, None)) => write!(out, "<td>{}</td>", drawn(raw))?,
            None if known => write!(out, "<td></td>")?,
            None => write!(out, "<td class=\"unknown\"></td>")?,
        }
    }
    writeln!(out, "</tr>")
}

/// A row a finding.
fn table(findings: &[&ReportEntry], language: Language, out: &mut dyn Write) -> io::Result<()> {
    let caption = say!(language, "Vấn đề và cách sửa", "Findings and what to do");
    write!(out, "<div class=\"wide\"><table class=\"findings\">\n<caption>{caption}</caption>\n<thead><tr>")?;
    for header in [
        say!(language, "Ô", "Cell"),
        say!(language, "Ghi trong ô", "In the cell"),
        say!(language, "Đúng ra là", "Expected"),
        say!(language, "Mức độ", "Level"),
        say!(language, "Nội dung", "Message"),
    ] {
        write!(out, "<th scope=\"col\">{header}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for finding in findings {
        let target = finding.target.as_ref();
        // A header without words would be none.
        let cell = target.and_then(|target| target.cell);
        let cell = cell.map_or_else(|| "<td></td>".to_owned(), |cell| format!("<th scope=\"row\">{cell}</th>"));
        let raw = drawn(target.and_then(|target| target.raw.as_deref()).unwrap_or_default().trim());
        let expected = finding.expected.as_deref().unwrap_or_default();
        // As people write it, beside what stands in the cell.
        let expected = number::parse_plain(expected).map_or_else(|| drawn(expected), |value| language.number(value));
        let (class, level) = (finding.severity.name(), finding.severity.words().get(language));
        let dim = if finding.suppressed.is_some() { " suppressed" } else { "" };
        write!(
            out,
            "<tr class=\"{class}{dim}\" data-level=\"{class}\">{cell}<td>{raw}</td><td>{expected}</td>\
             <td class=\"level {class}\">{level}<small>{}</small></td><td><p>{}</p>",
            drawn(&finding.code),
            drawn(&sentence(&finding.message))
        )?;
        let mut line = |label: String, text: &str| write!(out, "<p class=\"aside\">{label}: {}</p>", drawn(text));
        if let Some(reason) = &finding.suppressed {
            line(say!(language, "Đã giải trình", "Suppressed"), reason)?;
        }
        if let Some(diagnosis) = &finding.diagnosis {
            line(say!(language, "Nguyên nhân có thể", "Likely cause"), &sentence(diagnosis))?;
        }
        line(say!(language, "Cách sửa", "What to do"), &sentence(&finding.action))?;
        if !finding.consequences.is_empty() {
            let count = finding.consequences.len();
            let count_en = crate::values::language::counted(count, "finding");
            let head = say!(language, "Kéo theo {count} vấn đề, sẽ hết khi sửa xong", "{count_en} more follow from it");
            write!(out, "<details class=\"aside\"><summary>{head}</summary><ul>")?;
            for other in &finding.consequences {
                let at = other.target.as_ref().map(crate::write::text::place).unwrap_or_default();
                let (code, message) = (drawn(&other.code), drawn(&sentence(&other.message)));
                write!(out, "<li>{code} <bdi>{}</bdi>: {message}</li>", drawn(&at))?;
            }
            write!(out, "</ul></details>")?;
        }
        let mut line = |label: String, text: &str| write!(out, "<p class=\"aside\">{label}: {}</p>", drawn(text));
        if let Some(stated) = &finding.mapping {
            line(say!(language, "Theo", "By"), &format!("{}:{}", stated.file, stated.line))?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}
