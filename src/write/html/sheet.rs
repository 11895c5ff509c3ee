//! The findings of one submission, sheet by sheet: the cells as the officer knows them, with the
//! flagged ones marked, then what is said of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use crate::{
    finding::{Finding, Place, Severity},
    language::Language,
    number, say,
    workbook::{Position, column_name},
    write::escape::escaped,
};

/// A picture of a sheet with more rows or columns would be none.
const MOST_ROWS: usize = 60;
const MOST_COLUMNS: usize = 16;

/// Writes the findings, which are sorted by file and sheet.
pub(super) fn sheets(findings: &[&Finding], language: Language, out: &mut dyn Write) -> io::Result<()> {
    let sheet = |finding: &Finding| finding.target.as_ref().map(|target| (target.file.clone(), target.sheet.clone()));
    for group in findings.chunk_by(|a, b| sheet(a) == sheet(b)) {
        let place = group.first().and_then(|finding| finding.target.as_ref());
        let heading = match place {
            Some(Place { file, sheet: Some(sheet), .. }) => {
                format!("<bdi>{}</bdi>, sheet “<bdi>{}</bdi>”", escaped(file), escaped(sheet))
            }
            Some(Place { file, .. }) => format!("<bdi>{}</bdi>", escaped(file)),
            None => say!(language, "Chung", "General"),
        };
        writeln!(out, "<h4>{heading}</h4>")?;
        if let Some(place) = place.filter(|place| place.sheet.is_some()) {
            picture(place, group, language, out)?;
        }
        table(group, language, out)?;
    }
    Ok(())
}

/// The cells of the sheet that findings speak of.
fn picture(sheet: &Place, findings: &[&Finding], language: Language, out: &mut dyn Write) -> io::Result<()> {
    let mut cells: BTreeMap<Position, (&str, Option<Severity>)> = BTreeMap::new();
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
            cell.1 = cell.1.max(Some(finding.severity));
        }
    }
    let rows: BTreeSet<u32> = cells.keys().map(|at| at.row).collect();
    let columns: BTreeSet<u32> = cells.keys().map(|at| at.column).collect();
    if cells.is_empty() || rows.len() > MOST_ROWS || columns.len() > MOST_COLUMNS {
        return Ok(());
    }
    let caption = say!(
        language,
        "Các ô có liên quan, như trên sheet; ô có phát hiện được đánh dấu",
        "The cells concerned as they stand in the sheet; those with findings are marked"
    );
    write!(out, "<div class=\"wide\"><table class=\"cells\">\n<caption>{caption}</caption>\n<thead><tr><td></td>")?;
    for column in &columns {
        write!(out, "<th scope=\"col\">{}</th>", column_name(*column))?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for row in &rows {
        write!(out, "<tr><th scope=\"row\">{}</th>", u64::from(*row) + 1)?;
        for column in &columns {
            match cells.get(&Position::new(*row, *column)) {
                Some((raw, Some(severity))) => {
                    let (class, level) = (severity.name(), severity.words().get(language));
                    write!(out, "<td class=\"flag {class}\">{}<small>{level}</small></td>", escaped(raw))?;
                }
                Some((raw, None)) => write!(out, "<td>{}</td>", escaped(raw))?,
                None => write!(out, "<td class=\"unknown\"></td>")?,
            }
        }
        writeln!(out, "</tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}

/// A row a finding.
fn table(findings: &[&Finding], language: Language, out: &mut dyn Write) -> io::Result<()> {
    let caption = say!(language, "Phát hiện và cách sửa", "Findings and what to do");
    write!(out, "<div class=\"wide\"><table class=\"findings\">\n<caption>{caption}</caption>\n<thead><tr>")?;
    for header in [
        say!(language, "Ô", "Cell"),
        say!(language, "Ghi trong ô", "In the cell"),
        say!(language, "Cần có", "Expected"),
        say!(language, "Mức độ", "Level"),
        say!(language, "Nội dung", "Message"),
    ] {
        write!(out, "<th scope=\"col\">{header}</th>")?;
    }
    writeln!(out, "</tr></thead>\n<tbody>")?;
    for finding in findings {
        let target = finding.target.as_ref();
        let cell = target.and_then(|target| target.cell).map(|cell| cell.to_string()).unwrap_or_default();
        let raw = escaped(target.and_then(|target| target.raw.as_deref()).unwrap_or_default().trim());
        let expected = finding.expected.as_deref().unwrap_or_default();
        // As people write it, beside what stands in the cell.
        let expected = number::parse_plain(expected).map_or_else(|| escaped(expected), |value| language.number(value));
        let (class, level) = (finding.severity.name(), finding.severity.words().get(language));
        let dim = if finding.suppressed.is_some() { " suppressed" } else { "" };
        write!(
            out,
            "<tr class=\"{class}{dim}\" data-level=\"{class}\"><th scope=\"row\">{cell}</th><td>{raw}</td><td>{expected}</td>\
             <td class=\"level {class}\">{level}<small>{}</small></td><td><p>{}</p>",
            escaped(&finding.code),
            escaped(&finding.message)
        )?;
        let mut line = |label: String, text: &str| write!(out, "<p class=\"aside\">{label}: {}</p>", escaped(text));
        if let Some(reason) = &finding.suppressed {
            line(say!(language, "Đã bỏ qua", "Suppressed"), reason)?;
        }
        if let Some(diagnosis) = &finding.diagnosis {
            line(say!(language, "Chẩn đoán", "Diagnosis"), diagnosis)?;
        }
        line(say!(language, "Cách sửa", "What to do"), &finding.action)?;
        if let Some(stated) = &finding.mapping {
            line(say!(language, "Theo", "By"), &format!("{}:{}", stated.file, stated.line))?;
        }
        writeln!(out, "</td></tr>")?;
    }
    writeln!(out, "</tbody>\n</table></div>")
}
